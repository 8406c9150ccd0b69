"""Drafts: the list, one with its way, its count and its receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from markupsafe import Markup, escape

from folkmoot.base.answers import YES, Answer, no
from folkmoot.base.time import now_moment
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.standards import rolls, rules
from folkmoot.standards.models import Ballot, Draft, Edition, Wording
from folkmoot.standards.queries.editions import charter, newest_edition, rulebook
from folkmoot.standards.queries.franchise import may_second, may_second_drafts, why_not_on_roll
from folkmoot.standards.rules import CHARTER, OF_AN_OFFICE, OPEN, Change, Choice, Kind, Number, Rulebook, Stage
from folkmoot.standards.rules.charter import NUMBERS
from folkmoot.threads.models import State
from folkmoot.threads.queries.history import marked_changes

LIST_SIZE = 50
OPENINGS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class DraftLine:
    id: int
    heading: str
    stage: str
    author: str
    made: When
    says: str
    """How far it is."""


@dataclass(frozen=True, slots=True)
class DraftsPage:
    open: Sequence[tuple[str, Sequence[DraftLine]]]
    """By stage; the first of each the oldest."""
    ended: Sequence[DraftLine]
    older: int | None
    """The page after this one holds the drafts below this number."""


_HEADINGS = {Stage.BALLOT: "At the ballot", Stage.DISCUSSION: "In discussion", Stage.SECONDING: "Being seconded"}


def drafts_page(reader: Reader, *, before: int | None) -> DraftsPage:
    needed = charter(now_moment()).seconds
    drafts = Draft.objects.select_related("author", "standard", "host", "forum")
    standing = list(drafts.filter(stage__in=OPEN).order_by("pk")[:500]) if before is None else []
    below = drafts if before is None else drafts.filter(pk__lt=before)
    ended = list(below.exclude(stage__in=OPEN).order_by("-pk")[: LIST_SIZE + 1])
    found = [(heading, [_line(d, reader, needed) for d in standing if d.stage == stage]) for stage, heading in _HEADINGS.items()]
    older = ended[LIST_SIZE - 1].pk if len(ended) > LIST_SIZE else None
    return DraftsPage([part for part in found if part[1]], [_line(d, reader, needed) for d in ended[:LIST_SIZE]], older)


def _line(draft: Draft, reader: Reader, needed: int) -> DraftLine:
    if draft.stage == Stage.SECONDING:
        says = f"{draft.second_count} of {draft.seconds_needed or needed} seconds"
    elif draft.stage == Stage.DISCUSSION:
        says = f"discussed until {reader.full(draft.ballot_at or 0)}"
    elif draft.stage == Stage.BALLOT:
        says = f"ballot until {reader.full(draft.closes_at or 0)}"
    else:
        says = draft.stage_says
        if draft.tally.cast:
            says += f", {draft.yes} to {draft.nays}"
    return DraftLine(draft.pk, draft.heading, draft.stage, draft.author.name, reader.when(draft.made_at), says)


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What a draft may change, and whether this reader may put one forward."""

    answer: Answer
    book: Rulebook


def new_draft(reader: Reader, change: Change | None) -> NewDraft:
    try:
        book = rulebook(newest_edition())
    except Edition.DoesNotExist:
        raise Http404 from None
    mine = Draft.objects.filter(author=reader.member_id, stage__in=OPEN)
    open_count = mine.exclude(kind__in=OF_AN_OFFICE).count()
    answer = rules.may_put_forward(may_second_drafts(reader.member, charter(now_moment())), open_count)
    if change is not None and (unfit := rules.unfit(change, book, book)):
        answer = no(unfit)
    return NewDraft(answer, book)


@dataclass(frozen=True, slots=True)
class Value:
    """A number of the charter that a draft changes."""

    number: Number
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class DraftPage:
    draft: Draft
    stage: str
    kind: str
    is_of_office: bool
    made: When
    seconds_until: When | None
    rolled: When | None
    ballot: When | None
    closes: When | None
    ended: When | None
    changes: Markup
    """The words, with what goes and what comes marked; of a new standard all come."""
    values: Sequence[Value]
    seconds_needed: int
    seconded_by: Sequence[str]
    quorum: int
    majority: int
    edition: Edition | None
    in_force: When | None
    openings: Sequence[Ballot]
    """When it is decided; of very many the first."""
    thread: str
    """Its address, where outsiders may read it."""
    has_seconded: bool
    may_second: Answer
    may_withdraw: bool
    may_vote: Answer
    own_choice: int | None


def draft(draft_id: int) -> Draft:
    found = (
        Draft.objects.select_related("author", "standard", "base", "thread", "edition", "host", "forum", "election")
        .filter(pk=draft_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def draft_page(draft: Draft, reader: Reader) -> DraftPage:
    member, numbers = reader.member, draft.numbers if draft.rolled_at else charter(now_moment())
    seconded = list(draft.seconds.order_by("pk").values_list("member_id", "member__name"))
    is_author, has_seconded = draft.author_id == reader.member_id, any(pk == reader.member_id for pk, _ in seconded)
    may = may_vote = no("")
    own = None
    if draft.stage == Stage.SECONDING:
        standing = YES if has_seconded or is_author else may_second(draft, member, numbers)
        may = rules.may_second(draft.stage, is_author=is_author, standing=standing)
    if draft.stage == Stage.BALLOT:
        may_vote, own = vote_of(draft, member)
    quorum, majority = rules.thresholds(Kind(draft.kind), numbers)
    is_public = draft.thread is not None and draft.thread.state == State.VISIBLE
    return DraftPage(
        draft=draft, stage=draft.stage_says, kind=Draft.Kinds(draft.kind).label, made=reader.when(draft.made_at),
        is_of_office=draft.kind in OF_AN_OFFICE, seconds_until=_when(reader, draft.seconds_until),
        rolled=_when(reader, draft.rolled_at), ballot=_when(reader, draft.ballot_at), closes=_when(reader, draft.closes_at),
        ended=_when(reader, draft.ended_at), changes=_changes(draft), values=_values(draft), seconds_needed=draft.needs(numbers),
        seconded_by=[name for _, name in seconded], quorum=quorum, majority=majority, edition=draft.edition,
        in_force=_when(reader, draft.edition.in_force if draft.edition else None),
        openings=list(draft.ballots.order_by("token")[:OPENINGS_SHOWN]) if draft.ballots_root else [],
        thread=f"/threads/{draft.thread_id}/" if is_public else "", has_seconded=has_seconded, may_second=may,
        may_withdraw=bool(rules.may_withdraw(draft.stage, is_author=is_author)), may_vote=may_vote,
        own_choice=own.choice if own else None,
    )  # fmt: skip


def _when(reader: Reader, moment: int | None) -> When | None:
    return None if moment is None else reader.when(moment)


def _changes(draft: Draft) -> Markup:
    if draft.kind == Kind.NUMBERS or draft.kind in OF_AN_OFFICE:
        return escape("")
    old = Wording.objects.filter(edition=draft.base, standard=draft.standard).first() if draft.kind != Kind.NEW else None
    before = f"{old.title}\n\n{old.text}" if old else ""
    return marked_changes(before, "" if draft.kind == Kind.REMOVAL else f"{draft.title}\n\n{draft.text}")


def _values(draft: Draft) -> list[Value]:
    old = draft.base.numbers if draft.values else CHARTER
    return [Value(NUMBERS[name], getattr(old, name), value) for name, value in draft.values.items()]


def vote_of(draft: Draft, member: Member | None) -> tuple[Answer, Ballot | None]:
    """Whether a member may vote, and how they have."""
    if member is None:
        return no("Sign in to vote, if you are on the roll."), None
    place = rolls.place(draft.roll, member.pk)
    is_open = now_moment() < (draft.closes_at or 0)
    why_not = "" if place else why_not_on_roll(draft, member)
    answer = rules.may_vote(is_open=is_open, is_on_roll=place is not None, why_not=why_not)
    return answer, Ballot.objects.filter(pk=place.token.hex()).first() if place else None


def receipts(drafts: Sequence[Draft], member: Member) -> list[tuple[Draft, Ballot]]:
    """A member's own votes, while the rolls' keys are there to find them by."""
    places = [(draft, rolls.place(draft.roll, member.pk)) for draft in drafts if draft.roll]
    found = [(draft, Ballot.objects.filter(pk=place.token.hex()).first()) for draft, place in places if place]
    return [(draft, ballot) for draft, ballot in found if ballot]


def opened(draft: Draft) -> dict[str, Any]:
    """A decided ballot, for programs: everything that is needed to count it again."""
    quorum, majority = rules.thresholds(Kind(draft.kind), draft.numbers)
    fields = ("index", "token", "nonce", "choice", "commitment")
    return {
        "draft": draft.pk, "domain": rules.DOMAIN.decode(), "outcome": draft.stage,
        "voters": draft.voters, "roll_root": draft.roll_root, "quorum_percent": quorum, "majority_percent": majority,
        "choices": {str(c.value): c.name.lower() for c in Choice}, "tally": draft.tally._asdict(),
        "ballots_root": draft.ballots_root, "openings_hash": draft.openings_hash,
        "openings": list(draft.ballots.order_by("token").values(*fields)),
    }  # fmt: skip
