"""What is published of a case at its verdict, so that anybody can make draw and tally again with `verify_draw.py`. Pure.

The form stands in docs/juries-bundle.md, byte for byte.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from folkmoot.ledger.rules import entries, merkle

VERSION = 1


class Tree(Protocol):
    """Of which some leaves are shown: `ledger.log.Tree`, `Pool`, `Exclusions`."""

    @property
    def size(self) -> int: ...

    def node(self, height: int, index: int) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Of an exclusion: the leaf `salt ‖ token` and its place in the tree of exclusions."""

    salt: bytes
    leaf: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A position of the walk, of the second jury's too. Who was excluded has an opening."""

    position: int
    index: int
    token: bytes
    excluded: Opening | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    position: int
    choice: int
    standard: int
    nonce: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What was judged, as the jury saw it."""

    salt: bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What `excluded_n` was made of beside seats and an earlier walk, and the numbers of the charter that it went by."""

    alerts: int
    replies: int
    blocked_jurors: int
    rest_hours: int
    case_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """The checkpoint that a witness cosigned before the randomness was there."""

    checkpoint: str
    log: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`checkpoint` is a signed note, `log` the tree that it speaks of; `entries` by their index: pool, chain if there is one,
    case, seats, refusals, votes, verdict, of both juries. `content` is None when the post was withdrawn."""

    checkpoint: str
    log: Tree
    entries: Mapping[int, bytes]
    randomness: bytes
    signature: bytes = b""
    pool: Tree
    walked: Sequence[Walked]
    exclusions: Tree
    votes: Sequence[Vote]
    counted: Counted
    content: Content | None
    witnessed: Witnessed | None = None


def bundle(case: Case) -> bytes:
    walked = sorted(case.walked, key=lambda one: one.position)
    excluded = [(one.position, one.excluded) for one in walked if one.excluded]
    tokens = {one.position: one.token for one in walked}
    votes = sorted(case.votes, key=lambda vote: tokens[vote.position])
    early = case.witnessed
    return entries.canonical(
        {
            "v": VERSION,
            "checkpoint": case.checkpoint,
            "entries": [{"index": index, "entry": entry.decode()} for index, entry in sorted(case.entries.items())],
            "log_proof": _hex(proof(case.log, case.entries)),
            "randomness": case.randomness.hex(),
            "signature": case.signature.hex(),
            "walked": [{"position": one.position, "index": one.index, "token": one.token.hex()} for one in walked],
            "pool_proof": _hex(proof(case.pool, [one.index for one in walked])),
            "excluded": [{"position": position, "salt": one.salt.hex(), "leaf": one.leaf} for position, one in excluded],
            "excluded_proof": _hex(proof(case.exclusions, [one.leaf for _, one in excluded])),
            "votes": [asdict(vote) | {"nonce": vote.nonce.hex()} for vote in votes],
            "counted": asdict(case.counted),
            "content": case.content and {"salt": case.content.salt.hex(), "text": case.content.text},
            "witnessed": early and {"checkpoint": early.checkpoint, "proof": _hex(proof(early.log, _committed(case.entries)))},
        }
    )


def proof(tree: Tree, leaves: Collection[int]) -> list[bytes]:
    """That these leaves stand in the tree: the hashes of the largest subtrees that hold none of them, from left to right."""
    return list(_beside(tree, sorted(leaves), 0, tree.size))


def _beside(tree: Tree, leaves: Sequence[int], low: int, high: int) -> Iterator[bytes]:
    if not leaves:
        yield merkle.root(tree.node, low, high)
    elif high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        yield from _beside(tree, [leaf for leaf in leaves if leaf < middle], low, middle)
        yield from _beside(tree, [leaf for leaf in leaves if leaf >= middle], middle, high)


def _committed(known: Mapping[int, bytes]) -> list[int]:
    """The entries that must be there before the randomness."""
    return [index for index, entry in known.items() if json.loads(entry)["t"] in ("PoolPublished", "CaseOpened")]


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]
