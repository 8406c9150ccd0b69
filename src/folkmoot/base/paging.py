"""Keyset paging: a page is what comes after a cursor, never an OFFSET."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cursor:
    """`before=123` (older than that moment) or `after=123` (newer); neither is the first page."""

    before: int | None = None
    after: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Cursor":
        return cls(before=_whole(query.get("before")), after=_whole(query.get("after")))


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,18}", text) else None


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Rows in reading order (newest first), and the cursors of their neighbours, None at an end."""

    rows: Sequence[Row]
    newer: int | None
    older: int | None
    first: bool
