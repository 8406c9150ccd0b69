"""A case from the alert to the last appeal, through the real actions."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cast import fresh
from tests.jury import Moot, jury_of

import folkmoot.juries
from folkmoot.base.answers import Refused
from folkmoot.juries import actions, pools
from folkmoot.juries.models import Case, JuryBlock, Pool, Seat
from folkmoot.juries.queries.watch import troubles
from folkmoot.juries.rules import Choice
from folkmoot.ledger import keys
from folkmoot.ledger.actions import drain
from folkmoot.ledger.models import OutboxEntry
from folkmoot.ledger.queries import key_file
from folkmoot.members import actions as members
from folkmoot.members.models import Member, Visit
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Standard
from folkmoot.threads import actions as threads
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
    walked = Seat.objects.filter(jury=jury, position__lt=jury.walked, member__isnull=False)
    first = set(walked.values_list("member", flat=True))
    assert not first & set(Seat.objects.filter(jury=appeal, member__isnull=False).values_list("member", flat=True))
    moot.judge(appeal, *[KEEPS] * 6, *[BREAKS] * 5)
    assert fresh(post).state == State.VISIBLE
    assert not LockedOut.objects.exists()
    case.refresh_from_db()
    assert case.state == Case.State.LEFT
    told = list(OutboxEntry.objects.filter(office="jury").exclude(facts__second=True).values_list("kind", flat=True))
    assert told.count("VerdictReached") == 2
    assert told.count("VoteCast") == 6 + 11


def _verify(tmp_path, made: bytes) -> subprocess.CompletedProcess[str]:
    """By the script that members download, without this program."""
    (tmp_path / "bundle.json").write_bytes(made)
    script, key = Path(folkmoot.juries.__file__).with_name("verify_draw.py"), keys.read(key_file()).verifier
    return subprocess.run(
        [sys.executable, "-I", "-S", script, tmp_path / "bundle.json", key], capture_output=True, text=True, check=False
    )


def test_the_script_accepts_what_was_drawn_and_rejects_a_flipped_vote(moot, post, tmp_path):
    village = moot.village
    case = moot.alert(post)
    moot.judge(jury_of(case), *[BREAKS] * 5)
    actions.appeal(case, by=village.bram, text="It was a quotation.")
    moot.sweep()
    moot.judge(jury_of(case, "appeal"), *[KEEPS] * 11)
    for kind in ("first", "appeal"):
        answer = village.visitor().get(f"/juries/{case.pk}/{kind}.json")
        checked = _verify(tmp_path, answer.content)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    flipped = answer.content.replace(b'"choice":3', b'"choice":0', 1)
    assert flipped != answer.content
    assert _verify(tmp_path, flipped).returncode == 1


def test_a_summons_that_is_refused_or_forgotten_goes_to_the_next_in_rank(moot, post):
    jury = jury_of(moot.alert(post))
    asked = list(Seat.objects.filter(jury=jury, state="summoned").select_related("member").order_by("position"))
    actions.answer(jury, by=asked[0].member, serves=False)
    for seat in asked[2:]:
        actions.answer(jury, by=seat.member, serves=True)
    moot.sweep()
    assert moot.sitting(jury) == [], "the second in rank may still answer"
    moot.pass_time(minutes=59)
    assert moot.sitting(jury) == []
    moot.pass_time(minutes=1)
    assert moot.sitting(jury) == [seat.member for seat in asked[2:9]]
    told = OutboxEntry.objects.filter(kind="SeatRefused").order_by("facts__position").values_list("facts", flat=True)
    assert [(facts["position"], facts["declined"]) for facts in told] == [(asked[0].position, True), (asked[1].position, False)]
    with pytest.raises(Refused, match="time to answer has passed"):
        actions.answer(jury, by=asked[1].member, serves=True)


def test_who_cannot_judge_leaves_or_sleeps_is_replaced_by_the_next_in_rank(moot, post):
    jury = jury_of(moot.alert(post))
    moot.accept(jury)
    first = moot.sitting(jury)
    actions.vote(jury, by=first[0], choice=CANNOT, standard=0, reason="")
    actions.leave(jury, by=first[1])
    moot.sweep()
    assert moot.sitting(jury)[:5] == first[2:]
    assert len(moot.sitting(jury)) == 7
    moot.pass_time(hours=12)
    jury.refresh_from_db()
    assert not set(moot.sitting(jury)) & set(first), "a seat is given on when its vote does not come"
    for member in first[:2]:
        with pytest.raises(Refused):
            actions.vote(jury, by=member, choice=BREAKS, standard=3, reason="")


def test_a_case_that_runs_out_of_time_is_heard_once_more_and_then_left(moot, post):
    case = moot.alert(post)
    moot.judge(jury_of(case), BREAKS, BREAKS, BREAKS)
    moot.pass_time(hours=72)
    first = jury_of(case)
    assert (first.lapsed, first.hides, fresh(post).state) == (True, False, State.VISIBLE)
    case.refresh_from_db()
    assert case.state == "open"
    again = jury_of(case, "again")
    assert again.opening is not None
    assert again.opening.facts["reopens"] == first.opening.index
    moot.pass_time(hours=73)
    moot.pass_time(hours=73)
    case.refresh_from_db()
    assert case.state == "left"
    assert case.juries.count() == 2, "no third time"


def test_seven_who_find_nothing_make_the_alerter_wait_a_week(moot, post):
    village = moot.village
    case = moot.alert(post)
    moot.judge(jury_of(case), *[KEEPS] * 7)
    case.refresh_from_db()
    assert (case.state, case.alerts.get().agreed) == ("left", False)
    other = village.reply(post, text="And you?", by=village.ada)
    with pytest.raises(Refused, match="No juror agreed"):
        moot.alert(other)
    with pytest.raises(Refused, match="A jury has judged"):
        moot.alert(post, by=village.fern)


def test_one_case_a_revision_and_one_alert_a_standard(moot, post):
    village = moot.village
    case = moot.alert(post)
    assert moot.alert(post, by=village.fern, standard=4) == case
    with pytest.raises(Refused, match="same standard already"):
        moot.alert(post, by=village.ada)
    assert moot.alert(post) == case, "the same form twice is one alert"
    threads.edit(post, by=village.bram, subject="", text="You are all fools, still.")
    assert moot.alert(fresh(post), by=village.ada) != case


def test_what_is_judged_is_what_was_said_whatever_is_edited_meanwhile(moot, post):
    village = moot.village
    case = moot.alert(post)
    jury = jury_of(case)
    threads.edit(post, by=village.bram, subject="", text="How lovely you are.")
    moot.accept(jury)
    page = village.signed_in(moot.sitting(jury)[0]).get(f"/juries/serve/{jury.pk}/").content.decode()
    assert "You are all fools, A first." in page
    assert "lovely" not in page
    page = page.partition("<main")[2]  # above it stands the juror's own name
    assert "Bram" not in page
    assert "Ada" not in page


def test_nobody_judges_who_takes_sides_or_is_kept_off(moot):
    village = moot.village
    opening = village.opening(by=moot.people[0])
    post = village.reply(opening, text="Fools.", by=moot.people[1])
    village.reply(post, text="You too.", by=moot.people[2])
    kept_off = moot.people[3:8]
    for member in kept_off:
        actions.block(member, by=moot.people[1])
    JuryBlock.objects.update(made_at=moot.now - timedelta(days=30))
    with pytest.raises(Refused, match="keep 5 members off"):
        actions.block(moot.people[9], by=moot.people[1])
    case = moot.alert(post, by=moot.people[10])
    jury = jury_of(case)
    moot.accept(jury)
    for _ in range(40):  # walk the whole pool
        for member in moot.sitting(jury):
            actions.leave(jury, by=member)
        moot.accept(jury)
    out = {moot.people[n].pk for n in (1, 2, 3, 4, 5, 6, 7, 10)}
    asked = set(Seat.objects.filter(jury=jury, member__isnull=False).values_list("member", flat=True))
    assert len(asked) > 30
    assert not asked & out
    assert moot.people[0].pk in asked, "the thread's own author may sit"


def test_a_jury_decides_once_and_takes_no_vote_after_it(moot, post):
    case = moot.alert(post)
    jury = jury_of(case)
    moot.accept(jury)
    sitting = moot.sitting(jury)
    moot.judge(jury, *[BREAKS] * 5)
    with pytest.raises(Refused, match="verdict already"):
        actions.vote(jury, by=sitting[5], choice=BREAKS, standard=3, reason="")
    with pytest.raises(Refused, match="once"):
        actions.vote(jury, by=sitting[0], choice=BREAKS, standard=3, reason="")
    assert actions.decide(jury, now=moot.now)
    assert OutboxEntry.objects.filter(kind="VerdictReached", facts__second=False).count() == 1


def test_five_hidden_posts_end_service_and_pause_posting(moot):
    village = moot.village
    opening = village.opening()
    for n in range(5):
        thread = village.opening(f"Thread {n}", by=village.ada)
        bad = village.reply(thread, text=f"Fool number {n}")
        with_alert = moot.alert(bad, by=moot.people[n])
        moot.judge(jury_of(with_alert), *[BREAKS] * 5)
        moot.pass_time(hours=25)
        actions.make_pool(moot.now)
        drain()
    village.bram.refresh_from_db()
    assert OutboxEntry.objects.filter(kind="ServiceEnded").count() == 3
    assert OutboxEntry.objects.filter(kind="PostingPaused").count() == 1
    assert village.bram.paused_until is not None
    with pytest.raises(Refused, match="Juries hid several"):
        village.reply(opening, text="More")
    assert pools.index_of(Pool.objects.latest("epoch").epoch, village.bram.pk) is None
    actions.appeal(with_alert, by=village.bram, text="Read it again.")
    moot.sweep()
    moot.judge(jury_of(with_alert, "appeal"), *[KEEPS] * 11)
    village.bram.refresh_from_db()
    assert village.bram.paused_until is None, "what is overturned is undone, the pause too"


def test_what_an_office_hides_in_haste_goes_to_a_jury_by_itself(moot, post):
    threads.hide(post, by=moot.village.gus, reason="A street number.")
    case = Case.objects.get()
    moot.sweep()
    assert case.in_danger
    assert Seat.objects.filter(jury=jury_of(case), state="summoned").exists()
    moot.judge(jury_of(case), *[KEEPS] * 7, standard=1)
    assert fresh(post).state == State.VISIBLE
    assert not LockedOut.objects.exists()


def test_an_alerter_appeals_what_was_left_and_eight_of_eleven_hide_it(moot, post):
    village = moot.village
    case = moot.alert(post)
    moot.judge(jury_of(case), *[KEEPS] * 4, *[BREAKS] * 3)
    with pytest.raises(Refused):
        actions.appeal(case, by=village.bram, text="I want to.")
    appeal = actions.appeal(case, by=village.cleo, text="Look at the last word.")
    moot.sweep()
    appeal.refresh_from_db()
    assert (appeal.seats, appeal.needs) == (11, 8)
    moot.judge(appeal, *[BREAKS] * 8)
    assert fresh(post).state == State.HIDDEN_BY_VERDICT
    with pytest.raises(Refused, match="once"):
        actions.appeal(case, by=village.bram, text="And I?")


def test_an_appeal_that_nobody_can_hear_lets_the_post_return(village):
    moot = Moot(village, members_more=33)
    post = village.reply(village.opening(), text="Fools.")
    case = moot.alert(post)
    moot.judge(jury_of(case), *[BREAKS] * 5)
    Visit.objects.all().delete()
    actions.appeal(case, by=village.bram, text="Please.")
    moot.pass_time(hours=37)
    actions.make_pool(moot.now)
    drain()
    moot.pass_time(hours=30)
    assert fresh(post).state == State.HIDDEN_BY_VERDICT, "it waits for others to look in"
    actions.make_pool(moot.now)
    drain()
    moot.pass_time(hours=10)
    assert fresh(post).state == State.VISIBLE
    assert jury_of(case, "appeal").lapsed


def test_a_small_community_has_small_juries_and_the_smallest_two_officers(village):
    moot = Moot(village, members_more=14)
    case = moot.alert(village.reply(village.opening(), text="Fools."))
    assert (jury_of(case).seats, jury_of(case).needs) == (5, 4)


def test_two_officers_decide_where_nobody_can_be_drawn(village):
    moot = Moot(village, members_more=2)
    post = village.reply(village.opening(), text="Fools.")
    case = moot.alert(post)
    jury = jury_of(case, "officers")
    members.administrator_link("Fern")
    village.fern.refresh_from_db()
    with pytest.raises(Refused):
        actions.decide_as_officer(jury, by=village.ada, choice=BREAKS, standard=3, reason="")
    actions.decide_as_officer(jury, by=village.gus, choice=BREAKS, standard=3, reason="Yes.")
    assert fresh(post).state == State.VISIBLE
    actions.decide_as_officer(jury, by=village.fern, choice=CLOSE, standard=3, reason="Yes.")
    assert fresh(post).state == State.HIDDEN_BY_VERDICT
    assert OutboxEntry.objects.filter(kind="TwoOfficersDecided").count() == 1


def test_payment_changes_no_pool_no_draw_and_no_vote(moot, post):
    before = [pools.member_at(Pool.objects.get().epoch, n) for n in range(Pool.objects.get().n)]
    Member.objects.filter(star_since=None).update(star_since="2026-01-01")
    eligible = standards.eligible(moot.now, standards.charter_now())
    assert sorted(before) == eligible
    Member.objects.update(star_since=None)
    assert standards.eligible(moot.now, standards.charter_now()) == eligible


def test_who_sat_is_forgotten_once_nothing_can_be_appealed(moot, post, tmp_path):
    case = moot.alert(post)
    moot.judge(jury_of(case), *[BREAKS] * 5)
    epoch = Pool.objects.get().epoch
    moot.pass_time(days=13)
    assert actions.destroy_keys(moot.now) == 0, "an appeal may still come"
    moot.pass_time(days=2)
    assert actions.destroy_keys(moot.now) > 0
    assert not Seat.objects.filter(member__isnull=False).exists()
    assert not any(pools.index_of(epoch, pk) is not None for pk in Member.objects.values_list("pk", flat=True))
    checked = _verify(tmp_path, moot.village.visitor().get(f"/juries/{case.pk}/first.json").content)
    assert checked.returncode == 0, checked.stderr


def test_a_case_that_stands_still_is_told(moot, post):
    Pool.objects.all().delete()
    actions.alert(post, by=moot.village.cleo, standard=Standard.objects.get(number=3), text="It attacks.")
    moot.sweep()
    assert troubles(moot.now) == []
    assert troubles(moot.now + timedelta(hours=3)) == ["Case 1 waits for a pool with enough members who may serve."]
