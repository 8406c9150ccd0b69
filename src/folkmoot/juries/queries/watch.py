"""What keeps a case from moving: for `folkmoot check` and for administrators."""

from datetime import UTC, datetime, timedelta

from folkmoot.juries import beacon, pools
from folkmoot.juries.models import Jury

PATIENCE = timedelta(hours=2)
"""So long a case may wait for a step that the clock takes before it is a trouble."""


def troubles(now: datetime | None = None) -> list[str]:
    """Cases that stand still; a sentence each."""
    now = now or datetime.now(UTC)
    still = Jury.objects.filter(verdict=None, panel_at=None, stirred_at__lt=now - PATIENCE).exclude(kind=Jury.Kind.OFFICERS)
    found = [why for jury in still.select_related("pool", "opening").order_by("pk") if (why := _why(jury, now))]
    waiting = Jury.objects.filter(kind=Jury.Kind.OFFICERS, decided_at=None, stirred_at__lt=now - PATIENCE).count()
    if waiting:
        found.append(f"{waiting} cases wait for two officers, because too few members can serve: see Juries and you.")
    return found


def _why(jury: Jury, now: datetime) -> str:
    name = f"Case {jury.case_id}"
    if jury.decided_at is not None:
        late = jury.opening_id is not None and now - jury.decided_at > PATIENCE
        return (
            f"{name}: its verdict waits to be told to the ledger. folkmoot serve tells it; its log says what keeps it."
            if late
            else ""
        )
    if not jury.seats:
        return f"{name} waits for a pool with enough members who may serve."
    if jury.opening is None:
        return f"{name} waits to be told to the ledger. folkmoot serve tells it; its log says what keeps it."
    if not jury.seed:
        if jury.opening.index is None:
            return f"{name} waits to be written into the ledger."
        return f"{name}: {beacon.why(jury.source, jury.round or 0, now)}"
    if jury.pool is not None and not pools.is_there(jury.pool.epoch):
        return (
            f"{name}: the file of its pool ({pools.path_of(jury.pool.epoch)}) is gone, so nobody more can be drawn. Put it back."
        )
    if jury.deadline and now > jury.deadline + PATIENCE:
        return f"{name} is past its deadline, and nobody has closed it: is folkmoot serve running?"
    return ""
