"""The accounts that may be drawn, as a tree over their tokens; the exclusions of a case, as another. Pure.

A million accounts are 32 MB: a pool is one piece of bytes, which may be a file mapped into memory. Beside the tokens it holds the
tree from height 8 up, so that a proof hashes 256 tokens at most and not all.

    be64 n ‖ n tokens, strictly ascending ‖ the nodes of height 8, of height 9, … as long as there are any
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from mmap import mmap

from folkmoot.ledger.rules import merkle

TOKEN = 32
_KEPT = 8
_HEAD = 8


def pack(tokens: Iterable[bytes]) -> bytes:
    """A pool of these accounts."""
    ordered = sorted(set(tokens))
    hashes = [merkle.leaf_hash(token) for token in ordered]
    rows, height = [], 0
    while len(hashes) > 1:
        hashes = [merkle.node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        height += 1
        if height >= _KEPT:
            rows += hashes
    return len(ordered).to_bytes(_HEAD, "big") + b"".join(ordered) + b"".join(rows)


class Pool:
    """What was packed, read; nothing is read that is not asked for."""

    def __init__(self, packed: bytes | mmap | memoryview) -> None:
        self._packed = packed
        self.size = int.from_bytes(packed[:_HEAD], "big")

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> bytes:
        if not 0 <= index < self.size:
            raise IndexError(index)
        return self._at(index)

    def _at(self, place: int) -> bytes:
        return bytes(self._packed[_HEAD + place * TOKEN : _HEAD + (place + 1) * TOKEN])

    def place(self, token: bytes) -> int | None:
        """Where this account stands; None when it is not in the pool."""
        found = bisect_left(self, token)
        return found if found < self.size and self[found] == token else None

    def node(self, height: int, index: int) -> bytes:
        if height < _KEPT:
            first = index << height
            return merkle.of_hashes([merkle.leaf_hash(self[i]) for i in range(first, first + (1 << height))])(height, 0)
        return self._at(self.size + sum(self.size >> lower for lower in range(_KEPT, height)) + index)

    @cached_property
    def root(self) -> bytes:
        return merkle.root(self.node, 0, self.size)


class Exclusions:
    """Who may not sit on a case, as leaves of a tree: 16 bytes of chance before each token, so that nobody can try tokens out.
    Leaves that are nothing but chance (48 bytes) fill the tree up to its published number."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self.leaves = sorted(leaves)
        self.size = len(self.leaves)
        self.node = merkle.of_hashes([merkle.leaf_hash(leaf) for leaf in self.leaves])

    def place(self, leaf: bytes) -> int:
        return self.leaves.index(leaf)

    @cached_property
    def root(self) -> bytes:
        return merkle.root(self.node, 0, self.size)
