"""Counters are kept by the actions; this counts them anew, says what drifted, and mends it."""

from collections.abc import Callable

from django.db import connection, transaction

from folkmoot.base import markup
from folkmoot.base.events import tell
from folkmoot.site.events import Recounted
from folkmoot.threads.models import Fragment, Text

Progress = Callable[[int, int], None]

_VISIBLE = "SELECT COUNT(*) FROM threads_post p WHERE p.state = 'visible' AND "
_NEXT = "(SELECT MIN(a.place) FROM threads_anchor a WHERE a.thread_id = t.thread_id AND a.place > t.place)"
_ON_PAGE = (
    "SELECT COUNT(*) FROM threads_post p WHERE p.thread_id = t.thread_id AND p.number > 0 AND p.place >= t.place"
    f" AND p.place < COALESCE({_NEXT}, 9223372036854775807)"
)
_UNSEEN = "SELECT COUNT(*) FROM notifications_notification n WHERE n.member_id = t.id AND n.seen_at IS NULL"
_COUNTERS = (
    ("members_member", "post_count", _VISIBLE + "p.author_id = t.id"),
    ("members_member", "unseen_count", _UNSEEN),
    ("forums_forum", "post_count", _VISIBLE + "p.forum_id = t.id"),
    ("forums_forum", "thread_count", "SELECT COUNT(*) FROM threads_thread h WHERE h.forum_id = t.id AND h.listed"),
    ("threads_thread", "reply_count", _VISIBLE + "p.thread_id = t.id AND p.number > 0"),
    ("threads_thread", "last_number", "SELECT COALESCE(MAX(p.number), 0) FROM threads_post p WHERE p.thread_id = t.id"),
    ("threads_thread", "recommendation_count", "SELECT COUNT(*) FROM threads_recommendation r WHERE r.post_id = t.opening_id"),
    ("threads_post", "recommendation_count", "SELECT COUNT(*) FROM threads_recommendation r WHERE r.post_id = t.id"),
    ("threads_post", "edit_count", "SELECT t.imported_edit_count + COUNT(*) FROM threads_revision r WHERE r.post_id = t.id"),
    ("threads_post", "answered_id", "SELECT q.author_id FROM threads_post q WHERE q.id = t.parent_id"),
    ("threads_post", "attachment_count", "SELECT COUNT(*) FROM threads_attachment a WHERE a.post_id = t.id"),
    ("threads_anchor", "size", _ON_PAGE),
)  # fmt: skip


def drift() -> list[str]:
    """A line for every counter that is not what the rows say."""
    lines = []
    with connection.cursor() as cursor:
        for table, column, truth in _COUNTERS:
            cursor.execute(f"SELECT t.id, t.{column}, ({truth}) FROM {table} t WHERE t.{column} <> ({truth}) ORDER BY t.id")
            lines += [f"{table} {pk}: {column} is {kept}, should be {counted}" for pk, kept, counted in cursor.fetchall()]
    return lines


def recount(progress: Progress = lambda done, of: None) -> list[str]:
    """Mend every counter, and render anew what an older renderer rendered: interrupted, it goes on when run again.
    Returns what was wrong; `progress` is told how many posts of how many are rendered."""
    with transaction.atomic():
        found = drift()
        with connection.cursor() as cursor:
            for table, column, truth in _COUNTERS:
                cursor.execute(f"UPDATE {table} AS t SET {column} = ({truth}) WHERE t.{column} <> ({truth})")
        tell(Recounted())
    rendered = render_anew(progress)
    return [*found, f"{rendered:,} posts rendered anew"] if rendered else found


_BATCH = 500


def render_anew(progress: Progress) -> int:
    """Each batch is a transaction of its own, short enough that nobody who posts waits for it."""
    old = Fragment.objects.exclude(render_version=markup.RENDER_VERSION)
    of, done, last = old.count(), 0, 0
    while batch := list(old.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            texts = Text.objects.select_for_update(no_key=True).filter(pk__in=batch)
            anew = [Fragment(pk=text.pk, html=text.html(), render_version=markup.RENDER_VERSION) for text in texts]
            Fragment.objects.bulk_update(anew, ["html", "render_version"])
        last, done = batch[-1], done + len(batch)
        progress(done, of)
    if done:
        with transaction.atomic():
            tell(Recounted())
    return done
