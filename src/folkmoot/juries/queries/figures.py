"""Juries in figures: everything that is counted, with how sure one can be of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from folkmoot.juries.models import Alert, Case, Jury, Seat
from folkmoot.juries.rules import order
from folkmoot.juries.rules.figures import FEW, Share, by_chance, chi_square, quantile, share
from folkmoot.standards.models import Wording

_NEWEST = 2000
"""Times to a verdict, and first places, are of the newest so many."""

_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    alerts: int
    verdicts: int
    hidden: Share
    by_standard: Sequence[tuple[int, str, Share]]
    overturned: Share
    agreed: Share
    agreed_by_chance: float
    minutes: tuple[float | None, float | None]
    """Until a verdict: half of the cases, and nine of ten, took no longer."""
    declined: Share
    silent: Share
    first_places: Sequence[int]
    """In which tenth of the pool the first of the order stood, case by case."""
    square: float
    new_authors: Share
    old_authors: Share
    stars: Share
    others: Share
    reversed_haste: Share
    upheld: Share


def figures(now: datetime, *, days: int | None = None) -> Figures:
    """Of everything, or of the verdicts of so many days."""
    since = now - timedelta(days=days) if days else datetime.fromtimestamp(0, now.tzinfo)
    first = Jury.objects.filter(
        kind__in=(Jury.Kind.FIRST, Jury.Kind.AGAIN, Jury.Kind.OFFICERS), decided_at__gt=since, case__act=None
    )
    first = first.exclude(kind=Jury.Kind.FIRST, lapsed=True, case__juries__kind=Jury.Kind.AGAIN)
    heard = Jury.objects.filter(decided_at__gt=since).select_related("case").prefetch_related("case__juries")
    appeals, second = heard.filter(kind=Jury.Kind.APPEAL), heard.filter(kind=Jury.Kind.SECOND, lapsed=False)
    walked = Seat.objects.filter(jury__decided_at__gt=since, position__lt=F("jury__walked")).exclude(state=Seat.State.EXCLUDED)
    new = Q(case__author__joined_at__gt=F("case__opened_at") - timedelta(days=90))
    hidden = _hidden(first)
    places = _first_places(first)
    titles = dict(Wording.objects.order_by("edition").values_list("standard__number", "title"))
    alleged = first.values(number=F("case__alerts__standard__number")).annotate(
        of=Count("pk"), hits=Count("pk", filter=Q(hides=True))
    )
    judged = Alert.objects.filter(case__closed_at__gt=since, member__isnull=False)
    appealed = [jury.hides != _before(jury).hides for jury in appeals.exclude(seats=0)]
    alike = [jury.hides == _before(jury).hides for jury in second]
    return Figures(
        alerts=Alert.objects.filter(made_at__gt=since).count(), verdicts=first.count(), hidden=hidden,
        by_standard=[
            (row["number"], titles.get(row["number"], ""), share(row["hits"], row["of"]))
            for row in alleged.order_by("number") if row["number"]
        ],
        overturned=share(sum(appealed), len(appealed)), agreed=share(sum(alike), len(alike)), agreed_by_chance=by_chance(hidden),
        minutes=_minutes(first),
        declined=share(walked.filter(state=Seat.State.DECLINED).count(), walked.count()),
        silent=share(walked.filter(state=Seat.State.SILENT).count(), walked.count()),
        first_places=places, square=chi_square(places),
        new_authors=_hidden(first.filter(new)), old_authors=_hidden(first.exclude(new)),
        stars=_hidden(first.filter(case__author__star_since__isnull=False)),
        others=_hidden(first.filter(case__author__star_since=None)),
        reversed_haste=_left(first.filter(case__hidden_by_office=True)),
        upheld=share(judged.filter(case__state=Case.State.HIDDEN).count(), judged.count()),
    )  # fmt: skip


def _before(jury: Jury) -> Jury:
    """The jury that judged this one's case first."""
    judged = [one for one in jury.case.juries.all() if one.kind not in (Jury.Kind.APPEAL, Jury.Kind.SECOND) and one.decided_at]
    return max(judged, key=lambda one: one.pk)


def _hidden(juries: QuerySet[Jury]) -> Share:
    counted = juries.order_by().aggregate(of=Count("pk"), hits=Count("pk", filter=Q(hides=True)))
    return share(counted["hits"], counted["of"])


def _left(juries: QuerySet[Jury]) -> Share:
    found = _hidden(juries)
    return share(found.of - found.hits, found.of)


def _minutes(juries: QuerySet[Jury]) -> tuple[float | None, float | None]:
    rows = juries.order_by("-decided_at").values_list("case__opened_at", "decided_at")[:_NEWEST]
    took = [(decided - opened).total_seconds() / 60 for opened, decided in rows if decided]
    return quantile(took, 0.5), quantile(took, 0.9)


def _first_places(juries: QuerySet[Jury]) -> list[int]:
    """Of the lot itself: nobody's standing, and no refusal, is in it."""
    drawn = juries.exclude(seed="").select_related("pool").order_by("-decided_at")[:_NEWEST]
    counts = [0] * _TENTHS
    for jury in drawn:
        if jury.pool is not None and jury.pool.n:
            counts[next(order(bytes.fromhex(jury.seed), jury.pool.n)) * _TENTHS // jury.pool.n] += 1
    return counts


def table(found: Figures) -> Iterator[tuple[str, str, int, str]]:
    """What is counted, its value, of how many, and what is to be known of it. Few are not shown."""
    yield "Alerts", str(found.alerts), found.alerts, ""
    yield "Verdicts", str(found.verdicts), found.verdicts, "each case once, appeals apart"
    for what, one, note in (
        ("Hidden", found.hidden, ""),
        *((f"Hidden, of alerts for standard {n}", one, title) for n, title, one in found.by_standard),
        ("Appeals that changed the verdict", found.overturned, ""),
        ("Second juries that agreed with the first", found.agreed, f"by chance alone {found.agreed_by_chance:.0%}"),
        ("Summoned members who declined", found.declined, ""),
        ("Summoned members who gave no answer", found.silent, ""),
        ("Hidden, authors here for less than 90 days", found.new_authors, ""),
        ("Hidden, authors here for longer", found.old_authors, ""),
        ("Hidden, authors who are Star members", found.stars, "no rule reads this; it is counted so that you can see that"),
        ("Hidden, authors who are not", found.others, ""),
        ("Hidden in haste by an office, and undone by a jury", found.reversed_haste, ""),
        ("Alerts after which the post was hidden", found.upheld, ""),
    ):
        value = f"{one.share:.0%} ({one.low:.0%} to {one.high:.0%})" if one.is_shown else "too few to show"
        yield what, value, one.of, note
    for what, minutes in zip(("Half of the verdicts came within", "Nine of ten came within"), found.minutes, strict=True):
        yield (
            what,
            f"{minutes:.0f} minutes" if minutes is not None and found.verdicts >= FEW else "too few to show",
            found.verdicts,
            "",
        )
    drawn = sum(found.first_places)
    spread = f"{found.square:.1f}" if drawn >= FEW else "too few to show"
    yield "How evenly the lot fell (chi-square, 9 degrees)", spread, drawn, "between 1.5 and 29.7 in 998 of 1,000 fair lots"
