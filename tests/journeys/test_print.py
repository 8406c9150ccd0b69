"""On paper: the words, whose they are, where and when; black on white whatever the screen's theme; nothing to press."""

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.no_database]
COLOURS = "e => [getComputedStyle(e).color, getComputedStyle(document.documentElement).backgroundColor]"
NOT_PRINTED = (
    "header nav",
    ".promise",
    ".footer",
    ".actions",
    ".aside",
    ".ad",
    ".demo",
    "form",
    "button",
    ".button",
    ".pager",
    ".skip",
)


@pytest.mark.parametrize("who", [None, "Ada"])
@pytest.mark.parametrize("dark", [False, True])
def test_a_thread_is_printed_black_on_white_with_its_address_and_nothing_to_press(visit, who, dark):
    me = visit(dark=dark, scripts=True)
    if who:
        me.be(who)
    page = me.open_thread()
    if who and dark:
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    for selector in NOT_PRINTED:
        shown = [e.evaluate("e => e.outerHTML") for e in page.locator(selector).all() if e.is_visible()]
        assert shown == [], f"{selector} is printed: {shown[0][:200]}"
    for selector in ("h1", ".prose p", ".breadcrumb a", ".post__by", ".post__subject"):
        ink, paper = page.locator(selector).first.evaluate(COLOURS)
        assert paper == "rgb(255, 255, 255)"
        assert max(int(part) for part in ink[4:-1].split(",")) <= 51, f"{selector} is printed {ink}"
    last = page.locator("main").evaluate("e => getComputedStyle(e, '::after').content")
    assert page.url.split("#")[0].split("?")[0] in last
    when = page.locator("#p1 .post__by time").evaluate("e => e.innerText + getComputedStyle(e, '::after').content")
    assert ":" in when, f"the time of a post is printed to the minute, not {when}"
