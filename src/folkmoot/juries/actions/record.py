"""What a case tells the ledger: at ticks, together and in an order that times nobody (docs/juries-bundle.md)."""

import hashlib
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models import Count

from folkmoot.base.events import Act, tell
from folkmoot.juries import beacon
from folkmoot.juries.beacon import chain
from folkmoot.juries.events import JURY, CaseOpened, ChainPublished, OfJury, SeatRefused, SeatTaken, VerdictReached, VoteCast
from folkmoot.juries.models import Jury, Seat, Vote
from folkmoot.juries.queries.cases import chain_entry, leaf_hash_of_entry
from folkmoot.juries.rules import content
from folkmoot.juries.rules.exhibits import Exhibit
from folkmoot.ledger.models import OutboxEntry
from folkmoot.ledger.rules import entries
from folkmoot.standards import queries as standards

_ADVISORY = 0x6A757279
"""The number of PostgreSQL's lock, by which no two workers tell the same."""

GONE = (Seat.State.DECLINED, Seat.State.SILENT, Seat.State.UNABLE)


class Held(NamedTuple):
    """An act that waits for its tick, and what keeps its entry."""

    act: OfJury
    keep: Callable[[int], Any]


def newest_entry(kind: str, **facts: Any) -> int:
    """The entry of an act that this transaction has just told."""
    matching = {f"facts__{name}": value for name, value in facts.items()}
    return OutboxEntry.objects.filter(kind=kind, **matching).order_by("-pk").values_list("pk", flat=True)[0]


def is_due(since: datetime | None, now: datetime, minutes: int) -> bool:
    """Whether a tick has passed since then. Ticks are at whole multiples, so that nothing needs to be remembered."""
    if since is None:
        return False
    return minutes == 0 or int(now.timestamp()) // (60 * minutes) > int(since.timestamp()) // (60 * minutes)


def tell_waiting(now: datetime) -> int:
    """Tell what has waited for its tick; returns how many acts."""
    minutes = standards.charter_now().tick_minutes
    if not (_of_cases(now, minutes) or _verdicts(now, minutes)):  # asked first: a transaction takes SQLite's write lock
        return 0
    return _tell(now, minutes)


@transaction.atomic
def _tell(now: datetime, minutes: int) -> int:
    """In one transaction, ordered by SHA-256 of their facts; verdicts come last, because each closes the list of its jury's
    entries."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY])
    told = 0
    _tell_chain(now, minutes)
    for waiting in (_of_cases, _verdicts):
        for one in sorted(waiting(now, minutes), key=lambda one: _order(one.act)):
            tell(one.act)
            one.keep(newest_entry(type(one.act).__name__, **_facts(one.act)))
            told += 1
    return told


def _tell_chain(now: datetime, minutes: int) -> None:
    """A chain is published before the first case that is drawn by it."""
    for source in {held.act.source for held in _openings(now, minutes) if isinstance(held.act, CaseOpened)}:
        for one in chain.read(beacon.chain_file()):
            if one.source == source and chain_entry(source) is None:
                tell(ChainPublished(anchor=one.anchor.hex(), links=one.links, by=0, office=JURY, reason=""))


def _of_cases(now: datetime, minutes: int) -> list[Held]:
    return [*_openings(now, minutes), *_seats(now, minutes), *_votes(now, minutes)]


def _facts(act: Act) -> dict[str, Any]:
    return {f.name: getattr(act, f.name) for f in fields(act) if f.name not in {"by", "office", "reason"}}


def _order(act: Act) -> bytes:
    return hashlib.sha256(entries.canonical(_facts(act))).digest()


def _kept(rows: models.QuerySet[Any], field: str, **more: Any) -> Callable[[int], Any]:
    return lambda entry: rows.update(**{field: entry}, **more)


def _openings(now: datetime, minutes: int) -> list[Held]:
    found = []
    opened = Jury.objects.filter(opening=None, pool__isnull=False, seats__gt=0).exclude(kind=Jury.Kind.SECOND)
    waiting = [
        jury for jury in opened.select_related("case", "pool__entry").order_by("pk") if is_due(jury.asked_at, now, minutes)
    ]
    if not waiting:
        return []
    used = Jury.objects.exclude(opening=None).exclude(kind=Jury.Kind.SECOND).values("source").annotate(cases=Count("pk"))
    earlier = dict(used.values_list("source", "cases"))
    for jury in waiting:
        if jury.pool is None or jury.pool.entry is None:
            continue
        case = jury.case
        source, number = beacon.source_now(now, earlier)
        earlier[source] = earlier.get(source, 0) + 1
        before = case.juries.exclude(pk=jury.pk).exclude(kind=Jury.Kind.SECOND).order_by("-pk").first()
        heard = before.opening.index if before is not None and before.opening is not None else None
        act = CaseOpened(
            by=0, office=JURY, reason="",
            pool=jury.pool.entry.index or 0, seats=jury.seats, to_hide=jury.needs, source=source, round=number,
            excluded_n=len(jury.excluded), excluded_root=jury.excluded_root,
            content_hash=entries.salted(bytes(case.salt), content([Exhibit(**one) for one in case.content])),
            appeals=heard if jury.kind == Jury.Kind.APPEAL else None,
            reopens=heard if jury.kind == Jury.Kind.AGAIN else None,
        )  # fmt: skip
        found.append(Held(act, _kept(Jury.objects.filter(pk=jury.pk), "opening", source=source, round=number)))
    return found


def _case_entry(jury: Jury) -> int:
    assert jury.opening is not None
    assert jury.opening.index is not None
    return jury.opening.index


_OF_LEDGER = {"jury__opening__index__isnull": False, "jury__verdict": None}
"""Of juries that the ledger knows, and whose list of entries no verdict has closed: there is an index of these."""

_CASE = ("jury__kind", "jury__opening__index")
"""Of a jury's long row only what is told: the worker asks every two seconds."""


def _seats(now: datetime, minutes: int) -> list[Held]:
    found = []
    walked = Seat.objects.filter(settled_at__isnull=False, **_OF_LEDGER).select_related("jury__opening")
    walked = walked.only("position", "index", "state", "seated_at", "left_at", "settled_at", *_CASE)
    for seat in walked.filter(taken=None, seated_at__isnull=False).order_by("pk"):
        if is_due(seat.seated_at, now, minutes):
            act = SeatTaken(
                by=0,
                office=JURY,
                reason="",
                case=_case_entry(seat.jury),
                position=seat.position,
                index=seat.index,
                second=seat.jury.kind == Jury.Kind.SECOND,
            )
            found.append(Held(act, _kept(Seat.objects.filter(pk=seat.pk), "taken")))
    for seat in walked.filter(refused=None, state__in=GONE).order_by("pk"):
        if seat.state == Seat.State.UNABLE:
            continue  # the vote says it
        if seat.settled_at and seat.left_at and is_due(max(seat.settled_at, seat.left_at), now, minutes):
            refusal = SeatRefused(
            by=0, office=JURY, reason="",
                case=_case_entry(seat.jury), position=seat.position, index=seat.index,
                declined=seat.state == Seat.State.DECLINED, second=seat.jury.kind == Jury.Kind.SECOND,
            )  # fmt: skip
            found.append(Held(refusal, _kept(Seat.objects.filter(pk=seat.pk), "refused")))
    return found


def _votes(now: datetime, minutes: int) -> list[Held]:
    votes = Vote.objects.filter(entry=None, **{f"seat__{of}": value for of, value in _OF_LEDGER.items()}).select_related(
        "seat__jury__opening"
    )
    votes = votes.only("commitment", "cast_at", "seat__position", *(f"seat__{field}" for field in _CASE))
    return [
        Held(_cast(vote), _kept(Vote.objects.filter(pk=vote.pk), "entry"))
        for vote in votes.order_by("pk")
        if is_due(vote.cast_at, now, minutes)
    ]


def _cast(vote: Vote) -> VoteCast:
    jury = vote.seat.jury
    return VoteCast(
        by=0,
        office=JURY,
        reason="",
        case=_case_entry(jury),
        position=vote.seat.position,
        commitment=vote.commitment,
        second=jury.kind == Jury.Kind.SECOND,
    )


def entry_ids(jury: Jury) -> list[int]:
    """Of the seats, refusals and votes of one jury."""
    seats = Seat.objects.filter(jury=jury).values_list("taken", "refused", "vote__entry")
    return sorted({entry for row in seats for entry in row if entry is not None})


def _verdicts(now: datetime, minutes: int) -> list[Held]:
    found = []
    decided = Jury.objects.filter(verdict=None, decided_at__isnull=False, opening__index__isnull=False)
    for jury in decided.select_related("opening", "case__act", "standard").order_by("pk"):
        if not is_due(jury.decided_at, now, minutes):
            continue
        told = sorted(leaf_hash_of_entry(entry) for entry in entry_ids(jury))
        breaks, just_breaks, just_keeps, keeps, another, cannot = jury.tally
        act = VerdictReached(
            by=0, office=JURY, reason="",
            case=_case_entry(jury), case_id=jury.case_id, post_id=jury.case.post_id, revision=jury.case.revision,
            second=jury.kind == Jury.Kind.SECOND, hidden=jury.hides, lapsed=jury.lapsed,
            standard=jury.standard.number if jury.standard else 0, breaks=breaks, just_breaks=just_breaks,
            just_keeps=just_keeps, keeps=keeps, breaks_another=another, cannot_judge=cannot, walked=jury.walked,
            entry_count=len(told), entries_hash=hashlib.sha256(b"".join(told)).hexdigest(),
            act=jury.case.act.index if jury.case.act else None,
        )  # fmt: skip
        found.append(Held(act, _kept(Jury.objects.filter(pk=jury.pk), "verdict")))
    return found
