"""What the pages of juries show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from markupsafe import Markup

from folkmoot.base import markup
from folkmoot.base.answers import Answer
from folkmoot.base.paging import Cursor, Slice, cut_by
from folkmoot.base.time import now_moment, to_datetime, to_moment
from folkmoot.juries import rules
from folkmoot.juries.beacon.drand import QUICKNET
from folkmoot.juries.models import Alert, Case, Jury, JuryBlock, OptedOut, Seat, Vote
from folkmoot.juries.queries.cases import exhibits_now, may_appeal, standards_of, witnessed
from folkmoot.ledger import keys
from folkmoot.ledger.keys import NoKey
from folkmoot.ledger.models import Cosignature
from folkmoot.ledger.queries import key_file
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Wording
from folkmoot.standards.rules import Charter
from folkmoot.threads.models import Post
from folkmoot.threads.queries.thread import address_of, title_of

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class AlertPage:
    post: Post
    address: str
    title: str
    answer: Answer
    charter: Charter
    wordings: Sequence[Wording]
    """The standards as they stood when the post was written."""


def alert_page(post: Post, member: Member | None) -> AlertPage:
    written = post.edited_moment or post.moment
    wordings = list(standards.wordings(standards.edition_at(written)))
    answer = rules.may_alert(member, post)
    return AlertPage(post, address_of(post.thread), title_of(post.thread), answer, standards.charter_now(), wordings)


@dataclass(frozen=True, slots=True)
class CaseLine:
    id: int
    hidden: bool
    standard: int
    title: str
    forum: str
    forum_slug: str
    closed: When
    appealed: bool
    of_act: bool


@dataclass(frozen=True, slots=True)
class CasesPage:
    found: Slice[Case]
    lines: Sequence[CaseLine]
    decided: int
    hidden: int


def cases_page(reader: Reader, cursor: Cursor) -> CasesPage:
    """Decided cases, newest first; those before a jury are nobody's business yet."""
    closed = Case.objects.filter(closed_at__isnull=False)
    rows = closed.select_related("forum", "standard").prefetch_related("juries")
    found = cut_by(lambda at, limit: _next_to(rows, at, limit), cursor, PAGE_SIZE, key=_closed)
    titles = _titles(found.rows)
    counted = closed.filter(act=None).aggregate(decided=Count("pk"), hidden=Count("pk", filter=Q(state=Case.State.HIDDEN)))
    lines = [
        CaseLine(
            case.pk, case.state == Case.State.HIDDEN, case.standard.number if case.standard else 0,
            titles.get((case.edition_id, case.standard_id), ""), case.forum.name, case.forum.slug,
            reader.when(_closed(case)),
            any(jury.kind == Jury.Kind.APPEAL and jury.decided_at for jury in case.juries.all()), case.act_id is not None,
        )
        for case in found.rows
    ]  # fmt: skip
    return CasesPage(found, lines, counted["decided"], counted["hidden"])


def _next_to(closed: QuerySet[Case], at: Cursor, limit: int) -> list[Case]:
    """Decided cases next to a moment; what an address names beyond today is today."""
    if at.after is not None:
        return list(closed.filter(closed_at__gt=to_datetime(min(at.after, now_moment()))).order_by("closed_at")[:limit])
    older = closed if at.before is None else closed.filter(closed_at__lt=to_datetime(min(at.before, now_moment())))
    return list(older.order_by("-closed_at")[:limit])


def _closed(case: Case) -> int:
    return to_moment(case.closed_at or case.opened_at)


def _titles(cases: Sequence[Case]) -> dict[tuple[int, int | None], str]:
    editions = {case.edition_id for case in cases if case.standard_id}
    rows = Wording.objects.filter(edition__in=editions).values_list("edition", "standard", "title")
    return {(edition, standard): title for edition, standard, title in rows}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A vote as it is shown after the verdict."""

    words: str
    standard: int
    reason: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """One jury of a case, decided."""

    jury: Jury
    heading: str
    verdict: str
    decided: When
    tally: Sequence[tuple[str, int]]
    spoken: Sequence[Spoken]
    walked: Sequence[Seat]
    passed: dict[str, int]
    """How many were excluded, declined, gave no answer."""
    strength: str
    witness: Cosignature | None
    """Who signed pool and case before the beacon spoke: then anybody can verify the draw."""
    waits_for_record: bool

    @property
    def is_drawn(self) -> bool:
        return bool(self.jury.seed)


@dataclass(frozen=True, slots=True)
class CasePage:
    case: Case
    post: Post
    address: str
    shown: bool
    """Whether everybody may read the post where it stands."""
    standard: Wording | None
    hearings: Sequence[Hearing]
    appeal_open: bool
    exhibits: Sequence[tuple[rules.Exhibit, Markup]]
    """Empty unless the reader asked for what was judged, and may have it."""
    may_appeal: Answer
    is_author: bool
    appeal_until: When | None
    edition: int


HEADINGS = {
    Jury.Kind.FIRST: "The jury",
    Jury.Kind.AGAIN: "The second try",
    Jury.Kind.APPEAL: "The jury of appeal",
    Jury.Kind.SECOND: "A second jury, without effect",
    Jury.Kind.OFFICERS: "Two officers",
}


def case_page(case_id: int, *, reader: Reader, show: bool, now: datetime) -> CasePage:
    """A decided case; before its verdict there is none to see."""
    case = (
        Case.objects.select_related("post__thread", "edition", "charter", "standard", "forum", "author", "act")
        .filter(pk=case_id, closed_at__isnull=False)
        .first()
    )
    if case is None or case.closed_at is None:
        raise Http404
    juries = list(case.juries.select_related("pool__entry", "opening", "verdict", "standard").order_by("pk"))
    seats = list(Seat.objects.filter(jury__in=juries).select_related("vote").order_by("jury", "position"))
    words = standards_of(case)
    until, me = case.closed_at + timedelta(days=case.charter.numbers.appeal_days), reader.member
    appealed = [jury for jury in juries if jury.kind == Jury.Kind.APPEAL]
    alerters = set(case.alerts.filter(member__isnull=False).values_list("member", flat=True))
    side = me is not None and me.pk in {case.author_id, *alerters}
    answer = may_appeal(case, me, alerters=alerters, kinds={jury.kind for jury in juries}, now=now)
    may_see = me is not None and not case.words_are_gone
    return CasePage(
        case=case, post=case.post, address=f"/posts/{case.post_id}/", shown=case.post.state == "visible",
        standard=words.get(case.standard.number) if case.standard else None,
        hearings=[_hearing(jury, [s for s in seats if s.jury_id == jury.pk], reader) for jury in juries if jury.decided_at],
        appeal_open=any(jury.decided_at is None for jury in appealed), exhibits=exhibits_of(case) if show and may_see else [],
        may_appeal=answer, is_author=side and me is not None and me.pk == case.author_id,
        appeal_until=reader.when(to_moment(until)) if side else None, edition=case.edition.number,
    )  # fmt: skip


def exhibits_of(case: Case) -> list[tuple[rules.Exhibit, Markup]]:
    """What the jury was shown, rendered; images stand as links, so that nothing is fetched before it is asked for."""
    return [(exhibit, Markup(markup.render(exhibit.source))) for exhibit in exhibits_now(case)]


def _hearing(jury: Jury, seats: Sequence[Seat], reader: Reader) -> Hearing:
    walked = [seat for seat in seats if seat.position < jury.walked or jury.kind == Jury.Kind.OFFICERS]
    voted = sorted((seat for seat in seats if hasattr(seat, "vote")), key=lambda seat: seat.token)
    found = [seat for seat in voted if jury.standard and seat.vote.standard == jury.standard.number]
    witness = witnessed(jury) if jury.source == QUICKNET.source else None
    who = "officers" if jury.kind == Jury.Kind.OFFICERS else "jurors"
    if jury.lapsed and jury.case.is_removed:
        verdict = "It ended without a verdict: the post was removed on legal grounds."
    elif jury.panel_at and not jury.lapsed:
        verdict = "So many members could not be drawn, and the review panel decided instead. Its reasons are on its own pages."
    elif jury.hides:
        verdict = (
            f"{len(found)} of {jury.seats} {who} found that it breaks standard {jury.standard.number if jury.standard else 0}."
        )
    elif not jury.seats:
        verdict = "So many members could not be drawn. What was hidden returns."
    else:
        verdict = (
            f"Time ran out: {len(voted)} of {jury.seats} {who} had voted, and {jury.needs} would have had to name one standard."
            if jury.lapsed
            else f"Fewer than the {jury.needs} of {jury.seats} {who} it takes named one standard."
        )
    passed = {
        "excluded": sum(seat.state == Seat.State.EXCLUDED for seat in walked),
        "declined": sum(seat.state == Seat.State.DECLINED for seat in walked),
        "gave no answer in time": sum(seat.state == Seat.State.SILENT for seat in walked),
    }
    return Hearing(
        jury=jury, heading=HEADINGS[Jury.Kind(jury.kind)], verdict=verdict,
        decided=reader.when(to_moment(jury.decided_at or jury.asked_at)),
        tally=[(words, jury.tally[choice] if jury.tally else 0) for choice, words in rules.WORDS.items()],
        spoken=[Spoken(rules.WORDS[rules.Choice(s.vote.choice)], s.vote.standard, s.vote.reason) for s in voted],
        walked=walked, passed=passed, witness=witness,
        strength="C" if jury.source != QUICKNET.source else "A" if witness else "B",
        waits_for_record=jury.opening_id is not None and jury.verdict_id is None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A jury that asks something of a member."""

    jury_id: int
    state: str
    when: When
    until: When
    """The end of the time to answer."""


@dataclass(frozen=True, slots=True)
class MinePage:
    """A member's own side of juries."""

    asked: Sequence[Asked]
    for_officers: Sequence[Jury]
    my_cases: Sequence[Case]
    my_alerts: Sequence[Alert]
    served: Sequence[Seat]
    willing: bool
    blocked: Sequence[Member]


def mine_page(member: Member, *, reader: Reader) -> MinePage:
    open_seats = Seat.objects.filter(member=member, jury__decided_at=None, state__in=("summoned", "accepted", "seated"))
    asked = []
    for seat in open_seats.select_related("jury__case__charter").order_by("pk"):
        since = seat.summoned_at or seat.jury.asked_at
        charter = seat.jury.case.charter.numbers
        minutes = charter.threat_minutes if seat.jury.case.in_danger else charter.summons_minutes
        until = reader.when(to_moment(since + timedelta(minutes=minutes)))
        asked.append(Asked(seat.jury_id, seat.state, reader.when(to_moment(since)), until))
    officers: list[Jury] = []
    if member.is_administrator:
        waiting = Jury.objects.filter(kind=Jury.Kind.OFFICERS, decided_at=None).exclude(case__author=member)
        officers = list(waiting.exclude(case__alerts__member=member).exclude(places__member=member).order_by("pk")[:PAGE_SIZE])
    blocks = JuryBlock.objects.filter(member=member, ended_at=None).select_related("blocked").order_by("pk")
    return MinePage(
        asked=asked, for_officers=officers,
        my_cases=list(
            Case.objects.filter(author=member, act=None, closed_at__isnull=False)
            .select_related("post", "standard").order_by("-closed_at")[:PAGE_SIZE]
        ),
        my_alerts=list(
            Alert.objects.filter(member=member).select_related("case__post", "standard").order_by("-made_at")[:PAGE_SIZE]
        ),
        served=list(
            Seat.objects.filter(member=member, jury__decided_at__isnull=False, seated_at__isnull=False)
            .select_related("jury__case").order_by("-pk")[:PAGE_SIZE]
        ),
        willing=not OptedOut.objects.filter(member=member).exists(), blocked=[row.blocked for row in blocks],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServePage:
    """What a juror sees: before they accept nothing but that they are asked."""

    jury: Jury
    state: str
    alleged: Sequence[tuple[Wording, Sequence[str]]]
    """The standards that alerts named, each with what they said."""
    wordings: Sequence[Wording]
    exhibits: Sequence[tuple[rules.Exhibit, Markup]]
    receipt: str
    """What the juror keeps of their vote, signed; empty before it."""
    ends: When | None
    answer_minutes: int
    vote_hours: int


def serve_page(jury_id: int, member: Member, *, reader: Reader) -> ServePage:
    jury = Jury.objects.select_related("case__charter", "case__edition", "case__post", "case__act").filter(pk=jury_id).first()
    seat = Seat.objects.filter(jury=jury, member=member).select_related("vote", "jury__opening").first() if jury else None
    is_officer = jury is not None and jury.kind == Jury.Kind.OFFICERS and member.is_administrator
    if jury is None or (seat is None and not is_officer):
        raise Http404
    state = seat.state if seat else "officer"
    if seat is None and (jury.case.author_id == member.pk or jury.case.alerts.filter(member=member).exists()):
        raise Http404
    sees = state in ("accepted", "seated", "voted", "unable", "officer") and jury.decided_at is None and not jury.case.is_removed
    words = standards_of(jury.case)
    said: dict[int, list[str]] = {}
    for number, text in jury.case.alerts.order_by("pk").values_list("standard__number", "text") if sees else ():
        said.setdefault(number, []).append(text)
    charter = jury.case.charter.numbers
    ends = seat.seated_at + timedelta(hours=charter.vote_hours) if seat and seat.seated_at else jury.deadline
    return ServePage(
        jury=jury, state=state, alleged=[(words[number], texts) for number, texts in said.items() if number in words],
        wordings=list(words.values()), exhibits=exhibits_of(jury.case) if sees else [],
        receipt=receipt_of(seat.vote) if seat and hasattr(seat, "vote") else "",
        ends=reader.when(to_moment(ends)) if ends else None,
        answer_minutes=charter.threat_minutes if jury.case.in_danger else charter.summons_minutes, vote_hours=charter.vote_hours,
    )  # fmt: skip


def receipt_of(vote: Vote) -> str:
    """That a vote was taken in, signed by the ledger's key: if it is missing from the record, this proves it."""
    opening = vote.seat.jury.opening
    said = f"folkmoot/receipt/v1\n{opening.index if opening else ''}\n{vote.seat.position}\n{vote.commitment}\n"
    try:
        return f"{said}\n{keys.read(key_file()).signature(said)}"
    except NoKey:
        return said
