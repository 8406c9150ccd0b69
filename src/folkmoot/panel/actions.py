"""Seats on the review panel, and what it decides."""

from django.db import transaction

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.base.time import DAY, now_moment, to_datetime
from folkmoot.forums.models import Forum
from folkmoot.hosts import actions as hosts
from folkmoot.hosts.models import Revocation
from folkmoot.juries import actions as juries
from folkmoot.juries.models import Jury
from folkmoot.ledger.actions import officer_number
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.members.rules import PANEL
from folkmoot.panel import events, queries, rules
from folkmoot.panel.models import Opinion, PanelSeat, Review
from folkmoot.standards import actions as standards
from folkmoot.standards.events import CHARTER, MEMBER
from folkmoot.standards.models import Draft, Election
from folkmoot.standards.queries import charter
from folkmoot.standards.rules import Stage

Ending, Outcome = PanelSeat.Ending, Review.Outcome


@transaction.atomic
def stand(election: Election, *, by: Member, reason: str, forum: Forum, key: str | None = None) -> Draft:
    """Stand for the panel: a draft, on which all vote."""
    by = _held(by.pk)
    return standards.stand(election, by=by, reason=reason, forum=forum, key=key, may=queries.may_sit(by, now_moment()))


@transaction.atomic
def seat_elected(election_id: int) -> None:
    """Give the seats to those who are elected, the most wanted the first that is empty. The caller holds them."""
    election = Election.objects.get(pk=election_id)
    now = election.ended_at or now_moment()
    numbers, running = charter(now), PanelSeat.objects.filter(ended_at=None)
    begins = rules.beginnings(numbers.panel_seats, list(running.values_list("ends_at", flat=True)), now)
    elected = election.drafts.filter(stage=Stage.RATIFIED).order_by("-yes", "roll_root")
    for draft, begins_at in zip(elected, begins, strict=False):
        seat = PanelSeat.objects.create(
            member_id=draft.author_id, draft=draft, begins_at=begins_at, ends_at=begins_at + numbers.panel_days * DAY
        )
        tell(events.PanelChanged(member_id=draft.author_id))
        members.inform(draft.author_id, "The members elected you to the review panel. What it does stands there.", "/panel/")
        take_seat(seat, now)


@transaction.atomic
def take_seat(seat: PanelSeat, now: int) -> bool:
    """When the seat is empty. Whoever comes second finds it done. Who is banned while they wait takes it when that is lifted, so
    that no officer keeps them off."""
    member = _held(seat.member_id)
    seat = PanelSeat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    if member.banned_at or seat.officer is not None or seat.ended_at is not None or now < seat.begins_at:
        return False
    seat.officer = officer_number(member.pk, PANEL)
    seat.save(update_fields=["officer"])
    Member.objects.filter(pk=member.pk).update(on_panel=True)
    tell(events.PanelSeated(member_id=member.pk, by=member.pk, office=PANEL, reason=""))
    return True


@transaction.atomic
def end_term(seat: PanelSeat, now: int) -> bool:
    _held(seat.member_id)
    seat = PanelSeat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    if seat.ended_at is not None or now < seat.ends_at:
        return False
    _end(seat, Ending.TERM, now)
    members.inform(seat.member_id, "Your term on the review panel has ended. Thank you for your service.")
    tell(events.PanelTermEnded(member_id=seat.member_id, by=0, office=CHARTER, reason="The term was served."))
    return True


@transaction.atomic
def leave(*, by: Member) -> None:
    _held(by.pk)
    seat = PanelSeat.objects.select_for_update(no_key=True).filter(member=by, ended_at=None).first()
    if seat is None:
        no("You are not on the review panel.").or_refuse()
    assert seat is not None
    _end(seat, Ending.RESIGNED, now_moment())
    tell(events.PanelLeft(member_id=by.pk, by=by.pk, office=PANEL, reason="Their own wish."))


@transaction.atomic
def end_service(member_id: int, *, reason: str) -> None:
    """Juries hid several of their posts, or the panel let a ban of one who is only elected stand."""
    _held(member_id)
    for seat in PanelSeat.objects.select_for_update(no_key=True).filter(member=member_id, ended_at=None):
        _end(seat, Ending.SERVICE, now_moment())
        members.inform(member_id, f"Your service on the review panel has ended. {reason}")
        tell(events.PanelServiceEnded(member_id=member_id, by=0, office=CHARTER, reason=reason))


@transaction.atomic
def ask(*, by: Member, text: str) -> Review:
    """A banned member asks the panel to look at it again."""
    by = _held(by.pk)
    queries.may_ask(by).or_refuse()
    assert by.banned_at is not None
    review = Review.objects.create(
        member=by, banned_at=by.banned_at, ban_reason=by.ban_reason, text=text, asked_at=now_moment(),
    )  # fmt: skip
    _tell_panel(review)
    tell(events.ReviewAsked(review_id=review.pk, member_id=by.pk, by=by.pk, office=MEMBER, reason=""))
    return review


@transaction.atomic
def judge(review: Review, *, by: Member, undoes: bool, reason: str) -> bool:
    """One of the panel says what they find; returns whether that decides it."""
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=(by.pk, review.member_id)).order_by("pk"))
    by.refresh_from_db()
    review = Review.objects.select_for_update(no_key=True, of=("self",)).select_related("member", "jury__case").get(pk=review.pk)
    queries.may_judge(by, review).or_refuse()
    now, officer = now_moment(), officer_number(by.pk, PANEL)
    Opinion.objects.create(review=review, member=by, officer=officer, undoes=undoes, reason=reason, given_at=now)
    of = {"review_id": review.pk, "member_id": review.member_id}
    tell(events.OpinionGiven(**of, undoes=undoes, by=by.pk, office=PANEL, reason=reason))
    given = list(review.opinions.filter(member__on_panel=True).values_list("undoes", flat=True))
    needs = rules.needed(charter(now).panel_seats)
    decided = rules.verdict(given, needs)
    if decided is not None:
        _decide(review, Outcome.UNDONE if decided else Outcome.STANDS, now)
        said = {**of, "agreed": given.count(decided), "needed": needs}
        why = f"{given.count(decided)} of the review panel agreed; their reasons stand in review {review.pk}."
        (_decide_appeal if review.jury else _decide_ban)(review, decided, said, by=by, reason=why)
    return decided is not None


def _decide_ban(review: Review, undone: bool, said: dict[str, int], *, by: Member, reason: str) -> None:
    kind = events.BanOverturned if undone else events.BanUpheld
    tell(kind(**said, by=by.pk, office=PANEL, reason=reason))
    if undone:
        _lift(review, by=by, reason=reason)
    else:
        end_service(review.member_id, reason="The panel let a ban stand.")
    says = "Your account is open again" if undone else "Your account stays closed"
    members.inform(review.member_id, f"The review panel has decided: {says}. Its reasons can be read.", _address(review))


def _decide_appeal(review: Review, undone: bool, said: dict[str, int], *, by: Member, reason: str) -> None:
    assert review.jury is not None
    kind = events.VerdictOverturned if undone else events.VerdictUpheld
    tell(kind(case_id=review.jury.case_id, **said, by=by.pk, office=PANEL, reason=reason))
    juries.decide_by_panel(review.jury, undoes=undone, now=to_datetime(now_moment()))
    says = "The verdict is undone" if undone else "The verdict stands"
    members.inform(
        review.member_id, f"The review panel has heard your appeal. {says}. Its reasons can be read.", _address(review)
    )


@transaction.atomic
def take_over(case_id: int) -> None:
    """No jury could be filled for an appeal."""
    jury = Jury.objects.select_related("appellant").get(case=case_id, kind=Jury.Kind.APPEAL)
    assert jury.appellant is not None
    _tell_panel(Review.objects.create(member=jury.appellant, jury=jury, text=jury.appeal, asked_at=now_moment()))
    tell(events.PanelChanged(member_id=jury.appellant.pk))


@transaction.atomic
def give_back(review: Review, now: int) -> bool:
    """The panel did not decide an appeal in time: as where there is none, the post returns."""
    review = Review.objects.select_for_update(no_key=True, of=("self",)).select_related("jury").get(pk=review.pk)
    if review.jury is None or review.outcome != Outcome.OPEN or now < review.asked_at + rules.APPEAL_TIME:
        return False
    _decide(review, Outcome.DROPPED, now)
    juries.give_up(review.jury, now=to_datetime(now))
    tell(events.PanelChanged(member_id=review.member_id))
    return True


@transaction.atomic
def drop_review(member_id: int) -> None:
    """Somebody else has lifted the ban: nothing is left to be decided."""
    for review in Review.objects.select_for_update(no_key=True).filter(member=member_id, jury=None, outcome=Outcome.OPEN):
        _decide(review, Outcome.DROPPED, now_moment())
        tell(events.PanelChanged(member_id=member_id))


@transaction.atomic
def forget_reason(act: OutboxEntry) -> None:
    """It was redacted on the record."""
    Opinion.objects.filter(review=act.facts["review_id"], officer=act.officer).update(reason="")
    tell(events.PanelChanged(member_id=0))


def _tell_panel(review: Review) -> None:
    for pk in Member.objects.filter(on_panel=True).order_by("pk").values_list("pk", flat=True):
        members.inform(pk, f"Review {review.pk} waits for the panel.", _address(review))


def _lift(review: Review, *, by: Member, reason: str) -> None:
    """What the intake team closed comes back with its posts."""
    closed = Revocation.objects.filter(member=review.member, done_at__isnull=False, undone_at=None).first()
    if closed is not None:
        hosts.reverse_revocation(closed, by=by, office=PANEL, reason=reason)
    else:
        members.lift_ban(review.member, by=by, office=PANEL, reason=reason)


def _decide(review: Review, outcome: Review.Outcome, now: int) -> None:
    Review.objects.filter(pk=review.pk).update(outcome=outcome, decided_at=now)


def _end(seat: PanelSeat, ending: PanelSeat.Ending, now: int) -> None:
    seat.ended_at, seat.ending = now, ending
    seat.save(update_fields=["ended_at", "ending"])
    Member.objects.filter(pk=seat.member_id).update(on_panel=False)


def _held(member_id: int) -> Member:
    """Held to the transaction's end: always before a seat or a review."""
    return Member.objects.select_for_update(no_key=True).get(pk=member_id)


def _address(review: Review) -> str:
    return f"/panel/reviews/{review.pk}/"
