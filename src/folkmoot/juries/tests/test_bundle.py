"""What is published of a case: short, quickly made, and proved."""

import hashlib
import hmac
import time
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.draws import KEY, QUICKNET, Draw

from folkmoot.juries import rules, verify_draw
from folkmoot.juries.rules.bundle import bundle, proof
from folkmoot.juries.rules.pool import Exclusions, Pool, pack

pytestmark = pytest.mark.no_database
MILLION = 1_000_000


@given(st.integers(1, 600), st.sets(st.integers(0, 599), max_size=9))
def test_a_proof_holds_for_its_leaves_and_for_no_others(size, chosen):
    leaves = [b"%d" % i for i in range(size)]
    tree = Exclusions(leaves)
    shown = {i: tree.leaves[i] for i in chosen if i < size}
    hashes = [one.hex() for one in proof(tree, list(shown))]
    verify_draw.prove(shown, size, hashes, tree.root, "It should hold.")
    for i in shown:
        with pytest.raises(SystemExit):
            verify_draw.prove({**shown, i: b"another"}, size, hashes, tree.root, "It should not hold.")
    with pytest.raises(SystemExit):
        verify_draw.prove(shown, size, [*hashes, "00" * 32], tree.root, "It should not hold.")


@given(st.binary(min_size=32, max_size=32), st.integers(1, 200))
def test_the_script_draws_as_the_house_draws(secret, n):
    assert verify_draw.sha(secret) == hashlib.sha256(secret).digest()
    assert len(list(rules.order(secret, n))) == n


class Wide:
    """A ledger of a million entries, for the length of its proofs."""

    size = MILLION

    def node(self, height: int, index: int) -> bytes:
        return bytes(32)


def test_a_case_among_a_million_is_drawn_shown_and_verified_at_once(tmp_path):
    began = time.process_time()
    pool = Pool(pack(hmac.digest(b"k" * 32, member.to_bytes(8, "big"), "sha256") for member in range(MILLION)))
    assert pool.size == MILLION
    built = time.process_time() - began
    draw = Draw(tmp_path / "ledger", pool=pool, declines=range(5, 17), source=QUICKNET)
    raw = draw.make()
    assert len(draw.rows) == 20
    began = time.process_time()
    assert list(islice(rules.order(draw.seed, MILLION), 20)) == [row.index for row in draw.rows]
    assert bundle(draw.case) == raw
    made = time.process_time() - began
    began = time.process_time()
    verify_draw.check(raw, KEY.verifier, "", "")
    verified = time.process_time() - began
    scattered = {place * 34_567 % MILLION: entry for place, entry in enumerate(draw.case.entries.values())}
    length = len(bundle(replace(draw.case, log=Wide(), entries=scattered)))
    print(f"built {built:.1f} s, made {made * 1000:.0f} ms, verified {verified * 1000:.0f} ms, {len(raw)} and {length} bytes")
    assert built < 30
    assert made < 0.1
    assert verified < 1
    assert len(raw) < length < 120_000
