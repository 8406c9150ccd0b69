"""What the worker does by the clock: tell, see, send digests, forget."""

import logging
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from folkmoot.base.ticks import every
from folkmoot.notifications import actions, rules
from folkmoot.notifications.models import Digest, Due, Notification
from folkmoot.threads.queries.reading import read_by

log = logging.getLogger("folkmoot")
_BATCH = 50
_SECONDS = 1.5
"""So long a tick tells at most: other ticks wait meanwhile."""

KEPT = timedelta(days=90)
"""So long a line is kept after it was seen."""

_READERS = """
SELECT m.id FROM state.members_visit v JOIN members_member m ON m.id = v.member_id
WHERE v.day >= %s AND m.unseen_count > 0
"""


@every(2)
def tell_due() -> None:
    end = time.monotonic() + _SECONDS
    last, waiting = 0, Due.objects.order_by("pk").values_list("pk", flat=True)
    while time.monotonic() < end and (due := list(waiting.filter(pk__gt=last)[:_BATCH])):
        for last in due:
            began = time.monotonic()
            try:
                actions.tell_due(last)
            except Exception:
                log.exception("nobody could be told of %s: it is tried again", last)
            time.sleep(min(time.monotonic() - began, 0.1))  # SQLite has one writer: whoever posts gets in between


@every(15)
def see_what_was_read() -> None:
    """Whoever reads a thread has seen what they were told of it, without a click; so has who answers a summons."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    with connection.cursor() as cursor:
        cursor.execute(_READERS, [yesterday.isoformat()])
        readers = [pk for (pk,) in cursor.fetchall()]
    for pk in readers:
        if Notification.objects.filter(member=pk, seen_at=None, kind=rules.Kind.JURY).exists():
            actions.see_answered(pk)
        unseen = Notification.objects.filter(member=pk, seen_at=None, post__isnull=False)
        threads = list(unseen.values_list("post__thread", flat=True).distinct()[:_BATCH])
        if places := read_by(pk, threads):
            actions.see_read(pk, places)


@every(300)
def send_digests() -> None:
    """In each member's own morning."""
    now = datetime.now(UTC)
    for digest in Digest.objects.filter(sent_at__lt=now - timedelta(hours=1)).select_related("member"):
        zone = ZoneInfo(digest.member.zone or "UTC")
        if rules.is_digest_due(digest.every, now.astimezone(zone), digest.sent_at.astimezone(zone)):
            actions.send_digest(digest.pk, now=now)


@every(3600)
def forget_seen() -> None:
    before = datetime.now(UTC) - KEPT
    if Notification.objects.filter(seen_at__lt=before).exists():  # a transaction takes SQLite's write lock
        actions.forget_seen(before)
