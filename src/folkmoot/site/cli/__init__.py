"""The command line. Commands that need rooms set Django up first; `serve` never does."""

from folkmoot.site.cli import found, keep, ledger, move, simulate
from folkmoot.site.cli.root import cli

__all__ = ["cli", "found", "keep", "ledger", "main", "move", "simulate"]


def main() -> None:
    cli(prog_name="folkmoot")
