"""The charter's arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.standards.founding import STANDARDS
from folkmoot.standards.models import TEXT_MAX, TITLE_MAX
from folkmoot.standards.rules import CHARTER, Charter, Size
from folkmoot.standards.rules.charter import NUMBERS, differing

pytestmark = pytest.mark.no_database


def test_the_founding_charter_has_no_fault():
    assert CHARTER.faults() == []


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_keeps_within_its_bounds(name):
    for value in (NUMBERS[name].least - 1, NUMBERS[name].most + 1):
        assert any(NUMBERS[name].says in fault for fault in CHARTER.changed({name: value}).faults())


@given(seats=st.integers(5, 15), needs=st.integers(3, 15))
def test_a_verdict_needs_more_than_half_of_the_seats_and_no_more_than_there_are(seats, needs):
    faults = CHARTER.changed({"seats": seats, "hide_needs": needs}).faults()
    assert (faults == []) == (seats / 2 < needs <= seats)


def test_a_small_jury_is_for_fewer_members_than_a_full_one():
    assert CHARTER.changed({"small_pool": 40}).faults() == ["A small jury is for fewer members than a full one."]


def test_the_size_of_the_pool_decides_who_judges():
    assert [CHARTER.size(n) for n in (0, 14, 15, 32, 33, 10**6)] == [
        Size.NONE,
        Size.NONE,
        Size.SMALL,
        Size.SMALL,
        Size.FULL,
        Size.FULL,
    ]


def test_a_number_that_the_charter_does_not_have_is_refused():
    with pytest.raises(TypeError):
        CHARTER.changed({"jurors": 7})


def test_what_differs_is_named_with_both_values():
    assert list(differing(CHARTER, Charter(seats=9, quorum=20))) == [("seats", 7, 9), ("quorum", 10, 20)]


@pytest.mark.parametrize("template", STANDARDS)
def test_founding_standards_fit_their_fields_and_the_core_says_why(template):
    for title, text, _ in STANDARDS[template]:
        assert 0 < len(title) <= TITLE_MAX
        assert 0 < len(text) <= TEXT_MAX
    assert sum(1 for _, _, core in STANDARDS[template] if core) == 5
