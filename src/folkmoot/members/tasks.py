"""Gathered and slow work: who looked in today, and what the worker does by the clock."""

import threading
import time
from datetime import UTC, date, datetime

from django.db import connections

from folkmoot.base.databases import may_be_lost
from folkmoot.base.ticks import every
from folkmoot.members import actions
from folkmoot.members.models import Member, Session

_FLUSH_SECONDS = 10.0
_waiting: set[int] = set()
_lock = threading.Lock()
_flushed_at = 0.0


def note_visit(member_id: int, seen_on: date | None) -> None:
    """Note that a member looks in, who was last noted on `seen_on`: once a day. A process that is killed loses at most the
    notes of ten seconds, and makes them again at the next page."""
    global _flushed_at
    today = datetime.now(UTC).date()
    is_noted = seen_on is not None and seen_on >= today
    if is_noted and not _waiting:
        return
    with _lock:
        if not is_noted:
            _waiting.add(member_id)
        if not _waiting or time.monotonic() - _flushed_at < _FLUSH_SECONDS:
            return
        noted = sorted(_waiting)
        _waiting.clear()
        _flushed_at = time.monotonic()
    with may_be_lost(), connections["state"].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO members_visit (member_id, day) VALUES (%s, %s)"
            " ON CONFLICT (member_id) DO UPDATE SET day = excluded.day WHERE members_visit.day < excluded.day",
            [(pk, today.isoformat()) for pk in noted],
        )


def forget_waiting() -> None:
    """The database is another one from now on."""
    global _flushed_at
    with _lock:
        _waiting.clear()
        _flushed_at = 0.0


@every(30)
def end_pauses() -> None:
    now = datetime.now(UTC)
    if Member.objects.filter(paused_until__lte=now).exists():  # a transaction takes SQLite's write lock
        actions.unpause(now)


@every(3600)
def forget_sessions() -> None:
    """A session that is over goes, and with it the network that it came from."""
    Session.objects.filter(expire_date__lt=datetime.now(UTC)).delete()
