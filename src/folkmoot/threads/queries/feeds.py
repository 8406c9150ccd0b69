"""What a feed reader is given: always what a visitor sees, whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.http import Http404

from folkmoot.base import markup
from folkmoot.base.time import to_moment
from folkmoot.forums.models import Forum
from folkmoot.members.addresses import member_address
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader
from folkmoot.threads.addresses import post_address, shown_subject, thread_address
from folkmoot.threads.queries.posts import rendered_anew
from folkmoot.threads.queries.thread import address_of, title_of, visible_thread

FEED_SIZE = 40


class Entry(NamedTuple):
    """A post. Addresses are absolute; the permalink is its id for ever."""

    address: str
    title: str
    author: str
    author_address: str
    forum: str
    forum_slug: str
    published: int
    updated: int
    html: str
    thread_id: int


@dataclass(frozen=True, slots=True)
class Feed:
    title: str
    says: str
    """One sentence: what the entries are, and their order."""
    page: str
    """The address of the page that this is the feed of."""
    base: str
    """The feed's own address, without its kind."""
    entries: Sequence[Entry]
    updated: int
    """When an entry was written or changed last; without entries, when the place was opened."""
    changed: int | None
    """When an entry last came, changed or left; None while that cannot be told."""
    place: int
    """The id of the forum, thread or member whose posts these are; 0: of all."""


# A post that leaves (hidden, withdrawn) changes the feed without leaving a trace in what stays: its `state_at`, in the
# stretch of time that the feed covers, is what moves `changed`. Posts that were never let in have no part in it.
_SQL = """
WITH newest AS (
  SELECT p.id, p.author_id, p.forum_id, p.thread_id, p.moment, p.edited_moment, p.subject,
    t.subject AS thread_subject, t.state AS thread_state, p.{by} AS at
  FROM threads_post p JOIN threads_thread t ON t.id = p.thread_id
  WHERE {where} AND p.state = 'visible' AND p.number IS NOT NULL AND t.state NOT IN ('pending', 'removed')
  ORDER BY p.{by} DESC LIMIT {size}
)
SELECT n.id, n.thread_id, n.thread_subject, n.thread_state, n.moment, n.edited_moment, n.subject, a.name, f.name, f.slug,
  x.html, x.render_version, (SELECT MAX(p.state_at) FROM threads_post p WHERE {where} AND p.state NOT IN ('pending', 'removed')
   AND p.{by} >= COALESCE((SELECT MIN(at) FROM newest HAVING COUNT(*) = {size}), 0))
FROM newest n
JOIN members_member a ON a.id = n.author_id
JOIN forums_forum f ON f.id = n.forum_id
JOIN threads_fragment x ON x.post_id = n.id
ORDER BY n.moment DESC
"""


def latest_feed(*, community: str) -> Feed:
    return _feed("p.number = 0", [], f"Latest discussions · {community}", _THREADS, "/latest/", "/latest", 0, 0)


def forum_feed(slug: str, *, community: str) -> Feed:
    forum = Forum.objects.filter(slug=slug).first()
    if forum is None:
        raise Http404
    title, page = f"{forum.name} · {community}", f"/forums/{slug}/"
    opened = to_moment(forum.created_at)
    return _feed("p.forum_id = %s AND p.number = 0", [forum.pk], title, _THREADS, page, f"{page}feed", opened, forum.pk)


def thread_feed(thread_id: int, *, community: str) -> Feed:
    thread = visible_thread(thread_id, Reader.of(None, "UTC"))
    title, base = f"{title_of(thread)} · {community}", f"/threads/{thread.pk}/feed"
    return _feed("p.thread_id = %s", [thread.pk], title, _POSTS, address_of(thread), base, thread.moment, thread.pk, by="number")


def member_feed(name: str, *, community: str) -> Feed:
    member = Member.objects.filter(name=name).first()
    if member is None:
        raise Http404
    title, page = f"Posts of {member.name} · {community}", member_address(member.name)
    return _feed("p.author_id = %s", [member.pk], title, _POSTS, page, f"{page}feed", to_moment(member.joined_at), member.pk)


_THREADS = f"The {FEED_SIZE} newest threads with their opening posts, the newest first."
_POSTS = f"The {FEED_SIZE} newest posts, the newest first."


def _feed(
    where: str, parameters: list[Any], title: str, says: str, page: str, base: str, opened: int, place: int, *, by: str = "moment"
) -> Feed:
    """`by`: what tells the newest; in a thread the number of arrival, by which its posts are found without reading all."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(where=where, size=FEED_SIZE, by=by), [*parameters, *parameters])
        rows = cursor.fetchall()
    site = settings.PUBLIC_URL
    anew = rendered_anew([row[0] for row in rows if row[11] != markup.RENDER_VERSION])
    entries = [
        Entry(
            address=site + post_address(pk), title=subject, author=author, author_address=site + member_address(author),
            forum=forum, forum_slug=slug, published=moment, updated=max(moment, edited or 0),
            html=markup.with_absolute_links(anew.get(pk, html), site + thread_address(thread_id, shown_subject(thread, state))),
            thread_id=thread_id,
        )
        for pk, thread_id, thread, state, moment, edited, subject, author, forum, slug, html, _, _ in rows
    ]  # fmt: skip
    updated = max((entry.updated for entry in entries), default=opened)
    changed = max(updated, _moment(rows[0][-1])) if rows else None
    return Feed(title, says, site + page, site + base, entries, updated, changed, place)


def _moment(found: datetime | str | None) -> int:
    """SQLite gives the greatest of several times as text, in UTC."""
    if isinstance(found, str):
        found = datetime.fromisoformat(found).replace(tzinfo=UTC)
    return to_moment(found) if found else 0
