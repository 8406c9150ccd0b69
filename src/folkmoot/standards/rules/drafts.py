"""What may become of a draft. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from folkmoot.base.answers import YES, Answer, no
from folkmoot.base.time import DAY
from folkmoot.standards.rules.ballots import Tally, has_quorum, is_carried
from folkmoot.standards.rules.charter import NUMBERS, Charter

REASON_MAX = 2000
OPEN_MAX = 3
"""So many drafts of one member stand open at once."""

REGULAR_DAYS = 90
"""Who wrote in a forum within so many days before a host's recall was put forward may second it."""

RECALL_LEAST = 3
"""So many second a recall at least, however few write in the forum."""

RECALL_DAYS = 30
"""So long a recall can be seconded; and so long after a lost one no other of the same host is put forward."""


class Kind(StrEnum):
    """A draft changes one thing: a standard, the charter's numbers, or who holds an office."""

    NEW = "new"
    WORDS = "words"
    REMOVAL = "removal"
    NUMBERS = "numbers"
    RECALL = "recall"
    CANDIDACY = "candidacy"


OF_AN_OFFICE = (Kind.RECALL, Kind.CANDIDACY)
"""These make no edition."""


class Stage(StrEnum):
    SECONDING = "seconding"
    DISCUSSION = "discussion"
    BALLOT = "ballot"
    RATIFIED = "ratified"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"


OPEN = (Stage.SECONDING, Stage.DISCUSSION, Stage.BALLOT)


class Words(NamedTuple):
    """What a standard says."""

    title: str
    text: str
    core: str = ""


class Rulebook(NamedTuple):
    """An edition: the standards in force by their numbers, and the charter."""

    standards: Mapping[int, Words]
    charter: Charter


class Change(NamedTuple):
    kind: Kind
    number: int = 0
    """Of the standard that it changes or makes."""
    title: str = ""
    text: str = ""
    values: Mapping[str, int] = {}
    """Of the charter, by their names."""


def unfit(change: Change, base: Rulebook, now: Rulebook) -> str:
    """Why the change cannot be made to `now`, written against `base`: a sentence, or nothing."""
    if change.kind is Kind.NEW or change.kind in OF_AN_OFFICE:
        return ""
    if change.kind is Kind.NUMBERS:
        for name in change.values:
            if getattr(base.charter, name) != getattr(now.charter, name):
                return f"“{NUMBERS[name].says}” was changed meanwhile, so this draft no longer fits."
        return next(iter(now.charter.changed(change.values).faults()), "")
    standing = now.standards.get(change.number)
    if standing is None:
        return f"Standard {change.number} is not in force."
    if standing.core:
        return f"Standard {change.number} is part of the core, which no vote takes away: {standing.core}"
    if standing != base.standards.get(change.number):
        return f"Standard {change.number} was changed meanwhile, so this draft no longer fits."
    return ""


def changes_nothing(change: Change, now: Rulebook) -> bool:
    if change.kind is Kind.NUMBERS:
        return all(getattr(now.charter, name) == value for name, value in change.values.items())
    standing = now.standards.get(change.number)
    return change.kind is Kind.WORDS and standing is not None and standing[:2] == (change.title, change.text)


def applied(change: Change, now: Rulebook) -> Rulebook:
    """The next edition; the change fits."""
    if change.kind is Kind.NUMBERS:
        return now._replace(charter=now.charter.changed(change.values))
    standards = dict(now.standards)
    if change.kind is Kind.REMOVAL:
        del standards[change.number]
    else:
        standards[change.number] = Words(change.title, change.text)
    return now._replace(standards=standards)


def thresholds(kind: Kind, charter: Charter) -> tuple[int, int]:
    """Quorum and majority, in percent."""
    if kind is Kind.NUMBERS:
        return charter.charter_quorum, charter.charter_majority
    if kind is Kind.CANDIDACY:
        return 0, 50
    return charter.quorum, charter.majority


def outcome(found: Tally, voters: int, quorum: int, majority: int) -> Stage:
    """What a count means."""
    if not has_quorum(found, voters, quorum):
        return Stage.NO_QUORUM
    return Stage.RATIFIED if is_carried(found, majority) else Stage.REJECTED


def in_force_at(decided: int) -> int:
    """The midnight (in UTC) after a whole day has passed: nobody is judged by what they could not have read."""
    return -(-(decided + DAY) // DAY) * DAY


def may_put_forward(standing: Answer, open_count: int) -> Answer:
    if standing and open_count >= OPEN_MAX:
        return no(f"You have {open_count} drafts that are still open. Withdraw one, or wait for its end.")
    return standing


def recall_seconds(regulars: int, charter: Charter) -> int:
    """How many second a recall: a share of those who may, rounded up."""
    return max(-(-regulars * charter.recall // 100), RECALL_LEAST)


def may_recall(*, is_running: bool, is_under_way: bool, lost_at: int | None, now: int) -> Answer:
    """Whether the recall of a host may be put forward. `lost_at`: when the last one of the same seat was not carried."""
    if not is_running:
        return no("Nobody holds this seat, so nobody can be recalled from it.")
    if is_under_way:
        return no("The recall of this host is under way already.")
    if lost_at is not None and now < lost_at + RECALL_DAYS * DAY:
        return no(f"The last recall of this host was not carried. Another can be put forward {RECALL_DAYS} days after it.")
    return YES


def may_second_recall(standing: Answer, *, wrote: bool, forum: str) -> Answer:
    if standing and not wrote:
        return no(f"Only who wrote in {forum} in the {REGULAR_DAYS} days before this was put forward may second it. You did not.")
    return standing


def may_second(stage: str, *, is_author: bool, standing: Answer) -> Answer:
    """Whether a member may second a draft, or take that back."""
    if stage != Stage.SECONDING:
        return no("This draft is no longer being seconded.")
    if is_author:
        return no("Others second a draft, not its author.")
    return standing


def may_withdraw(stage: str, *, is_author: bool) -> Answer:
    if not is_author:
        return no("Only its author can withdraw a draft.")
    if stage not in (Stage.SECONDING, Stage.DISCUSSION):
        return no("A draft can be withdrawn until its ballot opens.")
    return YES
