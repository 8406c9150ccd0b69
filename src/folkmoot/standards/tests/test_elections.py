"""An election of the review panel, from its beginning to its count."""

import re

import pytest
from django.test import Client
from tests.moot import Moot, fresh

from folkmoot.base.answers import YES, Refused
from folkmoot.base.time import DAY, now_moment
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.standards import actions, rolls
from folkmoot.standards.models import Ballot, Draft, Election
from folkmoot.standards.rules import CHARTER, Choice, Stage
from folkmoot.standards.tasks import sweep


class Poll:
    """A moot that elects two of those who stand."""

    def __init__(self, village):
        self.moot = Moot(village, voters=16)
        self.election = actions.begin_election(2, now_moment())

    def stand(self, member, **more):
        return actions.stand(self.election, by=member, reason=f"{member.name} is fair.", forum=self.moot.forum, may=YES, **more)

    def stood(self, count=3, seconds=CHARTER.seconds):
        drafts = [self.stand(member) for member in self.moot.voters[:count]]
        return [self.moot.seconded(draft, seconds) for draft in drafts]

    def now(self):
        self.election.refresh_from_db()
        return self.election

    def discussed(self, **more):
        drafts = self.stood(**more)
        sweep(self.election.stands_until)
        return [fresh(draft) for draft in drafts]

    def at_the_ballot(self, **more):
        drafts = self.discussed(**more)
        Election.objects.update(ballot_at=now_moment())
        sweep(now_moment())
        return [fresh(draft) for draft in drafts]

    def vote(self, drafts, *choices):
        """One voter for each list of choices."""
        for member, chosen in zip(self.moot.voters, choices, strict=False):
            actions.vote_in_election(self.election, by=member, choices={d.pk: c for d, c in zip(drafts, chosen, strict=True)})

    def decided(self, drafts):
        sweep(self.now().closes_at)
        return [fresh(draft) for draft in drafts]


@pytest.fixture
def poll(village):
    return Poll(village)


YEA, NAY, NEITHER = Choice.YES, Choice.NO, Choice.ABSTAIN


def test_the_seats_go_to_the_most_wanted_and_every_step_is_on_the_ledger(poll):
    drafts = poll.at_the_ballot()
    assert {draft.stage for draft in drafts} == {Stage.BALLOT}
    assert len({draft.closes_at for draft in drafts} | {poll.now().closes_at}) == 1
    assert len({draft.roll_root for draft in drafts}) == 3, "a key of its own for each"
    poll.vote(drafts, (YEA, YEA, YEA), (YEA, NAY, NEITHER), (YEA, YEA, NAY))
    assert len(set(Ballot.objects.values_list("token", flat=True))) == 9
    drafts = poll.decided(drafts)
    assert [draft.stage for draft in drafts] == [Stage.RATIFIED, Stage.RATIFIED, Stage.REJECTED]
    assert [draft.stage_says for draft in drafts] == ["elected", "elected", "not elected"]
    assert poll.now().ended_at
    kinds = list(OutboxEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert [kinds.count(kind) for kind in ("ElectionBegun", "ElectionDecided", "CandidateNotElected")] == [1, 1, 1]
    for kind, count in (
        ("CandidateStood", 3),
        ("RollClosed", 3),
        ("BallotOpened", 3),
        ("BallotsOpened", 3),
        ("CandidateElected", 2),
    ):
        assert kinds.count(kind) == count, kind
    assert not rolls.kept_keys()
    said = Client().get(f"/standards/elections/{poll.election.pk}/").content.decode()
    assert "3 yes" in re.sub(r"<[^>]+>", "", said)
    assert sweep(now_moment() + 900 * DAY) == 0


def test_who_has_no_more_yes_than_no_is_elected_to_no_empty_seat(poll):
    drafts = poll.at_the_ballot()
    poll.vote(drafts, (YEA, NAY, YEA), (YEA, NEITHER, NAY))
    assert [draft.stage for draft in poll.decided(drafts)] == [Stage.RATIFIED, Stage.REJECTED, Stage.REJECTED]


def test_of_equals_the_smaller_root_is_elected(poll):
    drafts = poll.at_the_ballot()
    poll.vote(drafts, (YEA, YEA, YEA))
    found = poll.decided(drafts)
    ranked = sorted(found, key=lambda draft: draft.roll_root)
    assert [draft.stage for draft in ranked] == [Stage.RATIFIED, Stage.RATIFIED, Stage.REJECTED]


def test_who_has_too_few_seconds_is_set_aside_and_while_nobody_has_enough_there_is_more_time(poll):
    few = poll.stood(count=1, seconds=9)[0]
    until = poll.now().stands_until
    assert sweep(until) == 1
    assert poll.now().stands_until == until + CHARTER.discussion_days * DAY
    assert fresh(few).stage == Stage.SECONDING
    enough = poll.moot.seconded(poll.stand(poll.moot.voters[5]))
    assert sweep(until) == 0, "all have until then"
    sweep(poll.now().stands_until)
    assert fresh(enough).stage == Stage.DISCUSSION
    assert (fresh(few).stage, fresh(few).outcome) == (Stage.SET_ASIDE, "Too few seconded it in time: 9 of 10.")
    assert OutboxEntry.objects.filter(kind="StandingExtended").count() == 1


def test_one_election_at_a_time_and_one_candidacy_in_it(poll):
    assert actions.begin_election(1, now_moment()) is None
    first = poll.stand(poll.moot.voters[0], key="one")
    assert poll.stand(poll.moot.voters[0], key="one").pk == first.pk
    with pytest.raises(Refused, match="stood in this election already"):
        poll.stand(poll.moot.voters[0])
    with pytest.raises(Refused, match="You have been a member for 0 days"):
        poll.stand(poll.moot.village.dara)
    poll.moot.seconded(first)
    sweep(poll.now().stands_until)
    with pytest.raises(Refused, match="Nobody can stand"):
        poll.stand(poll.moot.voters[1])


def test_a_candidate_withdraws_until_the_ballot_and_an_election_without_any_ends(poll):
    draft = poll.discussed(count=1)[0]
    actions.withdraw(draft, by=draft.author)
    sweep(poll.now().ballot_at)
    sweep(poll.now().closes_at)
    assert poll.now().ended_at
    assert actions.begin_election(2, now_moment()) is not None


def test_who_is_banned_meanwhile_is_not_elected_and_takes_nobodys_seat(poll):
    drafts = poll.at_the_ballot()
    poll.vote(drafts, (YEA, YEA, YEA), (YEA, NEITHER, NEITHER))
    Member.objects.filter(pk=drafts[0].author_id).update(banned_at=poll.moot.village.eli.banned_at)
    found = poll.decided(drafts)
    assert found[0].stage == Stage.SET_ASIDE
    assert [draft.stage for draft in found[1:]] == [Stage.RATIFIED, Stage.RATIFIED]


def test_a_lost_key_elects_nobody(poll):
    drafts = poll.at_the_ballot()
    poll.vote(drafts, (YEA, YEA, YEA))
    rolls.destroy_key(drafts[1].roll)
    assert {draft.stage for draft in poll.decided(drafts)} == {Stage.SET_ASIDE}


def test_the_clock_of_a_single_draft_moves_no_candidate(poll):
    drafts = poll.stood(count=1)
    assert not actions.close_roll(drafts[0].pk, rolls.make([1]), now_moment())
    draft = poll.at_the_ballot(count=0) or fresh(drafts[0])
    assert draft.stage == Stage.BALLOT
    assert not actions.open_ballot(draft.pk, now_moment() + 900 * DAY)
    assert not actions.decide(draft.pk, now_moment() + 900 * DAY)
    assert fresh(draft).stage == Stage.BALLOT


def test_all_candidates_are_voted_on_by_one_form_without_scripts(poll):
    drafts = poll.at_the_ballot()
    address = f"/standards/elections/{poll.election.pk}/"
    voter = poll.moot.village.signed_in(poll.moot.voters[7])
    page = voter.get(address).content.decode()
    assert page.count('type="radio"') == 9
    assert 'type="radio"' not in Client().get(address).content.decode()
    assert voter.post(f"{address}vote/", {})["Location"] == address
    assert voter.post(f"{address}vote/", {f"choice{drafts[0].pk}": "7"})["Location"] == address
    assert not Ballot.objects.exists()
    answer = voter.post(f"{address}vote/", {f"choice{drafts[0].pk}": "1", f"choice{drafts[2].pk}": "0", "choice999": "1"})
    assert answer["Location"] == f"{address}receipts/"
    assert dict(Ballot.objects.values_list("draft", "choice")) == {drafts[0].pk: 1, drafts[2].pk: 0}
    receipts = voter.get(f"{address}receipts/").content.decode()
    assert all(commitment in receipts for commitment in Ballot.objects.values_list("commitment", flat=True))
    assert voter.get(address).content.decode().count(" checked") == 2
    outsider = poll.moot.village.signed_in(poll.moot.village.dara)
    assert "You were not on the roll" in outsider.get(address).content.decode()
    assert outsider.post(f"{address}vote/", {f"choice{drafts[0].pk}": "1"}).status_code == 403
    assert Client().post(f"{address}vote/", {f"choice{drafts[0].pk}": "1"}).status_code == 403
    poll.decided(drafts)
    assert voter.post(f"{address}vote/", {f"choice{drafts[0].pk}": "0"})["Location"] == address
    assert "The ballot is over" in voter.get(f"{address}receipts/").content.decode()


def test_a_vote_on_another_elections_candidate_is_none(poll):
    drafts = poll.at_the_ballot()
    other = poll.moot.at_the_ballot(poll.moot.draft())
    assert actions.vote_in_election(poll.election, by=poll.moot.voters[3], choices={other.pk: YEA, drafts[0].pk: YEA})
    assert list(Ballot.objects.values_list("draft", flat=True)) == [drafts[0].pk]
    assert Draft.objects.get(pk=other.pk).stage == Stage.BALLOT
