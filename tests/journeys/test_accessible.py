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


LOOKS = [(1280, "light"), (1280, "dark"), (360, "dark"), (360, "light")]
RUN = "() => axe.run({resultTypes: ['violations'], selectors: false})"
"""Every rule; only without the selectors of what is right, which take most of axe's time."""


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("who", [None, "Ada", "Gus"])
def test_axe_finds_nothing(visit, count, who, half):
    """Each page is loaded once and looked at in four ways; what no stylesheet changes is asked each time all the same."""
    me = visit(scripts=True)
    me.context.add_init_script(AXE)
    if who:
        me.be(who)
    page = me.page
    addresses = _addresses(me) + {None: FORMS, "Ada": OWN, "Gus": OFFICE}[who]
    troubles = []
    for address in addresses[half::2]:
        me.go(address)
        for details in page.locator("main details").all()[:3]:
            details.evaluate("e => e.open = true")
        for width, theme in LOOKS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)
            found = page.evaluate(RUN)
            troubles += [f"{address} {width} {theme}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                troubles.append(f"{address} is {wide} wide in a window of {width}")
            count("axe")
    assert not troubles, "\n".join(troubles)


def test_every_page_reflows_at_320(visit):
    me = visit(width=320, scripts=True)
    for address in _addresses(me):
        me.go(address)
        assert me.page.evaluate("document.documentElement.scrollWidth") <= 320, address
