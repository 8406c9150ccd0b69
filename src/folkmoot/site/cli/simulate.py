"""A year of juries that nobody lived through."""

import os
import sys
import tempfile

import click

from folkmoot.site.cli.root import cli, fail, with_django
from folkmoot.site.configuration import VARIABLES


@cli.command()
@click.option("--cases", default=160, show_default=True, type=click.IntRange(8, 100_000), help="Posts that are alerted on.")
@click.option("--members", default=150, show_default=True, type=click.IntRange(60, 100_000), help="Who lives there.")
@click.option(
    "--faction", default=0.2, show_default=True, type=click.FloatRange(0, 0.9), help="Share of members who judge by who wrote it."
)
@click.option(
    "--absent", default=0.3, show_default=True, type=click.FloatRange(0, 0.9), help="Share of the others who answer no summons."
)
@click.option(
    "--abuse", default=0.2, show_default=True, type=click.FloatRange(0, 1), help="Share of alerts that are the faction's weapon."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="The same seed gives the same year.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(20, 3650), help="How long it goes on.")
def simulate(cases: int, members: int, faction: float, absent: float, abuse: float, seed: int, days: int) -> None:
    """Run a year of juries with factions, absent jurors and abused alerts, by the real actions, and print what came of it.

    It happens in a folder of its own, which is gone afterwards. No community is read or changed, whatever FOLKMOOT_DATA says.

    Example: folkmoot simulate --faction 0.3 --absent 0.5
    """
    with tempfile.TemporaryDirectory(prefix="folkmoot-simulation-") as folder:
        for variable in VARIABLES:
            os.environ.pop(variable.name, None)
            os.environ.pop(f"{variable.name}_FILE", None)
        os.environ["FOLKMOOT_DATA"] = folder
        os.chdir(folder)  # nothing that is written beside the data folder outlives it either
        with_django()
        from django.db import connections

        from folkmoot.site.migrate import migrate
        from folkmoot.site.simulate import Plan, Year, lines

        migrate()
        for alias in connections:
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")  # what is thrown away need not be safe
        try:
            year = Year(Plan(cases, members, faction, absent, abuse, seed, days), lambda text: click.echo(text, err=True))
            told = year.live()
            sys.stdout.writelines(f"{line}\n" for line in lines(told, year.people.now))
        except KeyboardInterrupt:
            fail("Interrupted.", code=130)
        finally:
            connections.close_all()
