"""Our own hostile strings in a real browser, with the content security policy and without: nothing runs, nothing is asked."""

import re

import pytest
from tests.hostile import STRINGS, fields, one_line
from tests.watch import Watch
from tests.wire import Wire, written

pytestmark = [pytest.mark.journey, pytest.mark.no_database]


@pytest.fixture(scope="module")
def posted(demo_site):
    """Every string as subject and text, many as Ada's about-text: her cookies, and the pages that show them."""
    with Wire(demo_site.base) as ada:
        ada.post("/demo/sign-in/", name="Ada")
        yield ada.cookies, _post_all(ada)


def _post_all(ada: Wire) -> list[str]:
    first = ada.write("/forums/lounge/new/", subject="Odd strings", text="Replies hold them.")
    opening = re.search(r"/posts/(\d+)/", first.location)[1]
    posts = []
    for text in STRINGS:
        answer = ada.write(f"/posts/{opening}/reply/", subject=text, text=text)
        assert answer.status in (302, 422), repr(text)
        if answer.status == 422:
            assert "field__error" in answer.body or "notice--stop" in answer.body, repr(text)
            continue
        posts.append(re.search(r"/posts/\d+/", answer.location)[0])
        form = ada.get(f"{posts[-1]}edit/").body
        assert written(form, "text") == fields(text)
        if one_line(text):
            assert written(form, "subject") == one_line(text)
    assert len(posts) > len(STRINGS) - 8
    assert ada.post("/account/", about="\n\n".join(STRINGS[:30]), zone="", theme="").status == 302
    for post in posts[:12]:
        assert ada.write(f"{post}edit/", subject="changed", text="changed to <b>" + STRINGS[0]).status == 302
    thread = re.sub(r"#.*", "", ada.get(f"/posts/{opening}/").location)
    index = re.sub(r"/[^/]+/$", "/index/", thread)
    return [
        thread, f"{thread}?view=flat", index, "/latest/", "/", "/members/Ada/", "/account/", "/mine/?show=posts",
        *(f"{post}history/" for post in posts[:12]), *(f"{post}{more}/" for post in posts[::6] for more in ("edit", "reply", "delete")),
    ]  # fmt: skip


@pytest.mark.parametrize("csp", [True, False], ids=["with the policy", "without the policy"])
def test_no_hostile_string_does_anything(browser, demo_site, posted, csp, count):
    cookies, pages = posted
    watch = Watch(browser, demo_site.base, csp=csp, cookies=cookies)
    for page in pages:
        watch.go(page)
    for start in range(0, len(STRINGS), 40):
        watch.send("/preview/", {f"f{n}": text for n, text in enumerate(STRINGS[start : start + 40])})
    for text in STRINGS[:12]:
        watch.send("/forums/lounge/new/", {"subject": text, "text": text})
    assert watch.troubles == []
    count("pages watched", watch.pages)
    watch.close()


def test_the_watch_sees_what_it_should(browser, demo_site):
    watch = Watch(browser, demo_site.base, csp=False)
    watch.page.goto(demo_site.base + "/robots.txt")
    watch.page.set_content(
        "<img src=x onerror=alert(1)><a href='javascript:x'>x</a><script>alert(2)</script><img src=//elsewhere.example/x>"
    )
    watch.page.wait_for_timeout(300)
    watch.look()
    seen = " ".join(watch.troubles)
    for sign in ("alert: 1", "alert: 2", "IMG onerror", "javascript:x", "elsewhere.example"):
        assert sign in seen, (sign, watch.troubles)
    watch.close()
