"""Who sits on the panel, when a seat is to be filled, and what the panel decides."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.base.time import DAY
from folkmoot.panel import rules

pytestmark = pytest.mark.no_database
NOW = 1_000 * DAY
ENDS = st.lists(st.integers(NOW - 90 * DAY, NOW + 400 * DAY), max_size=9)


@dataclass
class Person:
    pk: int = 1
    banned_at: datetime | None = None
    paused_until: datetime | None = None
    is_administrator: bool = False
    is_sealed: bool = False
    on_intake_team: bool = False
    on_panel: bool = False


@pytest.mark.parametrize(
    ("person", "facts", "says"),
    [
        (Person(), {}, ""),
        (Person(is_administrator=True), {}, "nobody of them sits"),
        (Person(on_intake_team=True), {}, "nobody of them sits"),
        (Person(), {"sits": True}, "You sit on the panel"),
        (Person(), {"rests_until": NOW + 1}, "nobody stands again at once"),
        (Person(), {"rests_until": NOW}, ""),
    ],
)
def test_who_may_stand(person, facts, says):
    answer = rules.may_sit(person, **{"sits": False, "rests_until": None, "now": NOW, **facts})
    assert bool(answer) == (not says)
    assert says in str(answer.reason)


@given(seats=st.integers(3, 9), ends=ENDS)
def test_an_election_fills_what_is_empty_or_will_be_within_a_month(seats, ends):
    found = rules.to_fill(seats, ends, NOW)
    assert found == max(seats - len([end for end in ends if end > NOW + 30 * DAY]), 0)
    begins = rules.beginnings(seats, ends, NOW)
    assert begins == sorted(begins)
    assert min(begins) >= NOW
    assert begins.count(NOW) >= max(seats - len(ends), 0)
    assert len(begins) == max(seats, len(ends))
    assert all(begin <= NOW + 30 * DAY for begin in begins[:found]), "who is elected waits for a month at most"


@given(opinions=st.lists(st.booleans(), max_size=9), seats=st.integers(3, 9))
def test_more_than_half_of_all_seats_decide(opinions, seats):
    needs = rules.needed(seats)
    assert needs * 2 > seats
    assert (needs - 1) * 2 <= seats
    found = rules.verdict(opinions[:seats], needs)
    assert (found is True) == (opinions[:seats].count(True) >= needs)
    assert (found is False) == (opinions[:seats].count(False) >= needs)


def test_two_of_three_decide():
    assert rules.needed(3) == 2
    assert rules.verdict([True, False], 2) is None
    assert rules.verdict([True, False, True], 2) is True
    assert rules.verdict([False, True, False], 2) is False


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, ""),
        ({"is_banned": False}, "yours is open"),
        ({"has_asked": True}, "one for each"),
        ({"sits_anybody": False}, "Nobody sits"),
    ],
)
def test_who_may_ask(facts, says):
    answer = rules.may_ask(**{"is_banned": True, "has_asked": False, "sits_anybody": True, **facts})
    assert bool(answer) == (not says)
    assert says in str(answer.reason)


@pytest.mark.parametrize(
    ("person", "facts", "says"),
    [
        (Person(on_panel=True), {}, ""),
        (None, {}, "Only the review panel"),
        (Person(), {}, "Only the review panel"),
        (Person(is_administrator=True), {}, "Only the review panel"),
        (Person(on_panel=True, banned_at=datetime(2026, 1, 1, tzinfo=UTC)), {}, "Only the review panel"),
        (Person(on_panel=True, is_administrator=True), {}, "You hold an office"),
        (Person(on_panel=True, on_intake_team=True), {}, "You hold an office"),
        (Person(pk=7, on_panel=True), {}, "in their own case"),
        (Person(on_panel=True), {"is_open": False}, "is decided"),
        (Person(on_panel=True), {"has_judged": True}, "You have said"),
    ],
)
def test_who_judges(person, facts, says):
    answer = rules.may_judge(person, **{"concerns": {7, 8}, "is_open": True, "has_judged": False, **facts})
    assert bool(answer) == (not says)
    assert says in str(answer.reason)
