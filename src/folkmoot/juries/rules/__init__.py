"""What is decided here without a database or a clock."""

from folkmoot.juries.rules.draw import commitment, has_second, order, seed, token

__all__ = ["commitment", "has_second", "order", "seed", "token"]
