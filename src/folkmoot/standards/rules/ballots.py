"""A secret ballot that anyone can count again: who may vote, what a vote commits to, what the count means. Pure.

A voter stands on the roll as a token, which only the roll's key can tell of a member. A vote is taken in with its commitment, and
all are opened together at the end, in the order of their tokens.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from folkmoot.base.answers import YES, Answer, no
from folkmoot.ledger.rules import merkle

DOMAIN = b"folkmoot/ballot/v1\n"


class Choice(IntEnum):
    NO = 0
    YES = 1
    ABSTAIN = 2


class Tally(NamedTuple):
    yes: int = 0
    nays: int = 0
    abstentions: int = 0

    @property
    def cast(self) -> int:
        return sum(self)


class Opening(NamedTuple):
    """A vote, opened."""

    token: bytes
    nonce: bytes
    choice: int


def token(key: bytes, member_id: int) -> bytes:
    """A voter's place-holder on the roll. The id is hashed as be64."""
    return hmac.digest(key, member_id.to_bytes(8, "big"), "sha256")


def root(leaves: Iterable[bytes]) -> bytes:
    """Of the tree (RFC 6962) over these, in this order."""
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    return merkle.root(merkle.of_hashes(hashes), 0, len(hashes))


def commitment(draft: int, opening: Opening) -> bytes:
    said = draft.to_bytes(8, "big") + opening.token + opening.nonce + bytes([opening.choice])
    return hashlib.sha256(DOMAIN + said).digest()


def openings_hash(openings: Sequence[Opening]) -> str:
    """SHA-256 over token, nonce and choice of each, in the order of their tokens."""
    found = hashlib.sha256()
    for opening in openings:
        found.update(opening.token + opening.nonce + bytes([opening.choice]))
    return found.hexdigest()


def tally(choices: Iterable[int]) -> Tally:
    counted = [0, 0, 0]
    for choice in choices:
        counted[choice] += 1
    return Tally(counted[Choice.YES], counted[Choice.NO], counted[Choice.ABSTAIN])


def has_quorum(found: Tally, voters: int, quorum: int) -> bool:
    """Whether so many percent of the roll took part; an abstention does."""
    return 0 < found.cast * 100 >= quorum * voters


def is_carried(found: Tally, majority: int) -> bool:
    """Whether more than so many percent of those who chose a side agree; an abstention takes none."""
    return found.yes * 100 > majority * (found.yes + found.nays)


def may_vote(*, is_open: bool, is_on_roll: bool, why_not: str) -> Answer:
    """`why_not`: what the member lacked when the roll was closed, as far as it is still known."""
    if not is_open:
        return no("This ballot is closed.")
    if not is_on_roll:
        return no(f"You were not on the roll when it was closed. {why_not}".rstrip())
    return YES
