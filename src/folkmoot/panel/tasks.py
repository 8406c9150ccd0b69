"""What the worker does by the clock: seats are taken and left, and elections begin by themselves."""

from folkmoot.base.ticks import every
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.panel import actions, rules
from folkmoot.panel.models import PanelSeat, Review
from folkmoot.standards import actions as standards
from folkmoot.standards.models import Election
from folkmoot.standards.queries import charter, eligible


@every(60)
def keep_seats() -> None:
    sweep(now_moment())


def sweep(now: int) -> int:
    """Returns how many seats were left and taken, and appeals given back. Whoever comes second finds it done."""
    running = PanelSeat.objects.filter(ended_at=None).order_by("pk")
    late = Review.objects.filter(outcome=Review.Outcome.OPEN, jury__isnull=False, asked_at__lte=now - rules.APPEAL_TIME)
    done = sum(actions.give_back(review, now) for review in late.order_by("pk"))
    done += sum(actions.end_term(seat, now) for seat in running.filter(ends_at__lte=now))
    return done + sum(actions.take_seat(seat, now) for seat in running.filter(officer=None, begins_at__lte=now))


@every(3600)
def keep_elections() -> None:
    call_election(now_moment())


def call_election(now: int) -> Election | None:
    """Begin one when a seat is empty or ends soon and none runs; where fewer may vote than a small jury is drawn from, there is
    no panel."""
    if Election.objects.filter(ended_at=None).exists():
        return None
    numbers = charter(now)
    ends = list(PanelSeat.objects.filter(ended_at=None).values_list("ends_at", flat=True))
    seats = rules.to_fill(numbers.panel_seats, ends, now)
    if not seats or len(eligible(to_datetime(now), numbers, posting_days=numbers.voter_days)) < numbers.small_pool:
        return None
    return standards.begin_election(seats, now)
