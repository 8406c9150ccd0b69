"""Lists of threads. Four orders only; each says its rule in one sentence, and each row why it stands where it does."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from django.db import connection
from django.http import Http404

from folkmoot.base import time
from folkmoot.base.paging import Cursor, Slice, cut_by
from folkmoot.forums.models import Forum
from folkmoot.members.reader import Reader, When
from folkmoot.threads.addresses import shown_subject, thread_address
from folkmoot.threads.models import Thread
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
    author_id: int
    last_moment: int


class _Found(NamedTuple):
    """A thread's row as it is read; our own SQL, because the ORM spends longer writing the joins than a database on them."""

    id: int
    subject: str
    state: str
    author: str
    star_since: object
    forum: str
    slug: str
    replies: int
    recs: int
    views: int
    moment: int
    last_moment: int
    last_author: str
    last_number: int
    pinned: bool
    locked_at: object
    publication: str
    author_id: int


_SQL = """
SELECT t.id, t.subject, t.state, a.name, a.star_since, f.name, f.slug, t.reply_count, t.recommendation_count, t.view_count,
  t.moment, t.last_moment, l.name, t.last_number, t.pinned, t.locked_at, t.publication, t.author_id
FROM threads_thread t
JOIN members_member a ON a.id = t.author_id
JOIN members_member l ON l.id = t.last_author_id
JOIN forums_forum f ON f.id = t.forum_id
WHERE """


def _find(where: str, parameters: Sequence[Any]) -> list[_Found]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL + where, parameters)
        return [_Found._make(row) for row in cursor.fetchall()]


def _find_ids(ids: Sequence[int], where: str = "TRUE") -> dict[int, _Found]:
    marks = ", ".join(["%s"] * len(ids))
    return {t.id: t for t in _find(f"t.id IN ({marks}) AND {where}", ids)} if ids else {}


def latest(*, reader: Reader, cursor: Cursor, size: int = 0) -> Slice[ThreadRow]:
    """Every listed thread by its newest reply."""
    found = _slice("t.listed = TRUE", [], cursor, size or LIST_SIZE)
    return _rows(found, reader, lambda t: f"Its newest post is of {reader.full(t.last_moment)}.")


def of_forum(forum: Forum, *, reader: Reader, cursor: Cursor) -> Slice[ThreadRow]:
    """A forum's threads; the pinned ones stand on the first page only."""
    where = "t.forum_id = %s AND t.listed = TRUE AND t.pinned = "
    found = _slice(where + "FALSE", [forum.pk], cursor, LIST_SIZE)
    if found.first:
        pinned = _find(where + "TRUE ORDER BY t.last_moment DESC LIMIT 10", [forum.pk])
        found = Slice([*pinned, *found.rows], found.newer, found.older, found.first)
    return _rows(
        found, reader,
        lambda t: "It is pinned." if t.pinned else f"Its newest post is of {reader.full(t.last_moment)}.",
    )  # fmt: skip


def newest_moment(forum_id: int | None = None) -> int:
    """Of the newest post that a list shows; 0 when there is none."""
    threads = Thread.objects.filter(listed=True, **({} if forum_id is None else {"forum_id": forum_id}))
    return threads.order_by("-last_moment").values_list("last_moment", flat=True).first() or 0


def unanswered(forum: Forum, *, reader: Reader, size: int = 20) -> Sequence[ThreadRow]:
    """Of the newest threads of a forum those that nobody has answered, the newest first."""
    where = "t.forum_id = %s AND t.listed = TRUE AND t.reply_count = 0 AND t.locked_at IS NULL AND t.moment > %s"
    since = time.now_moment() - 30 * time.DAY
    found = _find(f"{where} ORDER BY t.last_moment DESC LIMIT %s", [forum.pk, since, size])
    return _rows(Slice(found, None, None, True), reader, lambda t: "").rows


class Ranking(NamedTuple):
    rows: list[ThreadRow]
    until: int | None
    """When the first recommendation counted here will be older than the period."""


def greatest(period: str, *, reader: Reader, now: int, size: int = LIST_SIZE) -> Ranking:
    """The threads whose opening posts were recommended most in the period."""
    if period not in PERIODS:
        raise Http404
    length, _ = PERIODS[period]
    with connection.cursor() as c:
        if length:
            c.execute(
                "SELECT r.thread_id, COUNT(*) AS given, MIN(r.moment)"
                " FROM threads_recommendation r JOIN threads_thread t ON t.id = r.thread_id"
                " WHERE r.is_opening = TRUE AND r.moment > %s AND t.listed = TRUE AND t.state = 'visible'"
                " GROUP BY r.thread_id, t.moment ORDER BY given DESC, t.moment LIMIT %s",
                [now - length, size],
            )
        else:  # the counter knows; nobody counts every recommendation that was ever given
            c.execute(
                "SELECT id, recommendation_count, NULL FROM threads_thread WHERE listed = TRUE AND state = 'visible'"
                " AND recommendation_count > 0 ORDER BY recommendation_count DESC, moment LIMIT %s",
                [size],
            )
        counted = c.fetchall()
    given: dict[int, int] = {pk: count for pk, count, _ in counted}
    until = min(first for _, _, first in counted) + length if counted and length else None
    threads = _find_ids(list(given))
    found = Slice([threads[pk] for pk in given if pk in threads], None, None, True)
    label = PERIODS[period][1]
    within = "" if period == "all" else f" in {label}"
    rows = _rows(found, reader, lambda t: f"{_members(given[t.id])}{within}.")
    return Ranking([row._replace(recs=given[row.id]) for row in rows.rows], until)


def started_by(member_id: int, *, reader: Reader, cursor: Cursor) -> Slice[ThreadRow]:
    """A member's own threads, newest first."""
    shown = "t.state <> 'removed'" if member_id == reader.member_id else "t.listed = TRUE"
    found = _slice(f"t.author_id = %s AND {shown}", [member_id], cursor, LIST_SIZE, by="moment")
    return _rows(found, reader, lambda t: f"It was started on {reader.full(t.moment)}.")


def with_ids(ids: Sequence[int], *, reader: Reader) -> list[ThreadRow]:
    """These threads, in the order given; those not listed are left out."""
    threads = _find_ids(ids, "t.listed = TRUE")
    return list(_rows(Slice([threads[i] for i in ids if i in threads], None, None, True), reader, lambda t: "").rows)


def _members(count: int) -> str:
    return "One member recommended it" if count == 1 else f"{count:,} members recommended it"


def _slice(
    where: str, parameters: list[Any], cursor: Cursor, size: int, by: Literal["moment", "last_moment"] = "last_moment"
) -> Slice[_Found]:
    def read(cursor: Cursor, limit: int) -> list[_Found]:
        if cursor.after is not None:
            return _find(f"{where} AND t.{by} > %s ORDER BY t.{by} LIMIT %s", [*parameters, cursor.after, limit])
        if cursor.before is not None:
            return _find(f"{where} AND t.{by} < %s ORDER BY t.{by} DESC LIMIT %s", [*parameters, cursor.before, limit])
        return _find(f"{where} ORDER BY t.{by} DESC LIMIT %s", [*parameters, limit])

    return cut_by(read, cursor, size, key=attrgetter(by))


def _rows(found: Slice[_Found], reader: Reader, why: Callable[[_Found], str]) -> Slice[ThreadRow]:
    seen = seen_by(reader, [t.id for t in found.rows])
    rows = [
        ThreadRow(
            id=t.id, address=thread_address(t.id, subject), subject=subject, author=t.author, star=t.star_since is not None,
            forum=t.forum, forum_address=f"/forums/{t.slug}/", publication=t.publication if t.state == "visible" else "",
            replies=t.replies, recs=t.recs, views=t.views,
            started=reader.when(t.moment), last=reader.when(t.last_moment), last_author=t.last_author,
            last_address=f"/threads/{t.id}/last/", pinned=bool(t.pinned), locked=t.locked_at is not None,
            new_count=max(t.last_number - seen.get(t.id, t.last_number), 0), why=why(t),
            author_id=t.author_id, last_moment=t.last_moment,
        )
        for t in found.rows
        for subject in (shown_subject(t.subject, t.state),)
    ]  # fmt: skip
    return Slice(rows, found.newer, found.older, found.first)
