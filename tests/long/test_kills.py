"""`kill -9` of whatever runs, while many people post: nothing that was acknowledged is lost, nothing stands twice."""

import http.client
import os
import random
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TextIO
from uuid import uuid4

import pytest
from tests.sites import wait_until
from tests.wire import Wire

pytestmark = [pytest.mark.long, pytest.mark.no_database]
KILLS, ACKNOWLEDGED, WRITERS = 30, 20_000, 6


class Log:
    """What was acknowledged: a line a post, in a file that the program knows nothing of."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.lock, self.count = file, threading.Lock(), 0

    def acknowledge(self, key: str, post: str) -> None:
        with self.lock:
            self.file.write(f"{key} {post}\n")
            self.file.flush()
            self.count += 1


def _write(hard, log: Log, opening: str, ended: threading.Event) -> int:
    """Post until told to end; a form that was not answered is sent again, with its own key. Returns how many times."""
    wire, again = Wire(hard.base, timeout=20), 0
    wire.cookies = dict(hard.gus.cookies)
    while not ended.is_set():
        key = str(uuid4())
        while True:
            try:
                answer = wire.write(f"{opening}reply/", text=f"Key {key}", key=key)
            except (OSError, http.client.HTTPException):
                again += 1
                if ended.is_set():
                    break
                time.sleep(0.02)
                continue
            assert answer.status in (302, 503), (answer.status, answer.body[:500])
            if answer.status == 302:
                log.acknowledge(key, re.findall(r"/posts/(\d+)/", answer.location)[0])
                break
    wire.__exit__()
    return again


def _kill(hard, kind: int) -> str:
    if kind == 3:
        hard.stop(signal.SIGKILL)
        wait_until(lambda: not hard.processes(), 20)
        hard.serve()
        return "supervisor"
    lines = hard.processes()
    mains = [pid for pid, line in lines.items() if "granian" in line and "child" not in line]
    what = ["granian", "spawn_main", "folkmoot worker"][kind]
    pids = [pid for pid, line in lines.items() if what in line] or mains
    for pid in pids if kind == 0 else random.sample(pids, 1):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return what


def test_twenty_thousand_posts_survive_thirty_kills(hard, tmp_path):
    ended, chance = threading.Event(), random.Random(11)
    openings = [hard.thread(f"Thread {n}") for n in range(WRITERS)]
    kills: dict[str, int] = {}
    started = time.monotonic()
    with (tmp_path / "acknowledged.log").open("a") as file, ThreadPoolExecutor(WRITERS) as pool:
        log = Log(file)
        writers = [pool.submit(_write, hard, log, opening, ended) for opening in openings]
        try:
            for kill in range(KILLS):
                due = ACKNOWLEDGED * (kill + 1) // (KILLS + 1)
                wait_until(lambda due=due: log.count >= due or any(w.done() for w in writers), 300)
                time.sleep(chance.random() * 0.2)
                what = _kill(hard, kill % 4)
                kills[what] = kills.get(what, 0) + 1
            wait_until(lambda: log.count >= ACKNOWLEDGED or any(w.done() for w in writers), 300)
        finally:
            ended.set()
        again = sum(writer.result(60) for writer in writers)
    seconds = time.monotonic() - started
    hard.wait(30)
    acknowledged = dict(line.split() for line in (tmp_path / "acknowledged.log").read_text().splitlines())
    rows = hard.rows(
        "SELECT p.key, p.id, x.source FROM threads_post p JOIN threads_text x ON x.post_id = p.id WHERE x.source LIKE 'Key %'"
    )
    kept = {str(key): str(pk) for key, pk, _ in rows}
    lost = [key for key, post in acknowledged.items() if kept.get(key) != post]
    doubled = len(rows) - len({source for _, _, source in rows})
    print(
        f"{sum(kills.values())} kills ({kills}), {len(acknowledged):,} acknowledged in {seconds:.0f} s, {again} sent again, "
        f"{len(lost)} lost, {doubled} doubled, {len(rows) - len(acknowledged)} kept without an answer"
    )
    assert sum(kills.values()) >= 25
    assert len(acknowledged) >= ACKNOWLEDGED
    assert lost == []
    assert doubled == 0
    assert len(rows) - len(acknowledged) <= WRITERS * 2
    assert hard.is_well()
