"""How posts look: every word of people's is escaped exactly once, whatever it is and whoever reads."""

import json
from dataclasses import replace

import html5lib
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.base import markup, time
from folkmoot.base.time import HOUR
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader
from folkmoot.threads import actions, fragments
from folkmoot.threads.models import Fragment, Post
from folkmoot.threads.queries.posts import Posts, read_posts

_words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40) | st.sampled_from(
    ["<b>&\"'", "&amp;", "&lt;i&gt;", "</article><script>alert(1)</script>", '" onclick="x', "' x='", "{0}%s{{x}}", "<!--", "]]>"]
)
_NOW = 1_600_000_000_000_000


def _posts(reader: Reader, author: str, subject: str, to: str, reason: str, office: str, names: list[str], file: str) -> Posts:
    """An opening post, a reply with all that a reply may have, a text-less one far below, and one hidden."""
    told, files = json.dumps(names), json.dumps([[7, file, 1234]])
    targets = {None: ("", "", ""), 1: (to, "the opening post", "Original post"), 2: (to, "#1", "Reply #1")}
    version = markup.RENDER_VERSION
    rows = [
        (1, 0, 0, subject, True, "visible", "", _NOW, 0, None, 0, 5, author, 1, False, office, None, "<p>a</p>", version, None, None, None),
        (2, 1, 1, subject, True, "visible", "", _NOW, 2, _NOW, 9, 6, author, 12, True, office, 1, "<p>b</p>", version, files, told, 1),
        (3, 2, 9, subject, False, "visible", "", _NOW, 0, None, 1, 5, author, 1, False, "", 2, "", version, None, told, None),
        (4, 3, 4, "", True, "hidden_by_office", reason, _NOW, 0, None, 0, 6, author, 1, False, "", 2, "<p>no</p>", version, files, None, None),
    ]  # fmt: skip
    return Posts(rows, targets, reader, new_after=1)


_READERS = {
    "visitor": Reader(None, "America/New_York", None),
    "member": Reader(Member(pk=6, name="Me"), "America/New_York", _NOW + HOUR),
}


def _looks(reader: Reader, words: list[str]) -> str:
    author, subject, to, reason, office, name, file, title = words
    posts = _posts(reader, author, subject, to, reason, office, [name, name + "2"], file)
    full = fragments.in_full(posts, form="<input>", acts=True, title=title, article="<hr>")
    return full + fragments.index(posts) + fragments.index(posts, permalinks=True)


def _shape(html: str) -> tuple[list[tuple[str, tuple[str, ...]]], str]:
    """All elements with the names of their attributes, in order; and all text."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [(str(e.tag), tuple(sorted(e.attrib))) for e in tree.iter()], "".join(tree.itertext())


@pytest.mark.no_database
@pytest.mark.parametrize("who", _READERS)
@given(words=st.lists(_words, min_size=8, max_size=8))
def test_no_word_becomes_markup_and_each_is_shown_as_it_was_written(who, words):
    reader = _READERS[who]
    shape, text = _shape(_looks(reader, words))
    tame, _ = _shape(_looks(reader, ["x"] * 8))
    assert shape == tame
    for word in words:
        assert word in text


def test_a_hidden_posts_text_and_files_are_not_in_the_page():
    html = fragments.in_full(_posts(_READERS["visitor"], "A", "s", "t", "why", "", ["n"], "plan.png"))
    assert "<p>no</p>" not in html
    assert html.count("plan.png") == 2, "of the visible reply: in its address and as its name"


def test_what_an_older_renderer_made_is_rendered_as_it_is_read(village):
    opening = village.opening("A ferry", "Until *Monday*")
    waiting = village.opening("News", "https://new.example", by=village.dara)
    Fragment.objects.update(render_version=0, html="<script>old</script>")
    addresses = [
        f"/threads/{opening.thread_id}/a-ferry/",
        f"/posts/{opening.pk}/alone/",
        f"/posts/{opening.pk}/reply/",
        "/latest.atom",
    ]
    for address in addresses:
        page = Client().get(address).content.decode()
        assert "old" not in page.replace("threshold", "")
        assert "<em>Monday</em>" in page or "&lt;em&gt;Monday" in page, address
    page = village.signed_in(village.gus).get("/waiting/").content.decode()
    assert "<script>old" not in page
    assert f'href="{waiting.subject}' not in page
    assert 'href="https://new.example"' in page


def test_a_page_of_plain_letters_is_plain_bytes(village):
    """Then a string of Python's takes a byte a sign, and sending it costs nothing: our own signs are written as entities."""
    opening = village.opening()
    for n in range(3):
        village.reply(opening, f"Reply {n}", by=village.fern)
    actions.recommend(Post.objects.get(pk=opening.pk), by=village.bram)
    for client in (Client(), village.signed_in(village.ada)):
        assert client.get(f"/threads/{opening.thread_id}/the-bridge-is-closed/").content.isascii()


def test_a_page_of_replies_names_whom_they_answer_on_another_page(village):
    opening = village.opening()
    first = village.reply(opening, by=village.cleo)
    answer = village.reply(first, by=village.fern)
    reader = Reader(None, "UTC", None)
    alone = read_posts("p.id = %s", [answer.pk], reader=reader, new_after=None)
    assert "Response to" in fragments.in_full(alone)
    assert alone.targets[first.pk] == ("Cleo", "#1", "Reply #1")
    both = read_posts("p.id IN (%s, %s) ORDER BY p.id", [first.pk, answer.pk], reader=reader, new_after=None)
    assert both.targets[opening.pk] == ("Ada", "the opening post", "Original post")
    assert replace(both, new_after=0).new() == [1, 2]


@pytest.mark.no_database
@given(moment=st.integers(0, 2_000_000_000 * time.SECOND), later=st.integers(time.YEAR, 3 * time.YEAR))
def test_a_post_older_than_a_year_is_dated_by_its_month(moment, later):
    """What the loops above rely on when they do not ask for the short form."""
    for zone in ("America/New_York", "Pacific/Kiritimati"):
        assert time.short(moment, zone, moment + later) == time.month(moment, zone)
