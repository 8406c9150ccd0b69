"""What actions and pages ask about a case."""

from collections.abc import Collection
from datetime import datetime, timedelta

from folkmoot.base.answers import Answer
from folkmoot.juries import beacon, rules
from folkmoot.juries.models import Case, Jury, Vote
from folkmoot.juries.rules import Ballot, Exhibit
from folkmoot.ledger.models import Cosignature, OutboxEntry
from folkmoot.ledger.queries import entry_of
from folkmoot.ledger.rules import merkle
from folkmoot.members.models import Member
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Wording
from folkmoot.threads.models import Post, State


def leaf_hash_of_entry(entry_id: int) -> bytes:
    """As the log's tree has it."""
    return merkle.leaf_hash(entry_of(OutboxEntry.objects.select_related("reason").get(pk=entry_id)))


def leaf_hash_of(jury: Jury) -> bytes:
    """Of the entry that opened it."""
    assert jury.opening_id is not None
    return leaf_hash_of_entry(jury.opening_id)


def chain_entry(source: str) -> int | None:
    """Of a chain's publication in the record; None of a beacon, or while it is not published."""
    told = OutboxEntry.objects.filter(kind="ChainPublished", facts__anchor=source.removeprefix("chain:"))
    return told.values_list("pk", flat=True).first() if source.startswith("chain:") else None


def may_appeal(case: Case, member: Member | None, *, alerters: Collection[int], kinds: Collection[str], now: datetime) -> Answer:
    """`alerters` and `kinds`: who alerted, and which juries there are. What officers decided can be appealed for ever."""
    by_officers = Jury.Kind.OFFICERS in kinds
    return rules.may_appeal(
        member, author_id=case.author_id, alerters=alerters, is_hidden=case.state == Case.State.HIDDEN, decided_at=case.closed_at,
        is_appealed=Jury.Kind.APPEAL in kinds, is_final=case.act_id is not None,
        now=case.closed_at if by_officers and case.closed_at else now, charter=case.charter.numbers,
    )  # fmt: skip


IN_TIME = timedelta(seconds=10)
"""So long before the beacon spoke a witness must have signed."""


def witnessed(jury: Jury) -> Cosignature | None:
    """The first cosignature of a checkpoint that holds this jury's pool and case, from before its randomness was there."""
    spoken = beacon.spoken_at(jury.source, jury.round or 0)
    if spoken is None or jury.pool is None or jury.pool.entry is None or jury.opening is None:
        return None
    last = max(jury.pool.entry.index or 0, jury.opening.index or 0)
    seen = Cosignature.objects.filter(size__gt=last, signed_at__lt=spoken - IN_TIME)
    return seen.order_by("signed_at").first()


def standards_of(case: Case) -> dict[int, Wording]:
    """The standards by which this case is judged, by number."""
    return {wording.standard.number: wording for wording in standards.wordings(case.edition)}


GONE = "This post is not shown any more."


def exhibits_now(case: Case) -> list[Exhibit]:
    """What is judged, without what was removed on legal grounds since, and after the verdict without what an author took back."""
    is_open, shown = case.state == Case.State.OPEN, [Exhibit(**one) for one in case.content]
    gone = {State.REMOVED} if is_open else {State.REMOVED, State.WITHDRAWN}
    if case.is_removed or (case.words_are_gone and not is_open):
        shown[-1:] = [one._replace(subject="", source=GONE) for one in shown[-1:]]
    at: Post | None = case.post
    for back in range(2, len(shown) + (case.act is None)):  # what an office did stands before them
        at = Post.objects.filter(pk=at.parent_id).first() if at is not None and at.parent_id else None
        if at is not None and at.state in gone:
            shown[-back] = shown[-back]._replace(subject="", source=GONE)
    return shown


def ballots_of(jury: Jury) -> list[Ballot]:
    """The votes that count: of who still sits, and of who could not judge."""
    votes = Vote.objects.filter(seat__jury=jury).order_by("seat__position")
    return [Ballot(choice, standard) for choice, standard in votes.values_list("choice", "standard")]
