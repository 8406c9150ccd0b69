"""A stored page is the page that Django would give now, whatever has happened, before two front doors."""

import re

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st
from tests.databases import empty
from tests.front_door import ask, entrance
from tests.history import STEPS, Town, take

MAY_BE_LATE = (
    (rb'<span class="post__count">\([\d,]+ posts\)', b"a member's post count beside the name"),
    (rb"[\d,]+</?[^>]*>? ?<?[^>]*>? views?", b"views"),
    (rb"[\d,]+ views?", b"views"),
    (rb'<td class="num">[\d,]+<span class="unit"> views?', b"views"),
)
"""The only fields that a stored page may show late, by an hour at most."""

HISTORY = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 30)), min_size=6, max_size=9)


def _as_it_counts(body: bytes) -> bytes:
    for pattern, name in MAY_BE_LATE:
        body = re.sub(pattern, name, body)
    return body


def _compare(doors, town, history):
    stored = 0
    for address in town.addresses():
        response = Client().get(address)
        fresh = _as_it_counts(response.content)
        for number, door in enumerate(doors):
            hit = door.door.find(address) is not None
            answer = ask(door, address, accept_encoding="gzip")
            stored += hit
            assert answer.status == response.status_code, f"{address} at door {number} after {history}"
            if _as_it_counts(answer.body) != fresh:
                pytest.fail(f"{address} is {'stored' if hit else 'rendered'} wrongly at door {number} after {history}")
    return stored


def _live_through(history) -> int:
    empty()
    town, doors = Town(), (entrance(), entrance())
    _compare(doors, town, [])
    stored = 0
    for at, (name, n) in enumerate(history, 1):
        take(town, name, n)
        stored += _compare(doors, town, history[:at])
    for door in doors:
        door.door.close()
    return stored


@hypothesis.settings(max_examples=5, database=None, derandomize=False, phases=[hypothesis.Phase.generate])
@hypothesis.given(history=HISTORY)
def test_whatever_happens_a_stored_page_is_the_fresh_page(history):
    _live_through(history)


def test_every_step_is_seen_by_both_doors(village, count):
    """Each step once, one after the other; and most pages stay stored meanwhile."""
    empty()
    stored = _live_through([(name, n + 3) for n, name in enumerate(STEPS)])
    count("pages found stored and true", stored)
    assert stored > 300


@pytest.mark.long
@hypothesis.settings(max_examples=60, database=None, phases=[hypothesis.Phase.generate])
@hypothesis.given(history=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 30)), min_size=20, max_size=40))
def test_long_histories_end_in_true_pages(history):
    _live_through(history)
