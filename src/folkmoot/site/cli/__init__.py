"""The command line. Commands that need rooms set Django up first; `serve` never does."""

from folkmoot.site.cli import found, keep, move
from folkmoot.site.cli.root import cli

__all__ = ["cli", "found", "keep", "main", "move"]


def main() -> None:
    cli(prog_name="folkmoot")
