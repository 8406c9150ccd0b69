"""Threads of an old board, written in bulk: the rows are those that starting and replying would have made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import F

from folkmoot.base import markup
from folkmoot.base.events import tell
from folkmoot.base.ids import reserve
from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.threads import rules
from folkmoot.threads.actions.place import FIRST_PLACE, arrive
from folkmoot.threads.actions.standing import settle
from folkmoot.threads.events import MovedIn
from folkmoot.threads.models import Anchor, Fragment, OldAddress, Post, State, Text, Thread
from folkmoot.threads.rules.tree import STEP

_STATES = {"visible": State.VISIBLE, "hidden": State.HIDDEN_BY_OFFICE, "deleted": State.WITHDRAWN}
_OFFICE = "old board"


@dataclass(slots=True)
class MovedPost:
    """A post of the old board. `parent` is an index into its thread's posts, which stand in preorder."""

    author_id: int
    moment: int
    subject: str
    text: str
    format: Literal["plain", "markdown"]
    state: Literal["visible", "hidden", "deleted"]
    number: int = 0
    parent: int | None = None
    depth: int = 0
    addresses: tuple[str, ...] = ()
    id: int = 0
    """Set when it has moved in."""


@dataclass(slots=True)
class MovedThread:
    forum_id: int
    posts: list[MovedPost]
    """In preorder, numbered by arrival; the opening post is the first."""
    addresses: tuple[str, ...] = ()
    id: int = 0


@transaction.atomic
def move_in(threads: Sequence[MovedThread]) -> None:
    """Write whole threads and count them. Sets `id` of every thread and post."""
    posts = [post for thread in threads for post in thread.posts]
    _make_moments_unique(posts)
    for thread, pk in zip(threads, reserve(Thread, len(threads)), strict=True):
        thread.id = pk
    for post, pk in zip(posts, reserve(Post, len(posts)), strict=True):
        post.id = pk
    Thread.objects.bulk_create([_thread_row(thread) for thread in threads])
    Post.objects.bulk_create([_post_row(post, thread, at) for thread in threads for at, post in enumerate(thread.posts)])
    _write_texts(posts)
    Anchor.objects.bulk_create([anchor for thread in threads for anchor in _anchors(thread)])
    _write_addresses(threads)
    _count(threads)
    if posts:
        tell(MovedIn(first_post_id=min(post.id for post in posts), last_post_id=max(post.id for post in posts)))


@transaction.atomic
def move_in_later(thread_id: int, parent_id: int, post: MovedPost) -> None:
    """Add one post of a later copy of the old board to a thread that has moved in. Sets its `id`."""
    thread = Thread.objects.select_for_update(no_key=True).get(pk=thread_id)
    _make_moments_unique([post])
    row = Post(
        thread=thread, forum_id=thread.forum_id, author_id=post.author_id, parent=Post.objects.get(pk=parent_id),
        subject=post.subject, has_text=bool(post.text.strip()), moment=post.moment, **_state(post),
    )  # fmt: skip
    arrive(row, thread)
    row.save(force_insert=True)
    post.id, post.number = row.pk, row.number or 0
    _write_texts([post])
    settle(row, was="")
    OldAddress.objects.bulk_create(
        [OldAddress(address=address, post_id=post.id) for address in post.addresses], ignore_conflicts=True
    )
    tell(MovedIn(first_post_id=post.id, last_post_id=post.id))


def _thread_row(thread: MovedThread) -> Thread:
    opening = thread.posts[0]
    visible = [post for post in thread.posts if post.state == "visible"]
    newest = max(visible, key=lambda post: post.number, default=opening)
    replies = len(visible) - (opening.state == "visible")
    return Thread(
        pk=thread.id, forum_id=thread.forum_id, author_id=opening.author_id, subject=opening.subject,
        state=_STATES[opening.state], listed=_is_listed(thread), moment=opening.moment, last_moment=newest.moment,
        last_author_id=newest.author_id, opening_id=opening.id, last_number=len(thread.posts) - 1, reply_count=replies,
    )  # fmt: skip


def _is_listed(thread: MovedThread) -> bool:
    """See standing.settle."""
    opening, *replies = thread.posts
    return opening.state == "visible" or (opening.state == "deleted" and any(p.state == "visible" for p in replies))


def _post_row(post: MovedPost, thread: MovedThread, at: int) -> Post:
    return Post(
        pk=post.id, thread_id=thread.id, forum_id=thread.forum_id, author_id=post.author_id,
        parent_id=None if post.parent is None else thread.posts[post.parent].id, number=post.number, depth=post.depth,
        place=at * STEP, moment=post.moment, subject=post.subject, has_text=bool(post.text.strip()), **_state(post),
    )  # fmt: skip


def _state(post: MovedPost) -> dict[str, str]:
    if post.state == "hidden":
        return {"state": _STATES[post.state], "state_office": _OFFICE, "state_reason": "Hidden on the old board."}
    return {"state": _STATES[post.state]}


def _write_texts(posts: Sequence[MovedPost]) -> None:
    Text.objects.bulk_create([Text(post_id=post.id, source=post.text, format=post.format) for post in posts])
    Fragment.objects.bulk_create([
        Fragment(
            post_id=post.id, render_version=markup.RENDER_VERSION,
            html=markup.render(post.text) if post.format == "markdown" else markup.render_plain(post.text),
        )
        for post in posts
    ])  # fmt: skip


def _anchors(thread: MovedThread) -> list[Anchor]:
    replies, size = len(thread.posts) - 1, rules.PAGE_SIZE
    return [
        Anchor(thread_id=thread.id, place=(at + 1) * STEP if at else FIRST_PLACE, size=min(size, replies - at))
        for at in range(0, replies, size)
    ]


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
    for start in range(0, len(wanted), 900):
        taken.update(Post.objects.filter(moment__in=wanted[start : start + 900]).values_list("moment", flat=True))
    for post in sorted(posts, key=lambda post: (post.moment, post.number)):
        while post.moment in taken or (post.moment not in asked and Post.objects.filter(moment=post.moment).exists()):
            post.moment += 1
        taken.add(post.moment)
