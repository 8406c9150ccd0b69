"""What is true of every page: valid, one h1, labelled, without scripts, within its budgets, and stored by nobody who may not."""

import gzip
import re
from itertools import pairwise

import html5lib
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.pages import Scene
from tests.routes import NOT_PAGES, route_names


@pytest.fixture
def scene(village):
    return Scene(village)


def _ask(client: Client, address: str):
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["state"]) as state:
        response = client.get(address)
    queries = [q["sql"] for q in [*main.captured_queries, *state.captured_queries]]
    # Views and visits are gathered in the process and saved every ten seconds by whichever request comes then.
    return response, [q for q in queries if "INSERT INTO threads_views" not in q and "INSERT INTO members_visit" not in q]


def _laws(name: str, html: str) -> int:
    """Raise for the first law that is broken; returns how many were asked."""
    assert html.startswith("<!doctype html>"), name
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    assert parser.errors == [], f"{name}: {parser.errors[:3]}"
    assert len(tree.findall(".//h1")) == 1, f"{name} has {len(tree.findall('.//h1'))} h1"
    title = tree.findtext(".//title")
    assert title, name
    assert not title.startswith(" "), f"{name} has no title of its own"
    scripts = tree.findall(".//script")
    assert not (scripts and name.endswith("visitor")), f"{name} is served a script"
    assert all(s.get("src", "").startswith("/static/") and not s.text for s in scripts), f"{name} has an inline script"
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), f"{name}: an id stands twice: {[i for i in ids if ids.count(i) > 1][:3]}"
    for element in tree.iter():
        for attribute in element.keys():  # noqa: SIM118
            assert not attribute.startswith("on"), f"{name}: {attribute}"
            assert attribute != "style", f"{name}: an inline style"
    labelled = {label.get("for") for label in tree.findall(".//label")}
    for field in [*tree.findall(".//input"), *tree.findall(".//textarea"), *tree.findall(".//select")]:
        if field.get("type") not in ("hidden", "submit"):
            named = field.get("id") in labelled or field.get("aria-labelledby") or field.get("aria-label")
            assert named, f"{name}: {field.get('name')} has no label"
    for form in tree.findall(".//form"):
        if (form.get("method") or "get").lower() == "post":
            is_proof = name.startswith("/notifications/stop/")  # its address is a secret, and no cookie counts there
            assert is_proof or form.findall(".//input[@name='csrfmiddlewaretoken']"), f"{name}: a form without its token"
    run_together = re.search(r"</(?:a|time|button|summary)><(?:a|time|button|details)\b[^>]*>[^<]*", html)
    assert not run_together, (
        f"{name}: {run_together and run_together[0]}: a text browser reads two words as one; put a space between"
    )
    crumbs = [e for e in tree.findall(".//nav") if e.get("aria-label") == "Breadcrumb"]
    assert len(crumbs) == (not name.startswith("/ ")), f"{name} has {len(crumbs)} breadcrumbs"
    levels = [int(e.tag[1]) for e in tree.iter() if isinstance(e.tag, str) and re.fullmatch("h[1-6]", e.tag)]
    main = levels[levels.index(1) :]
    assert all(b - a <= 1 for a, b in pairwise(main)), f"{name}: headings jump: {main}"
    return 10


def test_every_page_obeys_the_laws(scene, count):
    people = {
        "visitor": Client(),
        "member": scene.village.signed_in(scene.village.ada),
        "administrator": scene.village.signed_in(scene.village.gus),
    }
    troubles = []
    asked = 0
    for page in scene.pages():
        for who, client in people.items():
            response, queries = _ask(client, page.address)
            expected = page.visitor if who == "visitor" else page.member if who == "member" else None
            if expected is not None and response.status_code != expected:
                troubles.append(f"{page.address} gives a {who} {response.status_code}, not {expected}")
            assert response.status_code != 500
            if response.status_code in (200, 403):
                asked += _laws(f"{page.address} for a {who}", response.content.decode())
                weight = len(gzip.compress(response.content))
                assert weight < 30_000, f"{page.address} weighs {weight}"
            budget = page.queries[0] if who == "visitor" else page.queries[1]
            if response.status_code == 200 and len(queries) > budget:
                troubles.append(
                    f"{page.address} took a {who} {len(queries)} queries, not {budget}: " + " | ".join(q[:80] for q in queries)
                )
            skipped = [q[:80] for q in queries if " OFFSET " in q]
            assert skipped == [], f"{page.address} reads what it skips: {skipped}. Begin after a cursor or an anchor."
            private = who != "visitor" or response.status_code != 200
            stored = response.headers["Cache-Control"]
            if private and "no-store" not in stored:
                troubles.append(f"{page.address} for a {who} may be stored: {stored}")
            if who == "visitor" and response.status_code == 200 and response.cookies and "no-store" not in stored:
                troubles.append(f"{page.address} sets a cookie on a page that may be stored")
    assert troubles == []
    count("page laws", asked)


def test_every_route_is_a_page_of_the_laws_or_named_as_none(scene):
    known = {page.name for page in scene.pages()} | NOT_PAGES
    assert set(route_names()) == known


def test_a_visitor_reads_without_a_cookie(scene):
    client = Client()
    for page in scene.pages():
        if (
            page.visitor == 200
            and page.name.startswith(("site:", "threads:"))
            and page.name not in ("threads:start", "threads:reply", "threads:edit")
        ):
            client.get(page.address)
            assert not client.cookies, f"{page.address} set {list(client.cookies)}"


def test_absolute_addresses_come_from_the_settings(scene):
    for page in scene.pages():
        response = Client(headers={"host": "evil.example", "x-forwarded-host": "evil.example"}).get(page.address)
        assert b"evil.example" not in response.content, page.address
        assert "evil.example" not in response.headers.get("Location", ""), page.address


def test_every_page_answers_odd_methods(scene):
    for page in scene.pages():
        for method in ("put", "delete", "patch", "options", "trace"):
            response = getattr(Client(), method)(page.address)
            assert response.status_code in (200, 302, 400, 403, 404, 405), f"{method} {page.address}: {response.status_code}"


@pytest.mark.parametrize("odd", ["?page=0", "?page=-1", "?page=999999999999", "?page=x", "?before=1e9", "?before=" + "9" * 40, "?after=%00", "?view=%F0%9F", "?highlight=%22%3E", "?period=%27", "?show[]=x", "?page=²"])  # fmt: skip
def test_odd_parameters_break_nothing(scene, odd):
    for page in scene.pages():
        for client in (Client(), scene.village.signed_in(scene.village.ada)):
            assert client.get(page.address.split("?")[0] + odd).status_code in (200, 302, 301, 403, 404)


def test_the_thread_page_says_what_a_visitor_must_find(scene):
    text = re.sub(r"<[^>]+>", " ", Client().get(f"/threads/{scene.thread.pk}/the-bridge-is-closed/").content.decode())
    text = re.sub(r"\s+", " ", text.split("<body>")[-1]).replace("&amp;", "&").replace("&nbsp;", " ")
    position = 0
    for words in (
        "We settle it ourselves.", "Create a free account", "Become a Star member", "Latest Breaking News", "General Discussion",
        "The Lounge", "All Forums", "Issue Forums", "Culture Forums", "Alliance Forums", "Region Forums", "Support Forums",
        "Help & Search", "Latest Discussions", "Main Forums", "The bridge is closed", "Ada", "( 10 posts)".replace("( ", "("), "Until Monday",
    ):  # fmt: skip
        found = text.find(words, position)
        assert found >= 0, f"{words!r} is not found after {text[position : position + 80]!r}"
        position = found


def test_one_hundred_posts_stay_within_the_weight(village):
    posts = [village.opening("A long one", "word " * 80)]
    for n in range(99):
        posts.append(
            village.reply(posts[n // 3], f"Reply {n}: " + "some words of it " * 12, by=(village.bram, village.cleo)[n % 2])
        )
    response = Client().get(f"/threads/{posts[0].thread_id}/a-long-one/")
    css = sum(len(gzip.compress(path.read_bytes(), 9)) for folder in settings.STATICFILES_DIRS for path in folder.rglob("*.css"))
    html = len(gzip.compress(response.content, 6))
    scripts = sum(
        len(gzip.compress(path.read_bytes(), 6)) for folder in settings.STATICFILES_DIRS for path in folder.rglob("*.js")
    )
    assert scripts <= 25_000, scripts
    assert css <= 16_000
    assert html + css <= 60_000
    assert response.content.count(b"<article") == 100
