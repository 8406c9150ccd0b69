"""Who waits for Django's one thread, how long, and who is turned away.

Whoever writes goes before whoever reads, members before visitors. Nobody waits for longer than PATIENCE: then they are told
to come again. When those of one kind wait too long, one after the other, the load level rises (community.md §2, here by
measured queue time): from then on they are let in only while nobody waits. Posting, signing in and health never are shed
by level. A stored page asks nobody.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from enum import IntEnum
from logging import getLogger
from queue import PriorityQueue
from typing import Generic, TypeVar

log = getLogger("folkmoot")
T = TypeVar("T")


class Kind(IntEnum):
    """In the order of their turns."""

    WRITING = 0
    MEMBER = 1
    VISITOR = 2


PATIENCE = {Kind.WRITING: 20.0, Kind.MEMBER: 10.0, Kind.VISITOR: 4.0}
LEVEL_OF = {Kind.VISITOR: 1, Kind.MEMBER: 2}
"""Who is shed at which level, and above it."""

SLOW, RISES_AFTER = 1.0, 5.0
"""A level rises when everybody of its kind waited longer than SLOW seconds, for RISES_AFTER seconds on end."""
CALM, FALLS_AFTER = 0.2, 10.0
"""And falls when nobody of any kind waited longer than CALM, for FALLS_AFTER."""


class Busy(Exception):
    """Turned away: come again."""


@dataclass(slots=True)
class Load:
    """The load level by the rule above; moments are seconds of a clock that never goes back."""

    level: int = 0
    _slow_since: dict[Kind, float] = field(default_factory=dict)
    _calm_since: float | None = None

    def waited(self, kind: Kind, seconds: float, now: float) -> None:
        if seconds <= SLOW:
            self._slow_since.pop(kind, None)
        elif kind in LEVEL_OF:
            since = self._slow_since.setdefault(kind, now)
            if now - since >= RISES_AFTER and self.level < LEVEL_OF[kind]:
                self._set(LEVEL_OF[kind])
        if seconds > CALM:
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = now
        elif self.level and now - self._calm_since >= FALLS_AFTER:
            self._calm_since = now
            self._set(self.level - 1)

    def _set(self, level: int) -> None:
        log.warning("load level %d, by what pages waited (it was %d)", level, self.level)
        self.level = level
        self._slow_since.clear()

    def sheds(self, kind: Kind) -> bool:
        return kind in LEVEL_OF and self.level >= LEVEL_OF[kind]


@dataclass(slots=True, order=True)
class _Job(Generic[T]):
    kind: Kind
    number: int
    work: Callable[[], T] = field(compare=False)
    answer: "Future[T]" = field(compare=False)
    came: float = field(compare=False)


class Queue:
    """One thread, and whoever waits for it."""

    def __init__(self, load: Load | None = None) -> None:
        self.load = load or Load()
        self._waiting: PriorityQueue[_Job[object]] = PriorityQueue()
        self._number = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._work, name="django", daemon=True).start()

    def run(self, work: Callable[[], T], kind: Kind) -> T:
        """Have it done on the thread and wait for it; raises Busy."""
        if self.load.sheds(kind) and not self._waiting.empty():
            raise Busy
        job = self.put(work, kind)
        try:
            return job.answer.result(PATIENCE[kind])
        except TimeoutError:
            if job.answer.cancel():
                self.load.waited(kind, PATIENCE[kind], time.monotonic())
                raise Busy from None
            return job.answer.result()  # it had its turn: what has begun is ended
        except CancelledError:
            raise Busy from None

    def put(self, work: Callable[[], T], kind: Kind) -> "_Job[T]":
        """Have it done some time."""
        with self._lock:
            self._number += 1
            job = _Job(kind, self._number, work, Future(), time.monotonic())
        self._waiting.put(job)  # type: ignore[arg-type]
        return job

    def _work(self) -> None:
        while True:
            job = self._waiting.get()
            if not job.answer.set_running_or_notify_cancel():
                continue
            now = time.monotonic()
            self.load.waited(job.kind, now - job.came, now)
            try:
                job.answer.set_result(job.work())
            except BaseException as error:
                job.answer.set_exception(error)
