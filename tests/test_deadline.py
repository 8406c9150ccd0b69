"""Votes at the deadline: everybody at once, and several workers that close the case. One verdict, whose tally is the votes.

`make test` asks a few cases on SQLite and on PostgreSQL, `make test-long` a hundred on each.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice, product

import pytest
from django.db import connection, connections

from folkmoot.base.answers import Refused
from folkmoot.juries import actions
from folkmoot.juries.models import Jury, Vote
from folkmoot.juries.rules import Choice
from folkmoot.ledger.models import OutboxEntry
from tests.jury import Moot

VOTERS, CLOSERS = 21, 2


def _at_once(deeds: list[Callable[[], object]]) -> tuple[list[str], float]:
    """Do all of it at the same moment, each on a connection of its own; what was refused, and why, and how far apart they set out."""
    gate, began = threading.Barrier(len(deeds)), []

    def do(deed: Callable[[], object]) -> str:
        try:
            connections["default"].ensure_connection()  # to connect takes longer than to vote
            gate.wait()
            began.append(time.monotonic())
            deed()
        except Refused as why:
            return str(why.reason)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        refused = [why for why in pool.map(do, deeds) if why]
    return refused, max(began) - min(began)


def _judge_at_once(moot: Moot, cases: int) -> None:
    apart, kept = [], 0
    for n in range(cases):
        author = moot.people[(n + 7) % 40]  # one alone would be paused by the ladder
        post = moot.village.reply(moot.village.opening(f"Thread {n}"), text=f"Fools, number {n}.", by=author)
        jury = moot.full(post, moot.people[n % 40])
        sitting, choices = moot.sitting(jury), [Choice.BREAKS, Choice.KEEPS] if n % 2 else [Choice.BREAKS]
        assert jury.deadline is not None
        over = [lambda jury=jury: actions.decide(jury, now=jury.deadline)] * CLOSERS
        votes = [
            lambda jury=jury, who=who, choice=choice: actions.vote(jury, by=who, choice=choice, standard=3, reason="")
            for who, choice in islice(cycle(product(sitting, choices)), VOTERS)
        ]
        refused, seconds = _at_once([*votes, *over])
        jury.refresh_from_db()
        stored = list(Vote.objects.filter(seat__jury=jury).values_list("choice", flat=True))
        assert jury.decided_at is not None
        assert jury.tally == [stored.count(choice) for choice in range(6)], "no vote after the verdict, none lost before it"
        assert len(refused) == VOTERS - len(stored)
        apart.append(seconds)
        kept += len(stored)
    moot.sweep()
    assert Jury.objects.exclude(decided_at=None).exclude(kind="second").count() >= cases
    told = OutboxEntry.objects.filter(kind="VerdictReached", facts__second=False).values_list("facts__case", flat=True)
    assert len(told) == len(set(told)) >= cases, "one verdict a case"
    apart.sort()
    print(
        f"{connection.vendor}: {cases} cases, {kept} votes kept, set out within {apart[len(apart) // 2] * 1000:.1f} ms (median)"
    )


def test_twenty_one_votes_and_two_closers_at_once_make_one_verdict(village):
    _judge_at_once(Moot(village, members_more=45, rest_hours=0, juror_posts=0), 4)


@pytest.mark.long
def test_a_hundred_times(village):
    _judge_at_once(Moot(village, members_more=45, rest_hours=0, juror_posts=0, alerts_daily=50), 100)
