"""What is asked of a juror and of a voter."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.standards.rules import CHARTER, Facts, asked, may_serve

pytestmark = pytest.mark.no_database
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@given(hours=st.integers(0, 24 * 400), days=st.integers(1, 365), posts=st.integers(0, 500))
def test_what_is_asked_grows_with_the_community_to_what_the_charter_says(hours, days, posts):
    age = timedelta(hours=hours)
    found = asked(NOW - age, NOW, CHARTER.changed({"juror_days": days, "juror_posts": posts}))
    assert NOW - found.joined_by == min(timedelta(days=days), age / 2)
    share = min(1, age / timedelta(days=2 * days))
    assert posts * share - 1e-6 <= found.posts < posts * share + 1
    if age >= timedelta(days=2 * days):
        assert found.posts == posts


def test_a_clock_before_the_founding_asks_nothing():
    found = asked(NOW, NOW - timedelta(days=3), CHARTER)
    assert (found.joined_by, found.posts) == (NOW - timedelta(days=3), 0)


def test_half_of_a_young_communitys_age_is_enough():
    found = asked(NOW - timedelta(days=10), NOW, CHARTER)
    assert (NOW - found.joined_by, found.posts, found.seen_since) == (timedelta(days=5), 4, date(2026, 11, 15))


GOOD = Facts(NOW - timedelta(days=31), 20, date(2026, 11, 15), 10)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"has_owner": False}, "Nobody has claimed this account yet."),
        ({"is_banned": True}, "Your account is closed to posting."),
        ({"is_paused": True}, "Your posting is paused."),
        ({"joined_at": NOW - timedelta(days=4, hours=3)}, "You have been a member for 4 days; 30 are needed."),
        ({"joined_at": NOW - timedelta(days=1)}, "You have been a member for 1 day; 30 are needed."),
        ({"posts": 1}, "You have written 1 post; 20 are needed."),
        ({"posting_days": 4}, "You have written on 4 days; 10 are needed."),
        ({"seen_on": date(2026, 11, 14)}, "You have not been here since Nov 15."),
        ({"seen_on": None}, "You have not been here since Nov 15."),
    ],
)
def test_who_is_not_what_is_asked_is_told_why(changed, reason):
    answer = may_serve(GOOD._replace(**changed), asked(NOW - timedelta(days=400), NOW, CHARTER, posting_days=10), NOW)
    assert answer.reason == reason
    assert bool(answer) == (not reason)


def test_recency_is_asked_only_where_it_counts():
    wanted = asked(NOW - timedelta(days=400), NOW, CHARTER)
    assert may_serve(GOOD._replace(seen_on=None), wanted, NOW, recent=False)
