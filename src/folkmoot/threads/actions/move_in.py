"""Threads of an old board, written in bulk: the rows are those that starting and replying would have made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Literal

from django.db import connection, transaction
from django.db.models import F

from folkmoot.base import bulk, markup
from folkmoot.base.events import tell
from folkmoot.base.ids import reserve as next_ids
from folkmoot.base.time import to_datetime
from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.threads import events, media, rules
from folkmoot.threads.actions.place import FIRST_PLACE, arrive
from folkmoot.threads.actions.standing import settle
from folkmoot.threads.actions.write import of
from folkmoot.threads.events import MovedIn
from folkmoot.threads.models import Anchor, Attachment, Fragment, OldAddress, Post, State, Text, Thread
from folkmoot.threads.rules.tree import STEP

_STATES = {
    "visible": State.VISIBLE, "hidden": State.HIDDEN_BY_OFFICE, "deleted": State.WITHDRAWN, "pending": State.PENDING,
}  # fmt: skip
_OFFICE = "host of the old board"


@dataclass(slots=True)
class MovedPost:
    """A post of the old board. `parent` is an index into its thread's posts, which stand in preorder; a reply that waits
    to be let in has no number, and stands after those that have."""

    author_id: int
    moment: int
    subject: str
    text: str
    format: Literal["plain", "markdown"]
    state: Literal["visible", "hidden", "deleted", "pending"]
    number: int | None = 0
    parent: int | None = None
    depth: int = 0
    addresses: tuple[str, ...] = ()
    html: str | None = None
    """What base.markup makes of the text, where the caller has it already."""
    edits: int = 0
    edited: int | None = None
    hidden_at: datetime | None = None
    hidden_by_id: int | None = None
    hidden_reason: str = ""
    id: int = 0
    """Set by `reserve`, or when it has moved in."""


@dataclass(slots=True)
class MovedThread:
    forum_id: int
    posts: list[MovedPost]
    """In preorder, numbered by arrival; the opening post is the first."""
    addresses: tuple[str, ...] = ()
    pinned: bool = False
    locked: bool = False
    views: int = 0
    id: int = 0

    @property
    def arrived(self) -> list[MovedPost]:
        return [post for post in self.posts if post.number is not None]


def reserve(threads: Sequence[MovedThread]) -> None:
    """Give threads and posts their ids, so that texts may name them. `move_in` must follow in the same transaction."""
    posts = [post for thread in threads for post in thread.posts]
    for thread, pk in zip(threads, next_ids(Thread, len(threads)), strict=True):
        thread.id = pk
    for post, pk in zip(posts, next_ids(Post, len(posts)), strict=True):
        post.id = pk


@transaction.atomic
def move_in(threads: Sequence[MovedThread]) -> None:
    """Write whole threads and count them. Sets `id` of every thread and post that has none."""
    posts = [post for thread in threads for post in thread.posts]
    _make_moments_unique(posts)
    if not all(thread.id for thread in threads):
        reserve(threads)
    bulk.insert(Thread, _THREAD, map(_thread_row, threads))
    bulk.insert(Post, _POST, (_post_row(post, thread, at) for thread in threads for at, post in enumerate(thread.posts)))
    _write_texts(posts)
    bulk.insert(Anchor, ("thread_id", "place", "size"), (anchor for thread in threads for anchor in _anchors(thread)))
    _write_addresses(threads)
    _count(threads)
    if posts:
        tell(MovedIn(first_post_id=min(post.id for post in posts), last_post_id=max(post.id for post in posts)))


@transaction.atomic
def move_in_later(thread_id: int, parent_id: int, post: MovedPost) -> None:
    """Add one post of a later copy of the old board to a thread that has moved in. Sets its `id`."""
    thread = Thread.objects.select_for_update(no_key=True).get(pk=thread_id)
    _make_moments_unique([post])
    parent = Post.objects.get(pk=parent_id)
    row = Post(
        thread=thread, forum_id=thread.forum_id, author_id=post.author_id, parent=parent, answered_id=parent.author_id,
        subject=post.subject, has_text=bool(post.text.strip()), moment=post.moment, **_state(post), **_edits(post),
    )  # fmt: skip
    if post.state != "pending":
        arrive(row, thread)
    row.save(force_insert=True)
    post.id, post.number = row.pk, row.number
    _write_texts([post])
    settle(row, was="")
    OldAddress.objects.bulk_create(
        [OldAddress(address=address, post_id=post.id) for address in post.addresses], ignore_conflicts=True
    )
    tell(MovedIn(first_post_id=post.id, last_post_id=post.id))


_THREAD = (
    "id", "forum_id", "author_id", "subject", "state", "listed", "moment", "last_moment", "last_author_id", "opening_id",
    "last_number", "reply_count", "pinned", "view_count", "locked_at", "lock_office",
)  # fmt: skip


def _thread_row(thread: MovedThread) -> tuple[object, ...]:
    opening = thread.posts[0]
    visible = [post for post in thread.posts if post.state == "visible"]
    newest = max(visible, key=lambda post: post.number or 0, default=opening)
    return (
        thread.id, thread.forum_id, opening.author_id, opening.subject, _STATES[opening.state].value, _is_listed(thread),
        opening.moment, newest.moment, newest.author_id, opening.id, len(thread.arrived) - 1,
        len(visible) - (opening.state == "visible"), thread.pinned, thread.views,
        _as_kept(to_datetime(newest.moment)) if thread.locked else None, _OFFICE if thread.locked else "",
    )  # fmt: skip


def _is_listed(thread: MovedThread) -> bool:
    """See standing.settle."""
    opening, *replies = thread.posts
    return opening.state == "visible" or (opening.state == "deleted" and any(p.state == "visible" for p in replies))


_POST = (
    "id", "thread_id", "forum_id", "author_id", "parent_id", "answered_id", "number", "depth", "place", "moment", "subject",
    "has_text", "state", "state_at", "state_by_id", "state_office", "state_reason",
    "edit_count", "imported_edit_count", "edited_moment",
)  # fmt: skip


def _post_row(post: MovedPost, thread: MovedThread, at: int) -> tuple[object, ...]:
    waits, parent = post.number is None, None if post.parent is None else thread.posts[post.parent]
    state, state_at, *more = _state(post).values()
    return (
        post.id, thread.id, thread.forum_id, post.author_id, parent and parent.id, parent and parent.author_id,
        post.number, 0 if waits else post.depth, None if waits else at * STEP, post.moment, post.subject, bool(post.text.strip()),
        state, _as_kept(state_at), *more, *_edits(post).values(),
    )  # fmt: skip


def _state(post: MovedPost) -> dict[str, Any]:
    hidden = post.state == "hidden"
    reason = f"Hidden on the old board: {post.hidden_reason}" if post.hidden_reason else "Hidden on the old board."
    return {
        "state": _STATES[post.state].value, "state_at": post.hidden_at, "state_by_id": post.hidden_by_id,
        "state_office": _OFFICE if hidden else "", "state_reason": reason[:2000] if hidden else "",
    }  # fmt: skip


def _edits(post: MovedPost) -> dict[str, Any]:
    return {"edit_count": post.edits, "imported_edit_count": post.edits, "edited_moment": post.edited}


def _as_kept(when: datetime | None) -> object:
    return None if when is None else connection.ops.adapt_datetimefield_value(when)


@transaction.atomic
def attach(post_id: int, name: str, file: IO[bytes], *, note: str = "") -> int:
    """Keep a file of the old board with its post; returns the attachment's id."""
    post = Post.objects.select_for_update(no_key=True).get(pk=post_id)
    kept = media.keep(file)
    made = Attachment.objects.create(
        post_id=post_id, name=rules.safe_name(name), note=note[:500], size=kept.size, sha256=kept.sha256,
        media_type=kept.media_type,
    )  # fmt: skip
    Post.objects.filter(pk=post_id).update(attachment_count=F("attachment_count") + 1)
    tell(events.FileAttached(**of(post)))
    return made.pk


@transaction.atomic
def rewrite(post_id: int, *, old: str, new: str) -> bool:
    """Put new addresses into a text that moved in, unless it was changed since. Returns whether it was."""
    changed = Text.objects.filter(post_id=post_id, source=old).update(source=new)
    if changed:
        tell(events.Edited(**of(Post.objects.get(pk=post_id))))
        Fragment.objects.filter(post_id=post_id).update(html=markup.render(new), render_version=markup.RENDER_VERSION)
    return bool(changed)


def _write_texts(posts: Sequence[MovedPost]) -> None:
    bulk.insert(Text, ("post_id", "source", "format"), ((post.id, post.text, post.format) for post in posts))
    version = markup.RENDER_VERSION
    bulk.insert(Fragment, ("post_id", "html", "render_version"), ((post.id, _html(post), version) for post in posts))


def _html(post: MovedPost) -> str:
    return post.html if post.html is not None else markup.render_as(post.format, post.text)


def _anchors(thread: MovedThread) -> list[tuple[int, int, int]]:
    replies, size = len(thread.arrived) - 1, rules.PAGE_SIZE
    return [(thread.id, (at + 1) * STEP if at else FIRST_PLACE, min(size, replies - at)) for at in range(0, replies, size)]


def _write_addresses(threads: Sequence[MovedThread]) -> None:
    old = [OldAddress(address=address, thread_id=thread.id) for thread in threads for address in thread.addresses]
    old += [OldAddress(address=a, post_id=post.id) for thread in threads for post in thread.posts for a in post.addresses]
    OldAddress.objects.bulk_create(old, ignore_conflicts=True)


def _count(threads: Sequence[MovedThread]) -> None:
    by_author: Counter[int] = Counter()
    by_forum: Counter[int] = Counter()
    listed: Counter[int] = Counter()
    for thread in threads:
        visible = [post.author_id for post in thread.posts if post.state == "visible"]
        by_author.update(visible)
        by_forum[thread.forum_id] += len(visible)
        listed[thread.forum_id] += _is_listed(thread)
    for member_id, count in sorted(by_author.items()):
        Member.objects.filter(pk=member_id).update(post_count=F("post_count") + count)
    for forum_id, count in sorted(by_forum.items()):
        Forum.objects.filter(pk=forum_id).update(
            post_count=F("post_count") + count, thread_count=F("thread_count") + listed[forum_id]
        )


def _make_moments_unique(posts: Sequence[MovedPost]) -> None:
    """Moments are unique: whoever comes second takes the next free microsecond."""
    taken: set[int] = set()
    asked = {post.moment for post in posts}
    wanted = sorted(asked)
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), 900):
            some = wanted[start : start + 900]
            cursor.execute(f"SELECT moment FROM threads_post WHERE moment IN ({', '.join(['%s'] * len(some))})", some)
            taken.update(row[0] for row in cursor.fetchall())
    for post in sorted(posts, key=lambda post: (post.moment, post.number or 0)):
        while post.moment in taken or (post.moment not in asked and Post.objects.filter(moment=post.moment).exists()):
            post.moment += 1
        taken.add(post.moment)
