"""What somebody reads in a text browser, or hears line by line: the whole page without a stylesheet, in a sensible order."""

import re
import subprocess

import pytest
from django.test import Client

from tests.pages import Scene

MAIN_FORUMS = ("Latest Breaking News", "General Discussion", "The Lounge", "All Forums")
CATEGORIES = ("Issue Forums", "Culture Forums", "Alliance Forums", "Region Forums", "Support Forums")
HEAD = ("We settle it ourselves.", "Create a free account", "Become a Star member", *MAIN_FORUMS, *CATEGORIES, "Help & Search")


@pytest.fixture
def scene(village):
    return Scene(village)


def dump(client: Client, address: str, tmp_path) -> str:
    """The page as lynx writes it, its lines joined; a field is a row of underscores, a button stands in brackets."""
    file = tmp_path / "page.html"
    file.write_bytes(client.get(address).content)
    command = ["lynx", "-dump", "-nolist", "-width=120", "-assume_charset=utf-8", "-display_charset=utf-8", str(file)]
    said = subprocess.run(command, env={"TERM": "dumb", "HOME": str(tmp_path)}, capture_output=True, check=True).stdout.decode()
    return re.sub(r"\s+", " ", said)


def in_order(text: str, *words: str) -> None:
    position = 0
    for word in words:
        found = text.find(word, position)
        assert found >= 0, (
            f"{word!r} is not read after {text[max(position - 80, 0) : position]!r}, but: {text[position:][:300]!r}"
        )
        position = found + len(word)


def test_home_says_what_this_is_then_where_to_talk_then_what_is_new(scene, tmp_path):
    text = dump(Client(), "/", tmp_path)
    in_order(
        text, "Skip to the page", "The Moot", "Sign in", "Latest", "Greatest", *MAIN_FORUMS, *CATEGORIES, "Help & Search",
        "We settle it ourselves.", "Create a free account", "Become a Star member", "Where to talk", "Latest discussions",
        "The thread with the newest reply comes first.", "Dam holds, county says", "Gus in Latest Breaking News", "0 replies",
        "Greatest, last 24 hours", "Terms", "Privacy", "Contact",
    )  # fmt: skip


def test_a_forum_says_its_purpose_before_its_threads(scene, tmp_path):
    text = dump(Client(), "/forums/general-discussion/", tmp_path)
    in_order(
        text, *HEAD, "Latest Discussions", "Main Forums", "General Discussion", "About this forum", "Start a thread",
        "Search in this forum", "Why this order", "A pinned one", "pinned", "Ada", "The bridge is closed", "replies", "last post",
    )  # fmt: skip


def test_a_thread_is_read_from_its_breadcrumb_to_its_last_reply(scene, tmp_path):
    """The contract of text order; and every post says its number, its author, and whom it answers."""
    text = dump(Client(), f"/threads/{scene.thread.pk}/the-bridge-is-closed/", tmp_path)
    in_order(
        text, "Skip to the opening post", "Skip to the replies", *HEAD[:3], "Latest Greatest Search Latest Breaking News", *HEAD[4:], "Latest Discussions", "Main Forums", "General Discussion",
        "The bridge is closed", "Ada", "(10 posts) ", "Until Monday, says the city.", "Reply More on #0", "replies", "1 Changed Bram, ", "2 Answer number 1 with a spoiler Cleo, ", "The replies in full",
        "An answer stands under the post it answers, oldest first.", "#1 Changed", "Bram (10 posts) ", " Response to Ada (Original post)",
        "Changed my mind", "#2 Answer number 1", "Response to Bram (Reply #1)", "Write a reply", "You can write first, and join after.",
    )  # fmt: skip
    assert "A street number." in text, "why a post is hidden is said where it stood"


def test_search_reads_its_box_its_order_and_then_what_it_found(scene, tmp_path):
    text = dump(Client(), "/search/?q=monday", tmp_path)
    in_order(text, *HEAD, "Search", "Newest first.", "The bridge is closed", "Until Monday", "Ada", "in General Discussion")
    nothing = dump(Client(), "/search/?q=zeppelin", tmp_path)
    in_order(nothing, "No post has all of that.", "All Forums")


def test_joining_says_each_field_before_it(scene, tmp_path):
    text = dump(Client(), "/join/", tmp_path)
    in_order(text, *HEAD, "Create a free account", "Name", "____", "Password", "____", "Create")


@pytest.mark.parametrize(
    "address", ["/", "/latest/", "/forums/", "/forums/books/", "/search/", "/join/", "/help/", "/nothing-here/"]
)
def test_no_link_is_read_without_words(scene, tmp_path, address):
    for client in (Client(), scene.village.signed_in(scene.village.ada)):
        file = tmp_path / "page.html"
        file.write_bytes(client.get(address).content)
        command = ["lynx", "-dump", "-listonly", "-hiddenlinks=merge", "-display_charset=utf-8", str(file)]
        said = subprocess.run(
            command, env={"TERM": "dumb", "HOME": str(tmp_path)}, capture_output=True, check=True
        ).stdout.decode()
        assert "Hidden links" not in said, said
