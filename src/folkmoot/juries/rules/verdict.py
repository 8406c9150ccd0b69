"""What votes amount to. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple


class Choice(IntEnum):
    """What a juror may say, in the order of the ledger's entries."""

    BREAKS = 0
    JUST_BREAKS = 1
    JUST_KEEPS = 2
    KEEPS = 3
    BREAKS_ANOTHER = 4
    CANNOT_JUDGE = 5


WORDS = {
    Choice.BREAKS: "It clearly breaks the standard",
    Choice.JUST_BREAKS: "A close call, but it breaks the standard",
    Choice.JUST_KEEPS: "A close call, but it does not",
    Choice.KEEPS: "It clearly does not",
    Choice.BREAKS_ANOTHER: "It breaks another standard",
    Choice.CANNOT_JUDGE: "I cannot judge this",
}
FOUND_A_BREACH = frozenset({Choice.BREAKS, Choice.JUST_BREAKS, Choice.BREAKS_ANOTHER})


class Ballot(NamedTuple):
    choice: int
    standard: int
    """The number of the standard that it names; 0 for none."""


class Outcome(NamedTuple):
    hides: bool
    standard: int = 0
    lapsed: bool = False
    """Time ran out before everybody had voted, below the threshold."""


def tally(ballots: Iterable[Ballot]) -> list[int]:
    counted = Counter(ballot.choice for ballot in ballots)
    return [counted[choice] for choice in Choice]


def outcome(ballots: Sequence[Ballot], *, seats: int, needs: int, is_over: bool) -> Outcome | None:
    """None while the jury sits. Hiding alone closes early: as soon as `needs` votes name one standard."""
    named = Counter(ballot.standard for ballot in ballots if ballot.choice in FOUND_A_BREACH)
    standard, votes = min(named.items(), key=lambda pair: (-pair[1], pair[0]), default=(0, 0))
    if votes >= needs:
        return Outcome(hides=True, standard=standard)
    if sum(ballot.choice != Choice.CANNOT_JUDGE for ballot in ballots) >= seats:
        return Outcome(hides=False)
    return Outcome(hides=False, lapsed=True) if is_over else None


def found_no_breach(ballots: Sequence[Ballot], *, needs: int) -> bool:
    """Enough have judged, and nobody agreed with the alert: it counts against its author for a while."""
    judged = [ballot for ballot in ballots if ballot.choice != Choice.CANNOT_JUDGE]
    return len(judged) >= needs and not any(ballot.choice in FOUND_A_BREACH for ballot in judged)
