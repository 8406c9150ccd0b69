"""The writing doors: forms that lose nothing, and what nobody may learn. (The standard questions: tests/house/.)"""

import re

import pytest
from django.test import Client

from folkmoot.forums.models import Forum
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members import actions as members
from folkmoot.standards.models import Edition
from folkmoot.threads import actions
from folkmoot.threads.addresses import thread_address
from folkmoot.threads.models import Post, State, Text


def test_an_error_keeps_what_was_typed(village):
    opening = village.opening()
    bram = village.signed_in(village.bram)
    long = "é" * 50_001
    answer = bram.post(f"/posts/{opening.pk}/reply/", {"subject": "Kept subject", "text": long})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "100,002" in html
    assert long in html
    assert 'value="Kept subject"' in html
    answer = bram.post(f"/posts/{opening.pk}/reply/", {"subject": "s" * 151, "text": "Kept text"})
    assert "Kept text" in answer.content.decode()
    actions.lock(opening.thread, by=village.gus, reason="Enough.")
    answer = bram.post(f"/posts/{opening.pk}/reply/", {"subject": "", "text": "Written while it was being locked"})
    html = answer.content.decode()
    assert "Written while it was being locked" in html
    assert "Enough." in html
    assert Post.objects.count() == 1


def test_a_post_of_a_hundred_kilobytes_fits(village):
    opening = village.opening()
    answer = village.signed_in(village.bram).post(f"/posts/{opening.pk}/reply/", {"text": "ü" * 50_000})
    assert answer.status_code == 302
    assert len(Text.objects.get(post__number=1).source) == 50_000


def test_a_double_click_posts_once(village):
    opening = village.opening()
    bram = village.signed_in(village.bram)
    html = bram.get(f"/posts/{opening.pk}/reply/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', html)[1]
    answers = {bram.post(f"/posts/{opening.pk}/reply/", {"text": "Once", "key": key}).headers["Location"] for _ in range(3)}
    assert len(answers) == 1
    assert Post.objects.count() == 2


def test_a_preview_posts_nothing(village):
    opening = village.opening()
    answer = village.signed_in(village.bram).post(f"/posts/{opening.pk}/reply/", {"text": "Only *looking*", "preview": "1"})
    assert "Only <em>looking</em>" in answer.content.decode()
    assert Post.objects.count() == 1


def test_odd_characters_are_stored_or_refused_and_shown_as_text(village):
    opening = village.opening()
    bram = village.signed_in(village.bram)
    for text in (
        "a\x00b",
        "\ud83d\ude00 😀",
        "<script>alert(1)</script>",
        "\u202eevil",
        "]]>",
        "{{ 7*7 }}",
        "%s %(x)s",
        "'; DROP TABLE",
        "\x1b[31m",
        "\ufffe",
    ):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        answer = bram.post(f"/posts/{opening.pk}/reply/", {"subject": text, "text": text})
        assert answer.status_code in (302, 422), repr(text)
    html = Client().get(thread_address(opening.thread_id, opening.subject)).content.decode()
    assert "<script" not in html
    assert "{{ 7*7 }}" in html


SECRET = "zanzibar-kumquat"


def _crawl() -> dict[str, bytes]:
    """Everything that a visitor can fetch by following links from the front page, and a few doors besides."""
    client = Client()
    pages: dict[str, bytes] = {}
    queue = ["/", "/sitemap.xml", "/robots.txt", "/greatest/?period=all", "/sign-in/", "/threads/1/", "/threads/2/"]
    queue += [
        f"/posts/{n}/{more}" for n in range(1, 12) for more in ("", "history/", "recommendations/", "reply/", "edit/", "delete/")
    ]
    while queue:
        address = queue.pop()
        if address in pages:
            continue
        answer = client.get(address)
        body = answer.content + answer.headers.get("Location", "").encode()
        body = re.sub(rb'name="(csrfmiddlewaretoken|key)" value="[^"]*"', b"", body)
        pages[address] = str(answer.status_code).encode() + body
        found = re.findall(r'href="(/[^"#]*)', body.decode(errors="replace")) + (
            [answer.headers["Location"]] if "Location" in answer.headers else []
        )
        queue += [a.split("#")[0].replace("&amp;", "&") for a in found if not a.startswith("/static/")]
    return pages


def _world(village, monkeypatch, words: str, state: str) -> dict[str, bytes]:
    clock = iter(range(1_790_000_000_000_000, 1_790_000_100_000_000, 1_000_000))
    for module in ("write", "change"):
        monkeypatch.setattr(f"folkmoot.threads.actions.{module}.now_moment", lambda: next(clock))
    opening = village.opening("A thread", "With words")
    post = (
        village.opening(words, words, by=village.bram)
        if "thread" in state
        else village.reply(opening, words, by=village.bram, subject=words)
    )
    actions.edit(post, by=village.bram, subject=words, text=f"{words} once more")
    if "thread" in state:
        village.reply(post, "An answer")
    if "withdrawn" in state:
        actions.withdraw(post, by=village.bram)
    else:
        actions.hide(post, by=village.gus, reason="Not here.")
    one_day = "2026-01-01T00:00:00Z"  # the two worlds are made at two times; neither may cross a minute
    Post.objects.exclude(state_at=None).update(state_at=one_day)
    members.Member.objects.update(joined_at=one_day)
    members.Member.objects.exclude(banned_at=None).update(banned_at=one_day)
    Forum.objects.update(created_at=one_day)
    OutboxEntry.objects.update(told_at=one_day)
    Edition.objects.update(in_force=1_790_000_000_000_000)
    return _crawl()


@pytest.mark.parametrize("state", ["hidden reply", "withdrawn reply", "hidden thread", "withdrawn thread"])
def test_a_hidden_posts_words_change_nothing_an_outsider_can_fetch(village, monkeypatch, state):
    from tests.cast import Village
    from tests.databases import empty

    one = _world(village, monkeypatch, SECRET, state)
    empty()
    other = _world(Village(), monkeypatch, "other words", state)
    assert len(one) > 60
    assert one.keys() == other.keys()
    assert {a for a in one if one[a] != other[a]} == set()
    assert not any(SECRET.encode() in body for body in one.values())


def test_a_waiting_post_might_as_well_not_exist(village, monkeypatch):
    clock = iter(range(1_790_000_000_000_000, 1_790_000_100_000_000, 1_000_000))
    monkeypatch.setattr("folkmoot.threads.actions.write.now_moment", lambda: next(clock))
    opening = village.opening("A thread", "With words")
    village.reply(opening)
    without = _crawl()
    waiting = village.reply(opening, f"https://{SECRET}.example", by=village.dara)
    assert waiting.state == State.PENDING
    assert _crawl() == without


def test_nobody_but_its_author_finds_a_waiting_thread(village):
    opening = village.opening("Waiting", "https://new.example", by=village.dara)
    address = f"/threads/{opening.thread_id}/"
    assert Client().get(address, follow=True).status_code == 404
    assert village.signed_in(village.ada).get(address, follow=True).status_code == 404
    assert village.signed_in(village.dara).get(address, follow=True).status_code == 200
    assert village.signed_in(village.gus).get(address, follow=True).status_code == 200
