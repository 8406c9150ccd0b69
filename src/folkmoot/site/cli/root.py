"""The command and what every one of its commands needs."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from folkmoot.site.configuration import SETTINGS_FILE, Configuration, Misconfigured, load


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="folkmoot", message="%(version)s")
def cli() -> None:
    """Folkmoot: a community whose members drive the discussions and set the standards.

    Example: folkmoot init && folkmoot serve
    """


def configured() -> Configuration:
    try:
        return load()
    except Misconfigured as trouble:
        fail(str(trouble), code=2)


def with_django() -> Configuration:
    configuration = configured()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")
    import django

    django.setup()
    return configuration


def with_community() -> Configuration:
    """For a command that makes no sense where nothing is founded. In a wrong folder it says so, and leaves nothing there."""
    data = Path(os.environ.get("FOLKMOOT_DATA") or "data").resolve()
    elsewhere = any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE"))
    if not elsewhere and not any((data / name).exists() for name in ("folkmoot.sqlite3", SETTINGS_FILE)):
        fail(f"{data} holds no community. Say with FOLKMOOT_DATA where it is, or found one: folkmoot init")
    return with_django()


def fail(sentence: str, code: int = 1) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)
