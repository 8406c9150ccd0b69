"""Figures about juries, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.juries.rules.figures import FEW, by_chance, chi_square, quantile, share

pytestmark = pytest.mark.no_database


def test_a_share_stands_within_the_range_of_wilson():
    half = share(5, 10)
    assert (round(half.low, 4), round(half.high, 4), half.share) == (0.2366, 0.7634, 0.5)
    assert share(0, 0).share == 0.0
    assert not share(FEW - 1, FEW - 1).is_shown
    assert share(0, FEW).is_shown


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_range_holds_its_share_and_never_leaves_what_is_possible(sample):
    found = share(*sample)
    assert 0.0 <= found.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.high <= 1.0


def test_a_quantile_is_one_of_the_values():
    assert quantile([3, 1, 2, 4], 0.5) == 2
    assert quantile([3, 1, 2, 4], 0.9) == 4
    assert quantile([7], 0.0) == 7
    assert quantile([], 0.5) is None


def test_two_juries_agree_by_chance():
    assert by_chance(share(5, 10)) == 0.5
    assert by_chance(share(10, 10)) == 1.0


def test_an_even_lot_has_no_square():
    assert chi_square([5, 5, 5, 5]) == 0
    assert chi_square([10, 0]) == 10
    assert chi_square([]) == 0
    assert chi_square([0, 0]) == 0
