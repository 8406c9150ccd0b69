"""A member who may not write in a forum: who does it, what they read, how it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.forums.models import Forum
from folkmoot.hosts import actions
from folkmoot.hosts.models import ForumBlock
from folkmoot.hosts.tasks import keep_time
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.threads import actions as threads


@pytest.fixture
def books(village):
    return Forum.objects.select_related("category").get(slug="books")


@pytest.fixture
def bram(village, books):
    """A host of the books."""
    seat = actions.offer_seat(books, by=village.gus, member=village.bram, reason="Knows every shelf.")
    actions.accept_seat(seat, by=village.bram)
    return Member.objects.get(pk=village.bram.pk)


def test_a_blocked_member_reads_the_reason_and_may_write_elsewhere(village, books, bram):
    opening = threads.start_thread(books, by=village.ada, subject="A novel", text="Of a river.")
    actions.block(books, by=bram, member=village.ada, days=3, reason="Three adverts in an hour.")
    ada = village.signed_in(village.ada)
    for path in ("/forums/books/new/", f"/posts/{opening.pk}/reply/", f"/posts/{opening.pk}/edit/"):
        html = ada.get(path).content.decode()
        assert "A host blocked you from this forum until" in html, path
        assert "Three adverts in an hour." in html
        assert ada.post(path, {"subject": "Kept words", "text": "T"}).status_code in (200, 403, 422)
    assert threads.start_thread(village.forum, by=village.ada, subject="Elsewhere", text="Fine.")
    with pytest.raises(Refused, match="Three adverts"):
        threads.reply(opening, by=Member.objects.get(pk=village.ada.pk), subject="", text="Again")
    about = Client().get("/forums/books/about/").content.decode()
    assert "Three adverts in an hour." in about
    assert "Host 1" in about
    entry = OutboxEntry.objects.get(kind="MemberBlocked")
    assert entry.facts == {"forum_id": books.pk, "days": 3}
    assert entry.office == "host"


def test_a_block_is_lifted_or_ends_by_itself(village, books, bram):
    block = actions.block(books, by=bram, member=village.ada, days=3, reason="Adverts.")
    with pytest.raises(Refused, match="blocked here already"):
        actions.block(books, by=bram, member=village.ada, days=3, reason="Adverts.")
    actions.lift_block(block, by=bram, reason="A misunderstanding.")
    assert Member.objects.get(pk=village.ada.pk).blocked_from == {}
    with pytest.raises(Refused, match="over already"):
        actions.lift_block(block, by=bram, reason="Once more.")
    actions.block(books, by=bram, member=village.ada, days=3, reason="Adverts.")
    ForumBlock.objects.filter(ended_at=None).update(until=datetime.now(UTC) - timedelta(seconds=1))
    keep_time()
    keep_time()
    assert Member.objects.get(pk=village.ada.pk).blocked_from == {}
    assert not ForumBlock.objects.filter(ended_at=None).exists()


def test_a_host_blocks_by_the_page(village, books, bram):
    browser = village.signed_in(bram)
    answer = browser.post("/forums/books/block/", {"member": "ada", "days": "400", "reason": "Adverts."})
    assert answer.status_code == 422
    assert browser.post("/forums/books/block/", {"member": "ada", "days": "4", "reason": "Adverts."}).status_code == 302
    assert str(books.pk) in Member.objects.get(pk=village.ada.pk).blocked_from
    block = ForumBlock.objects.get()
    assert browser.post(f"/hosts/blocks/{block.pk}/lift/", {"reason": "Enough."}).status_code == 302
    assert browser.get("/forums/lounge/block/").status_code == 403
