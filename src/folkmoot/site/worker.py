"""The task-and-tick worker: one process beside the web workers. Tasks are hints; what must happen, a tick sweeps."""

import logging
import signal
import time
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from folkmoot.base.ticks import ticks

log = logging.getLogger("folkmoot")
_PAUSE = 1.0


def run() -> None:
    """Run tasks as they come and ticks by the clock, until SIGTERM; never ends because one of them failed."""
    ended = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    due = {tick: time.monotonic() for _, tick in ticks}
    while not ended:
        close_old_connections()
        _guarded(_run_tasks)
        for seconds, tick in ticks:
            if time.monotonic() >= due[tick] and not ended:
                due[tick] = time.monotonic() + seconds
                _guarded(tick)
        if not ended:
            time.sleep(_PAUSE)


def _run_tasks() -> None:
    if not DBTaskResult.objects.ready().exists():  # asked first, because the worker's own look takes the write lock
        return
    Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="worker", excluded_queue_names=[],
    ).run()  # fmt: skip


def _guarded(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:
        log.exception("%s failed; it will be tried again", getattr(work, "__name__", work))
