"""Lists of threads. Four orders only; each says its rule in one sentence, and each row why it stands where it does."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.http import Http404

from folkmoot.base import time
from folkmoot.base.paging import Cursor, Slice, cut
from folkmoot.forums.models import Forum
from folkmoot.members.reader import Reader, When
from folkmoot.threads.addresses import shown_subject, thread_address
from folkmoot.threads.models import State, Thread
from folkmoot.threads.queries.reading import seen_by

LIST_SIZE = 40
LATEST_RULE = "The thread with the newest reply comes first."
FORUM_RULE = "Pinned threads first, then the thread with the newest reply."
GREATEST_RULE = "The most recommendations given in the period come first; a tie goes to the earlier thread."
PERIODS = {
    "24h": (time.DAY, "24 hours"),
    "7d": (7 * time.DAY, "7 days"),
    "30d": (30 * time.DAY, "30 days"),
    "all": (0, "all time"),
}


class ThreadRow(NamedTuple):
    id: int
    address: str
    subject: str
    author: str
    star: bool
    forum: str
    forum_address: str
    publication: str
    """Of the article that it brings; mostly empty."""
    replies: int
    recs: int
    views: int
    started: When
    last: When
    last_author: str
    last_address: str
    pinned: bool
    locked: bool
    new_count: int
    why: str


_FIELDS = (
    "id", "subject", "state", "author__name", "author__star_since", "forum__name", "forum__slug", "reply_count",
    "recommendation_count", "view_count", "moment", "last_moment", "last_author__name", "last_number", "pinned", "locked_at",
    "publication",
)  # fmt: skip


def latest(*, reader: Reader, cursor: Cursor, size: int = 0) -> Slice[ThreadRow]:
    """Every listed thread by its newest reply."""
    found = _slice(Thread.objects.filter(listed=True), cursor, size or LIST_SIZE)
    return _rows(found, reader, lambda t: f"Its newest post is of {reader.full(t['last_moment'])}.")


def of_forum(forum: Forum, *, reader: Reader, cursor: Cursor) -> Slice[ThreadRow]:
    """A forum's threads; the pinned ones stand on the first page only."""
    threads = Thread.objects.filter(forum=forum, listed=True)
    found = _slice(threads.filter(pinned=False), cursor, LIST_SIZE)
    if found.first:
        pinned = list(threads.filter(pinned=True).order_by("-last_moment").values(*_FIELDS)[:10])
        found = Slice([*pinned, *found.rows], found.newer, found.older, found.first)
    return _rows(
        found, reader,
        lambda t: "It is pinned." if t["pinned"] else f"Its newest post is of {reader.full(t['last_moment'])}.",
    )  # fmt: skip


def greatest(period: str, *, reader: Reader, now: int, size: int = LIST_SIZE) -> list[ThreadRow]:
    """The threads whose opening posts were recommended most in the period."""
    if period not in PERIODS:
        raise Http404
    length, _ = PERIODS[period]
    with connection.cursor() as c:
        c.execute(
            "SELECT r.thread_id, COUNT(*) AS given FROM threads_recommendation r JOIN threads_thread t ON t.id = r.thread_id"
            " WHERE r.is_opening AND r.moment > %s AND t.listed AND t.state = 'visible'"
            " GROUP BY r.thread_id, t.moment ORDER BY given DESC, t.moment LIMIT %s",
            [now - length if length else 0, size],
        )
        given: dict[int, int] = dict(c.fetchall())
    threads = {t["id"]: t for t in Thread.objects.filter(pk__in=given).values(*_FIELDS)}
    found = Slice([threads[pk] for pk in given if pk in threads], None, None, True)
    label = PERIODS[period][1]
    within = "" if period == "all" else f" in {label}"
    rows = _rows(found, reader, lambda t: f"{_members(given[t['id']])}{within}.")
    return [row._replace(recs=given[row.id]) for row in rows.rows]


def started_by(member_id: int, *, reader: Reader, cursor: Cursor) -> Slice[ThreadRow]:
    """A member's own threads, newest first."""
    threads = Thread.objects.filter(author=member_id)
    threads = threads.exclude(state=State.REMOVED) if member_id == reader.member_id else threads.filter(listed=True)
    found = _slice(threads, cursor, LIST_SIZE, by="moment")
    return _rows(found, reader, lambda t: f"It was started on {reader.full(t['moment'])}.")


def with_ids(ids: Sequence[int], *, reader: Reader) -> list[ThreadRow]:
    """These threads, in the order given; those not listed are left out."""
    threads = {t["id"]: t for t in Thread.objects.filter(pk__in=ids, listed=True).values(*_FIELDS)}
    return list(_rows(Slice([threads[i] for i in ids if i in threads], None, None, True), reader, lambda t: "").rows)


def _members(count: int) -> str:
    return "One member recommended it" if count == 1 else f"{count:,} members recommended it"


def _slice(threads: Any, cursor: Cursor, size: int, by: str = "last_moment") -> Slice[dict[str, Any]]:
    return cut(threads.values(*_FIELDS), cursor, size, by=by, key=itemgetter(by))


def _rows(found: Slice[dict[str, Any]], reader: Reader, why: Any) -> Slice[ThreadRow]:
    seen = seen_by(reader, [t["id"] for t in found.rows])
    rows = [
        ThreadRow(
            id=t["id"], address=thread_address(t["id"], shown_subject(t["subject"], t["state"])),
            subject=shown_subject(t["subject"], t["state"]),
            author=t["author__name"], star=t["author__star_since"] is not None,
            forum=t["forum__name"], forum_address=f"/forums/{t['forum__slug']}/",
            publication=t["publication"] if t["state"] == State.VISIBLE else "",
            replies=t["reply_count"], recs=t["recommendation_count"], views=t["view_count"],
            started=reader.when(t["moment"]), last=reader.when(t["last_moment"]), last_author=t["last_author__name"],
            last_address=f"/threads/{t['id']}/last/", pinned=t["pinned"], locked=t["locked_at"] is not None,
            new_count=max(t["last_number"] - seen.get(t["id"], t["last_number"]), 0),
            why=why(t),
        )
        for t in found.rows
    ]  # fmt: skip
    return Slice(rows, found.newer, found.older, found.first)
