"""What a change of a post's state means for its thread, its page and every counter."""

from django.db.models import F

from folkmoot.threads.actions.write import count_post, count_thread
from folkmoot.threads.models import Post, State, Thread


def settle(post: Post, *, was: str) -> None:
    """Bring counters, listing and the thread's last reply in line with the post's new state."""
    step = (post.state == State.VISIBLE) - (was == State.VISIBLE)
    if step:
        count_post(post, step)
        if post.number != 0:
            Thread.objects.filter(pk=post.thread_id).update(reply_count=F("reply_count") + step)
    thread = Thread.objects.get(pk=post.thread_id)
    if post.number == 0:
        thread.state = _of_thread(post, was, thread.state)
    newest = thread.posts.filter(state=State.VISIBLE).order_by("-number").values("moment", "author_id").first()
    if newest is not None:
        thread.last_moment, thread.last_author_id = newest["moment"], newest["author_id"]
    listed = thread.state == State.VISIBLE or (thread.state == State.WITHDRAWN and thread.reply_count > 0)
    if listed != thread.listed:
        count_thread(thread.forum_id, 1 if listed else -1)
    thread.listed = listed
    thread.save(update_fields=["state", "listed", "last_moment", "last_author"])


def _of_thread(post: Post, was: str, now: str) -> str:
    """As its opening post; but a thread whose opening post the law took away was seen, and its replies still are."""
    if post.state != State.REMOVED or was == State.PENDING or now == State.REMOVED:
        return post.state
    return State.HIDDEN_BY_OFFICE
