"""What is seen of a case, and by whom."""

import pytest
from tests.cast import fresh
from tests.jury import Moot, jury_of

from folkmoot.juries import actions
from folkmoot.juries.models import Case, Seat
from folkmoot.juries.rules import Choice
from folkmoot.threads import actions as threads

BREAKS = Choice.BREAKS


@pytest.fixture
def moot(village):
    return Moot(village)


@pytest.fixture
def post(village):
    return village.reply(village.opening(), text="You are all fools, @Ada first.")


def test_a_summons_is_a_banner_until_it_is_answered_and_news_until_it_is_read(moot, post):
    village = moot.village
    jury = jury_of(moot.alert(post))
    asked = Seat.objects.filter(jury=jury, state="summoned").select_related("member")[0].member
    browser = village.signed_in(asked)
    assert "A jury asks for you" in browser.get("/help/").content.decode()
    assert "You were drawn by lot" in browser.get(f"/juries/serve/{jury.pk}/").content.decode()
    assert "fools" not in browser.get(f"/juries/serve/{jury.pk}/").content.decode(), "the post is shown once they accept"
    browser.post(f"/juries/serve/{jury.pk}/answer/", {"answer": "not"})
    assert "A jury asks for you" not in browser.get("/help/").content.decode()
    moot.judge(jury, *[BREAKS] * 5)
    author = village.signed_in(village.bram)
    assert "A jury has news for you" in author.get("/help/").content.decode()
    assert "Case 1" in author.get("/juries/mine/").content.decode()
    assert "A jury has news for you" not in author.get("/help/").content.decode()
    page = author.get("/juries/1/").content.decode()
    assert "Your post." in page
    assert "/juries/1/appeal/" in page


def test_a_case_is_nobodys_business_before_its_verdict(moot, post):
    village = moot.village
    for browser in (
        village.visitor(),
        village.signed_in(village.bram),
        village.signed_in(village.cleo),
        village.signed_in(village.gus),
    ):
        before = browser.get("/juries/1/").status_code, browser.get(f"/posts/{post.pk}/case/").status_code
        assert before == (404, 404)
    moot.alert(post)
    for browser in (
        village.visitor(),
        village.signed_in(village.bram),
        village.signed_in(village.cleo),
        village.signed_in(village.gus),
    ):
        assert (browser.get("/juries/1/").status_code, browser.get(f"/posts/{post.pk}/case/").status_code) == (404, 404)
        assert b"fools" not in browser.get("/juries/serve/1/").content, "who is drawn among these has not accepted"


def test_visitors_do_not_get_the_words_of_a_hidden_post_and_members_ask_for_them(moot, post):
    village = moot.village
    case = moot.alert(post)
    moot.judge(jury_of(case), *[BREAKS] * 5)
    for address in (f"/juries/{case.pk}/?show=1", f"/juries/{case.pk}/first.json"):
        assert "all fools" not in village.visitor().get(address).content.decode()
        assert "all fools" in village.signed_in(village.ada).get(address).content.decode()
    assert "all fools" not in village.signed_in(village.ada).get(f"/juries/{case.pk}/").content.decode()


def test_acts_wait_for_their_tick_and_are_told_by_the_hour(village):
    moot = Moot(village, tick_minutes=10)
    case = moot.alert(village.reply(village.opening(), text="Fools."))
    assert jury_of(case).opening is None
    moot.pass_time(minutes=10)
    opening = jury_of(case).opening
    assert opening is not None
    assert (opening.told_at.minute, opening.told_at.second) == (0, 0)


def _reads(client, case, words):
    """Whether this member finds the words in what is shown of the case, or in its bundle."""
    page = client.get(f"/juries/{case.pk}/?show=1")
    return words in page.content.decode() or words in client.get(f"/juries/{case.pk}/first.json").content.decode()


def test_what_is_removed_on_legal_grounds_is_shown_by_no_case(moot, village):
    above = village.reply(village.opening(), text="The number of her house is on the gate.")
    post = village.reply(above, text="You are all fools.", by=village.ada)
    case = moot.alert(post)
    moot.judge(jury_of(case), *[Choice.BREAKS] * 5)
    dara = village.signed_in(village.dara)
    assert _reads(dara, case, "on the gate")
    assert _reads(dara, case, "all fools")
    threads.remove(above, by=village.gus, reason="An address.")
    assert not _reads(dara, case, "on the gate")
    assert "all fools" in dara.get(f"/juries/{case.pk}/?show=1").content.decode()
    threads.remove(post, by=village.gus, reason="An order of the court.")
    assert not _reads(dara, case, "all fools")
    assert "it was removed on legal grounds" in dara.get(f"/juries/{case.pk}/").content.decode()


def test_what_an_author_takes_back_is_shown_by_no_decided_case(moot, village):
    above = village.reply(village.opening(), text="I take this back one day.")
    post = village.reply(above, text="You are all fools.", by=village.ada)
    case = moot.alert(post)
    jury = jury_of(case)
    moot.accept(jury)
    threads.withdraw(above, by=village.bram)
    juror = village.signed_in(moot.sitting(jury)[0])
    assert "one day" in juror.get(f"/juries/serve/{jury.pk}/").content.decode(), "it is what they judge"
    moot.judge(jury, *[Choice.BREAKS] * 5)
    assert not _reads(village.signed_in(village.dara), case, "one day")


def test_a_jury_is_not_sent_what_was_removed_and_ends_without_a_verdict(moot, post):
    village, case = moot.village, moot.alert(post)
    jury = jury_of(case)
    moot.accept(jury)
    first = moot.sitting(jury)[0]
    juror = village.signed_in(first)
    address = f"/juries/serve/{jury.pk}/"
    assert "fools" in juror.get(address).content.decode()
    actions.vote(jury, by=first, choice=Choice.BREAKS, standard=3, reason="")
    second = village.signed_in(moot.sitting(jury)[0])
    threads.remove(post, by=village.gus, reason="An order of the court.")
    page = second.get(address).content.decode()
    assert "removed on legal grounds" in page
    assert "fools" not in page
    moot.sweep()
    jury.refresh_from_db()
    case.refresh_from_db()
    assert (jury.hides, jury.lapsed, jury.tally[0]) == (False, True, 1)
    assert (case.state, case.alerts.get().agreed) == (Case.State.LEFT, None)
    assert jury.verdict is not None
    assert case.juries.count() == 1
    assert fresh(post).state == "removed"
    assert "It ended without a verdict" in village.signed_in(village.dara).get(f"/juries/{case.pk}/").content.decode()
