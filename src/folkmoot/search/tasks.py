"""Posts that moved in are read by the clock, a few at a time."""

import time

from folkmoot.base.ticks import every
from folkmoot.search import actions

_SECONDS = 2.0


@every(3)
def fill_gaps() -> None:
    """Read for a little while, then leave the worker and the database to others."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and actions.fill():
        pass
