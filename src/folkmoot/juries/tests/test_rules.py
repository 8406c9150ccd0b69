"""What is decided of cases, without a database."""

import hashlib
from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.juries import rules
from folkmoot.juries.rules.draw import SECOND_BELOW

pytestmark = pytest.mark.no_database
VECTOR = {
    "origin": "forum.example/ledger", "case": 2001, "leaf_hash": b"\x22" * 32, "root": b"\x11" * 32, "n": 50,
    "source": "drand:52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", "round_number": 657413,
    "randomness": b"\x33" * 32,
}  # fmt: skip


def test_the_draw_is_that_of_the_design():
    assert list(islice(rules.order(rules.seed(**VECTOR), 50), 10)) == [41, 45, 19, 27, 22, 17, 33, 28, 4, 20]


@given(st.binary(min_size=32, max_size=32), st.integers(0, 300))
def test_the_order_has_everybody_once(seed, n):
    assert sorted(rules.order(seed, n)) == list(range(n))


def test_nobody_is_drawn_first_more_often_than_the_lot_allows():
    """Chi-square with 49 degrees of freedom, 0.1 % on either side: 23.98 to 85.35."""
    draws = 100_000
    first = Counter(next(rules.order(hashlib.sha256(b"%d" % i).digest(), 50)) for i in range(draws))
    square = sum((first[i] - draws / 50) ** 2 / (draws / 50) for i in range(50))
    assert 23.98 < square < 85.35


def test_a_second_jury_sits_on_about_a_case_in_twenty():
    share = sum(rules.has_second(hashlib.sha256(b"%d" % i).digest()) for i in range(20_000)) / 20_000
    assert abs(share - SECOND_BELOW / 256) < 0.01


def test_a_token_tells_whose_it_is_only_with_the_key():
    assert rules.token(b"k" * 32, 7) == rules.token(b"k" * 32, 7)
    assert len({rules.token(key, member) for key in (b"k" * 32, b"l" * 32) for member in range(50)}) == 100


def test_a_commitment_is_of_every_part_of_a_vote():
    vote = {"leaf_hash": b"\x01" * 32, "token": b"\x02" * 32, "nonce": b"\x03" * 32, "choice": 0, "standard": 3}
    others = {"leaf_hash": b"\x04" * 32, "token": b"\x04" * 32, "nonce": b"\x04" * 32, "choice": 1, "standard": 4}
    changed = [rules.commitment(**{**vote, name: value}) for name, value in others.items()]
    assert len({rules.commitment(**vote), *changed}) == 6
