"""Long work says how far it is, how fast, and how long it will take."""

import time
from collections.abc import Callable


class Progress:
    """Says a line every few seconds: `12,000 of 50,007 posts, 1,650 a second, 23 s left`."""

    def __init__(self, what: str, say: Callable[[str], None], every: float = 2.0) -> None:
        self.what, self.say, self.every = what, say, every
        self.started = self.said_at = time.monotonic()

    def at(self, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self.said_at < self.every and done < of:
            return
        self.said_at = now
        rate = done / max(now - self.started, 0.001)
        left = f", {(of - done) / rate:,.0f} s left" if rate and done < of else ""
        self.say(f"{done:,} of {of:,} {self.what}, {rate:,.0f} a second{left}")
