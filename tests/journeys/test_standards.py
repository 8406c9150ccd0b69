"""Members change a standard, and recall a host, in a real browser and without scripts. Weeks pass by the worker's own sweep, as of later."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.no_database]
VOTERS = ("Ada", "Bram", "Cleo", "Fern", "Gus")

_LATER = """
import django; django.setup()
from folkmoot.base.time import DAY, now_moment
from folkmoot.members.models import Member
from folkmoot.standards import rolls, tasks
from folkmoot.standards import actions
from folkmoot.standards.models import Draft, Edition
draft = Draft.objects.latest("pk")
{do}
"""
_ROLL = """
Draft.objects.filter(pk=draft.pk).update(second_count=99)
voters = Member.objects.filter(name__in={voters}).values_list("pk", flat=True)
assert actions.close_roll(draft.pk, rolls.make(voters), now_moment())
assert tasks.sweep(now_moment() + 8 * DAY)
"""
_COUNT = """
assert tasks.sweep(now_moment() + 30 * DAY)
Edition.objects.filter(is_to_be_told=True).update(in_force=now_moment() - 1)
tasks.sweep(now_moment())
"""


def _later(site, do: str) -> None:
    """In a process of its own, beside the one that serves."""
    root = Path(__file__).parents[2]
    environ = {**os.environ, **site.environ, "DJANGO_SETTINGS_MODULE": "folkmoot.site.settings", "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", _LATER.format(do=do)], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def _all_vote(visit, address: str, voters: tuple[str, ...]) -> None:
    for name in voters:
        voter = visit(width=360)
        voter.be(name)
        page = voter.go(address)
        page.get_by_label("Yes", exact=True).check()
        page.get_by_role("button", name="Cast my vote").click()
        expect(page.get_by_role("heading", name="Your receipt")).to_be_visible()


def test_a_draft_becomes_a_standard_and_an_alert_can_name_it(visit):
    ada = visit(width=360)
    ada.be("Ada")
    page = ada.go("/standards/")
    page.get_by_role("link", name="Change something").click()
    page.get_by_role("link", name="A new standard").click()
    page.get_by_role("button", name="Put it forward").click()
    expect(page.locator(".field__error").first).to_be_visible()
    page.get_by_label("Title").fill("Bring the ladder back")
    page.get_by_label("Words").fill("What was lent is brought back within a week, or the lender is told.")
    page.get_by_label("Why").fill("There is one ladder, and forty houses.")
    page.get_by_role("button", name="Put it forward").click()
    expect(page.locator("h1")).to_contain_text("Bring the ladder back")
    address = page.url.replace(ada.site.base, "")
    bram = visit()
    bram.be("Bram")
    bram.go(address).get_by_role("button", name="Second this draft").click()
    expect(bram.page.get_by_text("You second this draft.", exact=True)).to_be_visible()

    _later(ada.site, _ROLL.format(voters=VOTERS))
    _all_vote(visit, address, VOTERS)
    assert "5 yes" not in visit().go(address).locator("main").inner_text().lower(), "nothing is counted before the end"
    _later(ada.site, _COUNT)
    expect(ada.go(address).locator("main")).to_contain_text("ratified")
    expect(ada.go("/standards/").locator("main")).to_contain_text("Bring the ladder back")

    page = bram.go("/forums/general-discussion/new/")
    page.get_by_label("Subject").fill("I keep the ladder")
    page.get_by_label("Text").fill("Come and get it.")
    page.get_by_role("button", name="Post thread").click()
    post = page.locator("article.post").first
    number = page.url
    page = ada.go(number.replace(bram.site.base, ""))
    post = page.locator("article.post").first
    post.locator("summary").click()
    post.get_by_role("link", name="Alert", exact=True).click()
    page.get_by_label("Bring the ladder back").check()
    page.get_by_label("Why?").fill("It is not his ladder.")
    page.get_by_role("button", name="Send the alert").click()
    expect(page.get_by_text("Members drawn by lot will look at it")).to_be_visible()


def test_a_host_locks_a_thread_and_is_recalled(visit):
    gus, bram, fern = visit(), visit(), visit(width=360)
    for one, name in ((gus, "Gus"), (bram, "Bram"), (fern, "Fern")):
        one.be(name)
    page = gus.go("/forums/environment/hosts/offer/")
    page.get_by_label("Member").fill("Bram")
    page.get_by_label("Reason").fill("He knows the river.")
    page.locator("main .button--main").click()
    page = bram.go("/account/")
    page.locator('main a[href^="/hosts/seats/"]').first.click()
    page.get_by_role("button", name="Yes, I will").click()

    page = bram.go("/forums/environment/")  # another thread than the one that other journeys read
    page.get_by_role("link", name="leaf blowers before nine").first.click()
    thread = page.url.partition("#")[0].replace(bram.site.base, "")
    page.get_by_role("link", name="Lock", exact=True).click()
    page.get_by_label("Reason").fill("I am tired of gauges.")
    page.locator("main .button--main").click()
    expect(page.get_by_text("locked this thread").first).to_be_visible()

    page = fern.go("/forums/environment/about/")
    page.get_by_role("link", name="Recall Bram").click()
    page.get_by_role("button", name="Put the recall forward").click()
    expect(page.locator(".field__error").first).to_be_visible()
    page.get_by_label("Why").fill("He locks what bores him.")
    page.get_by_role("button", name="Put the recall forward").click()
    address = page.url.replace(fern.site.base, "")
    assert "/standards/drafts/" in address

    _later(fern.site, _ROLL.format(voters=VOTERS))
    _all_vote(visit, address, VOTERS)
    _later(fern.site, _COUNT)
    expect(fern.go(address).locator("main")).to_contain_text("Yes")
    assert fern.go("/forums/environment/about/").get_by_role("link", name="Recall Bram").count() == 0
    assert bram.go(thread).get_by_role("link", name="Unlock", exact=True).count() == 0, "he is a host no more"
    expect(bram.go("/account/").locator("main")).to_contain_text("recalled")
