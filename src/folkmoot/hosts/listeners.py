"""What this room does when told."""

from folkmoot.base.events import hears
from folkmoot.hosts import actions
from folkmoot.hosts.events import MemberBlocked
from folkmoot.juries.events import ActOverturned, ServiceEnded
from folkmoot.ledger.events import ReasonRedacted
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.events import MemberBanned
from folkmoot.standards.events import RecallCarried
from folkmoot.standards.models import Draft


@hears(MemberBanned)
def banned(event: MemberBanned) -> None:
    actions.end_service(event.member_id, reason="The member was banned.")
    actions.end_intake(event.member_id)


@hears(ServiceEnded)
def service_ended(event: ServiceEnded) -> None:
    actions.end_service(event.member_id, reason="Juries hid several of their posts.")


@hears(ActOverturned)
def act_overturned(event: ActOverturned) -> None:
    act = OutboxEntry.objects.select_related("reason").get(pk=event.act_id)
    if act.kind == MemberBlocked.__name__:
        actions.lift_by_verdict(act, reason=event.reason)


@hears(RecallCarried)
def recall_carried(event: RecallCarried) -> None:
    actions.recall(Draft.objects.get(pk=event.draft_id))


@hears(ReasonRedacted)
def reason_redacted(event: ReasonRedacted) -> None:
    act = OutboxEntry.objects.select_related("reason").get(pk=event.act_id)
    if act.kind == MemberBlocked.__name__:
        actions.forget_reason(act)
