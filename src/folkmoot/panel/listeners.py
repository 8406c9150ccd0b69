"""What this room does when told."""

from folkmoot.base.events import hears
from folkmoot.juries.events import AppealHandedOver, ServiceEnded
from folkmoot.ledger.events import ReasonRedacted
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.events import AccountReinstated, MemberUnbanned
from folkmoot.panel import actions
from folkmoot.panel.events import OpinionGiven
from folkmoot.standards.events import ElectionDecided


@hears(ElectionDecided)
def election_decided(event: ElectionDecided) -> None:
    actions.seat_elected(event.election_id)


@hears(ServiceEnded)
def service_ended(event: ServiceEnded) -> None:
    actions.end_service(event.member_id, reason="Juries hid several of their posts.")


@hears(AppealHandedOver)
def handed_over(event: AppealHandedOver) -> None:
    actions.take_over(event.case_id)


@hears(MemberUnbanned)
def unbanned(event: MemberUnbanned) -> None:
    actions.drop_review(event.member_id)


@hears(AccountReinstated)
def reinstated(event: AccountReinstated) -> None:
    actions.drop_review(event.member_id)


@hears(ReasonRedacted)
def reason_redacted(event: ReasonRedacted) -> None:
    act = OutboxEntry.objects.get(pk=event.act_id)
    if act.kind == OpinionGiven.__name__:
        actions.forget_reason(act)
