"""A public beacon: drand (https://drand.love), whose nodes together sign the number of each round. A value is used only when its
signature holds, whoever sent it: relays are not believed, and a wrong one is asked more and more seldom.

Of drand's schemes there is the one of its network *quicknet*: BLS on BLS12-381, signatures on G1, each round by itself.
"""

import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from threading import Timer
from typing import NamedTuple
from urllib.parse import urlsplit

SCHEME = "bls-unchained-g1-rfc9380"
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
GENERATOR = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
"""Of G2, compressed."""

MOST_BYTES = 4096
SECONDS = 5.0
"""So long one relay may take, altogether."""

MOST_WAIT = 300.0


class Value(NamedTuple):
    randomness: bytes
    signature: bytes = b""


class Chain(NamedTuple):
    hash: str
    public_key: bytes
    genesis: int
    period: int

    @property
    def source(self) -> str:
        return f"drand:{self.hash}"

    def first_round(self, at: datetime) -> int:
        """The first round at this moment or after it."""
        return max(math.ceil((at.timestamp() - self.genesis) / self.period), 0) + 1

    def time_of(self, round_number: int) -> datetime:
        return datetime.fromtimestamp(self.genesis + (round_number - 1) * self.period, UTC)


QUICKNET = Chain(
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    bytes.fromhex(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    1692803367,
    3,
)


def chain_hash(public_key: bytes, genesis: int, period: int, seed: bytes, name: str) -> str:
    """As drand names a chain."""
    said = period.to_bytes(4, "big") + genesis.to_bytes(8, "big") + public_key + seed
    return hashlib.sha256(said + ("" if name == "default" else name).encode()).hexdigest()


def read_chain(info: str) -> Chain:
    """A chain, from what a beacon says of itself at `/info`; raises ValueError with a sentence."""
    try:
        said = json.loads(info)
        key, seed = bytes.fromhex(said["public_key"]), bytes.fromhex(said["groupHash"])
        genesis, period, name = int(said["genesis_time"]), int(said["period"]), str(said["metadata"]["beaconID"])
        if said["schemeID"] != SCHEME:
            raise ValueError(f"a chain of the scheme {SCHEME}, not {said['schemeID']}")
        if said["hash"] != chain_hash(key, genesis, period, seed, name) or len(key) != 96 or period < 1:
            raise ValueError("a chain whose hash is that of its key and its times")
    except (KeyError, TypeError, AttributeError, OverflowError, json.JSONDecodeError) as error:
        raise ValueError(f"the JSON that a beacon says at /info ({type(error).__name__}: {error})") from None
    return Chain(said["hash"], key, genesis, period)


def message(round_number: int) -> bytes:
    return hashlib.sha256(round_number.to_bytes(8, "big")).digest()


def is_signed(chain: Chain, round_number: int, signature: bytes) -> bool:
    """Whether the beacon signed this round. Needs the extra folkmoot[drand]."""
    from pyblst import BlstP1Element, BlstP2Element, final_verify, miller_loop

    try:
        given, key = BlstP1Element().uncompress(signature), BlstP2Element().uncompress(chain.public_key)
    except ValueError:  # no point of the curve, or none of its group
        return False
    asked = BlstP1Element().hash_to_group(message(round_number), DOMAIN)
    return bool(final_verify(miller_loop(given, BlstP2Element().uncompress(GENERATOR)), miller_loop(asked, key)))


class Refused(Exception):
    """Why an answer is not used; a sentence."""


def fetch(relay: str, chain: Chain, round_number: int) -> Value:
    """Ask one relay; raises `Refused`."""
    try:
        said = json.loads(_answer(relay, f"/{chain.hash}/public/{round_number}"))
        number, signature, randomness = said["round"], bytes.fromhex(said["signature"]), said.get("randomness")
    except (OSError, HTTPException) as error:
        raise Refused(f"{relay} does not answer: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(f"{relay} answers something that is no round of a beacon.") from None
    if number != round_number or type(number) is not int:
        raise Refused(f"{relay} answers with another round than {round_number}.")
    if not is_signed(chain, round_number, signature):
        raise Refused(f"{relay} answers with a signature that is not the beacon's.")
    value = Value(hashlib.sha256(signature).digest(), signature)
    if randomness is not None and randomness != value.randomness.hex():
        raise Refused(f"{relay} answers with a value that is not the hash of its signature.")
    return value


def _answer(relay: str, path: str) -> bytes:
    """No redirect is followed, nothing long is read, and slowness ends after `SECONDS`, however its bytes drip."""
    parts, began = urlsplit(relay), time.monotonic()
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.hostname or "", parts.port, timeout=SECONDS / 2)) as connection:
        connection.connect()
        socket = connection.sock
        timer = Timer(SECONDS, lambda: socket.shutdown(SHUT_RDWR))
        timer.daemon = True
        timer.start()
        try:
            connection.request("GET", parts.path.rstrip("/") + path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            if answer.status != 200:
                raise OSError(f"status {answer.status}")
            found = answer.read(MOST_BYTES + 1)
        finally:
            timer.cancel()
    if time.monotonic() - began >= SECONDS:
        raise OSError("too slow")
    if len(found) > MOST_BYTES:
        raise Refused(f"{relay} answers with more than {MOST_BYTES} bytes.")
    return found


class Relays:
    """Several relays, asked in turn; who failed is asked again after 1, 2, 4 … 300 seconds."""

    def __init__(self, addresses: Sequence[str], chain: Chain, clock: Callable[[], float] = time.monotonic) -> None:
        self.addresses, self.chain, self._clock = addresses, chain, clock
        self._failed: dict[str, int] = {}
        self._after: dict[str, float] = {}
        self.troubles: dict[str, str] = {}

    def value(self, round_number: int) -> Value | None:
        """From the first that gives it; None when none does, for now."""
        for relay in sorted(self.addresses, key=lambda one: self._failed.get(one, 0)):
            if self._clock() < self._after.get(relay, 0.0):
                continue
            try:
                found = fetch(relay, self.chain, round_number)
            except Refused as why:
                self.troubles[relay] = str(why)
                self._failed[relay] = self._failed.get(relay, 0) + 1
                self._after[relay] = self._clock() + min(2.0 ** (self._failed[relay] - 1), MOST_WAIT)
            else:
                for known in (self.troubles, self._failed, self._after):
                    known.pop(relay, None)
                return found
        return None
