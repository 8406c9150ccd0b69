"""Whether a stored page may still be sent, and whether a new one may be stored.

The order is everything. Asked for a page, the door looks into the log first and takes the page then: what was committed before
the request came is known. A new page is looked for before it is rendered and again when it is stored, under one lock: what was
touched in between is not stored.
"""

import logging
import threading
import time
from collections.abc import Collection

from folkmoot.base.pages import EVERYTHING
from folkmoot.site.door.answer import Answer
from folkmoot.site.door.log import Log
from folkmoot.site.door.store import Page, Store

log = logging.getLogger("folkmoot")

HEARTBEAT = 1.0
LATEST = 2.0
"""With `exact` off: so many seconds a stored page may be late at most. Whoever has not looked for longer sends none."""

_PAUSE = 1.0
"""After a log that could not be read: so long Django answers everything."""


class Filling:
    """A page that is being rendered, and what was touched meanwhile."""

    __slots__ = ("key", "touched")

    def __init__(self, key: str) -> None:
        self.key = key
        self.touched: set[str] = set()


class Door:
    def __init__(self, log: Log, store: Store, *, exact: bool = True) -> None:
        self.log, self.store, self.exact = log, store, exact
        self._lock = threading.Lock()
        self._begun = self._ended = 0
        self._looked_at = self._failed_at = float("-inf")
        self._mark: bytes | None = None
        self._fillings: set[Filling] = set()
        self._watcher: threading.Thread | None = None
        self._closed = threading.Event()

    def find(self, key: str) -> Page | None:
        """The page as it is now; None: ask Django."""
        if key in self.store.pages and self._is_up_to_date():
            return self.store.get(key)
        return None

    def _is_up_to_date(self) -> bool:
        """Look into the log, or share the look of somebody who began after we came."""
        if not self.exact:
            return time.monotonic() - self._looked_at < LATEST
        mark = self.log.mark()
        if mark is not None and mark == self._mark:
            return True
        look = self._begun + 1
        with self._lock:
            return self._ended >= look or self._look()

    def _look(self) -> bool:
        """The caller holds the lock. False: nothing is known, and the store is empty."""
        if not self.exact and self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="front door", daemon=True)
            self._watcher.start()
        now = time.monotonic()
        if now - self._failed_at < _PAUSE:
            return False
        self._begun += 1
        try:
            mark = self.log.mark()
            touched = self.log.look()
        except Exception as error:
            log.warning("the front door cannot read what was touched, and sends no stored page: %s", error)
            self._failed_at, self._mark = now, None
            self._forget({EVERYTHING})
            return False
        if touched is None or touched:
            self._forget({EVERYTHING} if touched is None else touched)
        self._ended, self._looked_at, self._mark = self._begun, now, mark  # after the pages are gone: others compare unlocked
        return True

    def _forget(self, touched: Collection[str]) -> None:
        self.store.drop(touched)
        for filling in self._fillings:
            filling.touched.update(touched)

    def _watch(self) -> None:
        """With `exact` off: look whenever somebody tells of a commit, and by the clock."""
        while not self._closed.is_set():
            self.log.wait(HEARTBEAT)
            with self._lock:
                self._look()

    def begin(self, key: str) -> Page | Filling | None:
        """Before a page is rendered: the page, when somebody else has filled it meanwhile; else what `fill` is told."""
        with self._lock:
            if not self._look():
                return None
            page = self.store.get(key)
            if page is not None:
                return page
            filling = Filling(key)
            self._fillings.add(filling)
            return filling

    def fill(self, filling: Filling, answer: Answer) -> Page | None:
        """Store what was rendered, unless something that it shows was touched since `begin`."""
        page = Page(answer) if answer.may_be_stored else None
        with self._lock:
            is_known = page is not None and self._look()
            self._fillings.discard(filling)
            if page is None or not is_known:
                return None
            if EVERYTHING in filling.touched or not filling.touched.isdisjoint(page.shown.tags):
                return None
            self.store.put(filling.key, page)
        return page

    def give_up(self, filling: Filling) -> None:
        with self._lock:
            self._fillings.discard(filling)

    def take_views(self) -> dict[int, int]:
        with self._lock:
            return self.store.take_views()

    def close(self) -> None:
        self._closed.set()
        if self._watcher is not None:
            self._watcher.join()
        self.log.close()
