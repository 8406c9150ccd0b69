"""The way out, and in again: the whole community as JSON lines. The format is told in docs/export-format.md."""

from folkmoot.exchange.whole.read import import_site
from folkmoot.exchange.whole.write import export_site

__all__ = ["export_site", "import_site"]
