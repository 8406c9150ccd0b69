"""What members write becomes safe HTML, in bounded time, and nothing of it is lost."""

import time

import pytest
from tests.hostile import PATHOLOGICAL, STRINGS, fields, outside_the_tags, renders, shown

from folkmoot.base import markup

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("text", STRINGS)
def test_hostile_strings_become_text(text):
    renders(text)
    renders(f"||{text}||\n\n> {text}\n\n| {text} |\n|---|\n| {text} |\n\n- {text}\n\n[{text}]({text} '{text}')")
    assert outside_the_tags(markup.render_plain(text)) == []


@pytest.mark.parametrize("rendered", ["<p onclick=\"x\">", "<img>", "<a href=\"javascript:x\">", "<a href=\"&#106;avascript:x\">", "<b", "<p class=\"x\">"])  # fmt: skip
def test_the_list_of_tags_catches_what_it_should(rendered):
    assert outside_the_tags(rendered) != []


def _slowest(size: int, *, limit: float) -> tuple[float, str, str]:
    """The longest that any pathological text takes any function that reads members' texts: seconds, text, function."""
    worst = (0.0, "", "")
    for name, make in PATHOLOGICAL.items():
        text = make(size).encode()[:size].decode(errors="ignore")
        for function in (markup.render, markup.render_plain, markup.first_words, markup.has_link):
            before = time.process_time()
            made = function(text)
            took = time.process_time() - before
            worst = max(worst, (took, name, function.__name__))
            assert took < limit, f"{name}: {function.__name__} took {took:.1f} s"
            assert isinstance(made, bool) or len(made) <= 12 * max(size, markup.MAX_BYTES)
    return worst


def test_pathological_texts_render_in_bounded_time():
    print("the slowest of 10 kB: {:.2f} s for {} in {}".format(*_slowest(10_000, limit=1.0)))


@pytest.mark.long
def test_pathological_texts_of_a_hundred_kilobytes_render_in_bounded_time():
    print("the slowest of 100 kB: {:.2f} s for {} in {}".format(*_slowest(markup.MAX_BYTES, limit=2.0)))


def test_quotes_in_quotes_are_shown_however_deep():
    """The parser drops what nests deeper than it goes; a mail quoted forty times keeps its words."""
    for sign in ("> ", ">", "- ", "> - "):
        assert "the very first words" in shown(renders(sign * 40 + "the very first words")), sign
    html = renders("".join("> " * n + f"level {n}\n" for n in range(40, 0, -1)))
    for n in range(1, 41):
        assert f"level {n}\n" in shown(html)
    assert html.count("<blockquote>") == 16


def test_a_text_that_would_be_too_much_is_shown_as_it_was_written():
    text = "[x]: /" + "u" * 40_000 + "\n\n" + "[x]" * 20_000 + " & the end **not strong** &amp;"
    html = renders(text)
    assert len(html) < 200_000
    assert shown(html).endswith("[x] & the end **not strong** &amp;")
    html = renders("*a **a " * 200 + "the middle" + "b** b*" * 200)
    assert "<em>" not in html
    assert "the middle" in html


def test_addresses_are_linked_wherever_they_stand():
    for address in ("http://a.example", "https://a.example/b_c_d*e", "HTTPS://A.example/x"):
        for around in ("{}", "see {} there", "({})", "*{}*", "x:{}", "a: b: c: {}", "- {}", "||{}||"):
            assert renders(around.format(address)).count("<a href=") == 1, around.format(address)
    assert "<a" not in renders("javascript://a.example ftp://f.example xhttp:// foo://a.example https//a.example")


def test_a_subject_comes_from_the_first_line_that_says_something():
    assert markup.first_words("> quoted\n\n[The bridge](https://b.example) is *closed*") == "The bridge is closed"
    assert markup.first_words("[" * 100_000 + "words") == "[" * 60 + "…"
    assert markup.first_words("\n" * 10_000 + "words") == "…"[:0]
    assert len(markup.first_words("a" * 500)) <= 61


def test_line_ends_are_one_sign_and_none_stands_at_the_end():
    assert fields("a\r\nb\r\n ") == "a\nb"
