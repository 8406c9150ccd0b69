"""How far a member has read: rows in the state database, which may be lost without harm."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections

from folkmoot.base.databases import may_be_lost
from folkmoot.forums.models import Forum
from folkmoot.members.reader import Reader


@dataclass(slots=True)
class Reading:
    """A member's place in a thread: everything up to `seen`, and what was on the pages opened since."""

    member_id: int
    thread_id: int
    seen: int = 0
    pages: dict[str, int] = field(default_factory=dict)
    is_first_visit: bool = True

    def new_after(self, anchor: int | None) -> int | None:
        """Numbers above this are new on that page; None on a first visit, where nothing is called new."""
        return None if self.is_first_visit else max(self.seen, self.pages.get(str(anchor), 0))

    def keep(self, top: int, *, anchor: int | None, anchors: list[int]) -> None:
        """Remember that this page was opened when `top` was the thread's highest number.

        `anchors` are all pages of the tree; with at most one, or on the last flat page (`anchor` None), all is seen.
        """
        seen, pages = self.seen, {**self.pages, str(anchor): top}
        if self.is_first_visit or anchor is None or len(anchors) < 2:
            seen, pages = top, {}
        elif all(str(a) in pages for a in anchors):
            seen = min(pages[str(a)] for a in anchors)
            pages = {a: number for a, number in pages.items() if number > seen}
        if not self.is_first_visit and (seen, pages) == (self.seen, self.pages):
            return
        with may_be_lost(), connections["state"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO threads_readingplace (member_id, thread_id, seen, pages) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (member_id, thread_id) DO UPDATE SET seen = excluded.seen, pages = excluded.pages",
                [self.member_id, self.thread_id, seen, json.dumps(pages)],
            )


_PLACES = "SELECT thread_id, seen, pages FROM threads_readingplace WHERE member_id = %s AND "


def _pages(kept: Any) -> dict[str, int]:
    """JSON: text on SQLite; what Django has the driver give on PostgreSQL is text too."""
    pages: dict[str, int] = json.loads(kept)
    return pages


def read_place(reader: Reader, thread_id: int) -> Reading:
    if reader.member is None:
        return Reading(0, thread_id)
    with connections["state"].cursor() as cursor:
        cursor.execute(_PLACES + "thread_id = %s", [reader.member_id, thread_id])
        row = cursor.fetchone()
    if row is None:
        return Reading(reader.member_id, thread_id)
    return Reading(reader.member_id, thread_id, row[1], _pages(row[2]), False)


def seen_by(reader: Reader, threads: list[int]) -> dict[int, int]:
    """The highest number seen in each of these threads that the reader has opened."""
    return {} if reader.member is None else read_by(reader.member.pk, threads)


def read_by(member_id: int, threads: list[int]) -> dict[int, int]:
    """The same of a member."""
    if not threads:
        return {}
    with connections["state"].cursor() as cursor:
        cursor.execute(_PLACES + f"thread_id IN ({', '.join(['%s'] * len(threads))})", [member_id, *threads])
        places = cursor.fetchall()
    return {thread: max([seen, *_pages(pages).values()]) for thread, seen, pages in places}


_UNREAD = (
    "SELECT t.id, t.last_number FROM state.threads_readingplace r JOIN threads_thread t ON t.id = r.thread_id"
    " WHERE r.member_id = %s AND t.last_number > r.seen"
)


def mark_read(reader: Reader, forum: Forum | None) -> None:
    """Every thread that the member has opened, in one forum or in all, is read to its end."""
    with connection.cursor() as cursor:
        if forum is None:
            cursor.execute(_UNREAD, [reader.member_id])
        else:
            cursor.execute(f"{_UNREAD} AND t.forum_id = %s", [reader.member_id, forum.pk])
        ends = cursor.fetchall()
    with connections["state"].cursor() as cursor:
        cursor.executemany(
            "UPDATE threads_readingplace SET seen = %s, pages = '{}' WHERE member_id = %s AND thread_id = %s AND seen < %s",
            [(end, reader.member_id, thread, end) for thread, end in ends],
        )
