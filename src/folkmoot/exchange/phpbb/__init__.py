"""A phpBB board moves in from its dump. See docs/rooms/exchange.md."""

from folkmoot.exchange.phpbb.importing import import_board

__all__ = ["import_board"]
