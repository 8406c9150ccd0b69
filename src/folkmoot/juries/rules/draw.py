"""The lot: who is walked for a case, in which order. Pure; whoever holds the same values gets the same order.

The shape is RFC 3797's with SHA-256; what is hashed is the design of juries §3, byte for byte.
"""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime

SECOND_BELOW = 13
"""Of 256: a second jury sits on about 5 % of the cases, chosen by nobody."""


def epoch(now: datetime) -> int:
    """The day, counted from 1970: each has a pool, with a key of its own."""
    return int(now.timestamp()) // 86400


def token(epoch_key: bytes, member_id: int) -> bytes:
    """A member's place-holder in the pool of an epoch: nobody without the key tells whose it is. The id is hashed as be64."""
    return hmac.digest(epoch_key, member_id.to_bytes(8, "big"), "sha256")


def seed(
    *, origin: str, case: int, leaf_hash: bytes, root: bytes, n: int, source: str, round_number: int, randomness: bytes
) -> bytes:
    """Of a draw: from what was published before the randomness was there, and the randomness."""
    parts = (
        "folkmoot/jury/v1", origin, str(case), leaf_hash.hex(), root.hex(), str(n), source, str(round_number), randomness.hex(),
    )  # fmt: skip
    return hashlib.sha256("".join(f"{part}\n" for part in parts).encode()).digest()


def order(seed: bytes, n: int) -> Iterator[int]:
    """Places in the pool of `n`, each once: a sparse Fisher–Yates shuffle."""
    moved: dict[int, int] = {}
    for k in range(n):
        salt = k.to_bytes(8, "big")
        j = k + int.from_bytes(hashlib.sha256(salt + seed + salt).digest(), "big") % (n - k)
        yield moved.get(j, j)
        moved[j] = moved.get(k, k)
        moved.pop(k, None)


def has_second(seed: bytes) -> bool:
    return hashlib.sha256(b"folkmoot/second/v1\n" + seed).digest()[0] < SECOND_BELOW


def commitment(*, leaf_hash: bytes, token: bytes, nonce: bytes, choice: int, standard: int) -> bytes:
    """Of a vote, published when it is cast; opened after the verdict. `standard` is a number, 0 if none."""
    said = leaf_hash + token + nonce + bytes([choice]) + standard.to_bytes(2, "big")
    return hashlib.sha256(b"folkmoot/vote/v1\n" + said).digest()
