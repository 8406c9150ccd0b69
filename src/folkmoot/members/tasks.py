"""What the worker does by the clock."""

from datetime import UTC, datetime

from folkmoot.base.ticks import every
from folkmoot.members.models import Session


@every(3600)
def forget_sessions() -> None:
    """A session that is over goes, and with it the network that it came from."""
    Session.objects.filter(expire_date__lt=datetime.now(UTC)).delete()
