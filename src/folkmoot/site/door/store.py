"""The pages that a process keeps: bounded in bytes, the least recently used go first."""

import contextlib
import hashlib
import sys
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection

from folkmoot.base.pages import EVERYTHING, Shown
from folkmoot.base.time import now_moment
from folkmoot.site.door.answer import Answer, Headers, varying, without
from folkmoot.site.door.encoding import BEST, compress, expand, is_worth_it

LONGEST_SECONDS = 1800.0
"""So long a page is sent at most. What it may show late (views, a post count beside a name) is brought over every
half hour, so that both together are an hour."""

USED_SECONDS = 1.0
"""A page that was read so lately is not moved again among the others."""

LARGEST_SHARE = 8
"""A page that takes more than this part of the store is not stored."""


class Page:
    """One page's bytes, and the headers of each way to send it."""

    def __init__(self, answer: Answer) -> None:
        assert answer.shown is not None
        self.shown: Shown = answer.shown
        given = answer.header("etag")
        self.is_dated = bool(given)
        """A feed: it has validators of its own, which Django weighs too."""
        self.etag = _weak(given) if given else f'W/"{hashlib.sha256(answer.body).hexdigest()[:24]}"'
        same = varying(without(answer.headers, "content-length", "etag"), "Accept-Encoding", "Cookie")
        same = [(sys.intern(name), sys.intern(value)) for name, value in same] + [("ETag", self.etag)]
        self.plain_headers: Headers = [*same, ("Content-Length", str(len(answer.body)))]
        self.gzip_headers: Headers | None = None
        self.body = answer.body
        if is_worth_it(answer.header("content-type"), len(answer.body)):
            self.body = compress(answer.body, BEST)
            self.gzip_headers = [*same, ("Content-Encoding", "gzip"), ("Content-Length", str(len(self.body)))]
        self.not_modified: Headers = without(same, "content-type")
        self.made_at = self.used_at = time.monotonic()
        self.made_moment = now_moment()
        self.views = 0
        """How often it was sent since its views were last taken. (Of two threads in one instant one may be lost.)"""
        self.size = len(self.body) + 2000 + 150 * len(self.shown.tags)

    @property
    def plain(self) -> bytes:
        return self.body if self.gzip_headers is None else expand(self.body)

    def is_true(self, now: float, clock: Callable[[], int] = now_moment) -> bool:
        """Whether time alone has made it untrue. A clock that was set back is not believed either. `now` is monotonic."""
        if now - self.made_at > LONGEST_SECONDS:
            return False
        return self.shown.until is None or self.made_moment <= clock() < self.shown.until


def _weak(etag: str) -> str:
    """One tag for the plain and the gzipped bytes, as RFC 9110 §8.8.1 allows a weak one to be."""
    return etag if etag.startswith("W/") else f"W/{etag}"


class Store:
    """Only the door changes it, and holds its lock meanwhile; reading needs none."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self._views: Counter[int] = Counter()
        """Of pages that are gone."""

    def get(self, key: str) -> Page | None:
        page = self.pages.get(key)
        now = time.monotonic()
        if page is None or not page.is_true(now):
            return None
        if now - page.used_at > USED_SECONDS:
            page.used_at = now
            with contextlib.suppress(KeyError):  # dropped this moment: what was asked came before the change
                self.pages.move_to_end(key)
        return page

    def put(self, key: str, page: Page) -> None:
        self._take(key)
        size = page.size + len(key)
        if size > self.limit // LARGEST_SHARE:
            return
        while self.pages and self.size + size > self.limit:
            self._take(next(iter(self.pages)))
        self.pages[key] = page
        self.size += size

    def _take(self, key: str) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self.size -= page.size + len(key)
            if page.views and page.shown.seen is not None:
                self._views[page.shown.seen] += page.views

    def drop(self, touched: Collection[str]) -> None:
        """Forget every page that shows something of this."""
        tags = frozenset(touched)
        everything = EVERYTHING in tags
        for key in [key for key, page in list(self.pages.items()) if everything or not tags.isdisjoint(page.shown.tags)]:
            self._take(key)

    def take_views(self) -> dict[int, int]:
        """The threads whose pages were sent, and how often, since this was last asked."""
        views, self._views = self._views, Counter()
        for page in list(self.pages.values()):
            if page.views and page.shown.seen is not None:
                views[page.shown.seen] += page.views
                page.views = 0
        return dict(views)
