"""Juries in figures: everything that is counted, with how sure one can be of it.

Only decided cases count: a figure that moved with an alert, or with an answer to a summons, would tell when somebody gave it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from folkmoot.juries.models import Alert, Case, Jury, Seat
from folkmoot.juries.rules import order
from folkmoot.juries.rules.figures import Share, Spread, by_chance, quantile, share, spread
from folkmoot.standards.models import Wording

_NEWEST = 2000
"""Times to a verdict, and places in the lot, are of the newest so many."""

_MONTHS = 12
TENURES = (("less than 90 days", 0, 90), ("90 days to two years", 90, 730), ("longer", 730, 36500))
HOURS = (1, 3, 6, 12, 24, 48, 72)
RECORDS = ("a third or fewer", "up to two thirds", "more than two thirds")
"""How many of a member's alerts led to a hidden post."""
_RECORD_OF = 3
"""Alerts of theirs that were judged, before a member has a record at all."""


@dataclass(frozen=True, slots=True)
class Figures:
    alerts: int
    verdicts: int
    hidden: Share
    by_month: Sequence[tuple[str, Share]]
    by_standard: Sequence[tuple[int, str, Share]]
    overturned: Share
    agreed: Share
    agreed_by_chance: float
    minutes: tuple[float | None, float | None]
    """Until a verdict: half of the cases, and nine of ten, took no longer."""
    within: Sequence[tuple[int, Share]]
    """Hours, and how many of the verdicts came within so many."""
    declined: Share
    silent: Share
    first: Spread
    """In which tenth of the pool the first of the order stood: the lot itself, without anybody's standing or refusal."""
    drawn: Spread
    """The same, of as many as have a seat."""
    by_tenure: Sequence[tuple[str, Share]]
    stars: Share
    others: Share
    reversed_haste: Share
    acts_undone: Share
    """Of the acts of offices that were sent to a jury by whom they hit."""
    upheld: Share
    by_record: Sequence[tuple[str, Share]]
    """Of the alerts until the end of last month: how many are by members with such a record."""


def figures(now: datetime, *, days: int | None = None) -> Figures:
    """Of everything, or of the verdicts of so many days."""
    since = now - timedelta(days=days) if days else datetime.fromtimestamp(0, now.tzinfo)
    every = Jury.objects.filter(kind__in=(Jury.Kind.FIRST, Jury.Kind.AGAIN, Jury.Kind.OFFICERS), decided_at__gt=since)
    every = every.exclude(kind=Jury.Kind.FIRST, lapsed=True, case__juries__kind=Jury.Kind.AGAIN)
    first = every.filter(case__act=None)
    heard = Jury.objects.filter(decided_at__gt=since).select_related("case").prefetch_related("case__juries")
    appeals, second = heard.filter(kind=Jury.Kind.APPEAL), heard.filter(kind=Jury.Kind.SECOND, lapsed=False)
    walked = Seat.objects.filter(jury__decided_at__gt=since, position__lt=F("jury__walked")).exclude(state=Seat.State.EXCLUDED)
    hidden, took = _hidden(first), _took(first)
    titles = dict(Wording.objects.order_by("edition").values_list("standard__number", "title"))
    alleged = first.values(number=F("case__alerts__standard__number")).annotate(
        of=Count("pk"), hits=Count("pk", filter=Q(hides=True))
    )
    judged = Alert.objects.filter(case__closed_at__gt=since, case__act=None)
    by_members = judged.filter(member__isnull=False)
    appealed = [jury.hides != _before(jury).hides for jury in appeals.exclude(seats=0)]
    alike = [jury.hides == _before(jury).hides for jury in second]
    lot = _lot(every)
    return Figures(
        alerts=judged.count(), verdicts=first.count(), hidden=hidden, by_month=_by_month(first),
        by_standard=[
            (row["number"], titles.get(row["number"], ""), share(row["hits"], row["of"]))
            for row in alleged.order_by("number") if row["number"]
        ],
        overturned=share(sum(appealed), len(appealed)), agreed=share(sum(alike), len(alike)), agreed_by_chance=by_chance(hidden),
        minutes=(quantile(took, 0.5), quantile(took, 0.9)),
        within=[(hours, share(sum(minutes <= 60 * hours for minutes in took), len(took))) for hours in HOURS],
        declined=share(walked.filter(state=Seat.State.DECLINED).count(), walked.count()),
        silent=share(walked.filter(state=Seat.State.SILENT).count(), walked.count()),
        first=spread([(n, places[:1]) for n, places in lot]), drawn=spread(lot),
        by_tenure=[(words, _hidden(first.filter(_here(low, high)))) for words, low, high in TENURES],
        stars=_hidden(first.filter(case__author__star_since__isnull=False)),
        others=_hidden(first.filter(case__author__star_since=None)),
        reversed_haste=_left(first.filter(case__hidden_by_office=True)),
        acts_undone=_hidden(every.exclude(case__act=None)),
        upheld=share(by_members.filter(case__state=Case.State.HIDDEN).count(), by_members.count()),
        by_record=_by_record(now, since),
    )  # fmt: skip


def _before(jury: Jury) -> Jury:
    """The jury that judged this one's case first."""
    judged = [one for one in jury.case.juries.all() if one.kind not in (Jury.Kind.APPEAL, Jury.Kind.SECOND) and one.decided_at]
    return max(judged, key=lambda one: one.pk)


def _here(low: int, high: int) -> Q:
    """The author had been a member for so many days when the case was opened."""
    opened, joined = F("case__opened_at"), "case__author__joined_at"
    return Q(**{f"{joined}__lte": opened - timedelta(days=low), f"{joined}__gt": opened - timedelta(days=high)})


def _hidden(juries: QuerySet[Jury]) -> Share:
    counted = juries.order_by().aggregate(of=Count("pk"), hits=Count("pk", filter=Q(hides=True)))
    return share(counted["hits"], counted["of"])


def _left(juries: QuerySet[Jury]) -> Share:
    found = _hidden(juries)
    return share(found.of - found.hits, found.of)


def _by_month(juries: QuerySet[Jury]) -> list[tuple[str, Share]]:
    rows = juries.order_by().annotate(month=TruncMonth("decided_at")).values("month")
    counted = rows.annotate(of=Count("pk"), hits=Count("pk", filter=Q(hides=True))).order_by("-month")[:_MONTHS]
    return [(f"{row['month']:%B %Y}", share(row["hits"], row["of"])) for row in counted][::-1]


def _took(juries: QuerySet[Jury]) -> list[float]:
    """Minutes from the alert to the verdict."""
    rows = juries.order_by("-decided_at").values_list("case__opened_at", "decided_at")[:_NEWEST]
    return [(decided - opened).total_seconds() / 60 for opened, decided in rows if decided]


def _lot(juries: QuerySet[Jury]) -> list[tuple[int, list[int]]]:
    """Of each draw the size of its pool, and where in it those stood who came first, as many as have a seat."""
    drawn = (
        juries.exclude(seed="").filter(pool__n__gt=0).order_by("-decided_at").values_list("seed", "pool__n", "seats")[:_NEWEST]
    )
    return [(n, list(islice(order(bytes.fromhex(seed), n), seats))) for seed, n, seats in drawn]


def _by_record(now: datetime, since: datetime) -> list[tuple[str, Share]]:
    """Until the end of last month: beside a new verdict, a figure that moves at once would tell who alerted."""
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    judged = Alert.objects.filter(case__closed_at__gt=since, case__closed_at__lt=month, case__act=None, member__isnull=False)
    hits = Count("pk", filter=Q(case__state=Case.State.HIDDEN))
    rows = judged.order_by().values("member").annotate(of=Count("pk"), hits=hits).filter(of__gte=_RECORD_OF)
    counts = [0] * len(RECORDS)
    for of, upheld in rows.values_list("of", "hits"):
        counts[(3 * upheld > of) + (3 * upheld > 2 * of)] += of
    return [(words, share(count, sum(counts))) for words, count in zip(RECORDS, counts, strict=True)]
