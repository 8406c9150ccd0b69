"""The command and what every one of its commands needs."""

import os
import sys
from typing import NoReturn

import click

from folkmoot.site.configuration import Configuration, Misconfigured, load


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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


def fail(sentence: str, code: int = 1) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)
