"""Votes at the deadline: everybody at once, and several workers that close the case. One verdict, whose tally is the votes."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice, product

import pytest
from django.db import connections

from folkmoot.base.answers import Refused
from folkmoot.juries import actions
from folkmoot.juries.models import Jury, Vote
from folkmoot.juries.rules import Choice
from folkmoot.ledger.models import OutboxEntry
from tests.jury import Moot

VOTERS, CLOSERS = 21, 2


def _at_once(deeds: list[Callable[[], object]]) -> list[str]:
    """Do all of it at the same moment, each on a connection of its own; what was refused, and why."""
    gate = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> str:
        try:
            gate.wait()
            deed()
        except Refused as why:
            return str(why.reason)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [why for why in pool.map(do, deeds) if why]


def _judge_at_once(moot: Moot, cases: int) -> None:
    for n in range(cases):
        post = moot.village.reply(moot.village.opening(f"Thread {n}"), text=f"Fools, number {n}.")
        jury = moot.full(post, moot.people[n % 40])
        sitting, choices = moot.sitting(jury), [Choice.BREAKS, Choice.KEEPS] if n % 2 else [Choice.BREAKS]
        assert jury.deadline is not None
        over = [lambda jury=jury: actions.decide(jury, now=jury.deadline)] * CLOSERS
        votes = [
            lambda jury=jury, who=who, choice=choice: actions.vote(jury, by=who, choice=choice, standard=3, reason="")
            for who, choice in islice(cycle(product(sitting, choices)), VOTERS)
        ]
        refused = _at_once([*votes, *over])
        jury.refresh_from_db()
        stored = list(Vote.objects.filter(seat__jury=jury).values_list("choice", flat=True))
        assert jury.decided_at is not None
        assert jury.tally == [stored.count(choice) for choice in range(6)], "no vote after the verdict, none lost before it"
        assert len(refused) == VOTERS - len(stored)
    moot.sweep()
    assert Jury.objects.exclude(decided_at=None).exclude(kind="second").count() >= cases
    told = OutboxEntry.objects.filter(kind="VerdictReached", facts__second=False).values_list("facts__case", flat=True)
    assert len(told) == len(set(told)) >= cases, "one verdict a case"


def test_twenty_one_votes_and_two_closers_at_once_make_one_verdict(village):
    _judge_at_once(Moot(village, members_more=45, rest_hours=0, juror_posts=0), 4)


@pytest.mark.long
def test_a_hundred_times(village):
    _judge_at_once(Moot(village, members_more=45, rest_hours=0, juror_posts=0, alerts_daily=50), 100)
