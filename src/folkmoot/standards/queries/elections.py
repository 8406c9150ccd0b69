"""Elections of the review panel."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from folkmoot.base.answers import Answer, no
from folkmoot.base.time import now_moment
from folkmoot.members.reader import Reader, When
from folkmoot.standards.models import Draft, Election
from folkmoot.standards.queries.drafts import vote_of
from folkmoot.standards.queries.editions import charter
from folkmoot.standards.rules import Stage


@dataclass(frozen=True, slots=True)
class CandidateLine:
    draft: Draft
    stage: str
    own_choice: int | None


@dataclass(frozen=True, slots=True)
class ElectionPage:
    election: Election
    begun: When
    stands_until: When
    ballot: When | None
    closes: When | None
    ended: When | None
    candidates: Sequence[CandidateLine]
    """While members stand, in the order in which they did; then by the roots of their rolls, which is chance."""
    seconds_needed: int
    may_stand: bool
    may_vote: Answer
    has_voted: bool


def election(election_id: int) -> Election:
    found = Election.objects.filter(pk=election_id).first()
    if found is None:
        raise Http404
    return found


def candidates(election: Election) -> list[Draft]:
    """Those whom a ballot is about."""
    return list(
        election.drafts.filter(stage=Stage.BALLOT).select_related("author", "host", "forum", "election").order_by("roll_root")
    )


def election_page(election: Election, reader: Reader) -> ElectionPage:
    drafts = list(election.drafts.select_related("author", "host", "forum").order_by("roll_root", "pk"))
    votes = {draft.pk: vote_of(draft, reader.member) for draft in drafts if draft.stage == Stage.BALLOT}
    lines = [CandidateLine(d, d.stage_says, own.choice if (own := votes.get(d.pk, _NOTHING)[1]) else None) for d in drafts]
    answer = next((may for may, _ in votes.values()), _NOTHING[0])
    stands = any(draft.author_id == reader.member_id for draft in drafts)
    return ElectionPage(
        election=election, begun=reader.when(election.begun_at), stands_until=reader.when(election.stands_until),
        ballot=_when(reader, election.ballot_at), closes=_when(reader, election.closes_at),
        ended=_when(reader, election.ended_at), candidates=lines, seconds_needed=charter(now_moment()).seconds,
        may_stand=election.ballot_at is None and reader.member is not None and not stands, may_vote=answer,
        has_voted=any(own for _, own in votes.values()),
    )  # fmt: skip


_NOTHING = (no(""), None)


def _when(reader: Reader, moment: int | None) -> When | None:
    return None if moment is None else reader.when(moment)


def elections(reader: Reader) -> list[tuple[Election, When]]:
    """The newest first."""
    return [(found, reader.when(found.begun_at)) for found in Election.objects.order_by("-pk")[:20]]
