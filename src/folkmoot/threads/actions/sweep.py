"""All posts of an account at once: removed as spam, and put back."""

from datetime import datetime

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.members.models import Member
from folkmoot.threads import events
from folkmoot.threads.actions.standing import settle
from folkmoot.threads.actions.write import locked, now, of
from folkmoot.threads.models import Post, State


@transaction.atomic
def sweep(author: Member, *, by: Member, office: str, reason: str) -> datetime:
    """Hide whatever this account has written that is seen or waits. Returns the moment, which names the sweep: `put_back`
    knows by it what it put away. Whoever calls this has asked whether they may."""
    at, posts = now(), list(Post.objects.filter(author=author, state__in=[State.VISIBLE, State.PENDING]).order_by("pk"))
    for post in posts:
        post = locked(post)
        was, post.state = post.state, State.HIDDEN_BY_OFFICE
        post.state_at, post.state_by, post.state_office, post.state_reason = (
            at,
            by,
            office,
            f"Hidden by the intake team: {reason}",
        )
        post.save(update_fields=["state", "state_at", "state_by", "state_office", "state_reason"])
        settle(post, was=was)
        tell(events.PostSwept(**of(post)))
    tell(events.PostsSwept(author_id=author.pk, post_count=len(posts), by=by.pk, office=office, reason=reason))
    return at


@transaction.atomic
def put_back(author: Member, *, swept_at: datetime, by: Member, office: str, reason: str) -> None:
    """Undo a sweep; what had waited waits again. What its author has deleted since stays so."""
    posts = list(Post.objects.filter(author=author, state=State.HIDDEN_BY_OFFICE, state_at=swept_at).order_by("pk"))
    for post in posts:
        post = locked(post)
        post.state = State.PENDING if post.waits_because else State.VISIBLE
        post.state_at, post.state_by, post.state_office, post.state_reason = now(), by, office, reason
        post.save(update_fields=["state", "state_at", "state_by", "state_office", "state_reason"])
        settle(post, was=State.HIDDEN_BY_OFFICE)
        tell(events.PostSwept(**of(post)))
    tell(events.PostsPutBack(author_id=author.pk, post_count=len(posts), by=by.pk, office=office, reason=reason))
