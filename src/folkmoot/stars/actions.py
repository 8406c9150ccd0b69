"""Star membership: an administrator notes that somebody paid. It buys comfort, never power."""

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.members.models import Member
from folkmoot.members.rules import may_administer
from folkmoot.stars.events import StarEnded, StarGiven


@transaction.atomic
def give_star(member: Member, *, by: Member, reason: str) -> None:
    may_administer(by).or_refuse()
    Member.objects.filter(pk=member.pk).update(star_since=to_datetime(now_moment()).date())
    tell(StarGiven(member_id=member.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def end_star(member: Member, *, by: Member, reason: str) -> None:
    may_administer(by).or_refuse()
    Member.objects.filter(pk=member.pk).update(star_since=None)
    tell(StarEnded(member_id=member.pk, by=by.pk, office=by.office, reason=reason))
