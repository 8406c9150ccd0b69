"""An appeal for which no jury can be filled goes to the review panel."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.jury import Moot, jury_of

from folkmoot.base.answers import Refused
from folkmoot.base.time import DAY, now_moment
from folkmoot.juries import actions as juries
from folkmoot.juries.models import Case
from folkmoot.juries.queries.watch import troubles
from folkmoot.juries.rules import Choice
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member, Notice, Visit
from folkmoot.panel import actions
from folkmoot.panel.models import PanelSeat, Review
from folkmoot.panel.tasks import sweep
from folkmoot.standards.models import Draft, Edition
from folkmoot.threads.models import Post, State


class Unfilled:
    """A case with an appeal that nobody can be drawn for, and three who sit on the panel."""

    def __init__(self, village, *, hidden=True):
        self.moot, self.village = Moot(village, members_more=33), village
        self.post = village.reply(village.opening(), text="Fools.")
        self.case = self.moot.alert(self.post)
        self.moot.judge(jury_of(self.case), *([Choice.BREAKS] * 5 if hidden else [Choice.KEEPS] * 4 + [Choice.BREAKS] * 3))
        self.panel = [self.seated(member) for member in self.moot.people[-3:]]
        self.appellant = village.bram if hidden else village.cleo
        Visit.objects.all().delete()
        juries.appeal(self.case, by=self.appellant, text="It was a quotation.")
        for hours in (37, 30, 10):
            self.moot.pass_time(hours=hours)

    def seated(self, member):
        draft = Draft.objects.create(
            author=member, kind="candidacy", reason="R", base=Edition.objects.latest("number"), made_at=1, stage="ratified"
        )
        seat = PanelSeat.objects.create(member=member, draft=draft, begins_at=1, ends_at=now_moment() + 300 * DAY)
        actions.take_seat(seat, now_moment())
        return Member.objects.get(pk=member.pk)

    def review(self):
        return Review.objects.get()

    def state(self):
        return Post.objects.get(pk=self.post.pk).state


@pytest.fixture
def unfilled(village):
    return Unfilled(village)


def test_the_post_waits_for_the_panel_and_two_of_three_bring_it_back(unfilled):
    assert unfilled.state() == State.HIDDEN_BY_VERDICT
    review = unfilled.review()
    assert (review.text, review.jury) == ("It was a quotation.", jury_of(unfilled.case, "appeal"))
    assert OutboxEntry.objects.filter(kind="AppealHandedOver").count() == 1
    pks = Member.objects.values_list("pk", flat=True)
    Visit.objects.bulk_create(Visit(member_id=pk, day=unfilled.moot.now.date()) for pk in pks)
    unfilled.moot.pass_time(hours=37)
    unfilled.moot.pass_time(hours=9)
    assert jury_of(unfilled.case, "appeal").seats == 0, "nobody is drawn any more, however many come back"
    assert unfilled.state() == State.HIDDEN_BY_VERDICT, "the clock of the juries lets it be"
    assert troubles(unfilled.moot.now + timedelta(hours=9)) == []
    address = f"/panel/reviews/{review.pk}/"
    assert Client().get(address).status_code == 404
    judge = unfilled.village.signed_in(unfilled.panel[0])
    assert "It was a quotation." in judge.get(address).content.decode()
    assert judge.post(address, {"undoes": "yes", "reason": "It quotes."}).status_code == 302
    assert actions.judge(review, by=unfilled.panel[1], undoes=True, reason="It does.")
    assert unfilled.state() == State.VISIBLE
    kinds = list(OutboxEntry.objects.filter(office="panel").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["PanelSeated"] * 3 + ["OpinionGiven", "OpinionGiven", "VerdictOverturned"]
    assert "The verdict is undone" in Notice.objects.filter(member=unfilled.appellant).latest("pk").text
    said = Client().get(address).content.decode()
    assert "It quotes." in said
    assert not {"Bram", "Cleo"} & set(said.replace("<", " ").replace(">", " ").split()), "an appeal names nobody"
    assert "the review panel decided instead" in Client().get(f"/juries/{unfilled.case.pk}/").content.decode()


def test_the_panel_lets_a_verdict_stand(unfilled):
    for one in unfilled.panel[:2]:
        actions.judge(unfilled.review(), by=one, undoes=False, reason="It attacks.")
    assert unfilled.state() == State.HIDDEN_BY_VERDICT
    case = Case.objects.get(pk=unfilled.case.pk)
    assert (case.state, case.standard.number) == (Case.State.HIDDEN, 3)
    with pytest.raises(Refused, match="once"):
        juries.appeal(case, by=unfilled.appellant, text="Again.")


def test_the_panel_hides_what_was_left_when_an_alerter_appeals(village):
    unfilled = Unfilled(village, hidden=False)
    assert unfilled.state() == State.VISIBLE
    for one in unfilled.panel[:2]:
        actions.judge(unfilled.review(), by=one, undoes=True, reason="It attacks.")
    assert unfilled.state() == State.HIDDEN_BY_VERDICT


def test_whom_it_concerns_does_not_judge(unfilled):
    Member.objects.filter(pk__in=(unfilled.village.bram.pk, unfilled.village.cleo.pk)).update(on_panel=True)
    for one in (unfilled.village.bram, unfilled.village.cleo):
        with pytest.raises(Refused, match="in their own case"):
            actions.judge(unfilled.review(), by=one, undoes=True, reason="R")


def test_what_the_panel_does_not_decide_in_time_returns(unfilled):
    asked = unfilled.review().asked_at
    assert sweep(asked + 30 * DAY - 1) == 0
    assert sweep(asked + 30 * DAY) == 1
    assert unfilled.state() == State.VISIBLE
    assert unfilled.review().outcome == Review.Outcome.DROPPED
    assert sweep(asked + 31 * DAY) == 0


def test_a_ban_that_is_lifted_leaves_an_appeal_alone(unfilled):
    actions.drop_review(unfilled.appellant.pk)
    assert unfilled.review().outcome == Review.Outcome.OPEN
