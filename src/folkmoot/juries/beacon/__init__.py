"""Where the chance of a draw comes from: a public beacon (drand), or else the community's own chain.

The source and the round are fixed, and published with the case, before the value is there. Only the worker asks: a beacon is the
network.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from folkmoot.juries import pools
from folkmoot.juries.beacon import chain, drand
from folkmoot.juries.beacon.drand import Relays, Value

__all__ = ["AHEAD", "Value", "chain_file", "links_of", "randomness", "source_now", "spoken_at", "value", "why"]
AHEAD = timedelta(seconds=60)
"""So long before the beacon speaks a case must be published."""


_values: dict[tuple[str, int], Value] = {}
"""Those that were had already: a value never changes, and a draw asks for it again inside its transaction."""


def source_now(now: datetime, earlier: Mapping[str, int]) -> tuple[str, int]:
    """The source of a case that is told now, and its round; `earlier` counts the cases of each source.

    A chain that is used up is followed by a new one. Whoever tells the case tells `ChainPublished` first, if its anchor is new.
    """
    if settings.DRAND_RELAYS:
        beacon = _beacon()
        return beacon.source, beacon.first_round(now + AHEAD)
    known = chain.read(chain_file())
    if not known or earlier.get(known[-1].source, 0) >= known[-1].links:
        known = [chain.begin(chain_file())]
    return known[-1].source, earlier.get(known[-1].source, 0)


def spoken_at(source: str, round_number: int) -> datetime | None:
    """When a beacon's round is public; None of a chain, and of a beacon that we do not know."""
    known = next((one for one in (drand.QUICKNET, _beacon()) if one.source == source), None)
    return known.time_of(round_number) if known else None


def links_of(source: str) -> int:
    """How many links a chain of ours has; 0 when it is none."""
    return next((own.links for own in chain.read(chain_file()) if own.source == source), 0)


def randomness(source: str, round_number: int) -> bytes | None:
    found = value(source, round_number, datetime.now(UTC))
    return found.randomness if found else None


def value(source: str, round_number: int, now: datetime) -> Value | None:
    """None while it is not there, or cannot be had: `why` says what the case waits for."""
    if (source, round_number) not in _values:
        found = _asked(source, round_number, now)
        if found is None:
            return None
        _values[source, round_number] = found
    return _values[source, round_number]


def _asked(source: str, round_number: int, now: datetime) -> Value | None:
    for own in chain.read(chain_file()):
        if own.source == source and 0 <= round_number < own.links:
            return Value(own.link(round_number))
    if not settings.DRAND_RELAYS or _beacon().source != source or now < _beacon().time_of(round_number):
        return None
    return _relays(settings.DRAND_RELAYS, _beacon()).value(round_number)


def why(source: str, round_number: int, now: datetime) -> str:
    """What a case waits for that has no value yet; a sentence."""
    if source.startswith("chain:"):
        return f"The chain of this case is not in {chain_file()}: put the file back. Without it the case cannot be drawn."
    if not settings.DRAND_RELAYS or _beacon().source != source:
        return "The beacon of this case is asked no more: DRAND_RELAYS and DRAND_CHAIN name none, or another."
    due = _beacon().time_of(round_number)
    if now < due:
        return f"The beacon speaks at {due:%H:%M:%S} UTC."
    return (
        f"The beacon spoke at {due:%Y-%m-%d %H:%M:%S} UTC. No relay has given a valid answer yet; they are asked again and again."
    )


def chain_file() -> Path:
    return Path(settings.DATA) / pools.FOLDER / chain.FILE


def _beacon() -> drand.Chain:
    return drand.read_chain(settings.DRAND_CHAIN) if settings.DRAND_CHAIN else drand.QUICKNET


@lru_cache(maxsize=4)
def _relays(addresses: tuple[str, ...], beacon: drand.Chain) -> Relays:
    return Relays(addresses, beacon)
