"""Decisions about what the law forbids. Pure: values in, answer out."""

from datetime import datetime, timedelta
from typing import Protocol

from folkmoot.base.answers import YES, Answer, no
from folkmoot.members.rules import Officer, may_administer

WHERE_MAX, WHY_MAX, NAME_MAX, FACTS_MAX, GROUND_MAX = 500, 4000, 100, 2000, 200

DECIDE = timedelta(days=7)
"""In this time a notice is decided."""
ANSWER = timedelta(days=14)
"""In this time a counter-notice is answered."""
CONTEST = timedelta(days=183)
"""So long an author can contest a removal, and the words are kept apart for it (DSA, Art. 20: six months at least)."""


class Message(Protocol):
    @property
    def author_id(self) -> int: ...
    @property
    def state(self) -> str: ...


class Removed(Protocol):
    @property
    def removed_at(self) -> datetime: ...
    @property
    def countered_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def answered_at(self) -> datetime | None: ...


def may_decide(officer: Officer | None, *, decided: bool) -> Answer:
    if not (answer := may_administer(officer)):
        return answer
    return no("This notice is decided already.") if decided else YES


def may_counter(member_id: int, author_id: int, removal: Removed, now: datetime) -> Answer:
    if member_id != author_id:
        return no("Only the author of a post can contest its removal.")
    if removal.ended_at:
        return no("The post is no longer removed.")
    if removal.countered_at:
        return no("You have contested this already. The answer will stand here.")
    if now > removal.removed_at + CONTEST:
        return no("The time to contest this is over.")
    return YES


def may_answer(officer: Officer | None, removal: Removed) -> Answer:
    if not (answer := may_administer(officer)):
        return answer
    if not removal.countered_at:
        return no("Its author has not contested this.")
    if removal.answered_at or removal.ended_at:
        return no("This counter-notice is answered already.")
    return YES


def overdue(what: str, oldest: datetime | None, count: int, now: datetime) -> str:
    """A sentence about what should have been done by now; empty when nothing is."""
    if oldest is None:
        return ""
    days = (now - oldest).days
    several = f"{count} {what}s wait" if count != 1 else f"A {what} waits"
    return f"{several} for an administrator, {f'{days} days' if days != 1 else 'a day'} longer than it should: /site/notices/"
