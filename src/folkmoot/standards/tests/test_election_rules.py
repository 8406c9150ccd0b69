"""Who is elected, asked without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.base.answers import YES, no
from folkmoot.standards import rules
from folkmoot.standards.rules import CHARTER, Candidate, Kind

pytestmark = pytest.mark.no_database
COUNTS = st.integers(0, 20)
STANDING = st.lists(st.builds(Candidate, st.integers(1, 999), COUNTS, COUNTS, st.text("0123456789abcdef", min_size=4, max_size=4)),
                    unique_by=(lambda c: c.draft, lambda c: c.roll_root), max_size=12)  # fmt: skip


@given(candidates=STANDING, seats=st.integers(0, 9))
def test_the_most_wanted_of_those_with_more_yes_than_no_are_elected(candidates, seats):
    found = rules.elected(candidates, seats)
    of = {c.draft: c for c in candidates}
    wanted = [c for c in candidates if c.yes > c.nays]
    assert len(found) == len(set(found)) == min(seats, len(wanted))
    assert all(of[draft].yes > of[draft].nays for draft in found)
    lost = [c for c in wanted if c.draft not in found]
    for draft in found:
        assert all((-of[draft].yes, of[draft].roll_root) < (-c.yes, c.roll_root) for c in lost)
    assert found == rules.elected(reversed(candidates), seats), "the order in which they stood is nothing"


@given(candidates=STANDING, seats=st.integers(1, 9), data=st.data())
def test_another_yes_never_costs_a_seat_and_another_no_never_gives_one(candidates, seats, data):
    if not candidates:
        return
    one = data.draw(st.sampled_from(candidates))
    others = [c for c in candidates if c is not one]
    more, less = (rules.elected([*others, one._replace(**{by: getattr(one, by) + 1})], seats) for by in ("yes", "nays"))
    if one.draft in rules.elected(candidates, seats):
        assert one.draft in more
    else:
        assert one.draft not in less


def test_who_may_stand_and_be_elected():
    assert rules.may_stand(YES, is_open=True, stands_already=False)
    assert "any more" in str(rules.may_stand(YES, is_open=False, stands_already=False).reason)
    assert "already" in str(rules.may_stand(YES, is_open=True, stands_already=True).reason)
    assert rules.may_stand(no("Too new."), is_open=True, stands_already=False).reason == "Too new."
    assert rules.may_be_elected(is_banned=False, has_key=True)
    assert "closed to posting" in str(rules.may_be_elected(is_banned=True, has_key=True).reason)
    assert "key of a roll" in str(rules.may_be_elected(is_banned=False, has_key=False).reason)


def test_an_election_asks_for_no_quorum():
    assert rules.thresholds(Kind.CANDIDACY, CHARTER) == (0, 50)
    assert rules.thresholds(Kind.RECALL, CHARTER) == (CHARTER.quorum, CHARTER.majority)
