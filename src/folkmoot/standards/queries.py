"""What is read of the standards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, QuerySet
from django.http import Http404
from markupsafe import Markup, escape

from folkmoot.base.answers import YES, Answer, no
from folkmoot.base.time import DAY, now_moment, to_datetime, to_moment
from folkmoot.members.models import Member, Visit
from folkmoot.members.reader import Reader, When
from folkmoot.standards import rolls, rules
from folkmoot.standards.models import Ballot, Draft, Edition, Wording
from folkmoot.standards.rules import CHARTER, OPEN, Change, Charter, Choice, Facts, Kind, Number, Rulebook, Stage, Words
from folkmoot.standards.rules.charter import NUMBERS
from folkmoot.threads.models import Post, State
from folkmoot.threads.queries.history import marked_changes


def edition_at(moment: int) -> Edition:
    """The edition in force at that moment; of before the founding the first. Raises Edition.DoesNotExist before there is one."""
    found = Edition.objects.filter(in_force__lte=moment).order_by("-in_force").first()
    return found or Edition.objects.earliest("in_force")


def charter(moment: int) -> Charter:
    """The numbers in force; those of the founding where nobody has founded yet."""
    try:
        return edition_at(moment).numbers
    except Edition.DoesNotExist:
        return CHARTER


def newest_edition() -> Edition:
    """The last that was ratified, whether it is in force yet or not: what a draft changes."""
    return Edition.objects.latest("number")


def rulebook(edition: Edition) -> Rulebook:
    return Rulebook({w.standard.number: Words(w.title, w.text, w.core) for w in wordings(edition)}, edition.numbers)


def founded_at() -> datetime | None:
    """When the standards, and with them the community, began; None before."""
    first = Edition.objects.order_by("in_force").values_list("in_force", flat=True).first()
    return None if first is None else to_datetime(first)


_ELIGIBLE = """
SELECT m.id FROM members_member m
WHERE m.banned_at IS NULL AND (m.paused_until IS NULL OR m.paused_until <= %s) AND NOT m.claimable AND m.password NOT LIKE %s
    AND m.joined_at <= %s AND m.post_count + m.imported_post_count >= %s
"""
_RECENT = " AND EXISTS (SELECT 1 FROM state.members_visit v WHERE v.member_id = m.id AND v.day >= %s)"
_DAYS = f"""
    AND m.post_count >= %s
    AND (SELECT COUNT(DISTINCT p.moment / {DAY}) FROM threads_post p WHERE p.author_id = m.id AND p.state = 'visible') >= %s
"""
_FEW = 500
"""So many members are asked for by their ids; more are looked for among all."""


def eligible(
    now: datetime, charter: Charter, *, recent: bool = True, posting_days: int = 0, among: Collection[int] | None = None
) -> list[int]:
    """Ids of the members who may serve or vote, ascending: `rules.may_serve`, asked of everybody at once.

    In good standing, here long enough, with enough posts; `recent`: who looked in of late; `posting_days`: who wrote on so many
    different days (in UTC). An office does not exclude, and nothing that is paid for is asked.
    """
    founded = founded_at()
    if founded is None:
        return []
    asked = rules.asked(founded, now, charter, posting_days=posting_days)
    time, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    sql, values = _ELIGIBLE, [time(now), "!%", time(asked.joined_by), asked.posts]
    if recent:
        sql, values = sql + _RECENT, [*values, day(asked.seen_since)]
    if posting_days:
        sql, values = sql + _DAYS, [*values, posting_days, posting_days]
    if among is not None and len(among) <= _FEW:
        if not among:
            return []
        sql, values = f"{sql} AND m.id IN ({', '.join(['%s'] * len(among))})", [*values, *among]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY m.id", values)
        found = [row[0] for row in cursor.fetchall()]
    return found if among is None or len(among) <= _FEW else sorted(set(found) & set(among))


def facts_of(member: Member, now: datetime, *, whole: bool = True) -> Facts:
    """What `eligible` asks of everybody, of one member, as of then as far as it is still known. Unless `whole`, without the days
    of visits and posts."""
    return Facts(
        joined_at=member.joined_at,
        posts=member.post_count + member.imported_post_count,
        seen_on=Visit.objects.filter(pk=member.pk).values_list("day", flat=True).first() if whole else None,
        posting_days=_posting_days(member, now) if whole else 0,
        is_banned=member.banned_at is not None,
        is_paused=member.paused_until is not None and member.paused_until > now,
        has_owner=not member.claimable and member.has_usable_password(),
    )


def charter_now() -> Charter:
    return charter(now_moment())


def _posting_days(member: Member, now: datetime) -> int:
    day = ExpressionWrapper(F("moment") / DAY, output_field=BigIntegerField())
    written = Post.objects.filter(author=member, state=State.VISIBLE, moment__lte=to_moment(now))
    days: int = written.aggregate(days=Count(day, distinct=True))["days"]
    return days


def may_second_drafts(member: Member | None, charter: Charter) -> Answer:
    """Whether a member may put drafts forward and second them: who may serve on a jury may, here of late or not."""
    if member is None:
        return no("Create a free account or sign in to take part.")
    founded, now = founded_at(), to_datetime(now_moment())
    if founded is None:
        return no("This community is not founded yet.")
    return rules.may_serve(facts_of(member, now, whole=False), rules.asked(founded, now, charter), now, recent=False)


def why_not_on_roll(draft: Draft, member: Member) -> str:
    """What a member lacked when a draft's roll was closed, as far as it is still known."""
    founded = founded_at()
    if founded is None or draft.rolled_at is None:
        return ""
    then = to_datetime(draft.rolled_at)
    wanted = rules.asked(founded, then, draft.numbers, posting_days=draft.numbers.voter_days)
    return str(rules.may_serve(facts_of(member, then), wanted, then).reason)


def wordings(edition: Edition) -> QuerySet[Wording]:
    """The standards of an edition, in order."""
    return Wording.objects.filter(edition=edition).select_related("standard").order_by("standard__number")


class Coming(NamedTuple):
    """The next edition, ratified and not in force yet."""

    number: int
    draft_id: int | None
    when: When


@dataclass(frozen=True, slots=True)
class StandardsPage:
    edition: int
    since: When
    wordings: Sequence[Wording]
    coming: Sequence[Coming]
    until: int | None
    """The moment from which another edition is in force."""


def standards_page(reader: Reader) -> StandardsPage:
    edition = _in_force()
    return StandardsPage(edition.number, reader.when(edition.in_force), list(wordings(edition)), *_coming(edition, reader))


@dataclass(frozen=True, slots=True)
class CharterPage:
    edition: int
    since: When
    numbers: Sequence[tuple[str, int, Number]]
    coming: Sequence[Coming]
    until: int | None


def charter_page(reader: Reader) -> CharterPage:
    edition = _in_force()
    values = edition.numbers
    numbers = [(name, getattr(values, name), number) for name, number in NUMBERS.items()]
    return CharterPage(edition.number, reader.when(edition.in_force), numbers, *_coming(edition, reader))


def _coming(edition: Edition, reader: Reader) -> tuple[list[Coming], int | None]:
    later = list(Edition.objects.filter(number__gt=edition.number).order_by("number").values_list("number", "draft", "in_force"))
    return [Coming(number, draft, reader.when(at)) for number, draft, at in later], later[0][2] if later else None


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
    drafts = Draft.objects.select_related("author", "standard")
    standing = list(drafts.filter(stage__in=OPEN).order_by("pk")[:500]) if before is None else []
    below = drafts if before is None else drafts.filter(pk__lt=before)
    ended = list(below.exclude(stage__in=OPEN).order_by("-pk")[: LIST_SIZE + 1])
    found = [(heading, [_line(d, reader, needed) for d in standing if d.stage == stage]) for stage, heading in _HEADINGS.items()]
    older = ended[LIST_SIZE - 1].pk if len(ended) > LIST_SIZE else None
    return DraftsPage([part for part in found if part[1]], [_line(d, reader, needed) for d in ended[:LIST_SIZE]], older)


def _line(draft: Draft, reader: Reader, needed: int) -> DraftLine:
    if draft.stage == Stage.SECONDING:
        says = f"{draft.second_count} of {needed} seconds"
    elif draft.stage == Stage.DISCUSSION:
        says = f"discussed until {reader.full(draft.ballot_at or 0)}"
    elif draft.stage == Stage.BALLOT:
        says = f"ballot until {reader.full(draft.closes_at or 0)}"
    else:
        says = Draft.Stages(draft.stage).label
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
    open_count = Draft.objects.filter(author=reader.member_id, stage__in=OPEN).count()
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
    made: When
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
    found = Draft.objects.select_related("author", "standard", "base", "thread", "edition").filter(pk=draft_id).first()
    if found is None:
        raise Http404
    return found


def draft_page(draft: Draft, reader: Reader) -> DraftPage:
    member, numbers = reader.member, draft.numbers if draft.rolled_at else charter(now_moment())
    seconded = list(draft.seconds.order_by("pk").values_list("member_id", "member__name"))
    is_author, has_seconded = draft.author_id == reader.member_id, any(pk == reader.member_id for pk, _ in seconded)
    may_second = may_vote = no("")
    own = None
    if draft.stage == Stage.SECONDING:
        standing = YES if has_seconded or is_author else may_second_drafts(member, numbers)
        may_second = rules.may_second(draft.stage, is_author=is_author, standing=standing)
    if draft.stage == Stage.BALLOT:
        may_vote, own = _vote_of(draft, member)
    quorum, majority = rules.thresholds(Kind(draft.kind), numbers)
    is_public = draft.thread is not None and draft.thread.state == State.VISIBLE
    return DraftPage(
        draft=draft, stage=Draft.Stages(draft.stage).label, kind=Draft.Kinds(draft.kind).label, made=reader.when(draft.made_at),
        rolled=_when(reader, draft.rolled_at), ballot=_when(reader, draft.ballot_at), closes=_when(reader, draft.closes_at),
        ended=_when(reader, draft.ended_at), changes=_changes(draft), values=_values(draft), seconds_needed=numbers.seconds,
        seconded_by=[name for _, name in seconded], quorum=quorum, majority=majority, edition=draft.edition,
        in_force=_when(reader, draft.edition.in_force if draft.edition else None),
        openings=list(draft.ballots.order_by("token")[:OPENINGS_SHOWN]) if draft.ballots_root else [],
        thread=f"/threads/{draft.thread_id}/" if is_public else "", has_seconded=has_seconded, may_second=may_second,
        may_withdraw=bool(rules.may_withdraw(draft.stage, is_author=is_author)), may_vote=may_vote,
        own_choice=own.choice if own else None,
    )  # fmt: skip


def _when(reader: Reader, moment: int | None) -> When | None:
    return None if moment is None else reader.when(moment)


def _changes(draft: Draft) -> Markup:
    if draft.kind == Kind.NUMBERS:
        return escape("")
    old = Wording.objects.filter(edition=draft.base, standard=draft.standard).first() if draft.kind != Kind.NEW else None
    before = f"{old.title}\n\n{old.text}" if old else ""
    return marked_changes(before, "" if draft.kind == Kind.REMOVAL else f"{draft.title}\n\n{draft.text}")


def _values(draft: Draft) -> list[Value]:
    old = draft.base.numbers if draft.values else CHARTER
    return [Value(NUMBERS[name], getattr(old, name), value) for name, value in draft.values.items()]


def _vote_of(draft: Draft, member: Member | None) -> tuple[Answer, Ballot | None]:
    """Whether a member may vote, and how they have."""
    if member is None:
        return no("Sign in to vote, if you are on the roll."), None
    place = rolls.place(draft.roll, member.pk)
    is_open = now_moment() < (draft.closes_at or 0)
    why_not = "" if place else why_not_on_roll(draft, member)
    answer = rules.may_vote(is_open=is_open, is_on_roll=place is not None, why_not=why_not)
    return answer, Ballot.objects.filter(pk=place.token.hex()).first() if place else None


def receipt(draft: Draft, member: Member) -> Ballot | None:
    """A member's own vote, while the roll's key is there to find it by."""
    place = rolls.place(draft.roll, member.pk) if draft.roll else None
    return Ballot.objects.filter(pk=place.token.hex()).first() if place else None


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


def _in_force() -> Edition:
    try:
        return edition_at(now_moment())
    except Edition.DoesNotExist:
        raise Http404 from None
