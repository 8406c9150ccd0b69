"""The hosts' desk: what waits is let in or turned away there, and its author is told."""

import pytest
from django.test import Client

from folkmoot.forums.models import Forum, ReadyReason
from folkmoot.hosts import actions
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member, Notice
from folkmoot.site.recount import drift
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post, State


@pytest.fixture
def books(village):
    Forum.objects.filter(slug="books").update(newcomers_wait=True)
    return Forum.objects.select_related("category").get(slug="books")


@pytest.fixture
def bram(village, books):
    """A host of the books."""
    seat = actions.offer_seat(books, by=village.gus, member=village.bram, reason="Knows every shelf.")
    actions.accept_seat(seat, by=village.bram)
    return Member.objects.get(pk=village.bram.pk)


def test_a_newcomers_first_post_waits_where_the_forum_says_so_and_they_are_told(village, books, bram):
    dara = village.signed_in(village.dara)
    answer = dara.post("/forums/books/new/", {"subject": "A first book", "text": "Of a river."}, follow=True)
    html = answer.content.decode()
    assert "in this forum the first posts of a newcomer wait" in html
    assert html.count("It waits because you are new here") == 1
    post = Post.objects.get()
    assert (post.state, post.waits_because) == (State.PENDING, "newcomer")
    for outsider in (Client(), village.signed_in(village.ada)):
        assert outsider.get(f"/threads/{post.thread_id}/", follow=True).status_code == 404
    browser = village.signed_in(bram)
    desk = browser.get("/forums/books/desk/").content.decode()
    assert "A first book" in desk
    assert "Of a river." in desk
    assert browser.post(f"/posts/{post.pk}/restore/", {"reason": "Welcome."}).status_code == 302
    assert Client().get(f"/threads/{post.thread_id}/", follow=True).status_code == 200
    assert OutboxEntry.objects.get(kind="PostLetIn").office == "host"
    assert drift() == []
    assert threads.start_thread(village.forum, by=village.dara, subject="Elsewhere", text="At once.").state == State.VISIBLE


def test_who_is_turned_away_reads_why(village, books, bram):
    post = threads.start_thread(books, by=village.dara, subject="Cheap pills", text="Buy.")
    assert village.signed_in(bram).post(f"/posts/{post.pk}/hide/", {"reason": "An advert."}).status_code == 302
    post.refresh_from_db()
    assert (post.state, post.state_office) == (State.REMOVED, "host")
    assert "An advert." in Notice.objects.get(member=village.dara).text
    assert "An advert." in village.signed_in(village.dara).get("/account/").content.decode()


def test_a_host_hides_nothing_that_is_seen_and_nothing_elsewhere(village, books, bram):
    browser = village.signed_in(bram)
    shown = threads.start_thread(books, by=village.ada, subject="A book", text="T")
    assert browser.post(f"/posts/{shown.pk}/hide/", {"reason": "Mine now."}).status_code == 403
    elsewhere = village.reply(village.opening(), "See https://new.example", by=village.dara)
    assert browser.post(f"/posts/{elsewhere.pk}/hide/", {"reason": "Mine now."}).status_code == 404


def test_the_desk_is_its_hosts_and_administrators_only(village, books, bram):
    for who, status in (
        (Client(), 404),
        (village.signed_in(village.ada), 404),
        (village.signed_in(bram), 200),
        (village.signed_in(village.gus), 200),
    ):
        assert who.get("/forums/books/desk/").status_code == status
    assert village.signed_in(bram).get("/forums/lounge/desk/").status_code == 404
    desk = village.signed_in(bram).get("/forums/books/desk/").content.decode()
    assert "You act here as Host 1" in desk
    assert "Nothing waits." in desk


def test_reasons_are_kept_ready(village, books, bram):
    browser = village.signed_in(bram)
    assert browser.post("/forums/books/desk/", {"text": "It is about no book."}).status_code == 302
    assert "ready already" in browser.post("/forums/books/desk/", {"text": "It is about no book."}).content.decode()
    assert browser.post("/forums/books/desk/", {"text": "x" * 301}).status_code == 422
    thread = threads.start_thread(books, by=village.ada, subject="A train", text="T").thread
    ready = ReadyReason.objects.get()
    html = browser.get(f"/threads/{thread.pk}/lock/?ready={ready.pk}").content.decode()
    assert html.count("It is about no book.") == 2, "offered, and put into the form"
    assert browser.get(f"/threads/{thread.pk}/lock/?ready=nonsense").status_code == 200
    assert village.signed_in(village.ada).post(f"/hosts/reasons/{ready.pk}/drop/").status_code == 404
    assert browser.post(f"/hosts/reasons/{ready.pk}/drop/").status_code == 302
    assert not ReadyReason.objects.exists()
