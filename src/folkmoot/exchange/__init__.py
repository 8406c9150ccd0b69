"""Boards that move in, and the way out. See docs/rooms/exchange.md."""
