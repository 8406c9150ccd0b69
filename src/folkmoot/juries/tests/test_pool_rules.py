"""The tree over the accounts that may be drawn, and the one over those that may not."""

import hashlib

import pytest

from folkmoot.juries.rules.pool import Exclusions, Pool, pack
from folkmoot.ledger.rules import merkle

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("n", [1, 2, 255, 256, 257, 1000, 70_000])
def test_a_pool_is_the_tree_over_its_tokens_in_order(n):
    tokens = [hashlib.sha256(b"%d" % i).digest() for i in range(n)]
    pool = Pool(pack([*tokens, tokens[0]]))
    ordered = sorted(tokens)
    assert pool.size == len(pool) == n
    assert pool.root == merkle.root(merkle.of_hashes([merkle.leaf_hash(token) for token in ordered]), 0, n)
    for place in {0, n // 2, n - 1}:
        assert pool.place(ordered[place]) == place
        path = merkle.inclusion(pool.node, place, n)
        assert merkle.includes(path, merkle.leaf_hash(pool[place]), place, n, pool.root)
    assert pool.place(b"\xff" * 32) is None
    assert pool.place(bytes(32)) is None
    with pytest.raises(IndexError):
        pool[n]


def test_a_pool_may_be_empty():
    assert Pool(pack([])).root == merkle.EMPTY


def test_exclusions_stand_in_order_and_are_proved_by_place():
    leaves = [b"c", b"a", b"b"]
    tree = Exclusions(leaves)
    assert [tree.place(leaf) for leaf in (b"a", b"b", b"c")] == [0, 1, 2]
    assert tree.root == merkle.root(merkle.of_hashes([merkle.leaf_hash(leaf) for leaf in sorted(leaves)]), 0, 3)
    assert Exclusions([]).root == merkle.EMPTY
