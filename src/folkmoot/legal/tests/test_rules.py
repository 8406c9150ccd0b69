"""Who may do what about unlawful content, and when it is late."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from folkmoot.legal import rules

pytestmark = pytest.mark.no_database
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@dataclass
class Person:
    is_administrator: bool = False
    is_sealed: bool = False
    banned_at: datetime | None = None


@dataclass
class Removed:
    removed_at: datetime = NOW
    countered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_at: datetime | None = None


GUS, ADA = Person(is_administrator=True), Person()


def test_an_administrator_decides_a_notice_once():
    assert rules.may_decide(GUS, decided=False)
    assert "decided already" in str(rules.may_decide(GUS, decided=True).reason)
    assert not rules.may_decide(ADA, decided=False)
    assert not rules.may_decide(None, decided=False)


@pytest.mark.parametrize(
    ("member", "removal", "now", "why"),
    [
        (1, Removed(), NOW, ""),
        (1, Removed(), NOW + rules.CONTEST, ""),
        (2, Removed(), NOW, "Only the author"),
        (1, Removed(ended_at=NOW), NOW, "no longer removed"),
        (1, Removed(countered_at=NOW), NOW, "contested this already"),
        (1, Removed(), NOW + rules.CONTEST + timedelta(seconds=1), "is over"),
    ],
)
def test_the_author_contests_once_and_in_time(member, removal, now, why):
    answer = rules.may_counter(member, 1, removal, now)
    assert bool(answer) == (why == "")
    assert why in str(answer.reason or "")


def test_an_administrator_answers_what_was_contested_once():
    assert rules.may_answer(GUS, Removed(countered_at=NOW))
    assert not rules.may_answer(ADA, Removed(countered_at=NOW))
    assert not rules.may_answer(GUS, Removed())
    assert not rules.may_answer(GUS, Removed(countered_at=NOW, answered_at=NOW))
    assert not rules.may_answer(GUS, Removed(countered_at=NOW, ended_at=NOW))


def test_what_is_late_is_said():
    assert rules.overdue("notice", None, 0, NOW) == ""
    assert "A notice waits for an administrator, a day longer" in rules.overdue("notice", NOW - timedelta(days=1), 1, NOW)
    assert "2 notices wait for an administrator, 3 days longer" in rules.overdue("notice", NOW - timedelta(days=3), 2, NOW)
