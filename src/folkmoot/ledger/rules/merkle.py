"""The log as a tree of hashes (RFC 6962, RFC 9162) and as tiles of it (https://c2sp.org/tlog-tiles). Pure.

A *node* is a perfect subtree: of 2^height entries, the `index`-th of that height. A tile holds 256 nodes of one height, which is
a multiple of eight.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

HEIGHT = 8
WIDTH = 1 << HEIGHT
EMPTY = hashlib.sha256().digest()
"""The root of a tree without entries."""

Node = Callable[[int, int], bytes]
"""Height and index to the node's hash."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(node: Node, low: int, high: int) -> bytes:
    """The hash of the entries from `low` to before `high`; `low` is where a subtree of that size may begin."""
    count = high - low
    if count == 0:
        return EMPTY
    height = count.bit_length() - 1
    if count == 1 << height and low % count == 0:
        return node(height, low >> height)
    middle = low + _left_of(count)
    return node_hash(root(node, low, middle), root(node, middle, high))


def of_hashes(hashes: Sequence[bytes]) -> Node:
    """Nodes over hashes that are at hand."""

    def node(height: int, index: int) -> bytes:
        row = list(hashes[index << height : (index + 1) << height])
        while len(row) > 1:
            row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
        return row[0]

    return node


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """The proof that the entry stands in the tree of that size: RFC 9162 §2.1.3.1."""
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _left_of(high - low)
        if index < middle:
            path.append(root(node, middle, high))
            high = middle
        else:
            path.append(root(node, low, middle))
            low = middle
    return path[::-1]


def consistency(node: Node, old: int, size: int) -> list[bytes]:
    """The proof that the tree of that size only went on from the old one: RFC 9162 §2.1.4.1."""
    low, high, is_whole, path = 0, size, True, []
    while old != high:
        middle = low + _left_of(high - low)
        if old <= middle:
            path.append(root(node, middle, high))
            high = middle
        else:
            path.append(root(node, low, middle))
            low, is_whole = middle, False
    if not is_whole:
        path.append(root(node, low, high))
    return path[::-1]


def includes(proof: Sequence[bytes], entry_hash: bytes, index: int, size: int, root_hash: bytes) -> bool:
    """Whether the proof holds: RFC 9162 §2.1.3.2."""
    if index >= size:
        return False
    at, last, found = index, size - 1, entry_hash
    for beside in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root_hash


def goes_on(proof: Sequence[bytes], old: int, old_root: bytes, size: int, root_hash: bytes) -> bool:
    """Whether the proof holds: RFC 9162 §2.1.4.2. Everything goes on from nothing."""
    if old == 0:
        return old_root == EMPTY
    if old >= size:
        return old == size and old_root == root_hash and not proof
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    found_old = found = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            found_old, found = node_hash(beside, found_old), node_hash(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found_old == old_root and found == root_hash


def _left_of(count: int) -> int:
    """The greatest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


class Tile(NamedTuple):
    """`level` -1 holds the entries themselves."""

    level: int
    number: int
    width: int

    @property
    def path(self) -> str:
        digits = f"{self.number:03d}"
        digits = digits.zfill((len(digits) + 2) // 3 * 3)
        threes = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        name = "/".join([*(f"x{three}" for three in threes[:-1]), threes[-1]])
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level < 0 else self.level}/{name}{part}"


def tile_at(path: str) -> Tile | None:
    """The tile that is named by this path; None when the path is none of a tile, or not written as it should be."""
    match = re.fullmatch(r"tile/(entries|[0-7])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([0-9]{1,3}))?", path, re.ASCII)
    if match is None:
        return None
    number = int(match[2].replace("x", "").replace("/", ""))
    tile = Tile(-1 if match[1] == "entries" else int(match[1]), number, int(match[3] or WIDTH))
    return tile if 0 < tile.width <= WIDTH and tile.path == path else None


def tile_of(level: int, number: int, size: int) -> Tile:
    """The tile as it is in a tree of that size; its width is 0 when nothing of it is there yet."""
    return Tile(level, number, min(max((size >> HEIGHT * max(level, 0)) - number * WIDTH, 0), WIDTH))


def pack(entries: Sequence[bytes]) -> bytes:
    """Entries as their tile holds them."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unpack(bundle: bytes) -> list[bytes]:
    """The entries of a tile; raises ValueError when it is cut short."""
    entries, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle) or at + 2 > len(bundle):
            raise ValueError("a tile of entries is cut short")
        entries.append(bundle[at + 2 : end])
        at = end
    return entries
