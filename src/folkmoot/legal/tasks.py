"""What the worker does by the clock."""

from folkmoot.base.ticks import every
from folkmoot.legal import actions


@every(3600)
def forget_kept() -> None:
    """The clock of removals and notices: what was kept apart goes when it is over."""
    actions.expire()
