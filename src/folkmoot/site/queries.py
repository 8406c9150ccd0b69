"""What every page needs, the front page, the directory, a member's page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, Min, OuterRef, Subquery
from django.http import Http404

from folkmoot.base import time
from folkmoot.base.pages import soonest
from folkmoot.base.paging import Cursor, Slice
from folkmoot.base.rows import row
from folkmoot.forums.models import Category, Forum
from folkmoot.hosts.queries import Hosts, of_forum
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.site.founding import pages
from folkmoot.site.models import Community, Featured, HousePage
from folkmoot.standards.queries import charter
from folkmoot.standards.rules import Charter
from folkmoot.threads import queries as threads
from folkmoot.threads.models import Post, State, Thread
from folkmoot.threads.queries.history import PostLine
from folkmoot.threads.queries.lists import ThreadRow

Link = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The shell around every page: one query."""

    name: str = "Folkmoot"
    promise: str = ""
    welcome: str = ""
    zone: str = "UTC"
    zone_name: str = "UTC"
    star_link: str = ""
    star_text: str = ""
    main_forums: Sequence[Link] = ()
    categories: Sequence[Link] = ()
    directory: Sequence[tuple[str, str, Sequence[Link]]] = ()
    demo: bool = False
    founded: bool = False
    load_level: int = 0


_COLUMNS = 'c."order", c.id, c.slug, c.name, c.is_main, c.is_retired, f."order", f.id, f.slug, f.name'
_SHELVES = {
    "sqlite": f"json_group_array(json_array({_COLUMNS}))",
    "postgresql": f"json_agg(json_build_array({_COLUMNS}) ORDER BY f.id)::text",
}
_FRAME = f"""
SELECT s.name, s.promise, s.welcome, s.zone, s.zone_name, s.star_link, s.star_text, (SELECT {_SHELVES[connection.vendor]}
  FROM forums_category c LEFT JOIN forums_forum f ON f.category_id = c.id), s.load_level
FROM site_community s
"""


def frame(*, demo: bool) -> Frame:
    found = row(_FRAME, ())
    return _frame(found, demo) if found else Frame(demo=demo)


@lru_cache(maxsize=4)
def _frame(row: tuple[Any, ...], demo: bool) -> Frame:
    """One object for as long as the rows say the same: what is made of it can be kept beside it."""
    main: list[Link] = []
    shelves: dict[str, tuple[str, str, list[Link]]] = {}
    main_slug = None
    for *_, slug, category, is_main, is_retired, _, _, forum_slug, forum in sorted(json.loads(row[7] or "[]"), key=_place):
        if is_retired:
            continue
        link = (forum, f"/forums/{forum_slug}/") if forum_slug else None
        if is_main:
            main_slug = main_slug or slug
            main += [link] if link and forum_slug != "announcements" else []
        shelf = shelves.setdefault(slug, (category, f"/categories/{slug}/", []))
        shelf[2].extend([link] if link else [])
    others = [(shelf[0], shelf[1]) for slug, shelf in shelves.items() if slug != main_slug]
    name, promise, welcome, zone, zone_name, star_link, star_text, _, load_level = row
    return Frame(
        name, promise, welcome, zone, zone_name, star_link, star_text, main, others, list(shelves.values()), demo, founded=True,
        load_level=load_level,
    )  # fmt: skip


def _place(shelf: list[Any]) -> tuple[int, int, int, int]:
    """The order of categories, then that of their forums."""
    return shelf[0], shelf[1], shelf[6] or 0, shelf[7] or 0


@dataclass(frozen=True, slots=True)
class Home:
    featured: Sequence[tuple[ThreadRow, str]]
    latest: Sequence[ThreadRow]
    greatest: Sequence[ThreadRow]
    posts_today: int
    members_today: int
    until: int | None
    """When the first of what is counted here will be older than 24 hours."""


def home(*, reader: Reader, now: int) -> Home:
    """The front page: featured stories with the administrators' reasons, the newest discussions, the greatest of a day."""
    chosen = list(Featured.objects.order_by("-featured_at").values_list("thread_id", "reason")[:4])
    rows = {row.id: row for row in threads.with_ids([pk for pk, _ in chosen], reader=reader)}
    featured = [(rows[pk], reason) for pk, reason in chosen if pk in rows]
    latest = threads.latest(reader=reader, cursor=Cursor(), size=12).rows
    greatest = threads.greatest("24h", reader=reader, now=now, size=5)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), COUNT(DISTINCT author_id), MIN(moment) FROM threads_post WHERE moment > %s AND state = 'visible'",
            [now - time.DAY],
        )
        posts, members, first = cursor.fetchone()
    until = soonest(greatest.until, first and first + time.DAY)
    return Home(featured, latest, greatest.rows, posts, members, until)


@dataclass(frozen=True, slots=True)
class ForumLine:
    id: int
    name: str
    address: str
    purpose: str
    thread_count: int
    post_count: int
    newest: str
    newest_address: str
    newest_when: When | None


@dataclass(frozen=True, slots=True)
class Shelf:
    name: str
    address: str
    is_retired: bool
    forums: Sequence[ForumLine]


def directory(*, reader: Reader, category: str | None = None) -> list[Shelf]:
    """All forums by category, or one category's, each with its newest thread: two queries."""
    shelves = Category.objects.all() if category is None else Category.objects.filter(slug=category)
    newest = Thread.objects.filter(forum=OuterRef("pk"), listed=True, state=State.VISIBLE).order_by("-last_moment")
    forums = Forum.objects.filter(category__in=shelves).annotate(
        newest_id=Subquery(newest.values("pk")[:1]), newest_subject=Subquery(newest.values("subject")[:1]),
        newest_moment=Subquery(newest.values("last_moment")[:1]),
    )  # fmt: skip
    lines: dict[int, list[ForumLine]] = {}
    for f in forums:
        lines.setdefault(f.category_id, []).append(
            ForumLine(
                f.pk, f.name, f"/forums/{f.slug}/", f.purpose, f.thread_count, f.post_count, f.newest_subject or "",
                f"/threads/{f.newest_id}/last/" if f.newest_id else "",
                reader.when(f.newest_moment) if f.newest_moment else None,
            )
        )  # fmt: skip
    found = [Shelf(c.name, f"/categories/{c.slug}/", c.is_retired, lines.get(c.pk, [])) for c in shelves]
    if category is not None and not found:
        raise Http404
    return found


def house_page(slug: str) -> tuple[str, datetime | None]:
    """The text of terms, privacy or contact, and when it was changed last; never yet: the founding text and None."""
    row = HousePage.objects.filter(slug=slug)
    found = Community.objects.values_list("template", Subquery(row.values("text")[:1]), Subquery(row.values("changed_at")[:1]))
    template, text, changed_at = found.first() or ("", None, None)
    return text or pages.founding_text(slug, template), changed_at


@dataclass(frozen=True, slots=True)
class About:
    forum: Forum
    posts_in_30_days: int
    members_in_30_days: int
    opened: When
    until: int | None
    """When the first of the posts counted here will be older than 30 days, or a host will have served a day more."""
    hosts: Hosts
    charter: Charter


def about_forum(slug: str, *, reader: Reader, now: int) -> About:
    forum = Forum.objects.select_related("category", "posting_rules").filter(slug=slug).first()
    if forum is None:
        raise Http404
    recent = Post.objects.filter(forum=forum, state=State.VISIBLE, moment__gt=now - 30 * time.DAY)
    found = recent.aggregate(posts=Count("*"), members=Count("author", distinct=True), first=Min("moment"))
    numbers = charter(now)
    hosts = of_forum(forum, reader=reader, now=now, most=numbers.main_hosts)
    until = soonest(found["first"] and found["first"] + 30 * time.DAY, hosts.until)
    opened = reader.when(time.to_moment(forum.created_at))
    return About(forum, found["posts"], found["members"], opened, until, hosts, numbers)


@dataclass(frozen=True, slots=True)
class Profile:
    """The transparency page."""

    member: Member
    joined: When
    posts_in_90_days: int
    hidden_in_90_days: int
    hidden: Sequence[tuple[int, str, When]]
    """Posts hidden in 90 days: id, the sentence that says by whom and why, when."""
    recent: Slice[PostLine]
    banned: When | None
    until: int | None
    """When the first of what is counted here will be older than 90 days."""


def profile(name: str, *, reader: Reader, now: int, cursor: Cursor) -> Profile:
    member = Member.objects.filter(name=name).first() or Member.objects.named(name).first()
    if member is None:
        raise Http404
    since = now - 90 * time.DAY
    mine = Post.objects.filter(author=member)
    hidden = mine.filter(
        state__in=[State.HIDDEN_BY_OFFICE, State.HIDDEN_BY_VERDICT, State.REMOVED],
        number__isnull=False, state_at__gt=datetime.fromtimestamp(since / time.SECOND, UTC),
    ).order_by("-state_at").values_list("pk", "state", "state_reason", "state_at")  # fmt: skip
    moments = [(pk, state, reason, time.to_moment(at)) for pk, state, reason, at in hidden[:50] if at is not None]
    lines = [(pk, f"{State(state).label.capitalize()}: {reason}", reader.when(at)) for pk, state, reason, at in moments]
    counted = mine.filter(state=State.VISIBLE, moment__gt=since).aggregate(posts=Count("*"), first=Min("moment"))
    first = soonest(counted["first"], *(at for *_, at in moments))
    return Profile(
        member=member, joined=reader.when(time.to_moment(member.joined_at)),
        posts_in_90_days=counted["posts"],
        hidden_in_90_days=len(lines), hidden=lines,
        recent=threads.member_posts(member.pk, reader=reader, cursor=cursor),
        banned=reader.when(time.to_moment(member.banned_at)) if member.banned_at else None,
        until=first and first + 90 * time.DAY,
    )  # fmt: skip
