"""What hosts and administrators do to a thread. Each act has a reason, which stands in the thread, and is told as an Act."""

from typing import Any

from django.db import transaction
from django.db.models import F

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.forums.models import Forum
from folkmoot.ledger.actions import officer_number
from folkmoot.members.models import Member
from folkmoot.threads import events, rules
from folkmoot.threads.actions.verdict import JURY
from folkmoot.threads.actions.write import count_thread, now
from folkmoot.threads.models import Post, State, Thread


@transaction.atomic
def lock(thread: Thread, *, by: Member, reason: str) -> None:
    thread = _held(thread)
    rules.may_lock(by, thread, is_main=_is_main(thread)).or_refuse()
    office = rules.office_in(by, thread.forum_id)
    thread.locked_at, thread.lock_reason, thread.lock_by = now(), reason, by
    thread.lock_office, thread.lock_officer = office, officer_number(by.pk, office)
    thread.save(update_fields=["locked_at", "lock_office", "lock_officer", "lock_reason", "lock_by"])
    tell(events.ThreadLocked(**_of(thread), by=by.pk, office=office, reason=reason))


@transaction.atomic
def unlock(thread: Thread, *, by: Member, reason: str) -> None:
    thread = _held(thread)
    rules.may_unlock(by, thread, is_main=_is_main(thread)).or_refuse()
    _open(thread)
    tell(events.ThreadUnlocked(**_of(thread), by=by.pk, office=rules.office_in(by, thread.forum_id), reason=reason))


@transaction.atomic
def pin(thread: Thread, *, by: Member, reason: str) -> None:
    """Keep a thread above the others of its forum."""
    thread = _held(thread)
    rules.may_pin(by, thread, is_main=_is_main(thread)).or_refuse()
    Thread.objects.filter(pk=thread.pk).update(pinned=True)
    tell(events.ThreadPinned(**_of(thread), by=by.pk, office=rules.office_in(by, thread.forum_id), reason=reason))


@transaction.atomic
def unpin(thread: Thread, *, by: Member, reason: str) -> None:
    thread = _held(thread)
    rules.may_unpin(by, thread, is_main=_is_main(thread)).or_refuse()
    Thread.objects.filter(pk=thread.pk).update(pinned=False)
    tell(events.ThreadUnpinned(**_of(thread), by=by.pk, office=rules.office_in(by, thread.forum_id), reason=reason))


@transaction.atomic
def move(thread: Thread, *, to: Forum, by: Member, reason: str) -> None:
    """Put a thread into the forum that it belongs to. It is pinned there no more; its address stays."""
    thread = _held_with_posts(thread)
    rules.may_move(by, thread, is_main=_is_main(thread)).or_refuse()
    rules.may_move_to(by, thread, to, retired=to.category.is_retired).or_refuse()
    if thread.state not in (State.VISIBLE, State.WITHDRAWN):
        no("Only a thread that everybody can read can be moved.").or_refuse()
    _put(thread, to)
    office = rules.office_in(by, thread.forum_id)
    tell(events.ThreadMoved(**_of(thread), to_forum_id=to.pk, by=by.pk, office=office, reason=reason))


@transaction.atomic
def unlock_by_verdict(thread: Thread, *, reason: str) -> None:
    """Undo a lock, if it still holds."""
    thread = _held(thread)
    if thread.locked_at is not None:
        _open(thread)
        tell(events.ThreadUnlocked(**_of(thread), by=0, office=JURY, reason=reason))


@transaction.atomic
def move_back_by_verdict(thread: Thread, *, moved_to: int, back_to: Forum, reason: str) -> None:
    """Undo a move, if the thread still stands where it was moved to."""
    thread = _held_with_posts(thread)
    if thread.forum_id == moved_to and thread.state in (State.VISIBLE, State.WITHDRAWN):
        _put(thread, back_to)
        tell(events.ThreadMoved(**_of(thread), to_forum_id=back_to.pk, by=0, office=JURY, reason=reason))


def _open(thread: Thread) -> None:
    thread.locked_at = thread.lock_officer = thread.lock_by = None
    thread.lock_office = thread.lock_reason = ""
    thread.save(update_fields=["locked_at", "lock_office", "lock_officer", "lock_reason", "lock_by"])


def _put(thread: Thread, to: Forum) -> None:
    posts = Post.objects.filter(thread=thread)
    visible = posts.filter(state=State.VISIBLE).count()
    posts.update(forum=to)
    Thread.objects.filter(pk=thread.pk).update(forum=to, pinned=False)
    for forum, step in sorted(((thread.forum_id, -1), (to.pk, 1))):  # in the order of their ids: no two moves wait for each other
        Forum.objects.filter(pk=forum).update(post_count=F("post_count") + step * visible)
        count_thread(forum, step if thread.listed else 0)


def _held_with_posts(thread: Thread) -> Thread:
    """Posts are held before their thread."""
    list(Post.objects.filter(thread=thread).select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return _held(thread)


def _held(thread: Thread) -> Thread:
    """The thread as it is now, held to the transaction's end; with its forum and category."""
    held = Thread.objects.select_for_update(of=("self",), no_key=True).select_related("forum__category")
    return held.get(pk=thread.pk)


def _is_main(thread: Thread) -> bool:
    return thread.forum.category.is_main


def _of(thread: Thread) -> dict[str, Any]:
    return {"thread_id": thread.pk, "forum_id": thread.forum_id}
