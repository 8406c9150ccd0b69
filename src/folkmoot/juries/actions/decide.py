"""The verdict, once a jury: what it does, and how it is undone."""

from datetime import datetime, timedelta

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.base.time import to_moment
from folkmoot.juries import rules
from folkmoot.juries.actions.acts import overturn
from folkmoot.juries.events import (
    JURY,
    AppealHandedOver,
    CaseChanged,
    PartiesTold,
    ServiceEnded,
    TwoOfficersDecided,
)
from folkmoot.juries.models import Case, Jury, Seat
from folkmoot.juries.queries.cases import ballots_of, standards_of
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.standards.models import Standard
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post


@transaction.atomic
def decide(jury: Jury, *, now: datetime) -> bool:
    """Reach the verdict when the votes or the clock give one; returns whether there is one now. The jury's row is held, so that
    whoever comes second finds it decided."""
    jury = Jury.objects.select_for_update(no_key=True, of=("self",)).select_related("case__charter").get(pk=jury.pk)
    if jury.decided_at is not None:
        return True
    ballots = ballots_of(jury)
    is_over = jury.deadline is not None and now >= jury.deadline
    outcome = rules.outcome(ballots, seats=jury.seats, needs=jury.needs, is_over=is_over) if jury.seats else None
    if outcome is None:
        return False
    jury.decided_at = jury.stirred_at = now
    jury.hides, jury.lapsed, jury.tally = outcome.hides, outcome.lapsed, rules.tally(ballots)
    jury.standard = Standard.objects.filter(number=outcome.standard).first()
    if jury.kind == Jury.Kind.OFFICERS:
        jury.walked = len(ballots)
    jury.save(update_fields=["decided_at", "stirred_at", "hides", "lapsed", "tally", "standard", "walked"])
    members.call_off(Seat.objects.filter(jury=jury, member__isnull=False).values_list("member", flat=True))
    if jury.kind == Jury.Kind.SECOND:
        return True
    if outcome.lapsed and jury.kind == Jury.Kind.FIRST:
        Jury.objects.create(case=jury.case, kind=Jury.Kind.AGAIN, asked_at=now, stirred_at=now)
        return True
    _close(jury, ballots, now)
    if jury.seed and rules.has_second(bytes.fromhex(jury.seed)) and jury.kind != Jury.Kind.APPEAL:
        _sit_again(jury, now)
    return True


@transaction.atomic
def forget_content(post_id: int) -> None:
    """The words of a post that is withdrawn, in its decided cases."""
    Case.objects.filter(post=post_id).exclude(state=Case.State.OPEN).update(content=[], salt=b"")


@transaction.atomic
def hand_over(jury: Jury, *, now: datetime) -> None:
    """A jury of appeal could not be filled: the review panel decides, where there is one; else what was hidden returns."""
    if not Member.objects.filter(on_panel=True).exists():
        give_up(jury, now=now)
    elif Jury.objects.filter(pk=jury.pk, panel_at=None, decided_at=None).update(panel_at=now, stirred_at=now):
        case = jury.case
        tell(AppealHandedOver(case_id=case.pk, post_id=case.post_id, by=0, office=JURY, reason="So few can serve."))


@transaction.atomic
def decide_by_panel(jury: Jury, *, undoes: bool, now: datetime) -> None:
    """The review panel has heard the appeal: the verdict is undone, or it stands."""
    jury = Jury.objects.select_for_update(no_key=True, of=("self",)).select_related("case__standard").get(pk=jury.pk)
    if jury.panel_at is None or jury.decided_at is not None:
        return
    case = jury.case
    jury.hides = (case.state == Case.State.HIDDEN) != undoes
    jury.standard = (case.standard or case.alerts.order_by("pk")[0].standard) if jury.hides else None
    jury.decided_at, jury.tally = now, rules.tally([])
    jury.save(update_fields=["decided_at", "hides", "standard", "tally"])
    _close(jury, [], now)


@transaction.atomic
def give_up(jury: Jury, *, now: datetime) -> None:
    """Nobody hears the appeal: what was hidden returns. Or what was to be judged is removed on legal grounds."""
    jury = Jury.objects.select_for_update(no_key=True, of=("self",)).select_related("case__charter").get(pk=jury.pk)
    if jury.decided_at is None:
        jury.decided_at, jury.lapsed, jury.tally = now, True, rules.tally(ballots_of(jury))
        jury.save(update_fields=["decided_at", "lapsed", "tally"])
        members.call_off(Seat.objects.filter(jury=jury, member__isnull=False).values_list("member", flat=True))
        if jury.kind != Jury.Kind.SECOND:
            _close(jury, [], now)


def _close(jury: Jury, ballots: list[rules.Ballot], now: datetime) -> None:
    """A verdict takes effect at once."""
    case = (
        Case.objects.select_for_update(no_key=True, of=("self",)).select_related("charter", "author", "act").get(pk=jury.case_id)
    )
    post, was = case.post, case.state
    case.state = Case.State.HIDDEN if jury.hides else Case.State.LEFT
    case.standard, case.closed_at = jury.standard, now
    case.save(update_fields=["state", "standard", "closed_at"])
    if jury.kind in (Jury.Kind.FIRST, Jury.Kind.AGAIN, Jury.Kind.OFFICERS):
        if rules.found_no_breach(ballots, needs=jury.needs):
            case.alerts.update(agreed=False)
        elif any(ballot.choice in rules.FOUND_A_BREACH for ballot in ballots):
            case.alerts.update(agreed=True)
    if case.act_id:
        if jury.hides:
            overturn(case, reason=_sentence(case, jury))
    elif jury.hides:
        if was != Case.State.HIDDEN:
            _hide(case, jury, now)
    elif not (jury.kind == Jury.Kind.OFFICERS and jury.lapsed):
        _undo(case, now, reason=_sentence(case, jury))
    if jury.kind == Jury.Kind.OFFICERS and not jury.lapsed:
        _tell_officers(case, jury)
    if post.state == "withdrawn":
        forget_content(post.pk)
    tell(CaseChanged(case_id=case.pk, post_id=post.pk))
    alerters = case.alerts.filter(member__isnull=False).values_list("member", flat=True)
    served = Seat.objects.filter(jury=jury, state__in=rules.SITTING, member__isnull=False).values_list("member", flat=True)
    told = {case.author_id, *alerters, *served}
    members.call(told, Member.JuryCall.NEWS)
    tell(PartiesTold(case_id=case.pk, member_ids=tuple(sorted(told))))


def _hide(case: Case, jury: Jury, now: datetime) -> None:
    charter, author = case.charter.numbers, case.author
    threads.hide_by_verdict(case.post, reason=_sentence(case, jury))
    threads.lock_out(case.post, until=now + timedelta(days=charter.lockout_days))
    rung, reason = rung_of(author, case, now), f"{_hidden(author, case, now)} posts hidden within {charter.ladder_days} days."
    if rung in (rules.Rung.OUT_OF_SERVICE, rules.Rung.PAUSED):
        tell(ServiceEnded(member_id=author.pk, by=0, office=JURY, reason=reason))
    if rung == rules.Rung.PAUSED:
        members.pause(author, until=now + timedelta(hours=charter.ladder_pause_hours), office=JURY, reason=reason)


def _undo(case: Case, now: datetime, *, reason: str) -> None:
    """Everything: the post, the way back into the thread, and a pause that it led to."""
    if threads.restore_by_verdict(case.post, reason=reason):
        threads.let_back(case.post)
    if case.author.paused_until and rung_of(case.author, case, now) != rules.Rung.PAUSED:
        members.end_pause(case.author_id)


def _hidden(member: Member, case: Case, now: datetime) -> int:
    since = now - timedelta(days=case.charter.numbers.ladder_days)
    return Case.objects.filter(author=member, act=None, state=Case.State.HIDDEN, closed_at__gt=since).count()


def rung_of(member: Member, case: Case, now: datetime) -> rules.Rung:
    """Where the author of a case stands now, by the numbers of that case."""
    charter = case.charter.numbers
    since = to_moment(now - timedelta(days=charter.ladder_days))
    return rules.rung(_hidden(member, case, now), Post.objects.filter(author=member, moment__gt=since).count(), charter)


def _sentence(case: Case, jury: Jury) -> str:
    """`Standard 3, Argue with the point: 5 of 7 jurors.`"""
    if jury.lapsed and case.is_removed:
        return "The post was removed on legal grounds."
    if jury.panel_at and not jury.lapsed:
        return f"The review panel decided the appeal: the post is {'hidden' if jury.hides else 'shown'}."
    if jury.lapsed:
        return "The jury ran out of time." if jury.seats else "The jury of appeal could not be filled."
    found = sum(ballot.standard == jury.standard.number for ballot in ballots_of(jury)) if jury.standard else 0
    who = "officers" if jury.kind == Jury.Kind.OFFICERS else "jurors of an appeal" if jury.kind == Jury.Kind.APPEAL else "jurors"
    if jury.standard is None:
        return f"Too few of {jury.seats} {who} found that it breaks a standard."
    wording = standards_of(case).get(jury.standard.number)
    title = f", {wording.title}" if wording else ""
    return f"Standard {jury.standard.number}{title}: {found} of {jury.seats} {who}."


def _tell_officers(case: Case, jury: Jury) -> None:
    last = Seat.objects.filter(jury=jury, vote__isnull=False).select_related("member").latest("vote__cast_at").member
    assert last is not None
    tell(
        TwoOfficersDecided(
            case_id=case.pk, post_id=case.post_id, hidden=jury.hides, standard=jury.standard.number if jury.standard else 0,
            by=last.pk, office=last.office, reason=_sentence(case, jury),
        )
    )  # fmt: skip


def _sit_again(first: Jury, now: datetime) -> None:
    """A second jury without effect: it goes on where the first stopped, and shows how alike two juries judge."""
    Jury.objects.get_or_create(
        case=first.case, kind=Jury.Kind.SECOND,
        defaults={
            "pool": first.pool, "seats": first.seats, "needs": first.needs, "asked_at": now, "stirred_at": now,
            "excluded": first.excluded, "excluded_root": first.excluded_root, "opening": first.opening, "source": first.source,
            "round": first.round, "randomness": first.randomness, "seed": first.seed, "drawn_at": now, "start": first.walked,
            "walked": first.walked, "deadline": now + timedelta(hours=first.case.charter.numbers.case_hours),
        },
    )  # fmt: skip
