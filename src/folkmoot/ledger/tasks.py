"""Acts are written into the log by the clock, within a second or two; no action ever waits for it."""

import logging
import time

from folkmoot.base.ticks import every
from folkmoot.ledger import actions
from folkmoot.ledger.keys import NoKey
from folkmoot.ledger.log import Broken

log = logging.getLogger("folkmoot")
_PAUSE = 60.0
_again_at = 0.0


@every(1)
def write_ledger() -> None:
    """Whatever keeps it (a full disk, a missing key) is said once a minute, and tried again: the acts wait in their rows."""
    global _again_at
    if time.monotonic() < _again_at:
        return
    try:
        actions.drain()
    except (OSError, NoKey, Broken) as why:
        _again_at = time.monotonic() + _PAUSE
        log.error("the ledger cannot be written, its acts wait: %s", why)
