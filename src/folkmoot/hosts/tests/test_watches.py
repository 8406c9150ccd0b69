"""Watch lists, mail that is thrown away, floods of accounts, and the night watch: all in the open, all with an end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.hosts import actions
from folkmoot.hosts.tasks import keep_night_watch
from folkmoot.ledger.models import OutboxEntry
from folkmoot.ledger.rules.entries import salted
from folkmoot.members import actions as members
from folkmoot.members.models import Member, NightWatch, Watch
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post, State

PASSWORD = "a-long-enough-password"


def watch(village, kind, pattern, days=3):
    return actions.begin_watch(by=village.gus, kind=kind, pattern=pattern, days=days, reason="Adverts.")


def test_a_watched_post_waits_and_its_author_reads_so(village):
    opening = village.opening()
    watch(village, "words", "cheap pills")
    watch(village, "domain", "spam.example")
    browser = village.signed_in(village.ada)
    html = browser.post(f"/posts/{opening.pk}/reply/", {"text": "Buy CHEAP, pills!"}, follow=True).content.decode()
    assert "it holds something that administrators watch for" in html
    assert "cheap pills" not in html.lower().replace("buy cheap, pills", ""), "what is watched for is not told"
    post = Post.objects.latest("pk")
    assert (post.state, post.waits_because) == (State.PENDING, "watch")
    linked = threads.reply(opening, by=village.ada, subject="", text="See [this](https://www.spam.example/x)")
    assert linked.waits_because == "watch"
    assert threads.reply(opening, by=village.gus, subject="", text="Beware of cheap pills").state == State.VISIBLE


def test_an_edit_cannot_bring_in_what_would_wait(village):
    post = village.reply(village.opening(), "Fine words", by=village.ada)
    watch(village, "words", "cheap pills")
    answer = village.signed_in(village.ada).post(f"/posts/{post.pk}/edit/", {"subject": "S", "text": "Now cheap pills"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "An edit cannot wait" in html
    assert "Now cheap pills" in html
    assert threads.edit(post, by=village.ada, subject="S", text="Other words")


def test_a_watched_network_holds_what_comes_from_it(village):
    opening = village.opening()
    watch(village, "network", "127.0.0.0/24")
    village.signed_in(village.ada).post(f"/posts/{opening.pk}/reply/", {"text": "From here"})
    assert Post.objects.latest("pk").waits_because == "watch"
    assert (
        threads.reply(opening, by=village.ada, subject="", text="From elsewhere", network="198.51.100.0/24").state
        == State.VISIBLE
    )


def test_a_watch_ends_by_its_day_or_before(village):
    opening, first = village.opening(), watch(village, "words", "cheap pills")
    with pytest.raises(Refused, match="already"):
        watch(village, "words", "cheap pills")
    actions.end_watch(first, by=village.gus, reason="Over.")
    with pytest.raises(Refused, match="any more"):
        actions.end_watch(first, by=village.gus, reason="Over.")
    watch(village, "words", "cheap pills")
    Watch.objects.update(until=datetime.now(UTC) - timedelta(seconds=1))
    assert threads.reply(opening, by=village.ada, subject="", text="cheap pills").state == State.VISIBLE


def test_the_ledger_has_a_hash_of_what_is_watched_for_and_not_the_thing(village):
    made = watch(village, "words", "cheap pills", days=5)
    entry = OutboxEntry.objects.get(kind="WatchBegun")
    assert entry.facts == {"watch": "words", "days": 5, "pattern_hash": salted(bytes(made.salt), b"cheap pills")}
    html = Client().get("/ledger/").content.decode()
    assert "put something on the watch list (words) for 5 days" in html
    assert "pills" not in html


def test_the_page_of_the_watches_says_what_cannot_be_watched_for(village):
    gus = village.signed_in(village.gus)
    for kind, pattern, status in (
        ("words", "…!", 422), ("network", "here", 422), ("domain", "spam", 422), ("mail", "@", 422), ("nothing", "x", 422),
        ("domain", "https://www.Spam.example/x?y", 302), ("mail", "somebody@throw.example", 302), ("network", "203.0.113.9", 302),
    ):  # fmt: skip
        answer = gus.post("/site/watches/", {"kind": kind, "pattern": pattern, "days": "3", "reason": "Kept reason"})
        assert answer.status_code == status, (kind, pattern)
        assert status == 302 or "Kept reason" in answer.content.decode()
    assert set(Watch.objects.values_list("pattern", flat=True)) == {"spam.example", "throw.example", "203.0.113.0/24"}


def join(**more):
    return Client().post("/join/", {"username": "Hana", "password1": "another-long-password", **more})


def test_mail_that_is_thrown_away_is_not_taken(village):
    watch(village, "mail", "throw.example")
    for email in ("hana@mailinator.com", "hana@throw.example"):
        answer = join(email=email)
        assert answer.status_code == 200
        assert "most are gone in an hour" in answer.content.decode()
        assert 'value="Hana"' in answer.content.decode()
    assert join(email="hana@moot.example").status_code == 302


def test_a_flood_of_accounts_is_slowed_down(village, monkeypatch):
    from django.conf import settings

    monkeypatch.setitem(settings.ACCOUNT_RATE_LIMITS, "join", "2/h/key")
    assert [join(username=f"Hana{n}").status_code for n in range(2)] == [302, 302]
    answer = join(username="Hana9")
    assert "Very many people are joining right now" in answer.content.decode()
    assert not Member.objects.filter(name="Hana9").exists()


def test_the_night_watch_closes_joining_and_holds_newcomers(village):
    opening = village.opening()
    with pytest.raises(Refused, match="at most 12 hours"):
        actions.begin_night_watch(by=village.gus, hours=13, reason="A flood.")
    actions.begin_night_watch(by=village.gus, hours=12, reason="A flood.")
    with pytest.raises(Refused, match="already"):
        actions.begin_night_watch(by=village.gus, hours=12, reason="A flood.")
    answer = join()
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "Joining rests" in html
    assert "A flood." in html
    assert "Moot time" in html
    assert not Member.objects.filter(name="Hana").exists()
    assert threads.reply(opening, by=village.dara, subject="", text="Hello").waits_because == "night"
    assert threads.reply(opening, by=village.ada, subject="", text="Hello").state == State.VISIBLE
    NightWatch.objects.update(until=datetime.now(UTC) - timedelta(seconds=1))
    assert Client().get("/join/").status_code == 200
    keep_night_watch()
    keep_night_watch()
    assert [e.office for e in OutboxEntry.objects.filter(kind="NightWatchEnded")] == ["charter"]
    assert join().status_code == 302


def test_hosts_of_main_forums_keep_the_night_watch(village):
    seat = actions.offer_seat(village.forum, by=village.gus, member=village.bram, reason="Calm.")
    actions.accept_seat(seat, by=village.bram)
    bram = village.signed_in(village.bram)
    assert bram.post("/site/night-watch/", {"hours": "3", "reason": "A flood."}).status_code == 302
    assert OutboxEntry.objects.get(kind="NightWatchBegun").office == "host"
    assert "is kept until" in bram.get("/site/night-watch/").content.decode()
    assert bram.post("/site/night-watch/", {"reason": "It is over."}).status_code == 302
    assert not NightWatch.objects.filter(ended_at=None).exists()
    assert village.signed_in(village.ada).get("/site/night-watch/").status_code == 403


def test_a_night_watch_begins_by_itself_once_a_flood(village, settings_at_three):
    keep_night_watch()
    assert not NightWatch.objects.exists(), "the village is old"
    for n in range(3):
        members.join(name=f"Flood{n}", password=PASSWORD)
    keep_night_watch()
    keep_night_watch()
    assert NightWatch.objects.get().office == "charter"
    assert "3 accounts were made" in NightWatch.objects.get().reason
    actions.end_night_watch(by=village.gus, reason="They are a school class.")
    keep_night_watch()
    assert NightWatch.objects.count() == 1, "the same accounts begin no second one"


@pytest.fixture
def settings_at_three(monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "NIGHT_WATCH_AT", 3)
