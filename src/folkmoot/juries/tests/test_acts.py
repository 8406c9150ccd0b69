"""What an office did, before a jury."""

from datetime import timedelta

import pytest
from tests.cast import fresh
from tests.jury import Moot, jury_of

from folkmoot.base.answers import Refused
from folkmoot.forums.models import Forum
from folkmoot.hosts import actions as hosts
from folkmoot.hosts.models import ForumBlock
from folkmoot.juries import actions
from folkmoot.juries.models import Case, Seat
from folkmoot.juries.queries.figures import figures
from folkmoot.juries.queries.ladder import out_of_service
from folkmoot.juries.rules import Choice
from folkmoot.ledger.models import OutboxEntry
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Standard
from folkmoot.threads import actions as threads
from folkmoot.threads.models import State

BREAKS, KEEPS = Choice.BREAKS, Choice.KEEPS


@pytest.fixture
def moot(village):
    return Moot(village)


def _act(kind):
    return OutboxEntry.objects.filter(kind=kind).latest("pk")


def _now(row):
    return type(row).objects.get(pk=row.pk)


def _offices():
    """The newest standard: offices serve."""
    return Standard.objects.order_by("-number")[0]


def _judged(moot, act, by, *choices):
    """The act, sent to a jury that votes so."""
    case = actions.send(act, by=by, standard=_offices(), text="It was about who I am.")
    moot.sweep()
    moot.judge(jury_of(case), *choices, standard=_offices().number)
    case.refresh_from_db()
    return case


def test_an_act_that_is_undone_is_counted_apart_from_posts_that_are_hidden(moot):
    opening = moot.village.opening("The bridge", "Is it safe?", by=moot.village.bram)
    threads.lock(opening.thread, by=moot.village.gus, reason="I am tired of Bram.")
    _judged(moot, _act("ThreadLocked"), moot.village.bram, *[BREAKS] * 5)
    found = figures(moot.now)
    assert (found.acts_undone[:2], found.hidden[:2], found.alerts, found.first.of) == ((1, 1), (0, 0), 0, 1)


def test_a_lock_that_breaks_a_standard_is_undone(moot):
    village = moot.village
    opening = village.opening("The bridge", "Is it safe?", by=village.bram)
    threads.lock(opening.thread, by=village.gus, reason="I am tired of @Bram and of Gus.")
    act = _act("ThreadLocked")
    bram = village.signed_in(village.bram)
    address = f"/ledger/{act.pk}/jury/"
    assert address in bram.get(f"/ledger/{act.pk}/").content.decode()
    assert address not in village.signed_in(village.ada).get(f"/ledger/{act.pk}/").content.decode()
    assert village.signed_in(village.ada).get(address).status_code == 404
    kept = bram.post(address, {"standard": "", "text": "Kept words"})
    assert kept.status_code == 422
    assert "Kept words" in kept.content.decode()
    said = {"standard": str(_offices().number), "text": "He locks what he does not like."}
    assert bram.post(address, said).headers["Location"] == "/juries/mine/"
    assert "once" in bram.post(address, said).content.decode()
    case = Case.objects.get()
    assert case.author == village.gus, "whose conduct is judged"
    moot.sweep()
    jury = jury_of(case)
    moot.accept(jury)
    sitting = moot.sitting(jury)
    assert not {village.gus, village.bram} & set(sitting)
    page = village.signed_in(sitting[0]).get(f"/juries/serve/{jury.pk}/").content.decode()
    assert "Locked thread" in page
    assert "Is it safe?" in page
    for name in ("Bram", "Gus"):
        assert f"tired of {name}" not in page
        assert f"@{name}" not in page
    moot.judge(jury, *[BREAKS] * 5, standard=_offices().number)
    assert _now(opening.thread).locked_at is None
    assert "undone" in bram.get(f"/juries/{case.pk}/").content.decode()
    shown = bram.get(f"/juries/{case.pk}/?show=1").content.decode()
    for words in (
        "what an office did</strong>, by <strong>A</strong></p>",
        "The post that it was about, by <strong>B</strong></p>",
    ):
        assert words in shown
    assert "As it stood when the office acted" in shown
    assert "undone" in bram.get("/juries/").content.decode()
    assert "appeal</a>" not in village.signed_in(village.gus).get(f"/juries/{case.pk}/").content.decode()
    told = OutboxEntry.objects.filter(kind="ThreadUnlocked").get()
    assert (told.office, told.facts["thread_id"]) == ("jury", opening.thread_id)
    assert _act("VerdictReached").facts["act"] == OutboxEntry.objects.get(pk=act.pk).index
    with pytest.raises(Refused, match="stands"):
        actions.appeal(case, by=village.gus, text="No.")
    assert Case.objects.filter(post=opening, act=None).count() == 0, "the post itself was not judged"


def test_an_act_that_a_jury_leaves_stands(moot):
    village = moot.village
    opening = village.opening("The bridge", "Is it safe?", by=village.bram)
    threads.lock(opening.thread, by=village.gus, reason="Answered.")
    case = _judged(moot, _act("ThreadLocked"), village.bram, *[KEEPS] * 7)
    assert case.state == Case.State.LEFT
    assert _now(opening.thread).locked_at is not None
    assert "it stands" in village.signed_in(village.bram).get(f"/juries/{case.pk}/").content.decode()
    desk = village.signed_in(village.gus).get(f"/forums/{opening.forum.slug}/desk/").content.decode()
    assert "What juries said of acts here" in desk
    assert f'href="/juries/{case.pk}/">Locked thread' in desk
    other = actions.alert(opening, by=village.ada, standard=Standard.objects.get(number=3), text="The post itself.")
    assert other != case


def test_a_lock_that_was_made_anew_is_another_act(moot):
    village = moot.village
    opening = village.opening(by=village.bram)
    threads.lock(opening.thread, by=village.gus, reason="First.")
    act = _act("ThreadLocked")
    threads.unlock(opening.thread, by=village.gus, reason="Well.")
    threads.lock(opening.thread, by=village.gus, reason="Second.")
    _judged(moot, act, village.bram, *[BREAKS] * 5)
    assert _now(opening.thread).lock_reason == "Second."


def test_a_move_is_undone(moot):
    village = moot.village
    opening = village.opening(by=village.bram)
    here, there = opening.forum, Forum.objects.exclude(pk=opening.forum_id).filter(administrators_only=False)[0]
    counted = _now(here).post_count
    threads.move(opening.thread, to=there, by=village.gus, reason="Off topic.")
    _judged(moot, _act("ThreadMoved"), village.bram, *[BREAKS] * 5)
    assert _now(opening.thread).forum == here
    assert _now(here).post_count == counted
    assert out_of_service(moot.now, standards.charter_now()) == set(), "it counts on nobody's ladder"


def test_a_block_is_lifted_and_its_member_told(moot):
    village = moot.village
    opening = village.opening(by=village.bram)
    hosts.block(opening.forum, by=village.gus, member=village.bram, days=7, reason="I had enough.")
    _judged(moot, _act("MemberBlocked"), village.bram, *[BREAKS] * 5)
    assert ForumBlock.objects.get().ended_at is not None
    assert _now(village.bram).blocked_from == {}
    assert "You may write in" in village.signed_in(village.bram).get("/account/").content.decode()


def test_what_was_turned_away_is_let_in(moot):
    village = moot.village
    opening = village.opening()
    waiting = village.reply(opening, text="See https://example.org/", by=village.dara)
    assert waiting.state == State.PENDING
    threads.hide(waiting, by=village.gus, reason="No links.")
    case = _judged(moot, _act("PostHidden"), village.dara, *[BREAKS] * 5)
    assert case.state == Case.State.HIDDEN
    assert fresh(waiting).state == State.VISIBLE
    assert fresh(waiting).number == 1


def test_what_stays_turned_away_is_read_by_its_jury_alone(moot):
    village = moot.village
    waiting = village.reply(village.opening(), text="See https://example.org/spam", by=village.dara)
    threads.hide(waiting, by=village.gus, reason="No links.")
    case = actions.send(_act("PostHidden"), by=village.dara, standard=_offices(), text="Why?")
    moot.sweep()
    jury = jury_of(case)
    moot.accept(jury)
    assert "org/spam" in village.signed_in(moot.sitting(jury)[0]).get(f"/juries/serve/{jury.pk}/").content.decode()
    moot.judge(jury, *[KEEPS] * 7)
    ada = village.signed_in(village.ada)
    for address in (f"/juries/{case.pk}/?show=1", f"/juries/{case.pk}/first.json"):
        assert "org/spam" not in ada.get(address).content.decode()


def test_who_may_send_what(moot):
    village = moot.village
    opening = village.opening(by=village.bram)
    post = village.reply(opening, by=village.bram)
    threads.lock(opening.thread, by=village.gus, reason="Answered.")
    act = _act("ThreadLocked")
    with pytest.raises(Refused, match="and nobody else"):
        actions.send(act, by=village.ada, standard=_offices(), text="For a friend.")
    threads.pin(opening.thread, by=village.gus, reason="Good.")
    with pytest.raises(Refused, match="not an act that a jury looks at"):
        actions.send(_act("ThreadPinned"), by=village.bram, standard=_offices(), text="No.")
    threads.hide(post, by=village.gus, reason="No.")
    with pytest.raises(Refused, match="not an act that a jury looks at"):
        actions.send(_act("PostHidden"), by=village.bram, standard=_offices(), text="A jury looks at it by itself.")
    cleo = village.cleo
    hosts.block(opening.forum, by=village.gus, member=cleo, days=7, reason="Before she wrote a word.")
    with pytest.raises(Refused, match="no post of yours"):
        actions.send(_act("MemberBlocked"), by=cleo, standard=_offices(), text="Why?")
    OutboxEntry.objects.filter(pk=act.pk).update(told_at=moot.now - timedelta(days=15))
    with pytest.raises(Refused, match="have passed"):
        actions.send(act, by=village.bram, standard=_offices(), text="Late.")
    assert Seat.objects.filter(jury__case__act__isnull=False).count() == 0
