"""Who may serve and who may vote, asked of everybody at once: the same as the rule says of each."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import empty

from folkmoot.base.time import DAY, to_moment
from folkmoot.members.models import Member, Visit
from folkmoot.standards import rules
from folkmoot.standards.models import Edition
from folkmoot.standards.queries import eligible, facts_of
from folkmoot.standards.rules import CHARTER
from folkmoot.threads.models import Post

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def _member(n: int, **values) -> Member:
    plain = {"password": "x", "joined_at": NOW - timedelta(days=100), "post_count": 50}
    return Member.objects.create(name=f"member{n}", name_key=f"key{n}", **{**plain, **values})


def _found(days: int) -> None:
    Edition.objects.create(number=1, in_force=to_moment(NOW - timedelta(days=days)), charter={})


def _seen(member: Member, days: int) -> None:
    Visit.objects.create(member_id=member.pk, day=(NOW - timedelta(days=days)).date())


KINDS = st.fixed_dictionaries(
    {
        "joined_at": st.integers(0, 60).map(lambda d: NOW - timedelta(days=d)),
        "post_count": st.integers(0, 30),
        "imported_post_count": st.sampled_from([0, 15]),
        "banned_at": st.sampled_from([None, None, NOW]),
        "paused_until": st.sampled_from([None, NOW - timedelta(hours=1), NOW + timedelta(hours=1)]),
        "claimable": st.sampled_from([False, False, True]),
        "password": st.sampled_from(["x", "x", "!none"]),
        "office": st.sampled_from(["", "administrator"]),
        "star_since": st.sampled_from([None, NOW.date()]),
    }
)


@given(
    members=st.lists(st.tuples(KINDS, st.none() | st.integers(0, 20)), max_size=8), age=st.integers(0, 90), recent=st.booleans()
)
def test_everybody_at_once_is_what_the_rule_says_of_each(members, age, recent):
    empty()
    _found(age)
    wanted, known = rules.asked(NOW - timedelta(days=age), NOW, CHARTER), []
    for n, (values, seen) in enumerate(members):
        member = _member(n, **values)
        if seen is not None:
            _seen(member, seen)
        if rules.may_serve(facts_of(member, NOW), wanted, NOW, recent=recent):
            known.append(member.pk)
    assert eligible(NOW, CHARTER, recent=recent) == known


def test_nobody_is_asked_before_the_founding(db):
    _member(1)
    assert eligible(NOW, CHARTER, recent=False) == []


@pytest.mark.parametrize("days", [1, 2, 3])
def test_days_with_a_visible_post_are_counted_once_each(village, days):
    Member.objects.update(joined_at=NOW - timedelta(days=100), post_count=50)
    Edition.objects.update(in_force=to_moment(NOW - timedelta(days=400)))
    opening = village.opening(by=village.ada)
    for n in range(4):
        village.reply(opening, f"Reply {n}", by=village.ada)
    noon = to_moment(NOW)
    for n, post in enumerate(Post.objects.order_by("pk")):  # two on one day, one on each of two more, one that is hidden
        Post.objects.filter(pk=post.pk).update(moment=noon - max(n - 1, 0) * DAY + n)
    Post.objects.filter(moment__lt=noon - 2 * DAY).update(state="hidden_by_office")
    assert facts_of(village.ada, NOW).posting_days == 3
    assert (village.ada.pk in eligible(NOW, CHARTER, recent=False, posting_days=days)) == (days <= 3)
    assert village.bram.pk not in eligible(NOW, CHARTER, recent=False, posting_days=days)


def test_some_are_asked_for_among_few_or_many(db):
    _found(400)
    members = [_member(n) for n in range(4)]
    ids = [m.pk for m in members]
    assert eligible(NOW, CHARTER, recent=False, among=[]) == []
    assert eligible(NOW, CHARTER, recent=False, among=ids[1:3][::-1]) == ids[1:3]
    assert eligible(NOW, CHARTER, recent=False, among=[*ids[1:], *range(10_000, 11_000)]) == ids[1:]


def test_two_queries_are_enough_and_a_star_changes_nothing(village):
    Member.objects.update(joined_at=NOW - timedelta(days=100), post_count=50)
    Edition.objects.update(in_force=to_moment(NOW - timedelta(days=400)))
    for member in (village.ada, village.fern, village.gus):
        _seen(member, 1)
    with CaptureQueriesContext(connection) as asked:
        before = eligible(NOW, CHARTER)
    assert len(asked.captured_queries) == 2
    assert before == sorted([village.ada.pk, village.fern.pk, village.gus.pk])
    Member.objects.filter(pk=village.ada.pk).update(star_since=NOW.date())
    Member.objects.filter(pk=village.fern.pk).update(star_since=None)
    assert eligible(NOW, CHARTER) == before
