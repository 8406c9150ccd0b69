"""Taking unlawful content away for good: what even an administrator may not see again."""

from django.db import transaction

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.members.models import Member
from folkmoot.threads import events
from folkmoot.threads.actions.change import forget_files
from folkmoot.threads.actions.news import forget_article
from folkmoot.threads.actions.standing import settle
from folkmoot.threads.actions.write import locked, now, of
from folkmoot.threads.models import Fragment, OldAddress, Post, Revision, State, Text, Thread


@transaction.atomic
def purge(post: Post, *, by: Member | None, office: str, reason: str) -> None:
    """Erase a post's words, wordings, article, files and old addresses. The stub stays, and nothing brings them back.
    `by` is None for the operator, at the command line."""
    post = locked(post)
    if is_purged(post):
        no("This post is purged already.").or_refuse()
    was = post.state
    post.state, post.state_at, post.state_by = State.REMOVED, now(), by
    post.state_office, post.state_reason = office, reason
    post.subject, post.has_text, post.edit_count, post.edited_moment, post.key = "", False, 0, None, None
    post.save()
    Text.objects.filter(post=post).update(source="")
    Fragment.objects.filter(post=post).update(html="")
    Revision.objects.filter(post=post).delete()
    OldAddress.objects.filter(post=post).delete()
    forget_files(post)
    if post.number == 0:
        forget_article(post)
        OldAddress.objects.filter(thread=post.thread_id).delete()
        Thread.objects.filter(pk=post.thread_id).update(subject="")
    settle(post, was=was)
    tell(events.PostPurged(**of(post), by=by.pk if by else 0, office=office, reason=reason))


def is_purged(post: Post) -> bool:
    """A post that has words always has a subject."""
    return post.state == State.REMOVED and not post.subject
