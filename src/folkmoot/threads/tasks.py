"""Slow and gathered work: views are counted in the process, then in `state`, then hourly on the thread."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from django.db import connections, transaction
from django.db.models import F

from folkmoot.base.databases import may_be_lost
from folkmoot.base.ticks import every
from folkmoot.members.models import Member
from folkmoot.threads import actions
from folkmoot.threads.models import Thread, Unsent, Views

_FLUSH_SECONDS = 10.0
_counted: Counter[int] = Counter()
_lock = threading.Lock()
_flushed_at = time.monotonic()


UNSENT_KEPT = timedelta(days=180)
"""So long a draft is kept after its last change."""


@every(3600)
def forget_unsent() -> None:
    before = datetime.now(UTC) - UNSENT_KEPT
    if Unsent.objects.filter(saved_at__lt=before).exists():  # a transaction takes SQLite's write lock
        actions.forget_unsent(before)


def count_view(thread_id: int, times: int = 1) -> None:
    """Count views. A process that is killed loses at most ten seconds of them."""
    global _flushed_at
    with _lock:
        _counted[thread_id] += times
        if time.monotonic() - _flushed_at < _FLUSH_SECONDS:
            return
        counted = dict(_counted)
        _counted.clear()
        _flushed_at = time.monotonic()
    _save_views(counted)


def _save_views(counted: dict[int, int]) -> None:
    with may_be_lost(), connections["state"].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO threads_views (thread_id, count) VALUES (%s, %s)"
            " ON CONFLICT (thread_id) DO UPDATE SET count = threads_views.count + excluded.count",
            list(counted.items()),
        )


@every(1800)
def bring_views_over() -> None:
    """Move gathered views onto their threads. A crash between the two databases loses at most one batch."""
    rows = list(Views.objects.all()[:5000])
    for row in rows:
        with transaction.atomic(using="state"):
            taken = Views.objects.filter(pk=row.pk, count=row.count).delete()[0]
        if taken:
            Thread.objects.filter(pk=row.thread_id).update(view_count=F("view_count") + row.count)


@every(1800)
def refresh_shown_counts() -> None:
    """The post count beside a name lags by an hour at most, half of it here and half in a stored page (site/door), which so
    need not change with every post."""
    Member.objects.exclude(shown_post_count=F("post_count") + F("imported_post_count")).update(
        shown_post_count=F("post_count") + F("imported_post_count")
    )
