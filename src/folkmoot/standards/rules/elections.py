"""Who is elected to the review panel. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from folkmoot.base.answers import YES, Answer, no


class Candidate(NamedTuple):
    draft: int
    yes: int
    nays: int
    roll_root: str
    """Of the roll of those who may vote on this one, in hexadecimal digits: on the record before anybody votes."""


def elected(candidates: Iterable[Candidate], seats: int) -> list[int]:
    """Drafts of those who are elected, the most wanted first: of all with more yes than no those with the most yes. Of equals
    the one whose roll has the smaller root, which is chance that nobody could choose once the votes were known."""
    wanted = [c for c in candidates if c.yes > c.nays]
    return [c.draft for c in sorted(wanted, key=lambda c: (-c.yes, c.roll_root))[:seats]]


def may_stand(standing: Answer, *, is_open: bool, stands_already: bool) -> Answer:
    if not is_open:
        return no("Nobody can stand in this election any more.")
    if stands_already:
        return no("You have stood in this election already.")
    return standing


def may_be_elected(*, is_banned: bool, has_key: bool) -> Answer:
    if not has_key:
        return no("The key of a roll was lost, so that not everybody could vote. Another election begins by itself.")
    return no("This account was closed to posting meanwhile.") if is_banned else YES
