"""Latest Breaking News through the front door: each refusal, what it keeps, who may override, and what others see."""

import html
import re
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.base.time import DAY, HOUR, MINUTE, now_moment
from folkmoot.forums import actions as forums
from folkmoot.forums.models import Forum
from folkmoot.forums.rules import NEWS, NO_RULES
from folkmoot.ledger.models import OutboxEntry, Reason
from folkmoot.members.models import Member
from folkmoot.site.recount import drift
from folkmoot.threads import actions
from folkmoot.threads.models import Article, Post, Revision, State, Text, Thread
from folkmoot.threads.rules import BrokenRules, Facts

NEW = "/forums/breaking-news/new/"
LINK = "https://lantern.example/dam"
ZONE = ZoneInfo("America/New_York")


def _form(**changed) -> dict[str, str]:
    """The form as one fills it in; times in the community's zone."""
    hours = changed.pop("hours", 2)
    then = datetime.now(ZONE) - timedelta(hours=hours)
    return {
        "link": LINK, "subject": "The dam holds", "publication": "The Lantern", "byline": "Ines Moss",
        "published_on": f"{then:%Y-%m-%d}", "published_at": f"{then:%H:%M}", "quote": "It holds.\r\nIt was looked at.",
        "text": "I looked **too**.", "zone": "America/New_York", **changed,
    }  # fmt: skip


def _said(answer) -> str:
    return html.unescape(answer.content.decode())


def _error(answer, field: str) -> str:
    found = re.search(rf'id="id_{field}_error">(.*?)</p>', answer.content.decode(), re.DOTALL)
    return html.unescape(found[1]) if found else ""


def _page(thread_id: int, client: Client | None = None) -> str:
    return _said((client or Client()).get(f"/threads/{thread_id}/", follow=True))


def test_an_article_is_brought_in_and_shown_with_its_source(village):
    answer = village.signed_in(village.ada).post(NEW, _form())
    assert answer.status_code == 302
    post = Post.objects.select_related("thread", "article").get()
    assert (post.subject, post.state) == ("The dam holds", State.VISIBLE)
    assert Text.objects.get(post=post).source == "> It holds.\n>\n> It was looked at.\n\nI looked **too**."
    assert abs(now_moment() - 2 * HOUR - post.article.published) < 2 * MINUTE
    page = _page(post.thread_id)
    box = page[page.index('class="article') :]
    for words in ("The Lantern", "Ines Moss", 'href="https://lantern.example/dam" rel="nofollow ugc noopener"', "at lantern.example",
                  "Headline and time as stated by the poster", "<blockquote>", "It was looked at.", "I looked <strong>too"):  # fmt: skip
        assert words in box
        box = box[box.index(words) :]
    assert "· The Lantern" in _said(Client().get("/latest/"))
    assert drift() == []


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"link": ""}, "link", "a thread brings a link"),
        ({"link": "lantern.example/dam"}, "link", "begins with https://"),
        ({"link": "https://ada:secret@lantern.example/"}, "link", "no name or password"),
        ({"link": "https://lantern.example/" + "x" * 2000}, "link", "at most 2,000 characters"),
        ({"subject": ""}, "subject", "the subject is the article’s own headline"),
        ({"subject": "s" * 151}, "subject", "at most 150"),
        ({"publication": ""}, "publication", "names its publication"),
        ({"hours": 13}, "published_on", "the article is at most 12 hours old. This one is 1"),
        ({"hours": -2}, "published_on", "in the future"),
        ({"published_on": "", "published_at": ""}, "published_on", "Say when"),
        ({"published_at": ""}, "published_at", "needs its time"),
        ({"published_on": "soon"}, "published_on", "2026-11-24"),
        ({"published_on": "0001-01-01"}, "published_on", "not one of ours"),
        ({"quote": "1\n2\n3\n4\n5"}, "quote", "at most 4 paragraphs may be quoted. Here are 5"),
        ({"text": "Mine.\n\n> 3\n>\n> 4\n>\n> 5"}, "quote", "Here are 5"),
        ({"quote": "x" * 20_001}, "quote", "at most 20,000 characters"),
        ({"text": "x" * 100_001}, "text", "100,000 bytes"),
    ],
)
def test_each_refusal_stands_beside_its_field_and_keeps_all_that_was_typed(village, changed, field, says):
    sent = _form(**changed)
    for client in (village.signed_in(village.ada), Client()):
        answer = client.post(NEW, sent)
        assert answer.status_code == 422
        assert says in _error(answer, field)
        shown = _said(answer)
        for name, value in sent.items():
            kept = value.replace("\r\n", "\n")
            assert f'value="{kept}"' in shown or f">\n{kept}</textarea>" in shown.replace("\r\n", "\n") or not kept, name
    assert not Thread.objects.exists()


def test_all_broken_rules_are_said_at_once(village):
    answer = village.signed_in(village.ada).post(NEW, {"text": "Have you heard?"})
    assert all(_error(answer, field) for field in ("link", "subject", "publication", "published_on"))
    assert "Nothing is posted yet" in _said(answer)
    assert "Have you heard?" in _said(answer)


def test_a_duplicate_shows_the_thread_that_has_the_link(village):
    first = village.news("It <holds>", by=village.bram)
    answer = village.signed_in(village.ada).post(NEW, _form(link="http://WWW.lantern.example:80/dam/?utm_source=x&fbclid=1#top"))
    assert answer.status_code == 422
    said = _error(answer, "link")
    assert "no link is posted twice within 365 days" in said
    assert f'<a href="/threads/{first.thread_id}/it-holds/">It <holds></a>' in _said(answer)
    assert "It &lt;holds&gt;</a>" in answer.content.decode()
    actions.withdraw(first, by=village.bram)
    assert village.signed_in(village.ada).post(NEW, _form()).status_code == 302, "what is gone is no duplicate"


@pytest.mark.parametrize("gone", ["hidden", "waiting", "long ago", "elsewhere"])
def test_what_nobody_may_know_or_stands_elsewhere_is_no_duplicate(village, gone):
    if gone == "waiting":
        assert village.news("Waits", by=village.dara).state == State.PENDING
        assert village.signed_in(village.dara).post(NEW, _form()).status_code == 422, "to its own author it is one"
    elif gone == "long ago":
        long_ago = now_moment() - 366 * DAY
        village.news("Old", article=Facts(LINK, "The Lantern", "", long_ago - HOUR), moment=long_ago)
    elif gone == "elsewhere":
        editorials = Forum.objects.select_related("category").get(slug="editorials")
        actions.start_thread(editorials, by=village.bram, subject="S", text="", article=Facts(LINK, "The Lantern"))
    else:
        actions.hide(village.news("Secret"), by=village.gus, reason="No.")
    assert village.signed_in(village.ada).post(NEW, _form()).status_code == 302


def test_of_two_posts_with_one_link_at_the_same_time_one_is_the_second(village):
    made, refused = [], []

    def bring(member: Member) -> None:
        try:
            made.append(village.news("At once", by=member))
        except BrokenRules as broken:
            refused.append(broken.troubles[0].field)
        finally:
            connections.close_all()

    bringers = [threading.Thread(target=bring, args=(m,)) for m in (village.ada, village.bram, village.cleo, village.fern)]
    for bringer in bringers:
        bringer.start()
    for bringer in bringers:
        bringer.join()
    assert (len(made), refused) == (1, ["link"] * 3)
    assert drift() == []


def test_age_is_judged_at_the_posts_own_moment(village):
    days_ago = now_moment() - 30 * DAY
    village.news("Then", article=Facts(LINK, "The Lantern", "", days_ago - 11 * HOUR), moment=days_ago)
    with pytest.raises(BrokenRules, match="12 hours old"):
        village.news("Now", article=Facts(LINK + "2", "The Lantern", "", days_ago - 11 * HOUR))


def test_the_action_judges_too(village):
    """The second path: whoever calls the action meets the same rules as the form."""
    forum = Forum.objects.get(slug="breaking-news")
    with pytest.raises(BrokenRules, match="brings a link"):
        actions.start_thread(forum, by=village.ada, subject="No article", text="At all")
    with pytest.raises(BrokenRules, match="begins with https"):
        actions.start_thread(forum, by=village.gus, subject="S", text="", article=Facts("javascript:x", "P"), override="I may.")
    with pytest.raises(BrokenRules):
        actions.start_thread(forum, by=village.ada, subject="S", text="", override="I may not.")
    assert not Thread.objects.exists()


def test_an_administrator_lets_a_thread_stand_with_a_reason_on_the_record(village):
    gus = village.signed_in(village.gus)
    assert "override" not in _said(gus.get(NEW)), "asked for only when a rule is broken"
    answer = gus.post(NEW, _form(hours=20, quote="1\n2\n3\n4\n5"))
    assert 'name="override"' in _said(answer)
    assert not Thread.objects.exists()
    reason = "The court published it late."
    assert gus.post(NEW, _form(hours=20, quote="1\n2\n3\n4\n5", override=reason)).status_code == 302
    thread = Thread.objects.get()
    entry = OutboxEntry.objects.get(kind="RulesOverridden")
    assert (entry.office, entry.facts) == ("administrator", {"thread_id": thread.pk, "forum_id": thread.forum_id})
    assert Reason.objects.get(entry=entry).text == reason
    assert f"An administrator let this stand against the posting rules: {reason}" in _page(thread.pk)
    assert gus.post(NEW, _form(link=LINK + "2", override="Not needed.")).status_code == 302
    assert OutboxEntry.objects.filter(kind="RulesOverridden").count() == 1, "what obeys needs no act"
    assert "let this stand" not in _page(Thread.objects.order_by("-pk").first().pk)


def test_nobody_else_overrides(village):
    for member in (village.ada, village.fern):
        client = village.signed_in(member)
        answer = client.post(NEW, _form(hours=20, override="Because."))
        assert answer.status_code == 422
        assert 'name="override"' not in _said(answer)
    assert not Thread.objects.exists()
    assert not OutboxEntry.objects.filter(kind="RulesOverridden").exists()


def test_an_edit_shows_the_same_form_and_obeys_the_same_rules(village):
    post = village.news(
        "The dam holds", moment=now_moment() - 3 * DAY, article=Facts(LINK, "The Lantern", "Moss", now_moment() - 3 * DAY - HOUR)
    )
    other = village.news("Another", LINK + "/2")
    ada, address = village.signed_in(village.ada), f"/posts/{post.pk}/edit/"
    shown = _said(ada.get(address))
    for kept in (
        f'value="{LINK}"',
        'value="The Lantern"',
        'value="Moss"',
        'value="The dam holds"',
        "The dam holds.\n\nThe county looked.",
        "I looked too.",
    ):
        assert kept in shown
    fields = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', ada.get(address).content.decode()))
    form = {**_form(), **fields, "quote": "The dam holds.", "text": "Mine, later.", "publication": "The Evening Lantern"}
    assert f'/threads/{other.thread_id}/another/">Another</a>' in _said(ada.post(address, {**form, "link": LINK + "/2"}))
    assert "Here are 5" in _error(ada.post(address, {**form, "quote": "1\n2\n3\n4\n5"}), "quote")
    answer = ada.post(address, form)
    assert answer.status_code == 302, _said(answer)
    post.refresh_from_db()
    assert (post.article.publication, Thread.objects.get(pk=post.thread_id).publication) == ("The Evening Lantern",) * 2
    assert post.edit_count == 1
    history = _said(Client().get(f"/posts/{post.pk}/history/"))
    assert "<ins>Evening </ins>" in history
    assert ada.post(address, {**form, "seen_edits": "1"}).status_code == 302
    post.refresh_from_db()
    assert post.edit_count == 1, "nothing changed"
    with pytest.raises(BrokenRules):
        actions.edit(post, by=village.ada, subject="S", text="> 1\n> 2\n> 3\n> 4\n> 5")


def test_a_newcomers_edit_cannot_add_a_link(village):
    forum = Forum.objects.select_related("category").get(slug="breaking-news")
    forums.change_rules(forum, by=village.gus, rules=NO_RULES, reason="A day without.")
    post = actions.start_thread(forum, by=village.dara, subject="S", text="T", article=Facts())
    assert post.state == State.VISIBLE
    with pytest.raises(Refused, match="An edit cannot wait"):
        actions.edit(post, by=village.dara, subject="S", text="T", article=Facts("https://spam.example"))


def test_a_withdrawn_thread_forgets_its_article(village):
    post = village.news("Secret headline", "https://secret.example/x")
    village.reply(post, "An answer")
    actions.edit(
        post,
        by=village.ada,
        subject="Secret headline",
        text="T",
        article=Facts("https://secret.example/y", "P", "", now_moment()),
    )
    assert "secret.example" in Revision.objects.get().article
    actions.withdraw(post, by=village.ada)
    assert not Article.objects.exists()
    assert Revision.objects.get().article == ""
    for page in (_page(post.thread_id), _said(Client().get("/latest/")), _said(Client().get(f"/posts/{post.pk}/history/"))):
        assert "secret.example" not in page
        assert "Secret headline" not in page
        assert "Lantern" not in page


def test_a_hidden_threads_article_is_not_shown(village):
    post = village.news("Hidden headline", "https://secret.example/x")
    village.reply(post, "An answer")
    actions.hide(post, by=village.gus, reason="A street number.")
    for client in (Client(), village.signed_in(village.gus)):
        page = _page(post.thread_id, client)
        assert "secret.example" not in page
        assert "The Lantern" not in page
    assert "The Lantern" not in _said(Client().get("/forums/breaking-news/"))


def test_a_visitor_writes_first_and_keeps_every_field(village):
    client = Client()
    assert "Until a member has 3 posts, one with a link waits" in _said(client.get(NEW))
    sent = _form(zone="Europe/Berlin")
    berlin = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=1)
    sent |= {"published_on": f"{berlin:%Y-%m-%d}", "published_at": f"{berlin:%H:%M}", "key": "the-visitors-key"}
    answer = client.post(NEW, sent)
    assert answer.headers["Location"].startswith("/sign-in/?next=")
    assert not Thread.objects.exists()
    client.force_login(village.ada)
    shown = _said(client.get(NEW)).replace("\r\n", "\n")
    for name, value in sent.items():
        kept = value.replace("\r\n", "\n")
        assert f'name="{name}" value="{kept}"' in shown or f">\n{kept}</textarea>" in shown, name
    assert "in Europe/Berlin." in shown, "the times are still in the zone in which they were typed"
    assert client.post(NEW, sent).status_code == 302
    assert abs(Article.objects.get().published - (now_moment() - HOUR)) < 2 * MINUTE
    assert 'value="The Lantern"' not in _said(client.get(NEW)), "kept once"


def test_times_are_in_the_readers_zone_and_it_is_named(village):
    assert "in Moot time." in _said(village.signed_in(village.ada).get(NEW))
    Member.objects.filter(pk=village.ada.pk).update(zone="Asia/Tokyo")
    ada = village.signed_in(village.ada)
    assert "in Asia/Tokyo." in _said(ada.get(NEW))
    tokyo = datetime.now(ZoneInfo("Asia/Tokyo")) - timedelta(hours=3)
    sent = _form(zone="Nowhere/Atlantis", published_on=f"{tokyo:%Y-%m-%d}", published_at=f"{tokyo:%H:%M}")
    assert ada.post(NEW, sent).status_code == 302, "a zone that does not exist is the reader's own"
    assert abs(Article.objects.get().published - (now_moment() - 3 * HOUR)) < 2 * MINUTE


def test_a_newcomers_news_waits_and_the_form_says_so_before(village):
    dara = village.signed_in(village.dara)
    assert "You are new here, so a post with a link waits" in _said(dara.get(NEW))
    assert "You are new here" not in _said(village.signed_in(village.ada).get(NEW))
    assert dara.post(NEW, _form()).headers["Location"] == "/mine/?show=posts"
    post = Post.objects.get()
    assert post.state == State.PENDING
    assert f'href="{LINK}"' in _said(village.signed_in(village.gus).get("/waiting/"))
    assert "The Lantern" not in _said(Client().get("/forums/breaking-news/"))
    actions.restore(post, by=village.gus, reason="It is news.")
    assert "at lantern.example" in _page(post.thread_id)
    assert drift() == []


def test_a_preview_shows_the_article_and_what_stands_against_it(village):
    ada = village.signed_in(village.ada)
    answer = ada.post(NEW, _form(preview="1"))
    preview = _said(answer).split('id="preview"')[1].split("</section>")[0]
    for words in ("The Lantern", "at lantern.example", "It was looked at.", "I looked <strong>too"):
        assert words in preview
    answer = ada.post(NEW, _form(preview="1", hours=15.5))  # a clock that is set meanwhile makes it no 14
    assert "This one is 15 hours" in _error(answer, "published_on")
    assert "at lantern.example" in _said(answer).split('id="preview"')[1].split("</section>")[0]
    assert "at </a>" not in _said(ada.post(NEW, _form(preview="1", link="javascript:alert(1)"))), (
        "what is no link is not made one"
    )
    assert 'href="javascript' not in _said(ada.post(NEW, _form(preview="1", link="javascript:alert(1)")))
    assert not Thread.objects.exists()


def test_a_double_click_brings_it_once(village):
    ada = village.signed_in(village.ada)
    answers = {ada.post(NEW, _form(key="k1")).headers.get("Location") for _ in range(3)}
    assert len(answers) == 1
    assert Thread.objects.count() == 1


def test_a_stale_form_shows_every_field_again(village):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(NEW, _form())
    assert answer.status_code == 403
    for words in (LINK, "The dam holds", "The Lantern", "Ines Moss", "It was looked at.", "I looked **too**."):
        assert words in _said(answer)


def test_other_forums_are_as_they_were(village):
    ada = village.signed_in(village.ada)
    page = _said(ada.get("/forums/general-discussion/new/"))
    assert "Posting rules" not in page
    assert 'name="link"' not in page
    assert ada.post("/forums/general-discussion/new/", {**_form(hours=99), "override": "x"}).status_code == 302
    post = Post.objects.get()
    assert not Article.objects.exists()
    assert Text.objects.get(post=post).source == "I looked **too**."
    assert 'name="link"' not in _said(ada.get(f"/posts/{post.pk}/edit/"))


def test_a_thread_from_before_the_rules_is_edited_as_ever(village):
    post = village.opening("Before")
    forums.change_rules(village.forum, by=village.gus, rules=NEWS, reason="News only.")
    ada = village.signed_in(village.ada)
    assert 'name="link"' not in _said(ada.get(f"/posts/{post.pk}/edit/"))
    assert ada.post(f"/posts/{post.pk}/edit/", {"subject": "Before", "text": "Still."}).status_code == 302
    assert ada.post("/forums/general-discussion/new/", {"subject": "After", "text": "x"}).status_code == 422


def test_editorials_ask_for_a_link_only(village):
    ada, new = village.signed_in(village.ada), "/forums/editorials/new/"
    page = _said(ada.get(new))
    assert "Published (optional)" in page
    assert ">Subject</label>" in page
    assert "brings a link" in _error(ada.post(new, {"subject": "S", "text": "T"}), "link")
    answer = ada.post(
        new, {"subject": "My own words", "text": "T", "link": LINK, "publication": "The Lantern", "quote": "1\n2\n3\n4\n5"}
    )
    assert answer.status_code == 302
    page = _page(Post.objects.get().thread_id)
    assert "As stated by the poster." in page


def test_a_recommendation_in_place_keeps_the_article(village):
    post = village.news("The dam holds")
    answer = village.signed_in(village.bram).post(f"/posts/{post.pk}/recommend/", headers={"HX-Request": "true"})
    assert "at lantern.example" in _said(answer)
