"""Reading what is private: a reason first, on the record, and the member is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from tests.cast import PASSWORD, sign_in

from folkmoot.base.answers import Refused
from folkmoot.ledger.models import OutboxEntry, Reason
from folkmoot.members import actions
from folkmoot.members.models import Member, PrivateRead, Session
from folkmoot.members.tasks import forget_sessions
from folkmoot.site.models import Letter

WHY = {"reason": "Two accounts write alike."}


@pytest.fixture
def gus(village) -> Client:
    return village.signed_in(village.gus)


def _from(address: str, member: Member) -> Client:
    """A browser that signed in from there."""
    client = Client(REMOTE_ADDR=address)
    assert client.post("/sign-in/", {"login": member.name, "password": PASSWORD}).status_code == 302
    return client


def test_a_name_is_found_freely_and_leaves_no_act(village, gus):
    before = OutboxEntry.objects.count()
    page = gus.get("/site/members/?name=LE").content.decode()
    assert "/members/Cleo/" in page
    assert "/members/Bram/" not in page
    assert "No member’s name has that part." in gus.get("/site/members/?name=xyz").content.decode()
    assert OutboxEntry.objects.count() == before
    assert "@moot.example" not in page


@pytest.mark.parametrize("path", ["/site/members/mail/", "/site/members/network/", "/members/Cleo/private/"])
def test_nothing_is_shown_before_a_reason_is_given(village, gus, path):
    _from("198.51.100.7", village.cleo)
    asked = "cleo@moot.example" if "mail" in path else "198.51.100.7"
    for answer in (gus.get(path), gus.get(f"{path}?asked={asked}&reason=x"), gus.post(path, {"asked": asked, "reason": " "})):
        page = answer.content.decode()
        assert "198.51.100.0" not in page
        assert "/members/Cleo/" not in page.split("<main")[1] or "private" in path
        assert 'value="cleo@' not in page or answer.status_code == 422
    assert not PrivateRead.objects.exists()
    assert not OutboxEntry.objects.filter(kind__in=("SoughtByMail", "SoughtByNetwork", "PrivateDataRead")).exists()


def test_a_search_by_mail_is_on_the_record_without_the_address_and_the_member_is_told(village, gus):
    page = gus.post("/site/members/mail/", {"asked": "CLEO@moot.example", **WHY}).content.decode()
    assert "/members/Cleo/" in page
    act = OutboxEntry.objects.get(kind="SoughtByMail")
    assert act.facts == {"found_count": 1}
    assert "cleo" not in Reason.objects.get(entry=act).text.lower()
    cleo, ada = village.signed_in(village.cleo), village.signed_in(village.ada)
    assert "An officer read private data of your account, or" in cleo.get("/latest/").content.decode()
    assert "An officer read private data" not in ada.get("/latest/").content.decode()
    account = cleo.get("/account/").content.decode()
    assert "an administrator looked for a mail address, which is yours. Reason: Two accounts write alike." in account
    assert cleo.get("/account/reads/seen/").status_code == 405
    assert cleo.post("/account/reads/seen/").status_code == 302
    assert "An officer read private data" not in cleo.get("/latest/").content.decode()
    assert "Two accounts write alike." in cleo.get("/account/").content.decode()


def test_a_whole_domain_can_be_looked_for(village, gus):
    page = gus.post("/site/members/mail/", {"asked": "@moot.example", **WHY}).content.decode()
    assert "6 found" in page
    assert PrivateRead.objects.count() == 6
    assert "0 found" in gus.post("/site/members/mail/", {"asked": "@nowhere.example", **WHY}).content.decode()
    for wrong in ("moot", "@", "x@y"):
        assert gus.post("/site/members/mail/", {"asked": wrong, **WHY}).status_code == 422


def test_a_network_is_kept_with_the_session_and_found(village, gus):
    _from("203.0.113.9", village.cleo)
    browser = _from("203.0.113.200", village.bram)
    _from("2001:db8:1:2::7", village.fern)
    kept = set(Session.objects.exclude(network="").values_list("network", flat=True)) - {"127.0.0.0/24"}
    assert kept == {"203.0.113.0/24", "2001:db8:1::/56"}
    page = gus.post("/site/members/network/", {"asked": "203.0.113.77", **WHY}).content.decode()
    assert "/members/Cleo/" in page
    assert "/members/Bram/" in page
    assert "/members/Fern/" not in page
    assert OutboxEntry.objects.get(kind="SoughtByNetwork").facts == {"found_count": 2}
    assert gus.post("/site/members/network/", {"asked": "not an address", **WHY}).status_code == 422
    browser.post("/sign-out/")
    assert not Session.objects.filter(member_id=village.bram.pk).exists()


def test_a_visitors_session_has_no_network_and_what_is_over_is_forgotten(village):
    visitor = Client(REMOTE_ADDR="203.0.113.9")
    visitor.post(f"/posts/{village.opening().pk}/reply/", {"text": "Kept words"})
    assert not Session.objects.get().network
    _from("203.0.113.9", village.cleo)
    Session.objects.filter(member_id=village.cleo.pk).update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    forget_sessions()
    assert not Session.objects.filter(member_id=village.cleo.pk).exists()
    assert Session.objects.count() == 1


def test_private_data_are_opened_with_a_reason_and_told(village, gus):
    _from("203.0.113.9", village.cleo)
    page = gus.post("/members/Cleo/private/", WHY).content.decode()
    assert "cleo@moot.example" in page
    assert "from 203.0.113.0/24" in page
    act = OutboxEntry.objects.get(kind="PrivateDataRead")
    assert act.facts == {}, "whom it concerns is a salted hash"
    assert act.people_hash
    assert PrivateRead.objects.get().member_id == village.cleo.pk
    assert "opened a member's private data" in gus.get("/site/members/").content.decode().replace("&#39;", "'")


def test_only_administrators_by_page_and_by_action(village):
    ada = village.signed_in(village.ada)
    for path in ("/site/members/", "/site/members/mail/", "/site/members/network/", "/members/Cleo/private/"):
        for client in (Client(), ada):
            assert client.get(path).status_code == 403
            assert client.post(path, {"asked": "cleo@moot.example", **WHY}).status_code in (403, 405)
    for act in (
        lambda: actions.seek_by_mail("@moot.example", by=village.ada, **WHY),
        lambda: actions.seek_by_network("203.0.113.0/24", by=village.ada, **WHY),
        lambda: actions.read_private(village.cleo, by=village.ada, **WHY),
    ):
        with pytest.raises(Refused):
            act()
    assert not PrivateRead.objects.exists()


def test_the_password_is_asked_for_once_more(village):
    gus = Client()
    gus.force_login(village.gus)
    for path in ("/site/members/mail/", "/members/Cleo/private/"):
        asked = gus.get(path)
        assert asked.status_code == 302
        assert asked["Location"].startswith("/account/again/")
        assert gus.post(path, {"asked": "@moot.example", **WHY}).status_code == 302
    assert not PrivateRead.objects.exists()
    given = gus.post("/account/again/?next=/members/Cleo/private/", {"password": PASSWORD})
    assert given.status_code in (200, 302)
    assert gus.get("/members/Cleo/private/").status_code == 200


def test_many_reads_within_an_hour_are_refused(village, gus):
    for _ in range(30):
        assert gus.post("/members/Cleo/private/", WHY).status_code == 200
    refused = gus.post("/members/Cleo/private/", WHY)
    assert refused.status_code == 403
    assert "There were many private reads" in refused.content.decode()
    assert PrivateRead.objects.count() == 30


def test_a_letter_goes_where_mail_is_set(village, monkeypatch):
    monkeypatch.setattr(settings, "MAIL_URL", "smtp://mail.example")
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "folkmoot.site.mail.Outbox")
    actions.read_private(village.cleo, by=village.gus, **WHY)
    letter = Letter.objects.get()
    assert letter.recipients == "cleo@moot.example"
    assert b"Two accounts write alike." in bytes(letter.message)


def test_an_officer_is_told_like_everybody(village, gus):
    other = Member.objects.get(pk=village.fern.pk)
    Member.objects.filter(pk=other.pk).update(office="administrator", office_since=datetime.now(UTC))
    fern = sign_in(Client(), Member.objects.get(pk=other.pk))
    fern.post("/members/Gus/private/", WHY)
    assert "An officer read private data" in gus.get("/").content.decode()
