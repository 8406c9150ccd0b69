"""What the search does when told, in the teller's transaction: what is hidden cannot be found a moment later."""

from folkmoot.base.events import hears
from folkmoot.search import actions
from folkmoot.threads.events import MovedIn, OfPost, Recommended, RevisionWithdrawn, ThreadMoved
from folkmoot.threads.models import Post


@hears(OfPost)
def post_changed(event: OfPost) -> None:
    """Whatever happens to a post, it is read anew; but recommendations and earlier wordings are not in the index."""
    if not isinstance(event, Recommended | RevisionWithdrawn):
        actions.index([event.post_id])


@hears(ThreadMoved)
def thread_moved(event: ThreadMoved) -> None:
    """Its posts are found in another forum: at once those of a usual thread, of a long one when there is time."""
    ids = list(Post.objects.filter(thread=event.thread_id).order_by("pk").values_list("pk", flat=True))
    actions.index(ids[-actions.BATCH :])
    if len(ids) > actions.BATCH:
        actions.note_gap(ids[0], ids[-actions.BATCH - 1])


@hears(MovedIn)
def moved_in(event: MovedIn) -> None:
    """A board moves in thousands of posts a second; they are read when there is time."""
    actions.note_gap(event.first_post_id, event.last_post_id)
