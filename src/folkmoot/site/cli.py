"""The command line. Commands that need rooms set Django up first; `serve` never does."""

import os
import sys
from pathlib import Path
from typing import NoReturn
from zoneinfo import available_timezones

import click

from folkmoot.site.configuration import Configuration, Misconfigured, load

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TEMPLATES = ("political", "neighbourhood", "hobby", "blank")


def main() -> None:
    cli(prog_name="folkmoot")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Folkmoot: a community whose members drive the discussions and set the standards.

    Example: folkmoot init && folkmoot serve
    """


@cli.command()
@click.option("--name", prompt="Name of the community")
@click.option(
    "--promise",
    prompt="Its promise, in one sentence",
    default="Regular people, not algorithms, drive the discussions and set the standards.",
)
@click.option("--zone", prompt="Time zone", default="UTC", help="Such as Europe/Berlin.")
@click.option("--template", type=click.Choice(TEMPLATES), prompt="Founding template", default="political")
@click.option("--address", default="", help="The public address, such as https://forum.example; it is what PUBLIC_URL must say.")
def init(name: str, promise: str, zone: str, template: str, address: str) -> None:
    """Found a real community, empty of people.

    Example: folkmoot init --name "Mill Street" --zone Europe/Berlin --template neighbourhood
    """
    if zone not in available_timezones():
        _fail(f"There is no time zone {zone}. It is written like Europe/Berlin.")
    if address:
        os.environ["PUBLIC_URL"] = address
    configuration = _django()
    if configuration.demo:
        _fail(f"{configuration.data} holds the demo. Choose another folder with FOLKMOOT_DATA.")
    from folkmoot.base.answers import Refused
    from folkmoot.members.actions import administrator_link
    from folkmoot.site.actions import found
    from folkmoot.site.migrate import migrate

    migrate()
    try:
        found(name=name, promise=promise, zone=zone, template=template)
    except Refused as refusal:
        _fail(str(refusal.reason))
    click.echo(f"{name} is founded in {configuration.data}.")
    click.echo(f"The first administrator sets a password here, once, within three days:\n  {administrator_link(None)}")
    if address:
        click.echo(f"Start it with: PUBLIC_URL={address} folkmoot serve")
    else:
        click.echo("Start it with: folkmoot serve")


@cli.command()
def serve() -> None:
    """Serve the community of the data folder until it is told to stop.

    Example: FOLKMOOT_DATA=/srv/folkmoot PUBLIC_URL=https://forum.example folkmoot serve
    """
    from folkmoot.site import serve as supervisor

    configuration = _configuration()

    def banner(address: str) -> None:
        click.echo(f"\n  Open {address}/\n")
        if configuration.demo:
            click.echo("  This is the demo: Sign in offers each of the village by one click.")
            click.echo("  To found a real community:")
            click.echo("    FOLKMOOT_DATA=./data .venv/bin/folkmoot init && FOLKMOOT_DATA=./data .venv/bin/folkmoot serve\n")
        sys.stdout.flush()

    try:
        sys.exit(supervisor.serve(configuration, banner=banner))
    except supervisor.Busy as busy:
        _fail(str(busy))


@cli.command()
def demo() -> None:
    """Found the demo community in an empty data folder (does nothing when it stands).

    Example: FOLKMOOT_DATA=./village-data folkmoot demo
    """
    configuration = _configuration()
    marker = configuration.data / "demo"
    if not marker.exists():
        if (configuration.data / "folkmoot.sqlite3").exists() or configuration.database_url:
            _fail(f"{configuration.data} may hold a real community; the demo wants an empty folder of its own.")
        marker.write_text("This folder holds the demo community. Whoever reaches it from this machine can be anybody in it.\n")
    _django()
    from folkmoot.site.demo import found_village
    from folkmoot.site.migrate import migrate

    migrate()
    found_village(click.echo)


@cli.command()
@click.argument("name", required=False)
def admin(name: str | None) -> None:
    """Print a one-time link that sets an administrator's password.

    Example: folkmoot admin Gus
    """
    _django()
    from folkmoot.members.actions import administrator_link

    click.echo(administrator_link(name))


@cli.group(name="import")
def import_() -> None:
    """Move a board in. Example: folkmoot import jsonl posts.jsonl.zst --threads threads.jsonl.zst"""


@import_.command(name="jsonl")
@click.argument("posts", type=_FILE)
@click.option("--threads", type=_FILE, help="A second file with a thread a line: titles, forums, addresses.")
@click.option(
    "--source", default="", help="The old board's name; without it, the file's. The same name goes on with the same board."
)
@click.option("--forum-prefix", default="", help="Put before each forum's name.")
@click.option("--dry-run", is_flag=True, help="Only say what is in the files and what is odd.")
def import_jsonl(posts: Path, threads: Path | None, source: str, forum_prefix: str, dry_run: bool) -> None:
    """Move in a board of one JSON object a line: plain, gzip or zstd. Run it again to go on, or to bring what is new.

    Example: folkmoot import jsonl posts.jsonl.zst --threads threads.jsonl.zst --dry-run
    """
    _django()
    from folkmoot.base.answers import Refused
    from folkmoot.exchange.jsonl import import_board
    from folkmoot.site.models import Community
    from folkmoot.site.progress import Progress

    if not Community.objects.exists():
        _fail("There is no community yet to move into. Found one with: folkmoot init")
    show = Progress("posts", click.echo)
    try:
        report = import_board(posts, threads=threads, source=source, forum_prefix=forum_prefix, dry_run=dry_run, progress=show.at)
    except Refused as refusal:
        _fail(str(refusal.reason))
    except KeyboardInterrupt:
        _fail("Interrupted. Run the same command again: it goes on where it stopped.", code=130)
    for line in report.lines():
        click.echo(line)
    what = f"{report.new_posts:,} posts and {report.new_threads:,} threads"
    click.echo(f"{what} would move in." if dry_run else f"{what} moved in.")


@cli.group()
def search() -> None:
    """The search index. Example: folkmoot search rebuild"""


@search.command()
def rebuild() -> None:
    """Make the search index anew from every post, the newest first, while the community is served.

    Example: folkmoot search rebuild
    """
    _django()
    from folkmoot.search.actions import rebuild as rebuild_index
    from folkmoot.site.progress import Progress

    try:
        count = rebuild_index(Progress("posts", click.echo).at)
    except KeyboardInterrupt:
        _fail("Interrupted. What is left is read while folkmoot serve runs; run again, it begins anew.", code=130)
    click.echo(f"{count:,} posts can be found.")


@cli.command()
def recount() -> None:
    """Count every counter anew, and render what an older renderer rendered.

    Example: folkmoot recount
    """
    _django()
    from folkmoot.site.progress import Progress
    from folkmoot.site.recount import recount

    lines = recount(Progress("posts", click.echo).at)
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines)} mended." if lines else "Every counter is right.")


@cli.command()
def check() -> None:
    """Look for trouble: databases, migrations, counters, stuck work, configuration. Exits 1 when there is any.

    Example: folkmoot check || mail -s "Folkmoot needs you" me@example.org
    """
    _django()
    from folkmoot.site.checks import check

    troubles = check()
    for trouble in troubles:
        click.echo(trouble)
    if troubles:
        sys.exit(1)
    click.echo("All is well.")


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the whole community into one file, while it is served.

    Example: folkmoot backup /srv/backups/moot.tar.zst
    """
    configuration = _configuration()
    from folkmoot.site import backup as room

    try:
        room.backup(configuration, file, progress=click.echo)
    except room.Impossible as why:
        _fail(str(why))


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring a backup back, into an empty data folder.

    Example: FOLKMOOT_DATA=/srv/again folkmoot restore /srv/backups/moot.tar.zst
    """
    from folkmoot.site import backup as room

    data = Path(os.environ.get("FOLKMOOT_DATA", "data")).resolve()
    try:
        room.restore(data, file, database_url=os.environ.get("DATABASE_URL", ""), progress=click.echo)
    except room.Impossible as why:
        _fail(str(why))


@cli.command(hidden=True)
def migrate() -> None:
    """Bring both databases and the static files up to date (serve does it by itself). Example: folkmoot migrate"""
    _django()
    from django.core.management import call_command

    from folkmoot.site.migrate import migrate

    migrate()
    call_command("collectstatic", interactive=False, verbosity=0)


@cli.command(hidden=True)
def worker() -> None:
    """Run tasks and ticks (serve starts it by itself). Example: folkmoot worker"""
    _django()
    from folkmoot.site.worker import run

    run()


def _configuration() -> Configuration:
    try:
        return load()
    except Misconfigured as trouble:
        _fail(str(trouble), code=2)


def _django() -> Configuration:
    configuration = _configuration()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")
    import django

    django.setup()
    return configuration


def _fail(sentence: str, code: int = 1) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)
