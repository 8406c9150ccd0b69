"""A case from the alert to the last appeal, through the real actions."""

import pytest
from tests.cast import fresh
from tests.jury import Moot, jury_of

from folkmoot.juries import actions
from folkmoot.juries.models import Case, Seat
from folkmoot.juries.rules import Choice
from folkmoot.ledger.models import OutboxEntry
from folkmoot.threads.models import LockedOut, State

BREAKS, KEEPS, CLOSE, CANNOT = Choice.BREAKS, Choice.KEEPS, Choice.JUST_BREAKS, Choice.CANNOT_JUDGE


@pytest.fixture
def moot(village):
    return Moot(village)


@pytest.fixture
def post(village):
    return village.reply(village.opening(), text="You are all fools, @Ada first.")


def test_five_of_seven_hide_a_post_and_eleven_let_it_return(moot, post):
    village = moot.village
    case = moot.alert(post)
    jury = jury_of(case)
    assert (jury.seats, jury.needs) == (7, 5)
    assert Seat.objects.filter(jury=jury, state="summoned").count() == 21
    moot.judge(jury, BREAKS, KEEPS, BREAKS, CLOSE, BREAKS, BREAKS, KEEPS)
    jury.refresh_from_db()
    case.refresh_from_db()
    assert (jury.hides, jury.tally, case.state) == (True, [4, 1, 0, 1, 0, 0], "hidden")
    assert fresh(post).state == State.HIDDEN_BY_VERDICT
    assert LockedOut.objects.get().member == village.bram
    appeal = actions.appeal(case, by=village.bram, text="It was a quotation.")
    moot.sweep()
    appeal.refresh_from_db()
    assert (appeal.seats, appeal.needs) == (11, 6)
    first = set(Seat.objects.filter(jury=jury, member__isnull=False).values_list("member", flat=True))
    assert not first & set(Seat.objects.filter(jury=appeal, member__isnull=False).values_list("member", flat=True))
    moot.judge(appeal, *[KEEPS] * 6, *[BREAKS] * 5)
    assert fresh(post).state == State.VISIBLE
    assert not LockedOut.objects.exists()
    case.refresh_from_db()
    assert case.state == Case.State.LEFT
    told = list(OutboxEntry.objects.filter(office="jury").order_by("pk").values_list("kind", flat=True))
    assert told.count("VerdictReached") == 2
    assert told.count("VoteCast") == 6 + 11
