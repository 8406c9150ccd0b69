"""The recall of a host: put forward, seconded by who writes there, voted on, and the seat ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.moot import Moot, fresh

from folkmoot.base.answers import Refused
from folkmoot.base.time import DAY, now_moment
from folkmoot.forums.models import Forum
from folkmoot.hosts import actions
from folkmoot.hosts.models import HostSeat
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member, Notice
from folkmoot.standards import actions as standards
from folkmoot.standards.models import Draft
from folkmoot.standards.rules import Choice, Stage
from folkmoot.standards.tasks import sweep
from folkmoot.threads import actions as threads


class Town:
    """A moot in which Bram hosts a forum of a category; some of its members write there."""

    def __init__(self, village):
        self.moot, self.village = Moot(village), village
        self.books = Forum.objects.select_related("category").get(slug="books")
        self.seat = self.seated(village.bram)
        self.opening = threads.start_thread(self.books, by=village.ada, subject="A book", text="Who has read it?")
        self.thread = self.opening.thread
        for member in self.moot.voters[2:5]:
            threads.reply(self.opening, by=member, subject="I have", text="It ends well.")

    def seated(self, member):
        seat = actions.offer_seat(self.books, by=self.village.gus, member=Member.objects.get(pk=member.pk), reason="Reads a lot.")
        actions.accept_seat(seat, by=member)
        return HostSeat.objects.get(pk=seat.pk)

    def recall(self, **more):
        plain = {"by": self.village.ada, "reason": "Locks what they dislike.", "forum": self.moot.forum}
        return actions.put_forward_recall(self.seat, **{**plain, **more})

    def at_the_ballot(self):
        draft = self.recall()
        for member in self.moot.voters[2:5]:
            standards.second(draft, by=member)
        sweep(now_moment())
        Draft.objects.filter(pk=draft.pk).update(ballot_at=now_moment())
        sweep(now_moment())
        return fresh(draft)


@pytest.fixture
def town(village):
    return Town(village)


def kinds(since):
    return list(OutboxEntry.objects.filter(pk__gt=since).order_by("pk").values_list("kind", flat=True))


def test_a_host_who_locks_what_they_dislike_is_recalled_by_the_members(town):
    threads.lock(town.thread, by=Member.objects.get(pk=town.village.bram.pk), reason="I do not like it.")
    since = OutboxEntry.objects.latest("pk").pk
    draft = town.at_the_ballot()
    assert (draft.stage, draft.voters) == (Stage.BALLOT, 12)
    for member, choice in zip(town.moot.voters, (Choice.YES, Choice.NO, Choice.YES, Choice.YES), strict=False):
        standards.vote(draft, by=member, choice=choice)
    draft = town.moot.decided(draft)
    assert (draft.stage, draft.edition) == (Stage.RATIFIED, None)
    seat = HostSeat.objects.get(pk=town.seat.pk)
    assert seat.ending == HostSeat.Ending.RECALLED
    bram = Member.objects.get(pk=town.village.bram.pk)
    assert bram.host_of == []
    assert "The members recalled you as a host of" in Notice.objects.filter(member=bram).latest("pk").text
    assert kinds(since) == ["RecallPutForward", "RollClosed", "BallotOpened", "BallotsOpened", "HostRecalled", "RecallCarried"]
    told = OutboxEntry.objects.get(kind="HostRecalled")
    assert told.office == "members"
    assert told.facts == {"forum_id": town.books.pk, "number": seat.officer, "draft_id": draft.pk}
    assert "carried: recalled" in Client().get(f"/standards/drafts/{draft.pk}/").content.decode()
    with pytest.raises(Refused, match="they rest until"):
        actions.offer_seat(town.books, by=town.village.gus, member=bram, reason="Come back.")
    elsewhere = Forum.objects.select_related("category").exclude(pk=town.books.pk).filter(category__is_main=False)[0]
    assert actions.offer_seat(elsewhere, by=town.village.gus, member=bram, reason="Another shelf.").pk
    HostSeat.objects.filter(pk=seat.pk).update(ended_at=datetime.now(UTC) - timedelta(days=91))
    assert actions.offer_seat(town.books, by=town.village.gus, member=bram, reason="Come back.").pk


def test_a_recall_that_is_not_carried_leaves_the_host_and_comes_back_after_a_while(town):
    draft = town.at_the_ballot()
    for member, choice in zip(town.moot.voters, (Choice.YES, Choice.NO), strict=False):
        standards.vote(draft, by=member, choice=choice)
    assert town.moot.decided(draft).stage == Stage.REJECTED
    assert HostSeat.objects.get(pk=town.seat.pk).ended_at is None
    with pytest.raises(Refused, match="was not carried"):
        town.recall()
    Draft.objects.filter(pk=draft.pk).update(ended_at=now_moment() - 31 * DAY)
    assert town.recall().stage == Stage.SECONDING


def test_only_who_wrote_there_lately_seconds_it(town):
    draft = town.recall()
    assert draft.seconds_needed == 3
    stranger = town.moot.voters[6]
    with pytest.raises(Refused, match="Only who wrote in Books & Writing in the 90 days before"):
        standards.second(draft, by=stranger)
    page = town.village.signed_in(stranger).get(f"/standards/drafts/{draft.pk}/").content.decode()
    assert "Only who wrote in Books &amp; Writing in the 90 days" in page
    assert f'action="/standards/drafts/{draft.pk}/second/"' not in page
    threads.reply(town.opening, by=stranger, subject="Me too", text="Now I write here.")
    with pytest.raises(Refused, match="You did not"):
        standards.second(draft, by=stranger)
    with pytest.raises(Refused, match="Others second a draft"):
        standards.second(draft, by=town.village.ada)
    with pytest.raises(Refused, match="You have been a member for 0 days"):
        standards.second(draft, by=town.village.dara)
    standards.second(draft, by=town.moot.voters[2])
    assert fresh(draft).second_count == 1


def test_a_share_of_many_regulars_is_more_than_three(town):
    for member in Moot.more(40):
        threads.reply(town.opening, by=member, subject="Me too", text="I write here.")
    assert town.recall().seconds_needed == 5  # 10 % of 44


def test_a_recall_that_too_few_second_is_set_aside(town):
    draft = town.recall()
    assert sweep(now_moment() + 29 * DAY) == 0
    assert sweep(now_moment() + 31 * DAY) == 1
    draft = fresh(draft)
    assert (draft.stage, draft.outcome) == (Stage.SET_ASIDE, "Too few seconded it in time: 0 of 3.")
    assert town.recall().pk != draft.pk, "nothing was voted on, so another may come at once"


@pytest.mark.parametrize("end", ["resign", "remove", "term", "service"])
def test_a_seat_that_ends_by_itself_sets_the_recall_aside(town, end):
    draft = town.at_the_ballot()
    if end == "resign":
        actions.resign(town.seat, by=town.village.bram)
    elif end == "remove":
        actions.remove(town.seat, by=town.village.gus, reason="Enough.")
    elif end == "service":
        actions.end_service(town.village.bram.pk, reason="Juries hid several of their posts.")
    else:
        HostSeat.objects.filter(pk=town.seat.pk).update(ends_at=datetime.now(UTC))
        actions.end_seat(town.seat)
    draft = fresh(draft)
    assert draft.stage == Stage.SET_ASIDE
    assert draft.outcome.startswith("The host’s seat ended in another way:")
    assert sweep(draft.closes_at) == 0
    assert OutboxEntry.objects.filter(kind="DraftSetAside").count() == 1


def test_one_recall_of_a_host_at_a_time_and_a_form_makes_one(town):
    draft = town.recall(key="one")
    assert town.recall(key="one").pk == draft.pk
    assert Notice.objects.filter(member=town.village.bram, text__contains="put forward that you be recalled").count() == 1
    with pytest.raises(Refused, match="under way already"):
        town.recall(by=town.village.cleo)
    actions.resign(town.seat, by=town.village.bram)
    with pytest.raises(Refused, match="Nobody holds this seat"):
        town.recall()


def test_an_offer_is_nobodys_business_and_neither_is_its_recall(town):
    offer = actions.offer_seat(town.books, by=town.village.gus, member=town.village.cleo, reason="Calm.")
    for client in (Client(), town.village.signed_in(town.village.ada)):
        assert client.get(f"/hosts/seats/{offer.pk}/recall/").status_code == 404
        assert client.post(f"/hosts/seats/{offer.pk}/recall/", {}).status_code == 404


def test_the_forums_page_leads_to_the_form_and_the_form_keeps_what_was_typed(town):
    ada = town.village.signed_in(town.village.ada)
    address = f"/hosts/seats/{town.seat.pk}/recall/"
    assert address in ada.get("/forums/books/about/").content.decode()
    assert address not in Client().get("/forums/books/about/").content.decode()
    answer = ada.post(address, {"reason": "Locks too much.", "forum": "books", "key": "k"})
    assert answer.status_code == 422, "not in the forum where the host may lock it"
    assert "Locks too much." in answer.content.decode()
    assert ada.post(address, {"reason": "", "forum": "lounge"}).status_code == 422
    answer = ada.post(address, {"reason": "Locks too much.", "forum": "lounge", "key": "k"})
    draft = Draft.objects.get()
    assert answer["Location"] == f"/standards/drafts/{draft.pk}/"
    assert draft.thread.forum.slug == "lounge"
    assert "Recall under way" in Client().get("/forums/books/about/").content.decode()
    newcomer = town.village.signed_in(town.village.dara)
    assert newcomer.post(address, {"reason": "R", "forum": "lounge", "key": "x"}).status_code == 403


def test_a_recall_cannot_be_put_forward_as_another_draft(town):
    ada = town.village.signed_in(town.village.ada)
    for kind in ("recall", "candidacy"):
        answer = ada.post("/standards/drafts/new/", {"kind": kind, "reason": "R", "forum": "lounge"})
        assert answer.status_code == 200
    assert not Draft.objects.exists()
