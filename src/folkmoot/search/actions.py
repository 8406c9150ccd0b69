"""What changes the index. Nothing here tells: the index is a shadow of what others told."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import Max

from folkmoot.base.rows import holding
from folkmoot.search import rules
from folkmoot.search.models import Built, Entry, Gap, engine
from folkmoot.threads.models import Post, State

BATCH = 200
"""Posts read in one transaction: as long as a member who writes may have to wait (well under a tenth of a second)."""

Progress = Callable[[int, int], None]
"""Told how many posts of how many are done."""


_READ = """
SELECT p.state, p.moment, p.subject, f.html, p.author_id, p.forum_id
FROM threads_post p LEFT JOIN threads_fragment f ON f.post_id = p.id WHERE p.id IN ({places}) ORDER BY p.id
"""


@transaction.atomic(savepoint=False)
def index(post_ids: Sequence[int]) -> None:
    """Bring the index in line with these posts as they are: visible ones are in it, others are not.

    Their rows are held first, so that what is read is what stands when this commits.
    """
    if not post_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(places=",".join(["%s"] * len(post_ids))) + holding("p"), post_ids)
        posts = cursor.fetchall()
    engine().drop([moment for state, moment, *_ in posts if state != State.VISIBLE])
    engine().put([
        rules.indexed(moment, subject, rules.plain(html or ""), author_id=author, forum_id=forum)
        for state, moment, subject, html, author, forum in posts
        if state == State.VISIBLE
    ])  # fmt: skip


@transaction.atomic
def sweep() -> None:
    """After a purge: the whole index is written anew without what was dropped, which takes a while."""
    engine().sweep()


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
