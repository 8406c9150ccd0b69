"""A few whole visits in a real browser, without scripts, by the real commands."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.no_database]


def test_a_visitor_writes_first_and_joins_after(visit):
    me = visit(width=360)
    page = me.open_thread()
    expect(page.locator("h1")).to_be_visible()
    assert me.context.cookies() == [], "reading sets no cookie"
    page.get_by_role("link", name="Write a reply").click()
    page.get_by_label("Subject").fill("From the bus")
    page.get_by_label("Text").fill("I wrote this before I had an account.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("I wrote this before I had an account.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Your text is kept")).to_be_visible()
    page.locator("header").get_by_role("link", name="Create a free account").click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("A member has this name already")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Ada")
    page.get_by_label("Name").fill("bus_rider")
    page.get_by_label("Password").fill("a-long-enough-password")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_label("Text")).to_have_value("I wrote this before I had an account.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("h3", has_text="From the bus")).to_have_count(1)
    assert "#p" in page.url


def test_a_member_starts_edits_recommends_and_deletes(visit):
    ada, bram = visit(), visit()
    ada.be("Ada")
    page = ada.go("/forums/general-discussion/")
    page.get_by_role("link", name="Start a thread").click()
    page.get_by_role("button", name="Post thread").click()
    expect(page.get_by_text("A thread needs a subject")).to_be_visible()
    page.get_by_label("Subject").fill("Who has the ladder?")
    page.get_by_label("Text").fill("It was here *yesterday*.")
    page.get_by_role("button", name="Post thread").click()
    expect(page.locator("h1")).to_have_text("Who has the ladder?")
    address = page.url.split("#")[0].replace(ada.site.base, "")

    bram.be("Bram")
    theirs = bram.go(address)
    theirs.get_by_role("button", name="Recommend").click()
    expect(theirs.locator("#p0").get_by_text("1 recommendation")).to_be_visible()
    theirs.get_by_role("button", name="Recommended").click()
    expect(theirs.locator("#p0").get_by_role("button", name="Recommend #0")).to_be_visible()
    theirs.get_by_role("link", name="Reply to the thread").click()
    theirs.get_by_label("Text").fill("I do. Sorry.")
    theirs.get_by_role("button", name="Post reply").click()
    expect(theirs.locator("#p1 h3")).to_contain_text("I do. Sorry.")
    theirs.locator("#p1").get_by_text("More").click()
    theirs.locator("#p1").get_by_role("link", name="Edit").click()
    theirs.get_by_label("Text").fill("I do. Very sorry.")
    theirs.get_by_role("button", name="Save").click()
    theirs.locator("#p1 .post__edited a").click()
    expect(theirs.locator(".diff__text ins")).to_contain_text(["Very"])

    page = ada.go("/mine/")
    expect(page.locator("main")).to_contain_text("I do. Sorry.")
    page = ada.go(address)
    expect(page.locator("#p1[data-new]")).to_have_count(1)
    expect(ada.go(address).locator("[data-new]")).to_have_count(0)

    theirs.goto(bram.site.base + address)
    theirs.locator("#p1").get_by_text("More").click()
    theirs.locator("#p1").get_by_role("link", name="Delete").click()
    theirs.get_by_role("button", name="Delete for good").click()
    expect(theirs.locator("#p1")).to_contain_text("Deleted by its author")
    expect(ada.go(address).locator("#p1")).not_to_contain_text("sorry")


def test_an_administrator_hides_with_a_reason(visit):
    gus, visitor = visit(), visit()
    gus.be("Gus")
    page = gus.open_thread()
    address = page.url.replace(gus.site.base, "")
    post = page.locator("article.post:not(.post--opening):not(.post--gone)").first
    number = post.get_attribute("id")
    words = post.locator(".prose").inner_text()
    assert words in visitor.go(address).locator(f"#{number}").inner_text()
    post.get_by_text("More").first.click()
    post.get_by_role("link", name="Hide").click()
    page.get_by_role("button", name="Hide this post").click()
    expect(page.locator(".field__error")).to_be_visible()
    page.get_by_label("Reason").fill("It names a private street number.")
    page.get_by_role("button", name="Hide this post").click()
    expect(page.locator("body")).to_contain_text("Done, and on the record.")
    expect(page.locator(f"#{number}")).to_contain_text("Hidden by an administrator")
    seen = visitor.go(address)
    expect(seen.locator(f"#{number}")).to_contain_text("Hidden by an administrator")
    expect(seen.locator(f"#{number}")).to_contain_text("It names a private street number.")
    assert words not in seen.locator("body").inner_text()


def test_scripts_shorten_a_members_way(visit):
    me = visit(scripts=True)
    said = []
    me.page.on("console", lambda message: said.append(message.text))
    me.page.on("pageerror", lambda error: said.append(str(error)))
    me.be("Fern")
    page = me.go("/forums/housing-transit/")
    page.get_by_role("link", name="Sixty flats on the mill lot").first.click()
    address = page.url
    post = page.locator("article.post[data-depth='1']").first
    button = post.get_by_role("button", name=re.compile("Recommend"))
    before = button.get_attribute("aria-pressed")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true") if before is None else expect(button).not_to_have_attribute(
        "aria-pressed", "true"
    )
    assert page.url == address, "recommending leaves the reader where they are"
    assert button.evaluate("e => e === document.activeElement"), "the focus stays on the button"

    fold = post.get_by_role("button", name=re.compile(r"Fold \d+ answer"))
    hidden = int(re.search(r"\d+", fold.inner_text())[0])
    inner = page.locator(f"#{post.get_attribute('id')} + article")
    expect(inner).to_be_visible()
    fold.press("Enter")
    expect(inner).to_be_hidden()
    assert page.locator("article.post[hidden]").count() == hidden
    post.get_by_role("button", name=re.compile("Show")).press("Enter")
    assert page.locator("article.post[hidden]").count() == 0

    post.get_by_role("link", name=re.compile("^Reply")).click()
    page.get_by_label("Text").fill("Is it *really*?")
    writing = page.url
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#shown em")).to_have_text("really")
    assert page.url == writing
    page.get_by_label("Text").fill("x" * 100_001)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#shown")).to_contain_text("A post holds 100,000 bytes")
    assert [words for words in said if "status of 422" not in words] == [], "neither an error nor a breach of the policy"


def test_signing_out_and_in_with_a_password(visit):
    me = visit()
    page = me.go("/join/")
    page.get_by_label("Name").fill("evening_reader")
    page.get_by_label("Password").fill("a-long-enough-password")
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_label("Name or mail address").fill("evening_reader")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill("a-long-enough-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="evening_reader")).to_be_visible()


def test_the_tab_key_stops_twice_a_post_for_visitors_and_four_times_for_members(visit):
    for who, most in ((None, 2), ("Ada", 4)):
        me = visit(scripts=True)
        if who:
            me.be(who)
        page = me.open_thread()
        stops = page.evaluate(
            """() => [...document.querySelectorAll('article.post')].map(post =>
                 [...post.querySelectorAll('a[href], button, summary, input:not([type=hidden]), [tabindex]')]
                   .filter(e => !e.closest('.prose') && e.tabIndex >= 0 && e.checkVisibility({contentVisibilityAuto: true})).length)"""
        )
        assert stops
        assert max(stops) <= most, (who, stops)


def test_a_heading_says_number_subject_author_and_what_it_answers(visit):
    me = visit(scripts=True)
    page = me.open_thread()
    client = me.context.new_cdp_session(page)
    tree = client.send("Accessibility.getFullAXTree")["nodes"]
    names = [
        n["name"]["value"] for n in tree if n.get("role", {}).get("value") == "heading" and n["name"]["value"].startswith("#")
    ]
    assert names
    for name in names:
        assert re.match(r"#\d+ (.+, \w+, reply to (#\d+|the opening post)|Hidden|Deleted|Removed)", name), name


def test_a_page_that_stands_open_says_when_there_is_more(visit):
    me, bram = visit(scripts=True, width=360), visit()
    me.be("Fern")
    bram.be("Bram")
    theirs = bram.go("/forums/general-discussion/")
    theirs.get_by_role("link", name="Start a thread").click()
    theirs.get_by_label("Subject").fill("Who saw the heron?")
    theirs.get_by_label("Text").fill("By the weir.")
    theirs.get_by_role("button", name="Post thread").click()
    address = theirs.url.split("#")[0].replace(bram.site.base, "")
    me.page.clock.install()
    page = me.go(address)
    page.clock.fast_forward(26_000)
    expect(page.locator("[data-live]")).to_be_empty()
    theirs.get_by_role("link", name="Reply to the thread").click()
    theirs.get_by_label("Text").fill("It stood there for an hour.")
    theirs.get_by_role("button", name="Post reply").click()
    expect(theirs.locator("#p1")).to_be_visible()
    page.clock.fast_forward(26_000)
    page.get_by_role("status").get_by_role("link", name="1 new reply: show").click()
    expect(page.locator("#p1[data-new]")).to_contain_text("It stood there for an hour.")
    expect(page.locator("[data-live]")).to_be_empty()
