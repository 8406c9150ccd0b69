"""The edit history marks every change, in bounded time, page by page."""

import html
import random
import re
import time

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile import STRINGS

from folkmoot.threads import actions
from folkmoot.threads.queries.history import WORDINGS, marked_changes

words = st.lists(st.sampled_from(["a", "b", "c", " ", "\n", "<b>", "&"]), max_size=40).map("".join)


def _sides(marked: str) -> tuple[str, str]:
    """The text before and the text after, read back from the marks."""
    before = re.sub(r"<ins>.*?</ins>", "", marked, flags=re.DOTALL)
    after = re.sub(r"<del>.*?</del>", "", marked, flags=re.DOTALL)
    return html.unescape(re.sub(r"</?del>", "", before)), html.unescape(re.sub(r"</?ins>", "", after))


@pytest.mark.no_database
@given(words, words)
def test_both_wordings_can_be_read_from_the_marks(before, after):
    if before:
        assert _sides(marked_changes(before, after)) == (before, after)


@pytest.mark.no_database
def test_hostile_strings_stay_text_in_the_marks():
    for text in STRINGS:
        marked = marked_changes("before " + text, text + " after")
        assert re.findall(r"<(?!/?(?:ins|del)>)", marked) == []


@pytest.mark.no_database
def test_a_small_change_in_a_long_text_is_marked_as_small():
    long = [f"word{n % 700}" for n in range(14_000)]
    changed = [*long[:7000], "new", *long[7001:]]
    marked = marked_changes(" ".join(long), " ".join(changed))
    assert marked.count("<del>") == marked.count("<ins>") == 1
    assert len(re.findall(r"<(?:del|ins)>(.*?)</", marked)[0]) < 20


@pytest.mark.no_database
def test_the_worst_pairs_of_wordings_are_compared_in_bounded_time():
    chance = random.Random(3)
    pairs = {
        "the same word": ("a " * 50_000, "b" + " a" * 49_000 + " c"),
        "between others": (" ".join(f"a b{n}" for n in range(9000)), " ".join(f"a c{n}" for n in range(9000))),
        "few words": (" ".join(chance.choices("abcdefgh", k=40_000)), " ".join(chance.choices("abcdefgh", k=40_000))),
        "few words, less": (" ".join(chance.choices("abcdefgh", k=900)), " ".join(chance.choices("abcdefgh", k=900))),
        "lines": ("\n".join(chance.choices("abc", k=40_000)), "\n".join(chance.choices("abc", k=40_000))),
        "reversed": (" ".join(map(str, range(17_000))), " ".join(map(str, range(17_000, 0, -1)))),
        "spaces": (" " * 99_000, " " * 50_000 + "a" + " " * 49_000),
        "one long word": ("a" * 99_000, "b" * 99_000),
    }
    for name, (before, after) in pairs.items():
        started = time.process_time()
        assert _sides(marked_changes(before, after)) == (before, after)
        assert time.process_time() - started < 2.0, name


def test_many_edits_make_many_pages(village):
    post = village.opening("S", "Wording 1")
    for n in range(2, 50):
        actions.edit(post, by=village.ada, subject="S", text=f"Wording {n}")
    seen: list[str] = []
    address = f"/posts/{post.pk}/history/"
    while address:
        page = Client().get(address).content.decode()
        assert page.count('<section class="sheet') <= WORDINGS + 1
        seen += re.findall(r'<h2 id="w(\d+)"', page)
        address = "".join(re.findall(r'href="([^"]+)" rel="next"', page))
    assert seen == [str(n) for n in range(49, 0, -1)]
    first = Client().get(f"/posts/{post.pk}/history/?before=2").content.decode()
    assert "As first written" in first
    assert "<ins>" not in first.split("<main")[1].split("Added")[1].replace("</ins>", "", 1)
