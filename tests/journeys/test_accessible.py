"""axe on every page, at 360 and 1280 pixels, light and dark; and no page is wider than its window."""

import re

import pytest
from axe_core_python.base import AXE_FILE_PATH

pytestmark = [pytest.mark.journey, pytest.mark.no_database]
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")


def _addresses(me) -> list[str]:
    """A sample of each kind of page of the demo, found by following its own links."""
    page = me.open_thread()
    thread = page.url.removeprefix(me.site.base)
    post = page.locator("a.post__number").nth(1).get_attribute("href")
    number = re.findall(r"\d+", thread)[0]
    return [
        "/", "/latest/", "/greatest/", "/greatest/?period=all", "/forums/", "/categories/issues/", "/forums/general-discussion/",
        "/forums/general-discussion/about/", "/forums/general-discussion/new/", "/forums/breaking-news/new/", thread, f"{thread}?view=flat", f"{thread}?view=opening",
        f"/threads/{number}/index/", f"{post}history/", f"{post}reply/", f"{post}recommendations/", "/members/Ada/", "/members/Eli/",
        "/star/", "/help/", "/site/patterns/", "/nothing-here/",
    ]  # fmt: skip


FORMS = ["/join/", "/sign-in/", "/account/forgotten/"]
OWN = ["/mine/", "/mine/?show=threads", "/mine/?show=posts", "/account/", "/account/password/", "/account/mail/", "/sign-out/"]
OFFICE = [
    "/forums/breaking-news/rules/",
    "/waiting/",
    "/site/community/",
    "/members/Ada/ban/",
    "/members/Ada/link/",
    "/members/Ada/give-star/",
]


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1280, False), (1280, True)])
@pytest.mark.parametrize("who", [None, "Ada", "Gus"])
def test_axe_finds_nothing(visit, count, who, width, dark):
    me = visit(width=width, dark=dark, scripts=True)
    me.context.add_init_script(AXE)
    if who:
        me.be(who)
    page = me.page
    addresses = _addresses(me) + {None: FORMS, "Ada": OWN, "Gus": OFFICE}[who]
    troubles = []
    for address in addresses:
        me.go(address)
        for details in page.locator("main details").all()[:3]:
            details.evaluate("e => e.open = true")
        found = page.evaluate("() => axe.run()")
        troubles += [f"{address}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            troubles.append(f"{address} is {wide} wide in a window of {width}")
    assert troubles == []
    count("axe", len(addresses))


def test_every_page_reflows_at_320(visit):
    me = visit(width=320, scripts=True)
    for address in _addresses(me):
        me.go(address)
        assert me.page.evaluate("document.documentElement.scrollWidth") <= 320, address
