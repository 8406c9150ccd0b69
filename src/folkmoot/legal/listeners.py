"""What this room does when something is told below."""

from folkmoot.base.events import hears
from folkmoot.legal import actions
from folkmoot.threads.events import PostPurged, PostRestored


@hears(PostRestored)
def restored(event: PostRestored) -> None:
    """However it came back: its removal is over."""
    actions.end(event.post_id)


@hears(PostPurged)
def purged(event: PostPurged) -> None:
    actions.forget(event.post_id)
