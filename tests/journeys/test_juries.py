"""A post before a jury, in a real browser and without scripts. The demo's neighbours answer their summonses by themselves."""

import re
import time

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.no_database]
MOST_SECONDS = 120.0


def _until(look, seconds: float = MOST_SECONDS) -> float:
    """Look again and again; how long it took."""
    began = time.monotonic()
    while not look():
        assert time.monotonic() - began < seconds, "it takes too long"
        time.sleep(1)
    return time.monotonic() - began


def test_a_member_alerts_and_members_judge(visit):
    fern = visit(width=360)
    fern.be("Fern")
    page = fern.go("/forums/general-discussion/")
    page.get_by_role("link", name="Nine cars on the crossing at Dunmore").first.click()
    began = time.monotonic()
    post = page.locator("article.post", has_text="That is not about a crossing").first
    post.locator("summary").click()
    post.get_by_role("link", name="Alert", exact=True).click()
    page.get_by_role("button", name="Send the alert").click()
    expect(page.get_by_text("Choose the standard that it breaks.")).to_be_visible()
    page.get_by_label("3. Argue with the post, not with the person").check()
    page.get_by_label("Why?").fill("She takes sides.")
    page.get_by_role("button", name="Send the alert").click()
    expect(page.get_by_text("Members drawn by lot will look at it")).to_be_visible()
    print(f"alert: {time.monotonic() - began:.1f} s")

    took = _until(lambda: fern.go("/juries/mine/").get_by_text("before a jury").count() == 0)
    print(f"alert to verdict: {took:.1f} s")
    page.locator("section", has_text="Your alerts").get_by_role("link", name="That is not about a crossing").click()
    expect(page.locator("h1")).to_have_text(re.compile("Case [0-9]+: (hidden|left)"))
    expect(page.get_by_role("heading", name="The jury", exact=True)).to_be_visible()
    page.get_by_text("How these members were drawn").click()
    expect(page.get_by_text("Strength C: reproducible")).to_be_visible()

    stranger = visit()
    theirs = stranger.go(page.url.replace(fern.site.base, ""))
    for name in ("Fern", "MillStreetMarge"):
        assert name not in theirs.locator("main").inner_text(), "nobody is named"


def test_a_juror_sees_letters_and_may_leave(visit):
    juror = visit(width=360)
    page = juror.go("/sign-in/")
    button = page.locator("button", has_text="asked by a jury").first
    expect(button).to_be_visible()
    button.click()
    page.get_by_role("link", name="Look at the summons").click()
    page.get_by_role("link", name="A jury asks for you").last.click()
    assert page.get_by_text("grey estate").count() == 0, "the post is shown once they accept"
    page.get_by_role("button", name="Serve now").click()
    expect(page.get_by_role("heading", name="The post, and what it answers")).to_be_visible()
    said = page.locator("main").inner_text()
    for name in ("quietcarriage", "Odalys", "Ada"):
        assert name not in said
    page.get_by_role("button", name="Leave this jury").click()
    expect(page.get_by_text("You have left this jury")).to_be_visible()
