"""What this room does when told."""

from folkmoot.base.events import hears, touch
from folkmoot.ledger.events import ReasonRedacted
from folkmoot.ledger.models import OutboxEntry
from folkmoot.threads.models import Thread


@hears(ReasonRedacted)
def forget_reason(event: ReasonRedacted) -> None:
    """A reason that stands in a thread goes from there, too."""
    act = OutboxEntry.objects.select_related("reason").get(pk=event.act_id)
    if act.thread_id:
        Thread.objects.filter(pk=act.thread_id, lock_reason=act.reason.text).update(lock_reason="")
        touch(f"thread:{act.thread_id}")
