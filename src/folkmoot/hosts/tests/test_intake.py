"""The intake team: three agree, posts go in one act and come back in one, and whoever is concerned is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.hosts import actions
from folkmoot.hosts.models import IntakeSeat, Revocation
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members import actions as members
from folkmoot.members.models import Member, Notice
from folkmoot.site.recount import drift
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post, State


@pytest.fixture
def team(village):
    found = [village.ada, village.bram, village.cleo]
    for member in found:
        actions.appoint_intake(by=village.gus, member=member, reason="Awake at night.")
    return [fresh(member) for member in found]


def fresh(member):
    return Member.objects.get(pk=member.pk)


def spam(village):
    """Dara has written a thread and a reply that are seen, and one that waits."""
    mine = village.opening("Cheap pills", "Buy", by=village.dara)
    village.reply(mine, "Why?", by=village.ada)
    village.reply(village.opening(), "Buy pills", by=village.dara)
    return village.reply(mine, "See https://pills.example", by=village.dara)


def test_three_must_agree(village, team):
    for n, member in enumerate(team):
        assert not fresh(village.dara).banned_at
        assert actions.back_revocation(village.dara, by=member, reason="Sells pills.", sweeps=False) is (n == 2)
    assert fresh(village.dara).ban_reason == "Sells pills."
    backed = OutboxEntry.objects.filter(kind="RevocationBacked").order_by("pk")
    assert [entry.facts for entry in backed] == [{"agreed": n, "needed": 3} for n in (1, 2, 3)]
    assert {entry.office for entry in backed} == {"intake"}
    assert OutboxEntry.objects.get(kind="AccountRevoked").office == "intake"
    assert "You may appeal." in Notice.objects.get(member=village.dara).text
    assert "How to appeal" in village.signed_in(village.dara).get("/account/").content.decode()


def test_nobody_agrees_twice_and_nobody_else_agrees(village, team):
    actions.back_revocation(village.dara, by=team[0], reason="Sells pills.", sweeps=False)
    with pytest.raises(Refused, match="agreed to this already"):
        actions.back_revocation(village.dara, by=team[0], reason="Sells pills.", sweeps=False)
    for other in (village.gus, village.fern):
        with pytest.raises(Refused, match="Only the intake team"):
            actions.back_revocation(village.dara, by=fresh(other), reason="Sells pills.", sweeps=False)
    with pytest.raises(Refused, match="last 30 days"):
        actions.back_revocation(village.fern, by=team[0], reason="Old, and pays.", sweeps=False)


def test_who_has_left_the_team_does_not_count(village, team):
    actions.back_revocation(village.dara, by=team[0], reason="Sells pills.", sweeps=False)
    actions.leave_intake(by=team[0])
    for member in team[1:]:
        assert not actions.back_revocation(village.dara, by=member, reason="Sells pills.", sweeps=False)
    assert not fresh(village.dara).banned_at


def test_its_posts_go_in_one_act_and_come_back_in_one(village, team):
    waiting = spam(village)
    before = dict(Post.objects.values_list("pk", "state"))
    for member in team:
        actions.back_revocation(village.dara, by=member, reason="Sells pills.", sweeps=True)
    assert set(Post.objects.filter(author=village.dara).values_list("state", flat=True)) == {State.HIDDEN_BY_OFFICE}
    assert OutboxEntry.objects.get(kind="PostsSwept").facts == {"post_count": 3}
    assert drift() == []
    assert "pills" not in Client().get("/latest/").content.decode()
    assert "No post has all of that." in Client().get("/search/?q=pills+author:Dara").content.decode()
    actions.undo_revocation(Revocation.objects.get(), by=team[1], reason="It was a joke among friends.")
    assert dict(Post.objects.values_list("pk", "state")) == before
    assert Post.objects.get(pk=waiting.pk).number is None
    assert not fresh(village.dara).banned_at
    assert drift() == []
    with pytest.raises(Refused, match="nothing to undo"):
        actions.undo_revocation(Revocation.objects.get(), by=team[1], reason="Once more.")
    assert actions.back_revocation(village.dara, by=team[0], reason="Again.", sweeps=False) is False, "it begins anew"


def test_posts_stay_when_most_of_the_team_would_leave_them(village, team):
    spam(village)
    for n, member in enumerate(team):
        actions.back_revocation(village.dara, by=member, reason="Sells pills.", sweeps=n == 0)
    assert Post.objects.filter(author=village.dara, state=State.VISIBLE).count() == 2
    assert Revocation.objects.get().swept_at is None


def test_the_team_may_undo_for_some_days_only(village, team):
    for member in team:
        actions.back_revocation(village.dara, by=member, reason="Sells pills.", sweeps=False)
    Revocation.objects.update(undo_until=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(Refused, match="time to undo"):
        actions.undo_revocation(Revocation.objects.get(), by=team[0], reason="Late.")
    actions.undo_revocation(Revocation.objects.get(), by=village.gus, reason="On appeal.")
    assert not fresh(village.dara).banned_at


def test_the_pages_of_the_team(village, team):
    ada = village.signed_in(village.ada)
    assert village.signed_in(village.fern).get("/intake/").status_code == 404
    assert "Dara" in ada.get("/intake/").content.decode()
    assert ada.post("/members/Dara/revoke/", {"reason": ""}).status_code == 422
    for member in team:
        assert (
            village.signed_in(member).post("/members/Dara/revoke/", {"reason": "Sells pills.", "sweeps": "on"}).status_code == 302
        )
    html = ada.get("/intake/").content.decode()
    assert "its posts removed" in html
    assert "Undo" in html
    assert ada.post(f"/intake/{Revocation.objects.get().pk}/undo/", {"reason": "A mistake."}).status_code == 302
    assert "No account." in ada.get("/intake/").content.decode()
    assert ada.post("/intake/leave/").status_code == 302
    assert ada.get("/intake/").status_code == 404
    gus = village.signed_in(village.gus)
    assert gus.post("/site/intake-team/", {"member": "Bram", "reason": "Kept reason"}).status_code == 422
    assert gus.post("/members/Bram/dismiss/", {"reason": "Thank you."}).status_code == 302
    assert "Thank you." in Notice.objects.filter(member=village.bram).latest("pk").text


def test_a_ban_ends_the_seat(village, team):
    members.ban(village.ada, by=village.gus, reason="Threats.")
    assert not fresh(village.ada).on_intake_team
    assert IntakeSeat.objects.filter(ended_at=None).count() == 2
    with pytest.raises(Refused):
        threads.start_thread(village.forum, by=fresh(village.ada), subject="S", text="T")
