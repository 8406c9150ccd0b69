"""Serving and keeping a community."""

import os
import sys
from pathlib import Path

import click

from folkmoot.site.cli.root import cli, configured, fail, with_community, with_django


@cli.command()
def upgrade() -> None:
    """After a new version is installed: back up, bring the databases up to date, check; or roll back.

    Example: sudo systemctl stop folkmoot && pipx upgrade folkmoot && folkmoot upgrade && sudo systemctl start folkmoot
    """
    configuration = with_community()
    from folkmoot.site import backup as packing
    from folkmoot.site import upgrade as room

    try:
        room.upgrade(configuration, say=click.echo)
    except (room.Undone, packing.Impossible) as why:
        fail(str(why))


@cli.command()
def serve() -> None:
    """Serve the community of the data folder until it is told to stop.

    Example: FOLKMOOT_DATA=/srv/folkmoot PUBLIC_URL=https://forum.example folkmoot serve
    """
    from folkmoot.site import serve as supervisor

    configuration = configured()

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
        fail(str(busy))


@cli.command()
def demo() -> None:
    """Found the demo community in an empty data folder (does nothing when it stands).

    Example: FOLKMOOT_DATA=./village-data folkmoot demo
    """
    configuration = configured()
    marker = configuration.data / "demo"
    if not marker.exists():
        if (configuration.data / "folkmoot.sqlite3").exists() or configuration.database_url:
            fail(f"{configuration.data} may hold a real community; the demo wants an empty folder of its own.")
        marker.write_text("This folder holds the demo community. Whoever reaches it from this machine can be anybody in it.\n")
    with_django()
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
    with_community()
    from folkmoot.base.answers import Refused
    from folkmoot.members.actions import administrator_link

    try:
        click.echo(administrator_link(name))
    except Refused as refusal:
        fail(str(refusal.reason))


@cli.command("reset-second-step")
@click.argument("name")
@click.option("--reason", required=True, help="Public, on the ledger, and told to the member. No name in it.")
def reset_second_step(name: str, reason: str) -> None:
    """For whoever lost the device and the recovery codes, when no other administrator can help: their password alone opens
    the account again.

    Example: folkmoot reset-second-step Gus --reason "The phone fell into the river."
    """
    with_community()
    from folkmoot.base.answers import Refused
    from folkmoot.members.actions import reset_second_factor
    from folkmoot.members.models import Member

    member = Member.objects.named(name).first()
    if member is None:
        fail(f"There is no member {name}.")
    if not 0 < len(reason.strip()) <= 500:
        fail("The reason has between 1 and 500 characters.")
    try:
        reset_second_factor(member, by=None, reason=reason.strip())
    except Refused as refusal:
        fail(str(refusal.reason))
    click.echo(f"{member.name} signs in by the password alone now. It is on the ledger, and the member is told.")


@cli.command()
@click.argument("post_ids", type=click.IntRange(1), nargs=-1, required=True)
@click.option("--reason", required=True, help="Public, for ever: the law and the case. No name, and nothing of the content.")
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
def purge(post_ids: tuple[int, ...], reason: str, yes: bool) -> None:
    """Erase unlawful posts for good: words, edit history, files, search index. Nothing brings them back.

    Example: folkmoot purge 4711 --reason "Court order 12 O 345/26"
    """
    with_community()
    from folkmoot.base.answers import Refused
    from folkmoot.site import purge as room
    from folkmoot.threads.models import Post

    posts = list(Post.objects.filter(pk__in=post_ids).order_by("pk"))
    if missing := sorted(set(post_ids) - {post.pk for post in posts}):
        fail(f"There is no post {', '.join(map(str, missing))}. Nothing was purged.")
    if not 0 < len(reason.strip()) <= room.REASON_MAX:
        fail(f"The reason has between 1 and {room.REASON_MAX} characters.")
    said = f"Erase post {', '.join(str(post.pk) for post in posts)} for good? It cannot be undone."
    if not yes and not click.confirm(said):
        fail("Nothing was purged.")
    try:
        room.purge(posts, reason=reason.strip(), say=click.echo)
    except Refused as refusal:
        fail(str(refusal.reason))


@cli.group()
def search() -> None:
    """The search index. Example: folkmoot search rebuild"""


@search.command()
def rebuild() -> None:
    """Make the search index anew from every post, the newest first, while the community is served.

    Example: folkmoot search rebuild
    """
    with_community()
    from folkmoot.search.actions import rebuild as rebuild_index
    from folkmoot.site.progress import Progress

    try:
        count = rebuild_index(Progress("posts", click.echo).at)
    except KeyboardInterrupt:
        fail("Interrupted. What is left is read while folkmoot serve runs; run again, it begins anew.", code=130)
    click.echo(f"{count:,} posts can be found.")


@cli.command()
def recount() -> None:
    """Count every counter anew, and render what an older renderer rendered.

    Example: folkmoot recount
    """
    with_community()
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
    with_community()
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
    configuration = with_community()
    from folkmoot.site import backup as room

    try:
        room.backup(configuration, file, progress=click.echo)
    except room.Impossible as why:
        fail(str(why))


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
        click.echo("The ledger waits: put ledger_key back into the data folder, then folkmoot ledger reconcile.")
    except room.Impossible as why:
        fail(str(why))


@cli.command(hidden=True)
def migrate() -> None:
    """Bring both databases and the static files up to date (serve does it by itself). Example: folkmoot migrate"""
    with_django()
    from django.core.management import call_command

    from folkmoot.site.migrate import migrate

    migrate()
    call_command("collectstatic", interactive=False, verbosity=0)


@cli.command(hidden=True)
def worker() -> None:
    """Run tasks and ticks (serve starts it by itself). Example: folkmoot worker"""
    with_django()
    from folkmoot.site.worker import run

    run()
