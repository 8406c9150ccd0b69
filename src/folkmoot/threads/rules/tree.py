"""Where a reply stands in its thread: preorder labels with gaps, relabelled locally when a gap is used up.

A label (`place`) only means "before" and "after". The opening post is 0. A new reply takes an eighth of the gap that
it falls into, because most replies come after the newest one; a used-up gap spreads the smallest window of neighbours
that has room. (List labelling: Dietz, "Maintaining order in a linked list", STOC 1982.)
"""

from bisect import bisect_right
from collections.abc import Sequence

STEP = 1 << 32
"""The gap after the last post of a thread."""

ROOM = 256
"""A window may be spread when each of its posts gets at least this much."""


def place_between(before: int, after: int | None) -> int | None:
    """A label between two neighbours (`after` is None at the end of the thread); None when no room is left."""
    if after is None:
        return before + STEP
    gap = after - before
    return before + max(gap >> 3, 1) if gap > 1 else None


def spread(low: int, high: int | None, count: int) -> list[int] | None:
    """`count` labels evenly between low and high, both excluded; None when the window has too little room."""
    if high is None:
        return [low + STEP * (i + 1) for i in range(count)]
    room = (high - low) // (count + 1)
    return [low + room * (i + 1) for i in range(count)] if room >= ROOM else None


def split_at(size: int, *, at_the_end: bool, limit: int) -> int | None:
    """A page of `size` posts has just grown: how many it keeps, or None when it keeps all.

    At the end of a thread the new post begins the next page; inside, the page is halved.
    """
    if size <= limit:
        return None
    return limit if at_the_end else (size + 1) // 2


def page_of(anchors: Sequence[int], place: int) -> int:
    """The page (from 1) that holds a place, given the ascending places at which pages begin."""
    return max(bisect_right(anchors, place), 1)
