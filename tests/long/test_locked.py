"""Somebody holds the database longer than anybody waits: 503 with the words kept, never a 500."""

import sqlite3
import threading
import time

import pytest
from tests.wire import Wire

pytestmark = [pytest.mark.long, pytest.mark.no_database]


def test_a_locked_database_is_a_503_that_passes(hard):
    opening = hard.thread()
    answers: list[int] = []
    with sqlite3.connect(hard.data / "folkmoot.sqlite3", timeout=30, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")

        def post() -> None:
            answer = hard.gus.write(f"{opening}reply/", text="Waiting for the lock")
            answers.append(answer.status)
            assert "Waiting for the lock" in answer.body

        writer = threading.Thread(target=post)
        writer.start()
        time.sleep(1)
        with Wire(hard.base) as reader:  # the other worker's
            slow = [s for s in (_seconds(reader) for _ in range(20)) if s > 5]
        writer.join(60)
        holder.execute("ROLLBACK")
    holder.close()
    assert answers == [503]
    assert len(slow) <= 1, "reading waits for no writer, but for its worker's turn"
    assert hard.gus.write(f"{opening}reply/", text="Free again").status == 302
    assert hard.is_well()


def _seconds(wire: Wire) -> float:
    started = time.monotonic()
    assert wire.get("/latest/").status == 200
    return time.monotonic() - started
