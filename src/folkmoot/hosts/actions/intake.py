"""The intake team: who is on it, and new accounts that it closes together. Every step is on the record and can be undone."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.base.time import to_moment
from folkmoot.hosts import events, rules
from folkmoot.hosts.actions.mirror import held
from folkmoot.hosts.models import Agreement, IntakeSeat, Revocation
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.members.rules import INTAKE, may_administer
from folkmoot.standards.queries import charter
from folkmoot.threads import actions as threads

HOW_TO_APPEAL = "/help/#closed"


@transaction.atomic
def appoint_intake(*, by: Member, member: Member, reason: str) -> None:
    may_administer(by).or_refuse()
    member = held(member.pk)
    rules.may_join_intake(member).or_refuse()
    IntakeSeat.objects.create(member=member, appointed_at=datetime.now(UTC))
    Member.objects.filter(pk=member.pk).update(on_intake_team=True)
    members.inform(member.pk, f"You are on the intake team now, and may leave it at any time. The reason: {reason}", "/intake/")
    tell(events.IntakeAppointed(member_id=member.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def dismiss_intake(member: Member, *, by: Member, reason: str) -> None:
    may_administer(by).or_refuse()
    _end(member)
    members.inform(member.pk, f"You are no longer on the intake team. The reason: {reason}")
    tell(events.IntakeDismissed(member_id=member.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def leave_intake(*, by: Member) -> None:
    _end(by)
    tell(events.IntakeLeft(member_id=by.pk, by=by.pk, office=INTAKE, reason="Their own wish."))


@transaction.atomic
def end_intake(member_id: int) -> None:
    """The member was banned: that is the act."""
    IntakeSeat.objects.filter(member=member_id, ended_at=None).update(ended_at=datetime.now(UTC))
    Member.objects.filter(pk=member_id).update(on_intake_team=False)


@transaction.atomic
def back_revocation(member: Member, *, by: Member, reason: str, sweeps: bool) -> bool:
    """Agree that this new account is to be closed. When so many have as the charter says, it is. Returns whether it now is."""
    member, now = held(member.pk), datetime.now(UTC)
    numbers = charter(to_moment(now))
    rules.may_revoke(by, member, now=now, new_days=numbers.new_account_days).or_refuse()
    revocation, _ = Revocation.objects.get_or_create(member=member, undone_at=None, defaults={"opened_at": now})
    if Agreement.objects.filter(revocation=revocation, member=by).exists():
        no("You have agreed to this already.").or_refuse()
    Agreement.objects.create(revocation=revocation, member=by, agreed_at=now, reason=reason, sweeps=sweeps)
    agreed = list(
        Agreement.objects.filter(revocation=revocation, member__on_intake_team=True, member__banned_at=None).order_by("pk")
    )
    told = {"agreed": len(agreed), "needed": numbers.intake_needs}
    tell(events.RevocationBacked(member_id=member.pk, **told, by=by.pk, office=INTAKE, reason=reason))
    if len(agreed) < numbers.intake_needs:
        return False
    members.revoke(member, by=by, office=INTAKE, reason=reason)
    revocation.done_at, revocation.undo_until = now, now + timedelta(days=numbers.intake_undo_days)
    if sum(agreement.sweeps for agreement in agreed) * 2 > len(agreed):
        revocation.swept_at = threads.sweep(member, by=by, office=INTAKE, reason=reason)
    revocation.save(update_fields=["done_at", "undo_until", "swept_at"])
    says = f"The intake team closed your account to posting; {len(agreed)} of its members agreed. The reason: {reason}"
    members.inform(member.pk, f"{says} You may appeal.", HOW_TO_APPEAL)
    return True


@transaction.atomic
def undo_revocation(revocation: Revocation, *, by: Member, reason: str) -> None:
    """Open the account again and put its posts back; drop what is not decided yet."""
    held(revocation.member_id)
    revocation = Revocation.objects.select_for_update(no_key=True).get(pk=revocation.pk)
    rules.may_undo(by, revocation, now=datetime.now(UTC)).or_refuse()
    reverse_revocation(revocation, by=by, office=by.office if may_administer(by) else INTAKE, reason=reason)


@transaction.atomic
def reverse_revocation(revocation: Revocation, *, by: Member, office: str, reason: str) -> None:
    """Whoever calls this has asked whether they may."""
    member = held(revocation.member_id)
    members.reinstate(member, by=by, office=office, reason=reason)
    if revocation.swept_at is not None:
        threads.put_back(member, swept_at=revocation.swept_at, by=by, office=office, reason=reason)
    Revocation.objects.filter(pk=revocation.pk).update(undone_at=datetime.now(UTC))
    members.inform(member.pk, f"Your account is open again, and what was removed is back. The reason: {reason}")


def _end(member: Member) -> None:
    member = held(member.pk)
    if not IntakeSeat.objects.filter(member=member, ended_at=None).update(ended_at=datetime.now(UTC)):
        no("This member is not on the intake team.").or_refuse()
    Member.objects.filter(pk=member.pk).update(on_intake_team=False)
