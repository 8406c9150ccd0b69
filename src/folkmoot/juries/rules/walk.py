"""Who is asked next, and who gets a seat: by rank in the order of the draw, never by speed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

ASKED_AT_ONCE = 3
"""For each empty seat so many are asked at the same time."""

SITTING = frozenset({"seated", "voted"})
PASSED = frozenset({"excluded", "declined", "silent", "unable"})
"""What the walk has gone past without a seat, or with one that is empty again."""


class Place(Protocol):
    """A position of the draw; `state` is one of models.Seat.State."""

    @property
    def position(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def summoned_at(self) -> datetime | None: ...
    @property
    def seated_at(self) -> datetime | None: ...


@dataclass(slots=True)
class Steps:
    silent: list[int] = field(default_factory=list)
    """Positions whose time to answer, or to vote, is over."""
    seat: list[int] = field(default_factory=list)
    summon: int = 0
    """So many more are to be asked."""
    walked: int = 0
    """The position after the last that the walk has settled."""
    is_something: bool = True


def steps(
    places: Sequence[Place], *, start: int, seats: int, now: datetime, answer: timedelta, vote: timedelta, walked: int
) -> Steps:
    """What is to be done now. `places` are in order, from `start` on, without a gap; `walked` is how far the walk was."""
    found = Steps(walked=start)
    late = {p.position for p in places if p.state == "seated" and p.seated_at and now >= p.seated_at + vote}
    found.silent += sorted(late)
    empty = seats - sum(p.state in SITTING and p.position not in late for p in places)
    waits = False
    for place in places:
        if place.position in late or place.state in PASSED:
            if not empty:
                continue
        elif place.state in SITTING:
            pass
        elif not empty:
            break
        elif place.state == "accepted":
            found.seat.append(place.position)
            empty -= 1
        elif place.summoned_at is None or now >= place.summoned_at + answer:
            found.silent.append(place.position)
        else:
            waits = True
            break
        found.walked = place.position + 1
    if empty and not waits:
        found.summon = ASKED_AT_ONCE * empty
    found.is_something = bool(found.silent or found.seat or found.summon) or found.walked != walked
    return found
