"""Founding, serving and keeping a community."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from folkmoot.base.time import zone_names
from folkmoot.site.cli.root import cli, configured, fail, with_django
from folkmoot.site.configuration import Configuration

PROMISE = "Regular people, not algorithms, drive the discussions and set the standards."
TEMPLATES = ("political", "neighbourhood", "hobby", "blank")
Command = TypeVar("Command", bound=Callable[..., None])


def _founding(command: Command) -> Command:
    """What every founding asks for."""
    options = (
        click.option("--name", prompt="Name of the community"),
        click.option("--promise", prompt="Its promise, in one sentence", default=PROMISE),
        click.option("--zone", prompt="Time zone", default="UTC", help="Such as Europe/Berlin."),
        click.option("--template", type=click.Choice(TEMPLATES), prompt="Founding template", default="political"),
    )
    for option in reversed(options):
        command = option(command)
    return command


@cli.command()
@_founding
@click.option("--address", default="", help="The public address, such as https://forum.example; it is what PUBLIC_URL must say.")
def init(name: str, promise: str, zone: str, template: str, address: str) -> None:
    """Found a real community, empty of people.

    Example: folkmoot init --name "Mill Street" --zone Europe/Berlin --template neighbourhood
    """
    if address:
        os.environ["PUBLIC_URL"] = address
    _found(with_django(), name, promise, zone, template)
    click.echo(f"Start it with: PUBLIC_URL={address} folkmoot serve" if address else "Start it with: folkmoot serve")


def _found(configuration: Configuration, name: str, promise: str, zone: str, template: str) -> None:
    if configuration.demo:
        fail(f"{configuration.data} holds the demo. Choose another folder with FOLKMOOT_DATA.")
    if zone not in zone_names():
        fail(f"There is no time zone {zone}. It is written like Europe/Berlin.")
    from folkmoot.base.answers import Refused
    from folkmoot.members.actions import administrator_link
    from folkmoot.site.actions import found
    from folkmoot.site.migrate import migrate

    migrate()
    try:
        found(name=name, promise=promise, zone=zone, template=template)
    except Refused as refusal:
        fail(str(refusal.reason))
    click.echo(f"{name} is founded in {configuration.data}.")
    click.echo(f"The first administrator sets a password here, once, within three days:\n  {administrator_link(None)}")


@cli.command()
@_founding
@click.option("--domain", prompt="Domain (empty to try it on this machine)", default="", help="Such as forum.example.")
@click.option("--mail-server", prompt="Mail server (empty: mail is kept as files)", default="", help="Such as smtp.example:587.")
@click.option("--mail-name", default="", help="The name to sign in with at the mail server.")
@click.option("--mail-password", default="", help="Its password; asked for when there is a name.")
@click.option("--mail-from", default="", help="The sender of the site's mail.")
@click.option("--test-mail", default="", help="An address that gets a test letter.")
def setup(
    name: str, promise: str, zone: str, template: str, domain: str, mail_server: str, mail_name: str, mail_password: str,
    mail_from: str, test_mail: str,
) -> None:  # fmt: skip
    """From an empty machine to a community that starts by itself: ask, found, and lay ready what the machine needs.

    Example: FOLKMOOT_DATA=/srv/folkmoot folkmoot setup --domain forum.example
    """
    from folkmoot.site import setup as room

    if mail_server and not mail_name:
        mail_name = click.prompt("Name at the mail server (empty: none is asked)", default="")
    if mail_name and not mail_password:
        mail_password = click.prompt("Password", hide_input=True)
    if mail_server and not mail_from:
        mail_from = click.prompt("Sender of the site's mail", default=f"moot@{domain}" if domain else "")
    if domain and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", domain):
        fail(f"{domain} is no domain. It is written like forum.example, without https:// and without a path.")
    if re.search(r"[\r\n]", mail_from + mail_server):
        fail("A setting is one line.")
    data = Path(os.environ.get("FOLKMOOT_DATA") or "data").resolve()
    if not os.access(data if data.exists() else data.parent, os.W_OK):
        fail(f"{data} cannot be written. Make it first: sudo install -d -o $USER {data}")
    data.mkdir(exist_ok=True)
    settings = {
        "PUBLIC_URL": f"https://{domain}" if domain else "", "TRUSTED_PROXIES": "127.0.0.1" if domain else "",
        "MAIL_URL": room.mail_url(mail_server, mail_name, mail_password) if mail_server else "", "MAIL_FROM": mail_from,
    }  # fmt: skip
    click.echo(f"Settings are in {room.write_settings(data, settings)}")
    configuration = with_django()
    from folkmoot.site.migrate import migrate
    from folkmoot.site.models import Community

    migrate()
    if Community.objects.exists():
        click.echo("The community stands already; its name and promise are changed on the site.")
    else:
        _found(configuration, name, promise, zone, template)
    if test_mail and mail_server:
        trouble = room.send_test_mail(test_mail, community=name)
        click.echo(f"The test letter could not be sent: {trouble}" if trouble else f"A test letter is on its way to {test_mail}.")
    steps = room.write_deployment(data, name=name, address=configuration.public_url, port=configuration.port)
    click.echo("To start it with the machine" + (", behind https:" if domain else ":"))
    for step in steps:
        click.echo(f"  {step}")
    click.echo(f"To try it now: FOLKMOOT_DATA={data} folkmoot serve")


@cli.command()
def upgrade() -> None:
    """After a new version is installed: back up, bring the databases up to date, check; or roll back.

    Example: sudo systemctl stop folkmoot && pipx upgrade folkmoot && folkmoot upgrade && sudo systemctl start folkmoot
    """
    configuration = configured()
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
    with_django()
    from folkmoot.base.answers import Refused
    from folkmoot.members.actions import administrator_link

    try:
        click.echo(administrator_link(name))
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
    with_django()
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
    with_django()
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
    with_django()
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
    configuration = configured()
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
