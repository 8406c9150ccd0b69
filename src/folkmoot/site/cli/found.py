"""Founding a community: what is asked, and asked again until it makes sense."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from folkmoot.base.time import zone_names
from folkmoot.members.rules import may_be_named
from folkmoot.site.cli.root import cli, fail, with_django
from folkmoot.site.configuration import Configuration

TEMPLATES = ("political", "neighbourhood", "hobby", "blank")
Command = TypeVar("Command", bound=Callable[..., None])
Told = str | None


def _some(text: str) -> str:
    if not text.strip():
        raise click.BadParameter("It needs a few words.")
    return " ".join(text.split())


def _zone(text: str) -> str:
    if text in zone_names():
        return text
    alike = [zone for zone in sorted(zone_names()) if text.strip().lower().replace(" ", "_") in zone.lower()]
    perhaps = f"Perhaps {' or '.join(alike[:3])}?" if text.strip() and alike else "It is written like Europe/Berlin."
    raise click.BadParameter(f"There is no time zone {text}. {perhaps}")


def _template(text: str) -> str:
    if text not in TEMPLATES:
        raise click.BadParameter(f"It is one of {', '.join(TEMPLATES)}.")
    return text


def _member_name(text: str) -> str:
    answer = may_be_named(text)
    if not answer:
        raise click.BadParameter(str(answer.reason))
    return text


def _domain(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", text):
        raise click.BadParameter(f"{text} is no domain. It is written like forum.example, without https:// and without a path.")
    return text.lower()


def _line(text: str) -> str:
    if re.search(r"[\r\n]", text):
        raise click.BadParameter("A setting is one line.")
    return text.strip()


FOUNDING = {
    "name": ("Name of the community", None, _some),
    "promise": (
        "Its promise, in one sentence",
        "Regular people, not algorithms, drive the discussions and set the standards.",
        _some,
    ),
    "zone": ("Time zone, such as Europe/Berlin", "UTC", _zone),
    "template": (f"What it begins with ({', '.join(TEMPLATES)})", "political", _template),
    "admin": ("Your own name there, as its first administrator", "Administrator1", _member_name),
}
"""What every founding asks: the question, what stands when nothing is answered, and what makes sense."""


def _founding(command: Command) -> Command:
    for name, (question, _, _) in reversed(FOUNDING.items()):
        command = click.option(f"--{name}", default=None, help=f"{question}.")(command)
    return command


def _ask(told: Told, question: str, default: Told, check: Callable[[str], str]) -> str:
    """What was told, or the answer to the question; a person is asked again until it makes sense, a script fails."""
    if told is None:
        return str(click.prompt(question, default=default, value_proc=check))
    try:
        return check(told)
    except click.BadParameter as wrong:
        fail(wrong.message)


@cli.command()
@_founding
@click.option("--address", default="", help="The public address, such as https://forum.example; it is what PUBLIC_URL must say.")
def init(address: str, **told: Told) -> None:
    """Found a real community, empty of people.

    Example: folkmoot init --name "Mill Street" --zone Europe/Berlin --template neighbourhood
    """
    if address:
        os.environ["PUBLIC_URL"] = address
    _found(with_django(), told)
    click.echo(f"Start it with: PUBLIC_URL={address} folkmoot serve" if address else "Start it with: folkmoot serve")


def _found(configuration: Configuration, told: dict[str, Told]) -> None:
    if configuration.demo:
        fail(f"{configuration.data} holds the demo. Choose another folder with FOLKMOOT_DATA.")
    from folkmoot.base.answers import Refused
    from folkmoot.members.actions import administrator_link
    from folkmoot.site.actions import found
    from folkmoot.site.migrate import migrate

    told = {name: _ask(told[name], *question) for name, question in FOUNDING.items()}
    migrate()
    try:
        found(name=str(told["name"]), promise=str(told["promise"]), zone=str(told["zone"]), template=str(told["template"]))
    except Refused as refusal:
        fail(str(refusal.reason))
    click.echo(f"{told['name']} is founded in {configuration.data}.")
    if configuration.public_url_is_chosen:
        from folkmoot.ledger.actions import begin
        from folkmoot.ledger.queries import key_file

        click.echo(f"The ledger is {begin().origin}. Keep a copy of {key_file()} apart from the backups: it is in none of them.")
    link = administrator_link(told["admin"])
    click.echo(f"{told['admin']} sets a password here, once, within three days, as soon as it is served:\n  {link}")


@cli.command()
@_founding
@click.option("--domain", default=None, help="Such as forum.example; empty to try it on this machine.")
@click.option("--mail-server", default=None, help="Such as smtp.example:587; empty: mail is kept as files.")
@click.option("--mail-name", default=None, help="The name to sign in with at the mail server.")
@click.option("--mail-password", default=None, help="Its password; asked for when there is a name.")
@click.option("--mail-from", default=None, help="The sender of the site's mail.")
@click.option("--test-mail", default=None, help="An address that gets a test letter.")
def setup(
    domain: Told, mail_server: Told, mail_name: Told, mail_password: Told, mail_from: Told, test_mail: Told, **told: Told
) -> None:
    """From an empty machine to a community that starts by itself: ask, found, and lay ready what the machine needs.

    Example: FOLKMOOT_DATA=/srv/moot folkmoot setup --domain forum.example
    """
    from folkmoot.site import setup as room

    data = Path(os.environ.get("FOLKMOOT_DATA") or "data").resolve()
    if not os.access(data if data.exists() else data.parent, os.W_OK):
        fail(f"{data} cannot be written by {room.owner()}. An administrator of the machine makes it:\n  {room.make_folder(data)}")
    domain = _ask(domain, "Domain (empty to try it on this machine)", "", _domain)
    mail_server = _ask(mail_server, "Mail server, such as smtp.example:587 (empty: mail is kept as files)", "", _line)
    if mail_server:
        mail_name = _ask(mail_name, "Name at the mail server (empty: it asks for none)", "", _line)
        if mail_name and mail_password is None:
            mail_password = str(click.prompt("Password at the mail server", hide_input=True))
        mail_from = _ask(mail_from, "Sender of the site's mail", f"moot@{domain}" if domain else None, _line)
        test_mail = _ask(test_mail, "Send a test letter to (empty: none)", "", _line)
    data.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "PUBLIC_URL": f"https://{domain}" if domain else "", "TRUSTED_PROXIES": "127.0.0.1" if domain else "",
        "MAIL_URL": room.mail_url(mail_server, mail_name or "", mail_password or "") if mail_server else "",
        "MAIL_FROM": mail_from or "",
    }  # fmt: skip
    click.echo(f"Settings are in {room.write_settings(data, settings)}")
    configuration = with_django()
    if not configuration.port_is_chosen:
        room.write_settings(data, {"PORT": str(configuration.port)})  # Caddyfile and link name it: serve must not move on
    from folkmoot.site.migrate import migrate
    from folkmoot.site.models import Community

    migrate()
    if Community.objects.exists():
        click.echo("The community stands already; its name and promise are changed on the site.")
    else:
        _found(configuration, told)
    name = Community.objects.get().name
    if test_mail and mail_server:
        trouble = room.send_test_mail(test_mail, community=name)
        click.echo(
            f"The test letter could not be sent: {trouble}" if trouble else f"The mail server took a test letter to {test_mail}."
        )
    steps = room.write_deployment(data, name=name, address=configuration.public_url, port=configuration.port)
    click.echo("To start it with the machine" + (", behind https" if domain else "") + ", an administrator of the machine types:")
    for step in steps:
        click.echo(f"  {step}")
    click.echo(f"To try it now: FOLKMOOT_DATA={data} folkmoot serve")
    if os.geteuid() == 0:
        click.echo("You are root: the community would run as root, too. Better make an account for it, as docs/running.md says.")
