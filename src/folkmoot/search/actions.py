"""What changes the index. Nothing here tells: the index is a shadow of what others told."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max

from folkmoot.search import rules
from folkmoot.search.models import Built, Entry, Gap, engine
from folkmoot.threads.models import Fragment, Post, State

BATCH = 200
"""Posts read in one transaction: as long as a member who writes may have to wait (well under a tenth of a second)."""

Progress = Callable[[int, int], None]
"""Told how many posts of how many are done."""


@transaction.atomic
def index(post_ids: Sequence[int]) -> None:
    """Bring the index in line with these posts as they are: visible ones are in it, others are not.

    Their rows are held first, so that what is read is what stands when this commits.
    """
    posts = list(Post.objects.select_for_update(no_key=True).filter(pk__in=post_ids).order_by("pk"))
    shown = [post for post in posts if post.state == State.VISIBLE]
    html = dict(Fragment.objects.filter(post__in=[post.pk for post in shown]).values_list("post_id", "html"))
    engine().drop([post.moment for post in posts if post.state != State.VISIBLE])
    engine().put([
        rules.indexed(
            post.moment, post.subject, rules.plain(html.get(post.pk, "")), author_id=post.author_id, forum_id=post.forum_id
        )
        for post in shown
    ])  # fmt: skip


@transaction.atomic
def note_gap(first: int, last: int) -> None:
    """Posts with ids from `first` to `last` are to be read, soon."""
    Gap.objects.create(first=first, last=last, made_at=datetime.now(UTC))


def fill(size: int = BATCH) -> int:
    """Read the newest posts of what is still to be read; returns how many, 0 when there is nothing left."""
    if not Gap.objects.exists():  # asked first, because the transaction takes SQLite's write lock
        return 0
    return _fill(size)


@transaction.atomic
def _fill(size: int) -> int:
    gap = Gap.objects.select_for_update(skip_locked=True).order_by("-last").first()
    if gap is None:
        return 0
    posts = Post.objects.filter(pk__gte=gap.first, pk__lte=gap.last).order_by("-pk").values_list("pk", flat=True)
    ids = list(posts[:size])
    index(ids)
    if len(ids) < size:
        gap.delete()
    else:
        Gap.objects.filter(pk=gap.pk).update(last=ids[-1] - 1)
    return len(ids)


def rebuild(progress: Progress) -> int:
    """Empty the index and read every post anew, the newest first; returns how many stand in it.

    Interrupted, what is left stays a gap: the clock goes on with it. Run again, it begins anew.
    """
    count = _empty()
    done = 0
    while read := fill(BATCH * 5):
        done += read
        progress(done, max(count, done))
    return Entry.objects.count()


@transaction.atomic
def _empty() -> int:
    engine().clear()
    Gap.objects.all().delete()
    Built.objects.all().delete()
    Built.objects.create(normaliser=rules.NORMALISER)
    last = Post.objects.aggregate(last=Max("pk"))["last"]
    if last is not None:
        note_gap(1, last)
    return Post.objects.count()
