"""Figures about juries, without a database."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.juries.rules.figures import FEW, at_least, by_chance, chance_of, is_shown, quantile, share, spread

pytestmark = pytest.mark.no_database


def test_a_share_stands_within_the_range_of_wilson():
    half = share(5, 10)
    assert (round(half.low, 4), round(half.high, 4), half.share) == (0.2366, 0.7634, 0.5)
    assert share(0, 0).share == 0.0
    assert not is_shown(share(FEW - 1, FEW - 1).of)
    assert is_shown(share(0, FEW).of)


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


@pytest.mark.parametrize(
    ("square", "degrees", "chance"),
    [
        (23.98, 49, 0.002),
        (85.35, 49, 0.002),
        (16.919, 9, 0.1),
        (3.325, 9, 0.1),
        (8.343, 9, 1.0),
        (0.0, 9, 0.0),
        (5000.0, 9, 0.0),
        (999.33, 1000, 1.0),
    ],
)
def test_the_chance_of_a_chi_square_is_that_of_the_tables_on_both_sides(square, degrees, chance):
    assert chance_of(square, degrees) == pytest.approx(chance, abs=3e-4)


def test_an_even_lot_of_a_pool_without_equal_tenths_is_no_odd_one():
    """Of 47 places seven tenths have five and three have four: expected, not found."""
    even = spread([(47, [place]) for place in range(47)])
    assert even.square == pytest.approx(0)
    assert even.expected == pytest.approx([share.share for share in even.shares])
    assert sorted(round(47 * share) for share in even.expected) == [4, 4, 4, 5, 5, 5, 5, 5, 5, 5]


def test_places_of_one_draw_are_evener_than_chance_and_the_square_is_scaled():
    """A thousand fair lots of seven: on the average as far from even as nine degrees are, and as often beyond the tables' values."""
    chance = random.Random(7)
    lots = [spread([(47, chance.sample(range(47), 7)) for _ in range(40)]) for _ in range(1000)]
    assert sum(lot.square for lot in lots) / 1000 == pytest.approx(9, abs=0.5)
    assert sum(lot.chance < 0.1 for lot in lots) == pytest.approx(100, abs=35)


def test_of_nothing_and_of_a_pool_of_one_there_is_no_square():
    assert spread([]).square == 0
    assert spread([(1, [0])]).square == 0


def test_how_likely_a_faction_holds_the_threshold():
    assert at_least(0, drawn=7, marked=10, of=50) == pytest.approx(1)
    assert at_least(5, drawn=7, marked=3, of=50) == 0
    assert at_least(2, drawn=2, marked=2, of=4) == pytest.approx(1 / 6)
    assert at_least(1, drawn=5, marked=1, of=3) == 0
