"""Seats: offered, taken, served, left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.forums.models import Category, Forum
from folkmoot.hosts import actions
from folkmoot.hosts.models import HostSeat
from folkmoot.hosts.tasks import keep_time
from folkmoot.ledger.models import OutboxEntry, Reason
from folkmoot.members import actions as members
from folkmoot.members.models import Member, Notice
from folkmoot.standards.rules import CHARTER
from folkmoot.threads import actions as threads


@pytest.fixture
def books(village):
    return Forum.objects.select_related("category").get(slug="books")


def seated(forum, by, member):
    seat = actions.offer_seat(forum, by=fresh(by), member=member, reason="Knows every shelf.")
    actions.accept_seat(seat, by=fresh(member))
    seat.refresh_from_db()
    return seat


def fresh(member):
    return Member.objects.get(pk=member.pk)


def kinds():
    return list(OutboxEntry.objects.order_by("pk").values_list("kind", flat=True))


def test_nobody_is_a_host_who_has_not_said_yes(village, books):
    seat = actions.offer_seat(books, by=village.gus, member=village.bram, reason="Knows every shelf.")
    assert fresh(village.bram).host_of == []
    assert "Knows every shelf." in Notice.objects.get(member=village.bram).text
    html = village.signed_in(village.bram).get("/latest/").content.decode()
    assert "Something was decided that concerns you" in html
    actions.decline_seat(seat, by=village.bram)
    assert fresh(village.bram).host_of == []
    assert "declined" in Notice.objects.get(member=village.gus).text
    with pytest.raises(Refused, match="answered"):
        actions.accept_seat(seat, by=village.bram)
    assert kinds()[-1] == "HostOffered", "who declines is told on no record"


def test_a_host_has_the_number_that_the_record_knows(village, books):
    seat = seated(books, village.gus, village.bram)
    assert fresh(village.bram).host_of == [books.pk]
    entry = OutboxEntry.objects.get(kind="HostSeated")
    assert (entry.office, entry.officer, seat.officer) == ("host", 1, 1)
    assert entry.facts == {"forum_id": books.pk}, "whom it concerns stands beside the log"
    html = Client().get("/forums/books/about/").content.decode()
    assert "Bram" in html
    assert "Host 1" in html
    assert "0 days served" in html


def test_a_host_appoints_and_removes_only_who_came_after(village, books):
    first = seated(books, village.gus, village.bram)
    second = seated(books, village.bram, village.cleo)
    bram, cleo = fresh(village.bram), fresh(village.cleo)
    with pytest.raises(Refused, match="appointed before"):
        actions.remove(first, by=cleo, reason="I want it alone.")
    actions.remove(second, by=bram, reason="Locks what they dislike.")
    assert fresh(village.cleo).host_of == []
    assert OutboxEntry.objects.get(kind="HostRemoved").office == "host"
    assert "Locks what they dislike." in Notice.objects.filter(member=cleo).latest("pk").text


def test_main_forums_have_seats_terms_and_breaks(village):
    forum, now = village.forum, datetime.now(UTC)
    seat = seated(forum, village.gus, village.bram)
    assert abs(seat.ends_at - now - timedelta(days=CHARTER.host_days)) < timedelta(minutes=1)
    with pytest.raises(Refused, match="Administrators appoint"):
        actions.offer_seat(forum, by=fresh(village.bram), member=village.cleo, reason="A friend.")
    HostSeat.objects.update(ends_at=now - timedelta(seconds=1))
    keep_time()
    keep_time()
    assert fresh(village.bram).host_of == []
    assert kinds().count("HostTermEnded") == 1
    assert OutboxEntry.objects.get(kind="HostTermEnded").office == "charter"
    with pytest.raises(Refused, match="rest until"):
        actions.offer_seat(forum, by=village.gus, member=village.bram, reason="Again.")
    HostSeat.objects.update(ended_at=now - timedelta(days=CHARTER.host_break_days, seconds=1))
    assert actions.offer_seat(forum, by=village.gus, member=village.bram, reason="Again.")


def test_offers_count_as_seats_and_lapse(village, monkeypatch):
    monkeypatch.setattr("folkmoot.hosts.actions.seats.charter", lambda moment: CHARTER.changed({"main_hosts": 1}))
    actions.offer_seat(village.forum, by=village.gus, member=village.bram, reason="Please.")
    with pytest.raises(Refused, match="All 1 seats"):
        actions.offer_seat(village.forum, by=village.gus, member=village.cleo, reason="Please.")
    HostSeat.objects.update(offered_at=datetime.now(UTC) - timedelta(days=14))
    keep_time()
    assert HostSeat.objects.get().ending == "lapsed"
    assert actions.offer_seat(village.forum, by=village.gus, member=village.cleo, reason="Please.")


def test_service_ends_with_the_ladder_and_with_a_ban(village, books):
    seated(books, village.gus, village.bram)
    seated(village.forum, village.gus, village.bram)
    assert actions.end_service(village.bram.pk, reason="Three of their posts were hidden.") == 2
    assert actions.end_service(village.bram.pk, reason="Three of their posts were hidden.") == 0
    assert fresh(village.bram).host_of == []
    with pytest.raises(Refused, match="rest until"):
        actions.offer_seat(books, by=village.gus, member=village.bram, reason="Again.")
    seated(books, village.gus, village.cleo)
    members.ban(village.cleo, by=village.gus, reason="Threats.")
    assert fresh(village.cleo).host_of == []


def test_a_forum_that_changes_its_kind_changes_its_terms(village, books):
    seat = seated(books, village.gus, village.bram)
    main = Category.objects.get(is_main=True)
    Forum.objects.filter(pk=books.pk).update(category=main)
    keep_time()
    seat.refresh_from_db()
    assert seat.ends_at is not None
    Forum.objects.filter(pk=books.pk).update(category=books.category)
    keep_time()
    seat.refresh_from_db()
    assert seat.ends_at is None
    assert seat.ended_at is None


def test_an_offer_is_known_to_its_member_and_to_whoever_appoints(village, books):
    seat = actions.offer_seat(books, by=village.gus, member=village.bram, reason="Knows every shelf.")
    assert "Bram" in village.signed_in(village.gus).get("/forums/books/about/").content.decode()
    for who in (Client(), village.signed_in(village.ada)):
        assert "/members/Bram/" not in who.get("/forums/books/about/").content.decode()
    assert village.signed_in(village.ada).get(f"/hosts/seats/{seat.pk}/").status_code == 404
    assert village.signed_in(village.gus).get(f"/hosts/seats/{seat.pk}/").status_code == 404
    bram = village.signed_in(village.bram)
    assert "Yes, I will" in bram.get(f"/hosts/seats/{seat.pk}/").content.decode()
    assert bram.post(f"/hosts/seats/{seat.pk}/", {"accept": "1"}).status_code == 302
    assert "Resign" in bram.get(f"/hosts/seats/{seat.pk}/").content.decode()
    assert bram.post(f"/hosts/seats/{seat.pk}/resign/").status_code == 302
    assert "resigned" in bram.get(f"/hosts/seats/{seat.pk}/").content.decode()
    assert bram.post(f"/hosts/seats/{seat.pk}/resign/").status_code == 403


def test_a_name_that_nobody_has_is_said_beside_its_field(village, books):
    gus = village.signed_in(village.gus)
    answer = gus.post("/forums/books/hosts/offer/", {"member": "Nobody1", "reason": "Kept reason"})
    assert answer.status_code == 422
    assert "Nobody here has this name." in answer.content.decode()
    assert "Kept reason" in answer.content.decode()
    answer = gus.post("/forums/books/hosts/offer/", {"member": "Eli", "reason": "Kept reason"})
    assert answer.status_code == 422
    assert "account is closed" in answer.content.decode()


def test_a_letter_goes_where_mail_is_set(village, books, settings_with_mail):
    actions.offer_seat(books, by=village.gus, member=village.bram, reason="Knows every shelf.")
    assert "Knows every shelf." in mail.outbox[0].body
    assert "/hosts/seats/" in mail.outbox[0].body


@pytest.fixture
def settings_with_mail(monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "MAIL_URL", "smtp://localhost")
    mail.outbox.clear()


def test_a_redacted_reason_goes_from_the_thread_and_the_block(village, books):
    thread = village.thread("About her house")
    threads.lock(thread, by=village.gus, reason="Lives at 12 Elm Street.")
    actions.block(books, by=village.gus, member=village.ada, days=3, reason="Lives at 14 Elm Street.")
    from folkmoot.site.actions import redact

    for kind in ("ThreadLocked", "MemberBlocked"):
        redact(OutboxEntry.objects.get(kind=kind), by=village.gus, reason="A street number.")
    assert Reason.objects.filter(text__contains="Elm").count() == 0
    for address in (f"/threads/{thread.pk}/about-her-house/", "/forums/books/about/"):
        html = Client().get(address).content.decode()
        assert "Elm" not in html
        assert "redacted" in html
    assert "Elm" not in str(fresh(village.ada).blocked_from)
