"""The ledger as people read it, as feed readers do, and as programs fetch it."""

import base64
import json

import pytest
from django.conf import settings
from django.test import Client
from tests.pages import Scene

from folkmoot.ledger import actions, keys
from folkmoot.ledger.models import Head, OutboxEntry, Reason
from folkmoot.ledger.rules import merkle
from folkmoot.ledger.rules.entries import officer_name
from folkmoot.site.actions import redact
from folkmoot.threads import actions as threads


@pytest.fixture
def scene(village):
    return Scene(village)


def _get(village, path, status=200, **query):
    answer = village.visitor().get(path, query)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_act_is_told_with_office_reason_and_links(scene, village):
    page = _get(village, "/ledger/", kind="PostHidden")
    hidden = OutboxEntry.objects.filter(kind="PostHidden").earliest("pk")
    assert f'Administrator 1 hid <a href="/posts/{hidden.facts["post_id"]}/">post {hidden.facts["post_id"]}</a>' in page
    assert "A street number." in page
    assert f'href="/ledger/{hidden.pk}/"' in page
    assert "/static/search/search" in page


def test_no_page_of_the_ledger_names_a_member(scene, village):
    """Reasons are the officers' own words; theirs here name nobody."""
    for path in ("/ledger/", f"/ledger/{scene.acts[0]}/", "/ledger/feed.atom", "/ledger/feed.json"):
        said = _get(village, path)
        for name in ("Gus", "Eli", "Fern", "Cleo", "Ada"):
            assert name not in said, path


def test_acts_can_be_chosen_by_deed_office_forum_and_month(scene, village):
    assert "hid <a" not in _get(village, "/ledger/", kind="ThreadLocked")
    assert "locked <a" in _get(village, "/ledger/", kind="ThreadLocked")
    assert "There is no such act." in _get(village, "/ledger/", forum="lounge")
    assert "banned a member" not in _get(village, "/ledger/", forum="general-discussion")
    assert "banned a member" in _get(village, "/ledger/", office="administrator")
    assert "There is no such act." in _get(village, "/ledger/", office="administrator", month="2019-01")
    assert "banned a member" in _get(village, "/ledger/", before="9" * 18, month="0000-00")
    wrong = _get(village, "/ledger/", kind="NoSuchThing", forum="x'y")
    assert "banned a member" in wrong
    assert wrong.count("field__error") == 2


def test_the_ledger_is_read_in_pages(village):
    thread = village.thread()
    for _ in range(25):
        threads.lock(thread, by=village.gus, reason="Shut.")
        threads.unlock(thread, by=village.gus, reason="Open.")
    first = _get(village, "/ledger/", kind="ThreadLocked")
    assert first.count('<h2 class="deed">') == 25
    first = _get(village, "/ledger/")
    older = OutboxEntry.objects.order_by("-pk")[39].pk
    assert f"/ledger/?before={older}" in first
    assert _get(village, "/ledger/", before=older).count('<h2 class="deed">') == OutboxEntry.objects.count() - 40


def test_an_empty_ledger_says_so(community):
    client = Client()
    answer = client.get("/ledger/").content.decode()
    assert "Nobody has acted with authority yet." in answer
    assert client.get("/ledger/checkpoint").status_code == 404
    assert client.get("/ledger/feed.atom").status_code == 200
    assert client.get("/ledger/1/").status_code == 404


def test_an_act_shows_its_proof_and_it_holds(scene, village):
    verifier = Head.objects.get().verifier
    for number in scene.acts:
        found = json.loads(_get(village, f"/ledger/{number}/proof.json"))
        head = keys.signed_by(found["checkpoint"], verifier)
        assert head is not None
        entry = found["entry"].encode()
        path = [base64.b64decode(one) for one in found["inclusion"]]
        assert merkle.includes(path, merkle.leaf_hash(entry), found["index"], found["size"], head.root)
        page = _get(village, f"/ledger/{number}/")
        assert merkle.leaf_hash(entry).hex() in page
        assert bytes(Reason.objects.get(entry=number).salt).hex() in page
        assert bytes(Reason.objects.get(entry=number).people_salt).hex() not in page


def test_the_log_is_shown_to_go_on_from_an_earlier_one(scene, village):
    verifier = Head.objects.get().verifier
    old = keys.signed_by(_get(village, "/ledger/checkpoint"), verifier)
    threads.lock(scene.thread, by=village.gus, reason="Shut.")
    assert "being written" in _get(village, "/ledger/")
    _get(village, f"/ledger/{OutboxEntry.objects.latest('pk').pk}/proof.json", status=404)
    actions.drain()
    found = json.loads(_get(village, "/ledger/consistency.json", **{"from": old.size}))
    new = keys.signed_by(found["checkpoint"], verifier)
    path = [base64.b64decode(one) for one in found["consistency"]]
    assert merkle.goes_on(path, old.size, old.root, new.size, new.root)
    for wrong in ("", "0", "-1", "x", str(new.size + 1), "9" * 30):
        _get(village, "/ledger/consistency.json", status=404, **{"from": wrong})


def test_only_what_is_published_is_served(scene, village):
    size = Head.objects.get().size
    answer = village.visitor().get(f"/ledger/tile/0/000.p/{size}")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(answer.content) == size * 32
    assert village.visitor().get("/ledger/checkpoint").headers["Cache-Control"] == "no-cache"
    for path in (
        f"tile/0/000.p/{size + 1}",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/9/000",
        "tile/../next",
        "lock",
        "next",
        "tile/",
    ):
        assert village.visitor().get(f"/ledger/{path}").status_code == 404
    assert keys.FILE in {path.name for path in settings.DATA.iterdir()}


def test_a_redacted_reason_is_on_no_page_any_more(scene, village):
    hidden = OutboxEntry.objects.filter(kind="PostHidden").earliest("pk")
    salt = bytes(hidden.reason.salt).hex()
    redact(hidden, by=village.gus, reason="It said where somebody lives.")
    actions.drain()
    latest = OutboxEntry.objects.latest("pk")
    for path in ("/ledger/", f"/ledger/{hidden.pk}/", "/ledger/feed.atom", "/ledger/feed.json"):
        said = _get(village, path)
        assert "A street number." not in said
        assert salt not in said
    assert f'<a href="/ledger/{latest.pk}/">act {latest.pk}</a> says why' in _get(village, f"/ledger/{hidden.pk}/")
    assert "It said where somebody lives." in _get(village, f"/ledger/{latest.pk}/")
    client = village.signed_in(village.gus)
    assert client.post(f"/ledger/{hidden.pk}/redact/", {"reason": "Again."}).status_code == 403


def test_the_feeds_tell_the_newest_acts(scene, village):
    feed = json.loads(_get(village, "/ledger/feed.json"))
    newest = OutboxEntry.objects.order_by("-pk")[:40]
    assert [item["id"] for item in feed["items"]] == [f"{settings.PUBLIC_URL}/ledger/{row.pk}/" for row in newest]
    assert feed["items"][0]["authors"][0]["name"] == officer_name(newest[0].office, newest[0].officer)
    answer = village.visitor().get("/ledger/feed.atom")
    again = village.visitor().get("/ledger/feed.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
