"""What the worker does by the clock: terms, offers and blocks end by themselves. Each is a row; a tick only looks."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from folkmoot.base.ticks import every
from folkmoot.base.time import to_moment
from folkmoot.hosts import actions, rules
from folkmoot.hosts.models import ForumBlock, HostSeat
from folkmoot.hosts.rules import OFFER_DAYS
from folkmoot.members.models import Member, NightWatch
from folkmoot.standards.queries import charter


@every(60)
def keep_time() -> None:
    now = datetime.now(UTC)
    over = Q(ends_at__lte=now) | Q(appointed_at=None, offered_at__lte=now - timedelta(days=OFFER_DAYS))
    misfit = Q(appointed_at__isnull=False) & (
        Q(forum__category__is_main=True, ends_at=None) | Q(forum__category__is_main=False, ends_at__isnull=False)
    )
    if HostSeat.objects.filter(misfit, ended_at=None).exists():  # asked first: a transaction takes SQLite's write lock
        actions.set_terms()
    for seat in HostSeat.objects.filter(over, ended_at=None):
        actions.end_seat(seat)
    for block in ForumBlock.objects.filter(until__lte=now, ended_at=None):
        actions.end_block(block)


@every(60)
def keep_night_watch() -> None:
    """End it when its time is over; begin one by itself when as many as NIGHT_WATCH_AT have joined within an hour, and since
    the last one."""
    now, at = datetime.now(UTC), settings.NIGHT_WATCH_AT
    last = NightWatch.objects.order_by("-pk").first()
    if last is not None and last.ended_at is None:
        if last.until <= now:
            actions.end_night_watch_by_itself()
        return
    joined = list(Member.objects.order_by("-pk").values_list("joined_at", flat=True)[:at])
    since = last is None or last.ended_at is None or (bool(joined) and min(joined) > last.ended_at)
    if at and len(joined) == at and since and rules.is_flood(joined, now):
        hours = charter(to_moment(now)).night_watch_hours
        actions.begin_night_watch_by_itself(hours=hours, reason=f"{at} accounts were made within an hour.")
