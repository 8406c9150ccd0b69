"""What juries do when something is told below."""

from folkmoot.base.events import hears
from folkmoot.juries import actions
from folkmoot.juries.events import JURY
from folkmoot.threads.events import PostHidden, PostPurged, Withdrawn
from folkmoot.threads.models import Post, State


@hears(PostHidden)
def check(event: PostHidden) -> None:
    """What an office hid, members look at. A post that never was seen was not hidden but turned away."""
    post = Post.objects.filter(pk=event.post_id, state=State.HIDDEN_BY_OFFICE).first()
    if event.office != JURY and post is not None:
        actions.check_haste(post, reason=event.reason)


@hears(PostPurged)
def purged(event: PostPurged) -> None:
    """What must be gone for good is no exhibit either."""
    actions.forget(event.post_id)


@hears(Withdrawn)
def forget_words(event: Withdrawn) -> None:
    """What an author takes back is kept for no jury that has decided; one that still sits forgets it with its verdict."""
    actions.forget_content(event.post_id)
