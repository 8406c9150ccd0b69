"""Acts of authority over threads and posts. Each has a reason and is told as an Act."""

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.members.models import Member
from folkmoot.threads import events, rules
from folkmoot.threads.actions.place import arrive
from folkmoot.threads.actions.standing import settle
from folkmoot.threads.actions.write import locked, now, of
from folkmoot.threads.models import Post, State, Thread


@transaction.atomic
def hide(post: Post, *, by: Member, reason: str) -> None:
    """Hide a post; a stub with office and reason stands in its place. A waiting post is turned away (removed)."""
    post = locked(post)
    rules.may_hide(by, post).or_refuse()
    was = post.state
    post.state = State.REMOVED if was == State.PENDING else State.HIDDEN_BY_OFFICE
    _sign(post, by, reason)
    settle(post, was=was)
    tell(events.PostHidden(**of(post), by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def restore(post: Post, *, by: Member, reason: str) -> None:
    """Undo an office's hiding, or let in a post that waited."""
    post = locked(post)
    rules.may_restore(by, post).or_refuse()
    was = post.state
    if post.number is None:
        thread = Thread.objects.select_for_update(no_key=True).get(pk=post.thread_id)
        arrive(post, thread)
        post.save(update_fields=["number", "depth", "place"])
    post.state = State.VISIBLE
    _sign(post, by, reason)
    settle(post, was=was)
    kind = events.PostLetIn if was == State.PENDING else events.PostRestored
    tell(kind(**of(post), by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def lock(thread: Thread, *, by: Member, reason: str) -> None:
    thread = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    rules.may_lock(by, thread).or_refuse()
    thread.locked_at, thread.lock_office, thread.lock_reason = now(), by.office, reason
    thread.save(update_fields=["locked_at", "lock_office", "lock_reason"])
    tell(events.ThreadLocked(**_of(thread), by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def unlock(thread: Thread, *, by: Member, reason: str) -> None:
    thread = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    rules.may_unlock(by, thread).or_refuse()
    thread.locked_at, thread.lock_office, thread.lock_reason = None, "", ""
    thread.save(update_fields=["locked_at", "lock_office", "lock_reason"])
    tell(events.ThreadUnlocked(**_of(thread), by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def pin(thread: Thread, *, by: Member, reason: str) -> None:
    """Keep a thread above the others of its forum."""
    thread = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    rules.may_pin(by, thread).or_refuse()
    Thread.objects.filter(pk=thread.pk).update(pinned=True)
    tell(events.ThreadPinned(**_of(thread), by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def unpin(thread: Thread, *, by: Member, reason: str) -> None:
    thread = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    rules.may_unpin(by, thread).or_refuse()
    Thread.objects.filter(pk=thread.pk).update(pinned=False)
    tell(events.ThreadUnpinned(**_of(thread), by=by.pk, office=by.office, reason=reason))


def _sign(post: Post, by: Member, reason: str) -> None:
    post.state_at, post.state_by, post.state_office, post.state_reason = now(), by, by.office, reason
    post.save(update_fields=["state", "state_at", "state_by", "state_office", "state_reason"])


def _of(thread: Thread) -> dict[str, int]:
    return {"thread_id": thread.pk, "forum_id": thread.forum_id}
