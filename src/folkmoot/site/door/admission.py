"""Who may ask Django: before the queue, a look at what kind a request is, and at how much its network asked for."""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from folkmoot.members.addresses import network_of
from folkmoot.site.door.answer import Answer
from folkmoot.site.door.buckets import Buckets, is_public
from folkmoot.site.door.queue import Busy, Kind, Queue
from folkmoot.site.middleware import ALWAYS, address_of

T = TypeVar("T")

MEMBERS_SHARE = 4
"""A network of members may have so many times as much made as one of visitors: it may be a town hall."""
RETRY_BUSY = 20


class Admission:
    """`rate`: pages a second that a network of visitors may have made; 0: as many as it likes."""

    def __init__(self, queue: Queue, *, rate: float, session_cookie: str) -> None:
        self.queue, self.session_cookie = queue, session_cookie
        self.buckets = {Kind.VISITOR: Buckets(rate), Kind.MEMBER: Buckets(rate * MEMBERS_SHARE)} if rate else {}

    def run(self, environ: dict[str, Any], work: Callable[[], T]) -> T | Answer:
        kind = self.kind_of(environ)
        wait = self._over_its_share(environ, kind)
        if wait:
            return too_many(max(1, round(wait)))
        try:
            return self.queue.run(work, kind)
        except Busy:
            return busy(kind)

    def kind_of(self, environ: dict[str, Any]) -> Kind:
        path: str = environ["PATH_INFO"]
        is_member = self.session_cookie in environ.get("HTTP_COOKIE", "")
        if path.startswith(ALWAYS) or (is_member and environ["REQUEST_METHOD"] == "POST"):
            return Kind.WRITING
        return Kind.MEMBER if is_member or path.startswith("/static/") else Kind.VISITOR

    def _over_its_share(self, environ: dict[str, Any], kind: Kind) -> float:
        buckets = self.buckets.get(kind)
        if buckets is None or environ["PATH_INFO"].startswith("/static/"):
            return 0
        address = address_of(environ)
        return buckets.take(network_of(address), time.monotonic()) if is_public(address) else 0


@lru_cache(maxsize=3)
def busy(kind: Kind) -> Answer:
    say = {
        Kind.WRITING: "Nothing was kept. Go back: your browser has kept what you typed. Send it again in a moment.",
        Kind.MEMBER: "Very many people are here just now. Posting goes on; try this page again in a moment.",
        Kind.VISITOR: "Very many people are here just now. Try again in a moment; members who are signed in go first.",
    }
    return _away(503, "Please try again in a moment", say[kind], RETRY_BUSY)


@lru_cache(maxsize=64)
def too_many(seconds: int) -> Answer:
    say = f"Your network has asked for very many pages. Go on in {seconds} second{'s' if seconds > 1 else ''}."
    return _away(429, "Slower, please", say, seconds)


def _away(status: int, heading: str, say: str, seconds: int) -> Answer:
    from folkmoot.site.views.errors import turned_away

    page = turned_away(status, heading, say, seconds)
    return Answer(f"{status} {page.reason_phrase}", list(page.items()), page.content)
