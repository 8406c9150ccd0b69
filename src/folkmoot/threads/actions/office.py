"""Acts of authority over posts. Each has a reason and is told as an Act."""

from django.db import transaction

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.threads import events, rules
from folkmoot.threads.actions.place import arrive_at_last
from folkmoot.threads.actions.purge import is_purged
from folkmoot.threads.actions.standing import settle
from folkmoot.threads.actions.write import locked, now, of
from folkmoot.threads.models import Post, State


@transaction.atomic
def hide(post: Post, *, by: Member, reason: str) -> None:
    """Hide a post; a stub with office and reason stands in its place. A waiting post is turned away (removed)."""
    post = locked(post)
    rules.may_hide(by, post).or_refuse()
    was = post.state
    post.state = State.REMOVED if was == State.PENDING else State.HIDDEN_BY_OFFICE
    office = _sign(post, by, reason)
    settle(post, was=was)
    if was == State.PENDING:
        says = f"Your post “{post.subject}” had waited and was turned away; nobody else saw it. The reason: {reason}"
        members.inform(post.author_id, says, f"/posts/{post.pk}/alone/" if post.number is not None else "")
    tell(events.PostHidden(**of(post), by=by.pk, office=office, reason=reason))


@transaction.atomic
def remove(post: Post, *, by: Member, reason: str) -> str:
    """Take a post out of sight because the law forbids it, whoever hid it before. Returns the state that it had."""
    post = locked(post)
    rules.may_remove(by, post, has_number=post.number is not None).or_refuse()
    was = post.state
    post.state = State.REMOVED
    _sign(post, by, reason)
    settle(post, was=was)
    tell(events.PostRemoved(**of(post), by=by.pk, office=by.office, reason=reason))
    return was


@transaction.atomic
def restore(post: Post, *, by: Member, reason: str) -> None:
    """Undo an office's hiding, or let in a post that waited."""
    post = locked(post)
    rules.may_restore(by, post).or_refuse()
    if is_purged(post):
        no("Its words were purged for good. There is nothing to restore.").or_refuse()
    was = post.state
    arrive_at_last(post)
    post.state = State.VISIBLE
    office = _sign(post, by, reason)
    settle(post, was=was)
    kind = events.PostLetIn if was == State.PENDING else events.PostRestored
    tell(kind(**of(post), by=by.pk, office=office, reason=reason))


def _sign(post: Post, by: Member, reason: str) -> str:
    """Write down who did it, in which office, and why; returns the office."""
    office = rules.office_in(by, post.forum_id)
    post.state_at, post.state_by, post.state_office, post.state_reason = now(), by, office, reason
    post.waits_because = ""
    post.save(update_fields=["state", "state_at", "state_by", "state_office", "state_reason", "waits_because"])
    return office
