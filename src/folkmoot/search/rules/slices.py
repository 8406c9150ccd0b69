"""Time in slices, for PostgreSQL: its word index knows no order, so a walk from the newest hit backwards goes slice by
slice, and a post carries its slices among its words. Pure.

A slice of level 0 is 2^35 microseconds (nine and a half hours), of each level above four of the one below, of the last
one four and a half years. `search_newest` in postgres.py reckons the same way.
"""

SHIFT = 35
LEVELS = 7


def slice_of(moment: int) -> int:
    return max(moment, 0) >> SHIFT


def slice_marks(moment: int) -> list[str]:
    number = slice_of(moment)
    return [f"={level}:{number >> 2 * level}" for level in range(LEVELS)]
