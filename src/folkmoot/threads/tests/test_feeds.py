"""The feeds, against every MUST of RFC 4287 and of JSON Feed 1.1, and against what nobody may learn."""

import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.pages import Scene

from folkmoot.base import markup, time
from folkmoot.threads import actions
from folkmoot.threads.models import Fragment, Post, Thread

SITE = "http://127.0.0.1:8000"
ATOM = "{http://www.w3.org/2005/Atom}"
FEED_PARTS = {"title", "subtitle", "id", "updated", "link", "generator", "entry"}
ENTRY_PARTS = {"title", "id", "published", "updated", "author", "category", "link", "content"}


@pytest.fixture
def scene(village):
    return Scene(village)


def _places(scene: Scene) -> list[str]:
    return ["/latest", "/forums/general-discussion/feed", f"/threads/{scene.thread.pk}/feed", "/members/Bram/feed"]


def _get(address: str, client: Client | None = None, status: int = 200, **headers: str):
    response = (client or Client()).get(address, headers=headers)
    assert response.status_code == status, (address, response.status_code)
    return response


def _one(element, name: str) -> str:
    found = element.findall(ATOM + name)
    assert len(found) == 1, (name, len(found))
    return found[0].text or ""


def _links(element) -> dict[str, dict[str, str]]:
    links = [link.attrib for link in element.findall(f"{ATOM}link")]
    assert len({(link["rel"], link.get("type")) for link in links}) == len(links), "two alternates of one type"
    return {link["rel"]: link for link in links}


def _date(text: str) -> datetime:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text), text
    return datetime.fromisoformat(text)


def _iri(text: str) -> str:
    parts = urlsplit(text)
    assert text.startswith(f"{SITE}/"), text
    assert (parts.scheme, parts.netloc) == ("http", "127.0.0.1:8000")
    assert text == text.strip()
    return text


def _atom(address: str, client: Client | None = None):
    """The feed, parsed, when it keeps every MUST of RFC 4287 (section 4)."""
    response = _get(address, client)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)  # noqa: S314 (our own)
    assert root.tag == f"{ATOM}feed"
    assert {e.tag.removeprefix(ATOM) for e in root} <= FEED_PARTS
    assert _one(root, "title")
    assert _one(root, "id") == _iri(_links(root)["self"]["href"]) == SITE + address
    assert _links(root)["self"]["type"] == "application/atom+xml"
    updated = _date(_one(root, "updated"))
    assert Client().get(_iri(_links(root)["alternate"]["href"]).removeprefix(SITE)).status_code == 200
    ids = []
    for entry in root.findall(f"{ATOM}entry"):
        assert {e.tag.removeprefix(ATOM) for e in entry} <= ENTRY_PARTS
        ids.append(_iri(_one(entry, "id")))
        assert _one(entry, "title")
        assert _date(_one(entry, "published")) <= _date(_one(entry, "updated")) <= updated
        author = entry.find(f"{ATOM}author")
        assert _one(author, "name")
        _iri(_one(author, "uri"))
        assert entry.find(f"{ATOM}category").get("term")
        assert _links(entry)["alternate"]["href"] == ids[-1]
        content = entry.find(f"{ATOM}content")
        assert content.get("type") == "html"
        assert len(content) == 0, "type=html has no child elements"
        for link in re.findall(r'<a href="([^"]*)"', content.text or ""):
            assert re.match(r"(https?://|mailto:)", link), link
    assert len(set(ids)) == len(ids)
    return root


def _json(address: str, client: Client | None = None):
    """The feed, read, when it keeps every MUST of JSON Feed 1.1."""
    response = _get(address, client)
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert feed["feed_url"] == SITE + address
    _iri(feed["home_page_url"])
    assert isinstance(feed["items"], list)
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["url"] == item["id"]
        assert isinstance(item["content_html"], str)
        assert _date(item["date_published"]) <= _date(item["date_modified"])
        assert all(author["name"] and _iri(author["url"]) for author in item["authors"])
        assert all(isinstance(tag, str) for tag in item["tags"])
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed


def test_every_feed_keeps_both_standards_and_says_the_same_in_both(scene):
    for place in _places(scene):
        root, feed = _atom(f"{place}.atom"), _json(f"{place}.json")
        entries = root.findall(f"{ATOM}entry")
        assert entries
        assert [_one(e, "id") for e in entries] == [item["id"] for item in feed["items"]]
        assert [_one(e, "content") for e in entries] == [item["content_html"] for item in feed["items"]]
        assert _one(root, "title") == feed["title"]
        published = [item["date_published"] for item in feed["items"]]
        assert published == sorted(published, reverse=True)


def test_what_each_feed_lists(scene):
    village = scene.village

    def titles(address: str) -> list[str]:
        return [item["title"] for item in _json(address)["items"] if not item["title"].startswith("Draft ")]  # the standards'

    started = ["A pinned one", "A locked one", "The bridge is closed"]
    latest = [title for title in titles("/latest.json") if title != "For sale"]  # the hosts'
    assert latest == ["A quarrel", "Dam holds, county says", *started]
    assert [t for t in titles("/forums/general-discussion/feed.json") if t != "For sale"] == ["A quarrel", *started]
    assert titles("/forums/books/feed.json") == []
    _atom("/forums/books/feed.atom")
    shown = Post.objects.filter(thread=scene.thread, state="visible").order_by("-moment")
    assert titles(f"/threads/{scene.thread.pk}/feed.json") == [post.subject for post in shown]
    assert set(titles("/members/Bram/feed.json")) == {
        p.subject for p in village.bram.posts.filter(state="visible") if not p.subject.startswith("Draft ")
    }
    assert _json("/members/Eli/feed.json")["title"] == "Posts of Eli · The Moot"
    for missing in ("/forums/none/feed.atom", "/threads/999/feed.json", "/members/Nobody/feed.atom"):
        _get(missing, status=404)


def test_a_banned_members_feed_lists_what_is_still_shown(village):
    village.reply(village.opening(), "Before the ban", by=village.bram)
    village.signed_in(village.gus).post("/members/Bram/ban/", {"reason": "Tests."})
    assert [item["title"] for item in _json("/members/Bram/feed.json")["items"]] == ["Before the ban"]


def test_a_feed_has_the_forty_newest(village):
    opening = village.opening()
    posts = [village.reply(opening, f"Reply {n}") for n in range(45)]
    found = [item["title"] for item in _json(f"/threads/{opening.thread_id}/feed.json")["items"]]
    assert found == [f"Reply {n}" for n in range(44, 4, -1)]
    actions.hide(posts[44], by=village.gus, reason="No.")
    assert len(_json(f"/threads/{opening.thread_id}/feed.json")["items"]) == 40


def test_a_feed_costs_three_queries_and_who_asks_changes_nothing(scene):
    ada = scene.village.signed_in(scene.village.ada)
    gus = scene.village.signed_in(scene.village.gus)
    for place in _places(scene):
        for kind in ("atom", "json"):
            address = f"{place}.{kind}"
            with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["state"]) as state:
                seen = _get(address)
            assert len(main) + len(state) <= 3, address
            assert seen.headers["Cache-Control"] == "no-cache"
            assert not seen.cookies
            for member in (ada, gus):
                answer = _get(address, member)
                assert answer.content == seen.content
                assert answer.headers["Cache-Control"] == "no-store"
            assert ada.head(address).status_code == 200
            assert Client().post(address).status_code == 405
            assert _get(address, Client(headers={"host": "evil.example"})).content == seen.content


def test_a_reader_that_has_it_already_is_answered_304(scene):
    an_hour = time.HOUR
    for post in Post.objects.all():
        Post.objects.filter(pk=post.pk).update(moment=post.moment - an_hour)
    Post.objects.exclude(edited_moment=None).update(edited_moment=None)
    Post.objects.update(state_at=None)
    for place in _places(scene):
        address = f"{place}.atom"
        first = _get(address)
        etag, date = first.headers["ETag"], first.headers["Last-Modified"]
        for headers in ({"if-none-match": etag}, {"if-modified-since": date}):
            again = _get(address, status=304, **headers)
            assert again.content == b""
            assert (again.headers["ETag"], again.headers["Cache-Control"]) == (etag, "no-cache")
        _get(address, **{"if-none-match": '"other"', "if-modified-since": date})
        assert _get(address, scene.village.signed_in(scene.village.ada), 304, **{"if-none-match": etag}).headers["Cache-Control"] == "no-store"  # fmt: skip


@pytest.mark.parametrize("leaves", ["hidden", "withdrawn", "edited", "restored"])
def test_a_post_that_leaves_or_changes_ends_both_validators(village, leaves):
    """A post older than the newest leaves: the newest's date alone would still say 304."""
    opening = village.opening()
    post = village.reply(opening, "It says something", by=village.bram)
    village.reply(opening, "And a newer one", by=village.cleo)
    if leaves == "restored":
        actions.hide(post, by=village.gus, reason="No.")
    for row in Post.objects.all():
        Post.objects.filter(pk=row.pk).update(moment=row.moment - time.HOUR)
    Post.objects.update(state_at=None)
    address = f"/threads/{opening.thread_id}/feed.atom"
    first = _get(address)
    had = {"if-none-match": first.headers["ETag"]}, {"if-modified-since": first.headers["Last-Modified"]}
    post.refresh_from_db()
    if leaves == "edited":
        actions.edit(post, by=village.bram, subject="", text="It says something else")
    elif leaves == "withdrawn":
        actions.withdraw(post, by=village.bram)
    elif leaves == "hidden":
        actions.hide(post, by=village.gus, reason="No.")
    else:
        actions.restore(post, by=village.gus, reason="Yes.")
    for headers in had:
        assert (b">It says something<" in _get(address, **headers).content) == (leaves == "restored")
    assert "Last-Modified" not in _get(address).headers, "a date of this second cannot tell two changes apart"


def test_a_waiting_or_refused_thread_has_no_feed_and_moves_no_date(village):
    village.thread()
    before = [_get(address).content for address in ("/latest.atom", "/members/Dara/feed.atom")]
    waiting = village.opening("Waiting", "https://new.example", by=village.dara)
    dara = village.signed_in(village.dara)
    for hidden in (False, True):
        if hidden:
            actions.hide(waiting, by=village.gus, reason="Spam.")
        for client in (Client(), dara, village.signed_in(village.gus)):
            _get(f"/threads/{waiting.thread_id}/feed.atom", client, 404)
        assert [_get(address).content for address in ("/latest.atom", "/members/Dara/feed.atom")] == before
        assert "/feed." not in dara.get(f"/threads/{waiting.thread_id}/", follow=True).content.decode()


def test_a_thread_whose_opening_is_hidden_keeps_its_replies_and_loses_its_words(village):
    opening = village.opening("Street number 7", "He lives there")
    village.reply(opening, "Do not do this")
    actions.hide(opening, by=village.gus, reason="An address.")
    feed = _json(f"/threads/{opening.thread_id}/feed.json")
    assert feed["title"] == "(hidden thread) · The Moot"
    assert [item["title"] for item in feed["items"]] == ["Do not do this"]
    assert "Street" not in json.dumps([feed, _json("/latest.json"), _json("/members/Ada/feed.json")])


def test_links_in_a_feed_lead_somewhere_from_anywhere(village):
    thread = village.thread("Links", '[forum](/forums/books/ "a > b") [below](#p3) [out](https://a.example/?a=1&b=2) `href="/c"`')
    [item] = _json("/latest.json")["items"]
    assert re.findall(r'<a href="([^"]*)"', item["content_html"]) == [
        f"{SITE}/forums/books/", f"{SITE}/threads/{thread.pk}/links/#p3", "https://a.example/?a=1&amp;b=2",
    ]  # fmt: skip
    assert '<code>href="/c"</code>' in item["content_html"]
    assert markup.with_absolute_links('<p><a href="http://[">x</a></p>', SITE) == '<p><a href="http://[">x</a></p>'


def test_characters_that_xml_forbids_are_dropped(village):
    opening = village.opening("Odd")
    odd = "a\x0bb\x1bc\ufffed\uffffe\U0001f600f]]>&<"
    Post.objects.filter(pk=opening.pk).update(subject=odd)
    Thread.objects.filter(pk=opening.thread_id).update(subject=odd)
    Fragment.objects.filter(pk=opening.pk).update(html="<p>x\x0cy</p>")
    root = _atom(f"/threads/{opening.thread_id}/feed.atom")
    [entry] = root.findall(f"{ATOM}entry")
    assert _one(entry, "title") == "abcde\U0001f600f]]>&<"
    assert _one(entry, "content") == "<p>xy</p>"
    assert _json(f"/threads/{opening.thread_id}/feed.json")["items"][0]["title"].startswith("a")


def test_pages_name_their_feed_in_the_head_and_by_a_link(scene):
    thread = scene.thread
    pages = {
        "/": "/latest", "/latest/": "/latest", "/forums/general-discussion/": "/forums/general-discussion/feed",
        f"/threads/{thread.pk}/the-bridge-is-closed/": f"/threads/{thread.pk}/feed", "/members/Bram/": "/members/Bram/feed",
    }  # fmt: skip
    for page, feed in pages.items():
        html = _get(page).content.decode()
        assert f'<link rel="alternate" type="application/atom+xml" title="Atom feed" href="{feed}.atom">' in html
        assert f'<link rel="alternate" type="application/feed+json" title="JSON feed" href="{feed}.json">' in html
        assert f'<a href="{feed}.atom">Feed</a>' in html
