"""What the worker does by the clock: terms, offers and blocks end by themselves. Each is a row; a tick only looks."""

from datetime import UTC, datetime, timedelta

from django.db.models import Q

from folkmoot.base.ticks import every
from folkmoot.hosts import actions
from folkmoot.hosts.models import ForumBlock, HostSeat
from folkmoot.hosts.rules import OFFER_DAYS


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
