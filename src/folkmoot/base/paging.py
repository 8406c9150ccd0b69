"""Keyset paging: a page is what comes after a cursor, never an OFFSET."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from folkmoot.base import time

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cursor:
    """`before=123` (older than that moment) or `after=123` (newer; 0 is the oldest page); neither is the first page."""

    before: int | None = None
    after: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], zone: str) -> "Cursor":
        """From an address; `month=2020-02` is what was written before that month's end in this zone."""
        before, after = _whole(query.get("before")), _whole(query.get("after"))
        if before is None and after is None and (asked := re.fullmatch(r"(\d{4})-(\d\d)", query.get("month") or "")):
            before = time.end_of_month(int(asked[1]), int(asked[2]), zone)
        return cls(before=before, after=after)


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else None


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Rows in reading order (newest first), and the cursors of their neighbours, None at an end."""

    rows: Sequence[Row]
    newer: int | None
    older: int | None
    first: bool


def cut(found: Any, cursor: Cursor, size: int, *, by: str, key: Callable[[Row], int]) -> Slice[Row]:
    """One page of a queryset by its field `by`, newest first."""

    def read(cursor: Cursor, limit: int) -> list[Row]:
        if cursor.after is not None:
            return list(found.filter(**{f"{by}__gt": cursor.after}).order_by(by)[:limit])
        older = found if cursor.before is None else found.filter(**{f"{by}__lt": cursor.before})
        return list(older.order_by(f"-{by}")[:limit])

    return cut_by(read, cursor, size, key=key)


def cut_by(read: Callable[[Cursor, int], list[Row]], cursor: Cursor, size: int, *, key: Callable[[Row], int]) -> Slice[Row]:
    """One page, newest first. `read` gives at most so many rows next to the cursor: upward from `after`, else downward.
    One row more than shown tells whether there is another page."""
    rows = read(cursor, size + 1)
    more, rows = len(rows) > size, rows[:size]
    if cursor.after is not None:
        rows.reverse()
        return Slice(rows, key(rows[0]) if more else None, key(rows[-1]) if rows and cursor.after else None, not more)
    is_first = cursor.before is None
    return Slice(rows, key(rows[0]) if rows and not is_first else None, key(rows[-1]) if more else None, is_first)
