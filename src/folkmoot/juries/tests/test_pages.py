"""What is seen of a case, and by whom."""

import pytest
from tests.jury import Moot, jury_of

from folkmoot.juries.models import Seat
from folkmoot.juries.rules import Choice

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
