"""What is read of the review panel."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from folkmoot.base.answers import Answer
from folkmoot.base.time import DAY, now_moment, to_moment
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.panel import rules
from folkmoot.panel.models import Opinion, PanelSeat, Review
from folkmoot.standards.models import Election
from folkmoot.standards.queries import charter, elections
from folkmoot.standards.rules import Charter

SHOWN = 50


def may_sit(member: Member, now: int) -> Answer:
    last = PanelSeat.objects.filter(member=member).order_by("-begins_at").first()
    rests_until = last.ended_at + charter(now).panel_break_days * DAY if last and last.ended_at else None
    return rules.may_sit(member, sits=last is not None and last.ended_at is None, rests_until=rests_until, now=now)


def may_ask(member: Member) -> Answer:
    has_asked = member.banned_at is not None and Review.objects.filter(member=member, banned_at=member.banned_at).exists()
    sits_anybody = Member.objects.filter(on_panel=True).exists()
    return rules.may_ask(is_banned=member.banned_at is not None, has_asked=has_asked, sits_anybody=sits_anybody)


def may_judge(member: Member | None, review: Review) -> Answer:
    has_judged = member is not None and review.opinions.filter(member=member).exists()
    is_open = review.outcome == Review.Outcome.OPEN
    concerns = {review.member_id}
    if review.jury:
        case = review.jury.case
        concerns |= {case.author_id, *case.alerts.filter(member__isnull=False).values_list("member", flat=True)}
    return rules.may_judge(member, concerns=concerns, is_open=is_open, has_judged=has_judged)


@dataclass(frozen=True, slots=True)
class SeatLine:
    name: str
    officer: int | None
    """None while the seat is not empty yet."""
    since: When
    until: When
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ReviewLine:
    id: int
    heading: str
    says: str
    when: When


@dataclass(frozen=True, slots=True)
class PanelPage:
    seats: Sequence[SeatLine]
    empty: int
    elections: Sequence[tuple[Election, When]]
    waiting: Sequence[ReviewLine]
    """For the panel alone."""
    decided: Sequence[ReviewLine]
    numbers: Charter
    needed: int
    own_review: int | None
    may_ask: bool


def panel_page(reader: Reader) -> PanelPage:
    member, numbers = reader.member, charter(now_moment())
    running = PanelSeat.objects.filter(ended_at=None).select_related("member").order_by("begins_at", "pk")
    seats = [
        SeatLine(s.member.name, s.officer, reader.when(s.begins_at), reader.when(s.ends_at), s.member_id == reader.member_id)
        for s in running
    ]
    found = Review.objects.select_related("member", "jury").order_by("-pk")
    waiting = found.filter(outcome=Review.Outcome.OPEN) if member is not None and member.on_panel else Review.objects.none()
    own = found.filter(member=member, jury=None).first() if member is not None and member.banned_at else None
    return PanelPage(
        seats, max(numbers.panel_seats - sum(s.officer is not None for s in seats), 0), elections(reader),
        [_line(r, r.asked_at, reader) for r in waiting],
        [_line(r, r.decided_at or 0, reader) for r in found.exclude(outcome=Review.Outcome.OPEN)[:SHOWN]],
        numbers, rules.needed(numbers.panel_seats), own.pk if own else None,
        member is not None and bool(member.banned_at) and bool(may_ask(member)),
    )  # fmt: skip


def _line(review: Review, moment: int, reader: Reader) -> ReviewLine:
    return ReviewLine(review.pk, review.heading, review.get_outcome_display(), reader.when(moment))


@dataclass(frozen=True, slots=True)
class ReviewPage:
    review: Review
    outcome: str
    banned: When | None
    asked: When
    decided: When | None
    opinions: Sequence[Opinion]
    needed: int
    may_judge: Answer
    is_mine: bool


def review_page(review_id: int, reader: Reader) -> ReviewPage:
    """Open ones are known to the panel and to whom they concern."""
    review = Review.objects.select_related("member", "jury__case").filter(pk=review_id).first()
    member = reader.member
    may_know = member is not None and review is not None and (member.on_panel or member.pk == review.member_id)
    if review is None or (review.outcome == Review.Outcome.OPEN and not may_know):
        raise Http404
    return ReviewPage(
        review, review.get_outcome_display(), reader.when(to_moment(review.banned_at)) if review.banned_at else None,
        reader.when(review.asked_at),
        reader.when(review.decided_at) if review.decided_at else None, list(review.opinions.order_by("pk")),
        rules.needed(charter(now_moment()).panel_seats), may_judge(member, review), review.member_id == reader.member_id,
    )  # fmt: skip
