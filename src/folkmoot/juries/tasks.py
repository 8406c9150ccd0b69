"""What the worker does by the clock."""

from datetime import UTC, datetime

from folkmoot.base.ticks import every
from folkmoot.juries import actions, rules
from folkmoot.juries.models import Pool


@every(60)
def publish_pool() -> None:
    """Once a day."""
    now = datetime.now(UTC)
    if not Pool.objects.filter(epoch=rules.epoch(now)).exists():  # a transaction takes SQLite's write lock
        actions.make_pool(now)


@every(3600)
def forget_who_sat() -> None:
    actions.destroy_keys(datetime.now(UTC))


@every(2)
def go_on() -> None:
    """Every jury's next step, and what has waited for its tick."""
    sweep(datetime.now(UTC))


def sweep(now: datetime) -> None:
    for jury in actions.unfinished():
        actions.step(jury, now)
    actions.tell_waiting(now)
