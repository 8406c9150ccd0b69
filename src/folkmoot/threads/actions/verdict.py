"""What a jury's verdict does to a post and to its author's place in the thread. Nobody's own act: the jury's."""

from datetime import datetime

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.threads import events
from folkmoot.threads.actions.place import arrive_at_last
from folkmoot.threads.actions.purge import is_purged
from folkmoot.threads.actions.standing import settle
from folkmoot.threads.actions.write import locked, now, of
from folkmoot.threads.models import LockedOut, Post, State

JURY = "jury"


@transaction.atomic
def hide_by_verdict(post: Post, *, reason: str) -> bool:
    """Returns whether there was something to hide: what its author has deleted, or law has removed, stays as it is."""
    post = locked(post)
    if post.state not in (State.VISIBLE, State.HIDDEN_BY_OFFICE):
        return False
    _settle(post, State.HIDDEN_BY_VERDICT, reason)
    tell(events.PostHidden(**of(post), by=0, office=JURY, reason=reason))
    return True


@transaction.atomic
def restore_by_verdict(post: Post, *, reason: str) -> bool:
    """Undo what a verdict, or an office in haste, hid. Returns whether there was something to undo."""
    post = locked(post)
    if post.state not in (State.HIDDEN_BY_VERDICT, State.HIDDEN_BY_OFFICE):
        return False
    _settle(post, State.VISIBLE, "")
    tell(events.PostRestored(**of(post), by=0, office=JURY, reason=reason))
    return True


@transaction.atomic
def let_in_by_verdict(post: Post, *, reason: str) -> None:
    """Let in what an office turned away, unless its words are gone."""
    post = locked(post)
    if post.state == State.REMOVED and not is_purged(post):
        arrive_at_last(post)
        _settle(post, State.VISIBLE, "")
        tell(events.PostLetIn(**of(post), by=0, office=JURY, reason=reason))


def _settle(post: Post, state: State, reason: str) -> None:
    was = post.state
    post.state, post.state_at, post.state_by, post.state_office, post.state_reason = state, now(), None, JURY, reason
    post.save(update_fields=["state", "state_at", "state_by", "state_office", "state_reason"])
    settle(post, was=was)


@transaction.atomic
def lock_out(post: Post, *, until: datetime) -> None:
    """The author of a post is out of its thread until then; a longer time stays."""
    row, made = LockedOut.objects.get_or_create(thread_id=post.thread_id, member_id=post.author_id, defaults={"until": until})
    if not made and row.until < until:
        LockedOut.objects.filter(pk=row.pk).update(until=until)


@transaction.atomic
def let_back(post: Post) -> None:
    LockedOut.objects.filter(thread=post.thread_id, member=post.author_id).delete()
