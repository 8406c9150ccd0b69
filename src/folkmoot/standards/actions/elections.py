"""An election of the review panel: members stand, all go to one ballot, and the most wanted are elected."""

from collections.abc import Mapping

from django.db import transaction

from folkmoot.base.answers import Answer
from folkmoot.base.events import tell
from folkmoot.base.time import DAY
from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.standards import events, queries, rolls, rules
from folkmoot.standards.actions.drafts import (
    begin_ballot,
    begin_discussion,
    end,
    held,
    hold,
    made_already,
    open_ballots,
    open_thread,
    set_aside,
    vote,
)
from folkmoot.standards.events import CHARTER, MEMBER, MEMBERS
from folkmoot.standards.models import Ballot, Draft, Edition, Election
from folkmoot.standards.rolls import Roll
from folkmoot.standards.rules import Candidate, Kind, Stage


@transaction.atomic
def begin_election(seats: int, now: int) -> Election | None:
    """None while another runs."""
    list(Edition.objects.select_for_update(no_key=True).order_by("-number")[:1])  # of several who come at once, one begins it
    if Election.objects.filter(ended_at=None).exists():
        return None
    until = now + queries.charter(now).discussion_days * DAY
    election = Election.objects.create(seats=seats, begun_at=now, stands_until=until)
    tell(events.ElectionBegun(election_id=election.pk, seats=seats, by=0, office=CHARTER, reason=""))
    return election


@transaction.atomic
def stand(election: Election, *, by: Member, reason: str, forum: Forum, may: Answer, key: str | None = None) -> Draft:
    """Stand for the review panel. `may`: whether the panel's own rules let this member."""
    by = hold(by)
    if made := made_already(by, key):
        return made
    election = _held(election.pk)
    standing = may if (asked := queries.may_second_drafts(by, queries.charter_now())) else asked
    stands_already = election.drafts.filter(author=by).exists()
    rules.may_stand(standing, is_open=election.ballot_at is None, stands_already=stands_already).or_refuse()
    draft = Draft(author=by, key=key, kind=Kind.CANDIDACY, reason=reason, base=queries.newest_edition(), election=election)
    open_thread(draft, forum)
    tell(events.CandidateStood(draft_id=draft.pk, election_id=election.pk, by=by.pk, office=MEMBER, reason=reason))
    return draft


@transaction.atomic
def close_standing(election_id: int, made: Mapping[int, Roll], now: int) -> bool:
    """The time to stand is over: whom enough second is discussed. `made`: a roll for the draft of each. False when that is done,
    or somebody has no roll."""
    election, numbers = _held(election_id), queries.charter(now)
    if election.ballot_at is not None or now < election.stands_until:
        return False
    drafts = [held(pk) for pk in _of(election, Stage.SECONDING)]
    enough = [draft for draft in drafts if draft.second_count >= numbers.seconds]
    if not enough:
        Election.objects.filter(pk=election.pk).update(stands_until=now + numbers.discussion_days * DAY)
        tell(events.StandingExtended(election_id=election.pk, by=0, office=CHARTER, reason="Nobody stood whom enough seconded."))
        return True
    if any(draft.pk not in made for draft in enough):
        return False
    for draft in drafts:
        if draft in enough:
            begin_discussion(draft, made[draft.pk], numbers, now)
        else:
            set_aside(draft, now, reason=f"Too few seconded it in time: {draft.second_count} of {numbers.seconds}.")
    Election.objects.filter(pk=election.pk).update(ballot_at=now + numbers.discussion_days * DAY)
    return True


@transaction.atomic
def open_election(election_id: int, now: int) -> bool:
    """Every candidate's ballot opens, and they end together."""
    election = _held(election_id)
    if election.closes_at is not None or election.ballot_at is None or now < election.ballot_at:
        return False
    drafts = [held(pk) for pk in _of(election, Stage.DISCUSSION)]
    days = drafts[0].numbers.ballot_days if drafts else 0
    for draft in drafts:
        begin_ballot(draft, now)
    Election.objects.filter(pk=election.pk).update(closes_at=now + days * DAY)
    return True


@transaction.atomic
def vote_in_election(election: Election, *, by: Member, choices: Mapping[int, int]) -> list[Ballot]:
    """On the candidates of these drafts, all or none."""
    found = {draft.pk: draft for draft in election.drafts.filter(pk__in=choices)}
    return [vote(found[pk], by=by, choice=choices[pk]) for pk in sorted(found)]


@transaction.atomic
def decide_election(election_id: int, now: int) -> bool:
    """Open all ballots together, count them, and say who is elected: once, whoever comes first."""
    authors = Draft.objects.filter(election=election_id).values("author")
    list(
        Member.objects.select_for_update(no_key=True).filter(pk__in=authors).order_by("pk")
    )  # before the election, as who stands
    election = _held(election_id)
    if election.ended_at is not None or election.closes_at is None or now < election.closes_at:
        return False
    drafts = [held(pk) for pk in _of(election, Stage.BALLOT)]
    counted = {draft.pk: open_ballots(draft) for draft in drafts}
    has_keys = all(rolls.has_key(draft.roll) for draft in drafts)
    may = {d.pk: rules.may_be_elected(is_banned=d.author.banned_at is not None, has_key=has_keys) for d in drafts}
    elected = rules.elected(
        (Candidate(d.pk, counted[d.pk]["yes"], counted[d.pk]["nays"], d.roll_root) for d in drafts if may[d.pk]), election.seats
    )
    for draft in drafts:
        said = {"draft_id": draft.pk, **{name: counted[draft.pk][name] for name in ("yes", "nays", "abstentions")}}
        if not may[draft.pk]:
            set_aside(draft, now, reason=str(may[draft.pk].reason), **counted[draft.pk])
        elif draft.pk in elected:
            end(draft, Stage.RATIFIED, now, **counted[draft.pk])
            tell(events.CandidateElected(**said, by=0, office=MEMBERS, reason=""))
        else:
            end(draft, Stage.REJECTED, now, **counted[draft.pk])
            tell(events.CandidateNotElected(**said, by=0, office=MEMBERS, reason=""))
    Election.objects.filter(pk=election.pk).update(ended_at=now)
    tell(events.ElectionDecided(election_id=election.pk, elected=len(elected), by=0, office=MEMBERS, reason=""))
    return True


def _of(election: Election, stage: Stage) -> list[int]:
    return list(election.drafts.filter(stage=stage).order_by("pk").values_list("pk", flat=True))


def _held(election_id: int) -> Election:
    """Held before its drafts, and after members."""
    return Election.objects.select_for_update(no_key=True).get(pk=election_id)
