"""An election fills seats, seats end, and the panel reviews bans."""

import html

import pytest
from django.db import transaction
from django.test import Client
from tests.moot import Moot, fresh

from folkmoot.base.answers import Refused
from folkmoot.base.events import tell
from folkmoot.base.time import DAY, now_moment
from folkmoot.hosts import actions as hosts
from folkmoot.juries.events import ServiceEnded
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members import actions as members
from folkmoot.members.models import Member, Notice
from folkmoot.panel import actions
from folkmoot.panel.models import Opinion, PanelSeat, Review
from folkmoot.panel.tasks import call_election, sweep
from folkmoot.site import actions as site
from folkmoot.standards import actions as standards
from folkmoot.standards.models import Election
from folkmoot.standards.rules import CHARTER, Choice, Stage
from folkmoot.standards.tasks import sweep as go_on
from folkmoot.threads import actions as threads


def person(member):
    return Member.objects.get(pk=member.pk)


class House:
    def __init__(self, village):
        self.village, self.moot = village, Moot(village, voters=20)
        self.gus = village.gus

    def elect(self, *candidates, now=None):
        """By real actions: they stand, are seconded, discussed and voted on."""
        election = call_election(now or now_moment())
        drafts = [
            actions.stand(election, by=person(one), reason=f"{one.name} is fair.", forum=self.moot.forum) for one in candidates
        ]
        for draft in drafts:
            self.moot.seconded(draft)
        go_on(election.stands_until)
        go_on(Election.objects.get(pk=election.pk).ballot_at)
        Election.objects.filter(pk=election.pk).update(closes_at=now_moment() + DAY)
        for draft in drafts:
            type(draft).objects.filter(pk=draft.pk).update(closes_at=now_moment() + DAY)
        for draft in drafts:
            standards.vote(draft, by=self.moot.voters[9], choice=Choice.YES)
        go_on(now_moment() + DAY)
        return [fresh(draft) for draft in drafts]

    def panel(self):
        """Three who sit."""
        self.elect(*self.moot.voters[5:8])
        sweep(now_moment() + 2 * DAY)
        return [person(member) for member in self.moot.voters[5:8]]

    def banned(self):
        members.ban(self.village.fern, by=self.gus, reason="Too many adverts.")
        return person(self.village.fern)


@pytest.fixture
def house(village):
    return House(village)


def kinds(*offices):
    return list(OutboxEntry.objects.filter(office__in=offices).order_by("pk").values_list("kind", flat=True))


def test_an_election_begins_by_itself_and_fills_the_seats(house):
    drafts = house.elect(*house.moot.voters[5:9])
    assert [draft.stage for draft in drafts].count(Stage.RATIFIED) == 3
    assert PanelSeat.objects.filter(officer__isnull=False).count() == 3
    assert Member.objects.filter(on_panel=True).count() == 3
    assert kinds("panel") == ["PanelSeated"] * 3
    assert call_election(now_moment()) is None, "all seats are taken"
    said = Client().get("/panel/").content.decode()
    assert "0 of 3 seats are empty" in said
    assert all(f"Panel {n}" in said for n in (1, 2, 3))
    elected = PanelSeat.objects.first().member
    assert "elected you to the review panel" in Notice.objects.filter(member=elected).latest("pk").text


def test_where_few_may_vote_there_is_no_election(village):
    Moot(village, voters=14)
    assert call_election(now_moment()) is None


def test_who_is_elected_before_a_term_ends_waits_for_the_seat_and_a_term_is_followed_by_a_break(house):
    old = house.panel()
    ends = now_moment() + 20 * DAY
    PanelSeat.objects.filter(member=old[0]).update(ends_at=ends)
    with pytest.raises(Refused, match="You sit on the panel"):
        house.elect(old[0])
    Election.objects.filter(ended_at=None).delete()
    new = house.moot.voters[9]
    house.elect(new)
    assert not person(new).on_panel
    assert "elected, from" in Client().get("/panel/").content.decode()
    assert sweep(ends - 1) == 0
    assert sweep(ends) == 2
    assert (person(old[0]).on_panel, person(new).on_panel) == (False, True)
    seat = PanelSeat.objects.get(member=new)
    assert seat.ends_at - seat.begins_at == CHARTER.panel_days * DAY
    assert kinds("charter").count("PanelTermEnded") == 1
    actions.leave(by=person(old[1]))
    with pytest.raises(Refused, match="nobody stands again at once"):
        house.elect(old[0])
    with pytest.raises(Refused, match="You are not on the review panel"):
        actions.leave(by=person(old[1]))


def test_a_ban_keeps_nobody_off_who_is_elected_unless_the_panel_lets_it_stand(house):
    panel = house.panel()
    PanelSeat.objects.filter(member=panel[2]).update(ends_at=now_moment() + 10 * DAY)
    new = house.moot.voters[9]
    house.elect(new)
    members.ban(person(new), by=house.gus, reason="Not this one.")
    review = actions.ask(by=person(new), text="I was elected.")
    assert sweep(now_moment() + 11 * DAY) == 1
    assert not person(new).on_panel
    members.unban(new, by=house.gus, reason="Very well.")
    assert sweep(now_moment() + 11 * DAY) == 1
    assert person(new).on_panel
    Member.objects.filter(pk=new.pk).update(banned_at=person(house.village.eli).banned_at)
    review = actions.ask(by=person(new), text="I was elected.")
    for one in panel[:2]:
        actions.judge(review, by=one, undoes=False, reason="It was right.")
    assert PanelSeat.objects.get(member=new).ending == PanelSeat.Ending.SERVICE


def test_no_officer_empties_the_panel_but_juries_can(house):
    one = house.panel()[0]
    with pytest.raises(Refused, match="Nobody bans a member of the review panel"):
        members.ban(one, by=house.gus, reason="Judges me.")
    with pytest.raises(Refused, match="nobody is on both"):
        hosts.appoint_intake(by=house.gus, member=one, reason="Away with them.")
    with transaction.atomic():
        tell(ServiceEnded(member_id=one.pk, by=0, office="jury", reason="3 posts hidden."))
    assert not person(one).on_panel
    assert kinds("charter")[-1] == "PanelServiceEnded"


def test_administrators_and_the_intake_team_do_not_stand(house):
    hosts.appoint_intake(by=house.gus, member=house.moot.voters[5], reason="Awake.")
    for one in (house.gus, house.moot.voters[5]):
        with pytest.raises(Refused, match="nobody of them sits on it"):
            house.elect(one)
        Election.objects.all().delete()


def test_a_banned_member_asks_once_and_two_of_three_lift_the_ban(house):
    panel, fern = house.panel(), house.banned()
    browser = house.village.signed_in(fern)
    assert "/panel/review/" in browser.get("/account/").content.decode()
    address = browser.post("/panel/review/", {"text": "It was one advert, for a friend."})["Location"]
    review = Review.objects.get()
    assert address == f"/panel/reviews/{review.pk}/"
    assert browser.post("/panel/review/", {"text": "Once more."}).status_code == 403
    for stranger in (Client(), house.village.signed_in(house.gus), house.village.signed_in(house.village.ada)):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"undoes": "yes", "reason": "R"}).status_code == 404
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"undoes": "yes", "reason": "R"}).status_code == 403
    first = house.village.signed_in(panel[0])
    assert "It was one advert" in first.get(address).content.decode()
    assert "What waits for you" in first.get("/panel/").content.decode()
    assert f"Review {review.pk} waits" in Notice.objects.filter(member=panel[0]).latest("pk").text
    assert first.post(address, {"undoes": "", "reason": "Kept words."}).status_code == 422
    assert first.post(address, {"undoes": "yes", "reason": "One advert is not many."}).status_code == 302
    assert first.post(address, {"undoes": "no", "reason": "R"}).status_code == 403
    actions.judge(review, by=panel[1], undoes=False, reason="It was a plain advert.")
    assert person(fern).banned_at
    assert actions.judge(review, by=panel[2], undoes=True, reason="A warning would do.")
    assert person(fern).banned_at is None
    told = OutboxEntry.objects.filter(office="panel").exclude(kind="PanelSeated").order_by("pk").select_related("reason")
    assert [act.kind for act in told] == ["OpinionGiven"] * 3 + ["BanOverturned", "MemberUnbanned"]
    assert told[0].reason.text == "One advert is not many."
    assert {act.reason.text for act in list(told)[3:]} == {
        f"2 of the review panel agreed; their reasons stand in review {review.pk}."
    }
    assert "member_id" not in told[0].facts
    said = html.unescape(Client().get(address).content.decode())
    assert all(words in said for words in ("It was one advert", "One advert is not many.", "It was a plain advert.", "undone"))
    assert "Your account is open again" in Notice.objects.filter(member=fern).latest("pk").text
    with pytest.raises(Refused, match="is decided"):
        actions.judge(review, by=panel[0], undoes=True, reason="R")
    assert "It was one advert" not in Client().get("/ledger/").content.decode()


def test_two_of_three_uphold_a_ban_and_another_ban_is_another_review(house):
    panel, fern = house.panel(), house.banned()
    review = actions.ask(by=fern, text="It was one.")
    for one in panel[:2]:
        actions.judge(review, by=one, undoes=False, reason="It was many.")
    review.refresh_from_db()
    assert review.outcome == Review.Outcome.STANDS
    assert person(fern).banned_at
    assert kinds("panel")[-1] == "BanUpheld"
    with pytest.raises(Refused, match="one for each"):
        actions.ask(by=person(fern), text="Again.")
    members.unban(fern, by=house.gus, reason="A year has passed.")
    assert actions.ask(by=house.banned(), text="This time it was none.").pk != review.pk


def test_only_who_sits_at_the_end_counts(house):
    panel, fern = house.panel(), house.banned()
    review = actions.ask(by=fern, text="It was one.")
    actions.judge(review, by=panel[0], undoes=True, reason="It was one.")
    actions.leave(by=person(panel[0]))
    with pytest.raises(Refused, match="Only the review panel"):
        actions.judge(review, by=panel[0], undoes=True, reason="R")
    assert not actions.judge(review, by=panel[1], undoes=True, reason="It was one.")
    assert actions.judge(review, by=panel[2], undoes=True, reason="It was one.")


def test_what_the_intake_team_closed_comes_back_with_its_posts(house):
    panel, village = house.panel(), house.village
    post = village.opening("Cheap pens", "Buy", by=village.dara)
    for member in (village.ada, village.bram, village.cleo):
        hosts.appoint_intake(by=house.gus, member=member, reason="Awake at night.")
        hosts.back_revocation(village.dara, by=person(member), reason="Sells pens.", sweeps=True)
    assert person(village.dara).banned_at
    review = actions.ask(by=person(village.dara), text="I gave them away.")
    for one in panel[:2]:
        actions.judge(review, by=one, undoes=True, reason="They were gifts.")
    assert person(village.dara).banned_at is None
    post.refresh_from_db()
    assert post.state == "visible"
    review.refresh_from_db()
    assert review.outcome == Review.Outcome.UNDONE


def test_a_ban_that_somebody_else_lifts_leaves_nothing_to_decide(house):
    panel, fern = house.panel(), house.banned()
    review = actions.ask(by=fern, text="It was one.")
    members.unban(fern, by=house.gus, reason="It was one.")
    review.refresh_from_db()
    assert review.outcome == Review.Outcome.DROPPED
    with pytest.raises(Refused, match="is decided"):
        actions.judge(review, by=panel[0], undoes=True, reason="R")
    with pytest.raises(Refused, match="yours is open"):
        actions.ask(by=person(fern), text="Still.")


def test_without_a_panel_the_way_is_to_the_administrators(house):
    fern = house.banned()
    assert "Nobody sits on the review panel" in house.village.signed_in(fern).get("/panel/review/").content.decode()
    with pytest.raises(Refused, match="Nobody sits"):
        actions.ask(by=fern, text="It was one.")


def test_a_redacted_reason_goes_from_the_review_too(house):
    panel, fern = house.panel(), house.banned()
    review = actions.ask(by=fern, text="It was one.")
    actions.judge(review, by=panel[0], undoes=True, reason="She lives at 5 Mill Lane.")
    site.redact(OutboxEntry.objects.get(kind="OpinionGiven"), by=house.gus, reason="An address.")
    assert Opinion.objects.get().reason == ""


def test_the_village_still_posts_while_a_panel_sits(house):
    """A member of the panel is a member like others."""
    one = house.panel()[0]
    assert threads.start_thread(house.moot.forum, by=one, subject="Hello", text="I sit there.").pk
