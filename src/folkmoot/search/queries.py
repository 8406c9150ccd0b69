"""The search page: five queries for a visitor with the frame's one, however many hits there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db import connection
from markupsafe import Markup, escape

from folkmoot.base.paging import Slice
from folkmoot.base.time import now_moment, to_moment, zone
from folkmoot.forums.models import Forum
from folkmoot.members.reader import Reader, When
from folkmoot.search import rules
from folkmoot.search.models import Built, Gap, engine
from folkmoot.threads.addresses import post_address, shown_subject, thread_address
from folkmoot.threads.models import Post, State

PAGE_SIZE = 20
AMONG = 2000
"""Hits that *best* ranks: the newest. Ranking every hit of a common word would take seconds."""

BEST_PAGES = 10
_LONG = timedelta(days=1)


class Place(NamedTuple):
    id: int
    slug: str
    name: str


def forums() -> list[Place]:
    """Every forum, retired ones too, in the order of their shelves."""
    order = ("category__order", "category_id", "order", "pk")
    return [Place(*row) for row in Forum.objects.order_by(*order).values_list("pk", "slug", "name")]


class Hit(NamedTuple):
    address: str
    subject: Markup
    excerpt: Markup
    author: str
    star: bool
    thread: str
    """Empty when the post is the opening: its subject is the thread's."""
    thread_address: str
    forum: str
    forum_address: str
    written: When
    recs: int


@dataclass(frozen=True, slots=True)
class Found:
    hits: Slice[Hit]
    """`older`: the cursor of the next page in the order of time."""
    ranked: int = 0
    """How many hits were ranked for *best*."""
    next_page: int | None = None
    unknown: str = ""
    """A sentence about a name that nobody and nothing here has."""
    is_filling: bool = False
    """Older posts are still being read."""


def newest(question: rules.Question, *, reader: Reader, places: Sequence[Place], older: int | None) -> Found:
    """The newest posts that answer."""
    asked, unknown, is_filling = _resolved(question, reader, places, older)
    if unknown:
        return Found(Slice([], None, None, True), unknown=unknown)
    moments = engine().newest(asked, limit=PAGE_SIZE + 1, now=now_moment())
    next_from = moments[PAGE_SIZE - 1] if len(moments) > PAGE_SIZE else None
    hits = _hits(moments[:PAGE_SIZE], asked, reader)
    return Found(Slice(hits, None, next_from, older is None), is_filling=is_filling)


def best(question: rules.Question, *, reader: Reader, places: Sequence[Place], page: int) -> Found:
    """The best of the newest posts that answer."""
    asked, unknown, is_filling = _resolved(question, reader, places, None)
    if unknown:
        return Found(Slice([], None, None, True), unknown=unknown)
    start = (page - 1) * PAGE_SIZE
    moments, ranked = engine().best(asked, among=AMONG, start=start, limit=PAGE_SIZE, now=now_moment())
    more = page < BEST_PAGES and ranked > start + PAGE_SIZE
    hits = Slice(_hits(moments, asked, reader), None, None, page == 1)
    return Found(hits, ranked, page + 1 if more else None, is_filling=is_filling)


def _resolved(
    question: rules.Question, reader: Reader, places: Sequence[Place], older: int | None
) -> tuple[rules.Asked, str, bool]:
    """The question with ids for names and moments for days; what is unknown of it; whether the index is whole."""
    author_id, is_filling = _author(question.author)
    forum_id = _forum(question.forum, places)
    unknown = ""
    if question.author and author_id is None:
        unknown = f"Nobody here is called “{question.author}”."
    elif question.forum and forum_id is None:
        unknown = f"No forum here is called “{question.forum}”."
    marks = [rules.author_mark(author_id)] if author_id is not None else []
    marks += [rules.forum_mark(forum_id)] if forum_id is not None else []
    ends = [moment for moment in (older, _midnight(question.before, reader)) if moment is not None]
    asked = rules.Asked(
        question.words, question.subject, tuple(marks), _midnight(question.after, reader), min(ends) if ends else None
    )
    return asked, unknown, is_filling


def _author(name: str) -> tuple[int | None, bool]:
    """A member's id by their name, and whether posts are still to be read: one query for both."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT id FROM members_member WHERE name = %s),"
            " (SELECT id FROM members_member WHERE LOWER(name) = LOWER(%s) LIMIT 1), EXISTS (SELECT 1 FROM search_gap)",
            [name, name],
        )
        exact, alike, is_filling = cursor.fetchone()
    return (exact if exact is not None else alike), bool(is_filling)


def _forum(asked: str, places: Sequence[Place]) -> int | None:
    wanted = rules.fold(asked)
    return next((place.id for place in places if wanted in (place.slug, rules.fold(place.name))), None)


def _midnight(day: date | None, reader: Reader) -> int | None:
    """The moment at which a day begins where the reader lives."""
    return None if day is None else to_moment(datetime.combine(day, time(), zone(reader.zone)).astimezone(UTC))


def _hits(moments: Sequence[int], asked: rules.Asked, reader: Reader) -> list[Hit]:
    """The posts of these moments, in their order. That each may be seen is asked again: an index is only an index."""
    rows = {
        row[0]: row[1:]
        for row in Post.objects.filter(moment__in=moments, state=State.VISIBLE)
        .exclude(thread__state__in=[State.PENDING, State.REMOVED])
        .values_list(
            "moment", "id", "number", "subject", "author__name", "author__star_since", "thread_id", "thread__subject",
            "thread__state", "forum__name", "forum__slug", "recommendation_count", "fragment__html",
        )
    }  # fmt: skip
    hits = []
    for moment in moments:
        if moment not in rows:
            continue
        pk, number, subject, author, star, thread_id, thread, state, forum, slug, recs, html = rows[moment]
        title = shown_subject(thread, state)
        hits.append(
            Hit(
                post_address(pk), _marked(rules.marked(subject, asked.words + asked.subject)),
                _marked(rules.excerpt(rules.plain(html, spoilers=False), asked.words)), author, star is not None,
                title if number else "", thread_address(thread_id, title), forum, f"/forums/{slug}/", reader.when(moment), recs,
            )
        )  # fmt: skip
    return hits


def _marked(pieces: Sequence[rules.Piece]) -> Markup:
    return Markup("").join(Markup("<mark>{}</mark>").format(text) if asked else escape(text) for text, asked in pieces)


def troubles() -> list[str]:
    """For `folkmoot check`: posts that cannot be found, and what can be found and should not."""
    made = Gap.objects.filter(made_at__lt=datetime.now(UTC) - _LONG)
    found = ["Posts that moved in wait to be searchable for more than a day: is folkmoot serve running?"] if made.exists() else []
    if Built.objects.exclude(normaliser=rules.NORMALISER).exists():
        found.append("The search index was made by another version: folkmoot search rebuild makes it anew.")
    for sql, sentence in _CHECKS:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            count = cursor.fetchone()[0]
        if count:
            found.append(f"{sentence}: {count:,}. folkmoot search rebuild makes the index anew.")
    return [*found, *engine().troubles()]


_CHECKS = (
    (
        "SELECT COUNT(*) FROM threads_post p WHERE p.state = 'visible'"
        " AND NOT EXISTS (SELECT 1 FROM search_entry e WHERE e.moment = p.moment)"
        " AND NOT EXISTS (SELECT 1 FROM search_gap g WHERE p.id BETWEEN g.first AND g.last)",
        "Posts that search cannot find",
    ),
    (
        "SELECT COUNT(*) FROM search_entry e LEFT JOIN threads_post p ON p.moment = e.moment AND p.state = 'visible'"
        " WHERE p.id IS NULL",
        "Posts in the search index that nobody may see",
    ),
)
