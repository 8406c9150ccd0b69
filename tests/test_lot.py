"""The lot through the real actions: nobody is drawn first more often than chance allows; and nothing that is paid for is asked."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db.models import Case, When

from folkmoot.juries import actions, pools
from folkmoot.juries.models import Jury, Pool, Seat, Vote
from folkmoot.juries.rules.figures import chance_of
from folkmoot.ledger.actions import drain
from folkmoot.members.models import Member
from folkmoot.site.simulate import People, Plan, Year
from folkmoot.site.simulate.people import BEGIN
from folkmoot.standards.models import Standard
from folkmoot.threads import actions as threads
from tests.databases import empty

A_DAY = 160
"""Cases a day: no member alerts on more than the charter lets them."""

TOGETHER = 40
"""Cases that the ledger learns of at one tick."""


def _draw(cases: int) -> tuple[float, int]:
    """Alert, prepare, publish, draw and walk so many times; the chi-square of who was drawn first, and its degrees."""
    people = People(Plan(members=100, seed=20))
    with people.clock_and_chance():
        people.settle()
        waiting: list[Jury] = []
        standard, everybody = Standard.objects.get(number=3), sorted(people.by_id)
        for number in range(cases):
            if number % A_DAY == 0:
                people.now += timedelta(days=40 if number == 0 else 1)
                people.look_in(people.now.date())
                actions.make_pool(people.now)
                drain()
            author, alerter = people.chance.choice(everybody), everybody[number % len(everybody)]
            if author == alerter:
                author = everybody[number % len(everybody) - 1]
            post = threads.start_thread(people.forum, by=people.by_id[author].member, subject=f"Thread {number}", text="Fools.")
            case = actions.alert(post, by=people.by_id[alerter].member, standard=standard, text="It attacks.")
            waiting.append(case.juries.get())
            actions.step(waiting[-1], people.now)
            if len(waiting) == TOGETHER or number == cases - 1:
                actions.tell_waiting(people.now + timedelta(minutes=10))
                drain()
                for jury in waiting:
                    jury.refresh_from_db()
                    actions.step(jury, people.now)
                waiting.clear()
    first = Counter(
        pools.member_at(epoch, index)
        for epoch, index in Seat.objects.filter(position=0).values_list("jury__pool__epoch", "index")
    )
    size = Pool.objects.values_list("n", flat=True).distinct().get()
    assert first.total() == cases
    mean = cases / size
    square = sum((count - mean) ** 2 for count in first.values()) / mean + (size - len(first)) * mean
    return square, size - 1


def test_eighty_cases_draw_nobody_too_often():
    square, degrees = _draw(80)
    print(f"first drawn of 80 cases: chi-square {square:.1f}, {degrees} degrees, chance {chance_of(square, degrees):.3f}")
    assert chance_of(square, degrees) > 0.001


@pytest.mark.long
def test_three_thousand_cases_draw_nobody_too_often():
    square, degrees = _draw(3000)
    print(f"first drawn of 3,000 cases: chi-square {square:.1f}, {degrees} degrees, chance {chance_of(square, degrees):.3f}")
    assert chance_of(square, degrees) > 0.001


def _flip() -> None:
    """Whoever is a Star member is none, and the other way round."""
    Member.objects.update(star_since=Case(When(star_since=None, then=date(2025, 11, 1)), default=None))


def _world(*, flipped: bool) -> tuple[list[object], list[object]]:
    """A month of juries, the same each time: everything that was drawn and voted, and who paid."""
    year = Year(Plan(cases=8, members=60, days=30))
    settle = year.people.settle
    if flipped:
        year.people.settle = lambda: (settle(), _flip())
    year.live()
    drawn = [
        *Pool.objects.order_by("pk").values_list("epoch", "n", "root"),
        *Jury.objects.order_by("pk").values_list(
            "kind", "seed", "seats", "excluded_root", "walked", "tally", "hides", "decided_at"
        ),
        *Seat.objects.order_by("pk").values_list("jury", "position", "index", "token", "state", "member"),
        *Vote.objects.order_by("pk").values_list("seat", "choice", "standard", "commitment"),
    ]
    return drawn, list(Member.objects.filter(joined_at__lt=BEGIN).order_by("pk").values_list("star_since", flat=True))


def test_with_every_star_flipped_pools_draws_and_ballots_are_the_same():
    drawn, stars = _world(flipped=False)
    empty()
    again, flipped = _world(flipped=True)
    assert len(drawn) > 200
    assert all((one is None) != (other is None) for one, other in zip(stars, flipped, strict=True))
    assert drawn == again
