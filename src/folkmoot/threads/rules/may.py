"""Decisions about threads and posts. Pure: values in, answer out."""

from datetime import datetime
from typing import Protocol

from folkmoot.base.answers import YES, Answer, no
from folkmoot.members.rules import HOST, Local, Officer, may_administer, may_post_in, may_take_part, office_in

SUBJECT_MAX = 150
TEXT_MAX_BYTES = 100_000
REASON_MAX = 500
FILE_NAME_MAX = 150
NEWCOMER_POSTS = 3
"""Until a member has this many visible posts, they are a newcomer: see wait.py."""

PAGE_SIZE = 100
"""Posts on a page of a thread."""


class Poster(Local, Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def post_count(self) -> int: ...
    @property
    def imported_post_count(self) -> int: ...


class Place(Protocol):
    """A forum, as the rules see it."""

    @property
    def pk(self) -> int: ...
    @property
    def administrators_only(self) -> bool: ...


class Conversation(Protocol):
    @property
    def forum_id(self) -> int: ...
    @property
    def locked_at(self) -> datetime | None: ...
    @property
    def lock_reason(self) -> str: ...
    @property
    def lock_office(self) -> str: ...
    @property
    def lock_officer(self) -> int | None: ...
    @property
    def lock_by_id(self) -> int | None: ...


class Message(Protocol):
    @property
    def forum_id(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    @property
    def state(self) -> str: ...


def may_start(member: Poster | None, forum: Place, *, retired: bool) -> Answer:
    if not (answer := may_post_in(member, forum.pk)):
        return answer
    if retired:
        return no("This forum is retired. It stays readable; new threads go elsewhere.")
    if forum.administrators_only and not may_administer(member):
        return no("Only administrators start threads here. Everybody can reply.")
    return YES


def may_reply(
    member: Poster | None, thread: Conversation, to: Message, *, retired: bool, out_until: datetime | None = None
) -> Answer:
    """`out_until`: a jury hid a post of theirs in this thread, and they are out of it until then."""
    if not (answer := may_post_in(member, thread.forum_id)):
        return answer
    if out_until:
        when = f"{out_until:%b} {out_until.day}, {out_until:%H:%M} UTC"
        return no(
            f"A jury hid a post of yours in this thread, so you can write here again on {when}, or when your appeal succeeds."
        )
    if retired:
        return no("This forum is retired. It stays readable, and nobody posts.")
    if thread.locked_at:
        return no(locked_sentence(thread))
    if to.state != "visible":
        return no("The post that you answer is no longer shown.")
    return YES


def locked_sentence(thread: Conversation) -> str:
    who = {"": "Its author deleted the opening post", "administrator": "An administrator locked this thread"}
    who |= {HOST: f"Host {thread.lock_officer} locked this thread" if thread.lock_officer else "A host locked this thread"}
    said = who.get(thread.lock_office, f"A {thread.lock_office} locked this thread")
    return f"{said}: {thread.lock_reason}" if thread.lock_reason else f"{said}. Nobody can reply."


def may_edit(member: Poster | None, post: Message, *, retired: bool) -> Answer:
    if not (answer := may_post_in(member, post.forum_id)):
        return answer
    assert member is not None
    if member.pk != post.author_id:
        return no("Only its author can edit a post.")
    if retired:
        return no("This forum is retired. Its posts stay as they are.")
    if post.state not in ("visible", "pending"):
        return no("This post is no longer shown, so it cannot be edited.")
    return YES


def may_withdraw(member: Poster | None, post: Message) -> Answer:
    """Self-delete, and the withdrawing of an earlier wording. A banned member may still take words back."""
    if member is None or member.pk != post.author_id:
        return no("Only its author can delete a post.")
    if post.state == "withdrawn":
        return no("This post is deleted already.")
    return YES


def may_recommend(member: Poster | None, post: Message) -> Answer:
    if not (answer := may_take_part(member)):
        return answer
    assert member is not None
    if member.pk == post.author_id:
        return no("A recommendation is for somebody else's post.")
    if post.state != "visible":
        return no("This post is no longer shown.")
    return YES


def may_hide(officer: Local | None, post: Message) -> Answer:
    """Hide it, or turn away what waits: a host, too, may do that."""
    if post.state == "pending" and office_in(officer, post.forum_id):
        return YES
    if not (answer := may_administer(officer)):
        return answer
    if post.state not in ("visible", "pending"):
        return no("This post is not shown as it is.")
    return YES


def may_remove(officer: Officer | None, post: Message, *, has_number: bool) -> Answer:
    """On legal grounds; what waits is turned away instead."""
    if not (answer := may_administer(officer)):
        return answer
    if post.state in ("withdrawn", "removed") or not has_number:
        return no("There is nothing to remove: this post is not shown, and its words are nobody's to read.")
    return YES


def may_restore(officer: Local | None, post: Message) -> Answer:
    """Let it be seen again, or let in what waits: a host, too, may do that."""
    if post.state == "pending" and office_in(officer, post.forum_id):
        return YES
    if not (answer := may_administer(officer)):
        return answer
    if post.state not in ("hidden_by_office", "removed", "pending"):
        return no("Only what an office hid can be restored here.")
    return YES


def may_see_text(member: Officer | None, state: str) -> bool:
    """Whether the words of a post may be shown to this reader. Withdrawn words are nobody's."""
    return state == "visible" or (state != "withdrawn" and bool(may_administer(member)))


def may_download(member: Poster | None, post: Message) -> Answer:
    """Whether a reader may have a post's files: as its text, and a waiting post's author has their own."""
    if post.state == "pending" and member is not None and member.pk == post.author_id:
        return YES
    return YES if may_see_text(member, post.state) else no("This file is not shown.")


def may_say(subject: str, text: str) -> Answer:
    """Whether there is anything to say, and not too much. Sizes are bytes of UTF-8."""
    if not subject.strip() and not text.strip():
        return no("Write a subject or a text, or both.")
    size = len(text.encode())
    if size > TEXT_MAX_BYTES:
        return no(f"A post holds 100,000 bytes; this text has {size:,}. Shorten it or split it: nothing that you wrote is lost.")
    if len(subject) > SUBJECT_MAX:
        return no(f"A subject holds {SUBJECT_MAX} characters; this one has {len(subject)}.")
    return YES
