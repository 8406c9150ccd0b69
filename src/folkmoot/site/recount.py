"""Counters are kept by the actions; this counts them anew, says what drifted, and mends it."""

from collections.abc import Callable

from django.db import connection, transaction

from folkmoot.base import markup
from folkmoot.threads.models import Fragment, Text

Progress = Callable[[int, int], None]

_VISIBLE = "SELECT COUNT(*) FROM threads_post p WHERE p.state = 'visible' AND "
_NEXT = "(SELECT MIN(a.place) FROM threads_anchor a WHERE a.thread_id = t.thread_id AND a.place > t.place)"
_ON_PAGE = (
    "SELECT COUNT(*) FROM threads_post p WHERE p.thread_id = t.thread_id AND p.number > 0 AND p.place >= t.place"
    f" AND p.place < COALESCE({_NEXT}, 9223372036854775807)"
)
_COUNTERS = (
    ("members_member", "post_count", _VISIBLE + "p.author_id = t.id"),
    ("forums_forum", "post_count", _VISIBLE + "p.forum_id = t.id"),
    ("forums_forum", "thread_count", "SELECT COUNT(*) FROM threads_thread h WHERE h.forum_id = t.id AND h.listed"),
    ("threads_thread", "reply_count", _VISIBLE + "p.thread_id = t.id AND p.number > 0"),
    ("threads_thread", "last_number", "SELECT COALESCE(MAX(p.number), 0) FROM threads_post p WHERE p.thread_id = t.id"),
    ("threads_thread", "recommendation_count", "SELECT COUNT(*) FROM threads_recommendation r WHERE r.post_id = t.opening_id"),
    ("threads_post", "recommendation_count", "SELECT COUNT(*) FROM threads_recommendation r WHERE r.post_id = t.id"),
    ("threads_post", "edit_count", "SELECT t.imported_edit_count + COUNT(*) FROM threads_revision r WHERE r.post_id = t.id"),
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
    old = Fragment.objects.exclude(render_version=markup.RENDER_VERSION).filter(post__state="visible")
    of = old.count()
    for done, fragment in enumerate(old.iterator(chunk_size=500), 1):
        text = Text.objects.get(pk=fragment.pk)
        render = markup.render if text.format == Text.Format.MARKDOWN else markup.render_plain
        Fragment.objects.filter(pk=fragment.pk).update(html=render(text.source), render_version=markup.RENDER_VERSION)
        progress(done, of)
    return [*found, f"{of:,} posts rendered anew"] if of else found
