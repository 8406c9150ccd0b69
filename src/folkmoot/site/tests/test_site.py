"""The shell's own pages, and what an administrator does there."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.site import actions
from folkmoot.site.models import Community
from folkmoot.threads import actions as threads


def test_health_robots_and_sitemap(village):
    thread = village.thread("Ladders & lanterns")
    assert Client().get("/healthz").content == b"ok\n"
    robots = Client().get("/robots.txt").content.decode()
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots
    assert "Disallow: /account/" in robots
    assert _places("/sitemap.xml") == ["http://127.0.0.1:8000/sitemaps/0.xml"]
    places = _places("/sitemaps/0.xml")
    assert f"http://127.0.0.1:8000/threads/{thread.pk}/ladders-lanterns/" in places
    assert "http://127.0.0.1:8000/forums/general-discussion/" in places
    assert _places("/sitemaps/1.xml") == []


def test_every_thread_that_a_visitor_may_see_is_in_one_file(village, monkeypatch):
    monkeypatch.setattr("folkmoot.site.views.pages.SITEMAP_SIZE", 2)
    made = [village.thread(f"Thread {n}") for n in range(4)]
    hidden = made[2].posts.get(number=0)
    threads.hide(hidden, by=village.gus, reason="No.")
    files = [place.removeprefix("http://127.0.0.1:8000") for place in _places("/sitemap.xml")]
    found = [place for file in files for place in _places(file) if "/threads/" in place]
    assert [int(place.split("/")[4]) for place in found] == [made[0].pk, made[1].pk, made[3].pk]


def _places(path: str) -> list[str]:
    tree = ElementTree.fromstring(Client().get(path).content)  # noqa: S314 (our own)
    return [e.text for e in tree.iter() if e.tag.endswith("loc")]


def test_a_community_is_founded_once(village):
    with pytest.raises(Refused, match="already holds"):
        actions.found(name="Second", promise="", zone="UTC", template="blank")


def test_the_home_page_features_with_a_reason(village):
    thread = village.thread("The lamp is lit")
    actions.feature(thread, by=village.gus, reason="Because it is dark.")
    html = Client().get("/").content.decode()
    assert "Featured stories" in html
    assert "Because it is dark." in html
    threads.hide(thread.posts.get(number=0), by=village.gus, reason="No.")
    assert "The lamp is lit" not in Client().get("/").content.decode()


def test_an_empty_community_has_a_home_page(community):
    html = Client().get("/").content.decode()
    assert "Nothing has been written yet" in html
    assert "We settle it ourselves." in html


def test_an_administrator_changes_the_community(village):
    gus = village.signed_in(village.gus)
    form = {"name": "New Moot", "promise": "Still ours.", "welcome": "", "zone": "Europe/Berlin", "zone_name": "Berlin time", "star_link": "https://pay.example/x", "star_text": "", "reason": "We moved."}  # fmt: skip
    assert gus.post("/site/community/", {**form, "zone": "Nowhere"}).status_code == 200
    assert Community.objects.get().name == "The Moot"
    gus.post("/site/community/", form)
    row = Community.objects.get()
    assert (row.name, row.zone) == ("New Moot", "Europe/Berlin")
    assert OutboxEntry.objects.filter(kind="CommunityChanged").count() == 1
    assert "https://pay.example/x" in Client().get("/star/").content.decode()
    assert village.signed_in(village.ada).post("/site/community/", form).status_code == 403


def test_a_star_sees_no_ads_and_a_star_is_given_by_hand(village):
    assert "House ad" in Client().get("/").content.decode()
    assert "House ad" in village.signed_in(village.ada).get("/").content.decode()
    assert "House ad" not in village.signed_in(village.fern).get("/").content.decode()
    village.signed_in(village.gus).post("/members/Ada/give-star/", {"reason": "She paid."})
    assert Member.objects.get(name="Ada").star
    assert village.signed_in(village.fern).post("/members/Ada/end-star/", {"reason": "Envy."}).status_code == 403


def test_a_one_time_link_works_once(village):
    gus = village.signed_in(village.gus)
    html = gus.post("/members/Cleo/link/", {"reason": "She forgot."}).content.decode()
    address = re.search(r"<code>http://127\.0\.0\.1:8000(/[^<]+)</code>", html)[1]
    cleo = Client()
    assert cleo.get(address).status_code == 200
    assert cleo.post(address, {"password": "short"}).status_code == 200
    assert cleo.post(address, {"password": "another-long-password"}).status_code == 302
    assert cleo.get("/account/").status_code == 200
    assert Client().get(address).status_code == 410
    assert OutboxEntry.objects.filter(kind="LinkGiven").count() == 1
    assert "another-long" not in str(OutboxEntry.objects.values_list())


def test_a_demo_button_is_no_way_into_a_real_community(village):
    assert Client().post("/demo/sign-in/", {"name": "Gus"}).status_code == 404


def test_a_ban_bites_at_once(village):
    opening = village.opening()
    ada = village.signed_in(village.ada)
    assert ada.get(f"/posts/{opening.pk}/reply/").status_code == 200
    village.signed_in(village.gus).post("/members/Ada/ban/", {"reason": "Tests."})
    html = ada.get(f"/posts/{opening.pk}/reply/").content.decode()
    assert "closed to posting" in html
    assert ada.post(f"/posts/{opening.pk}/reply/", {"text": "Still here"}).status_code in (200, 422)
    assert opening.thread.posts.count() == 1
    assert "Reason: Tests." in Client().get("/members/Ada/").content.decode()


def test_an_edited_profile_is_rendered_safely(village):
    ada = village.signed_in(village.ada)
    ada.post("/account/", {"about": "I *read* <script>alert(1)</script>", "zone": "Europe/Paris", "theme": "dark"})
    html = ada.get("/members/Ada/").content.decode()
    assert "I <em>read</em> &lt;script&gt;" in html
    assert 'data-theme="dark"' in html


def test_mass_assignment_changes_nothing_more(village):
    ada = village.signed_in(village.ada)
    extra = {
        "office": "administrator",
        "post_count": "999",
        "star_since": "2020-01-01",
        "name": "Root",
        "banned_at": "2020-01-01",
    }
    ada.post("/account/", {"about": "x", "zone": "", "theme": "", **extra})
    opening = village.opening()
    ada.post(f"/posts/{opening.pk}/edit/", {"subject": "S", "text": "T", "state": "removed", "author": str(village.bram.pk), "number": "7", "recommendation_count": "50"})  # fmt: skip
    member = Member.objects.get(pk=village.ada.pk)
    assert (member.office, member.star, member.name, member.banned_at) == ("", False, "Ada", None)
    opening.refresh_from_db()
    assert (opening.state, opening.author_id, opening.number, opening.recommendation_count) == ("visible", village.ada.pk, 0, 0)
