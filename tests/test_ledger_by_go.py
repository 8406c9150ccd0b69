"""A served ledger of 2,000 entries is accepted from scratch by Go's own sumdb/note and sumdb/tlog, kills in the middle included."""

import os
import random
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections, transaction

from folkmoot.base.events import tell
from folkmoot.ledger import actions, keys, queries
from folkmoot.ledger.models import OutboxEntry
from folkmoot.threads.events import PostHidden

ORACLE = Path(__file__).parent / "oracle" / "main.go"
ENTRIES = 2000
KILLS = 12


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    """The program, built from Debian's packages alone: nothing is fetched."""
    folder = tmp_path_factory.mktemp("oracle")
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(folder / "oracle"), str(ORACLE)], env=environ, check=True)
    return folder / "oracle"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


@contextmanager
def served():
    """The whole site on a port of its own."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet) as server:

        def serve():
            server.serve_forever()
            connections.close_all()  # this thread's own

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/ledger"
        finally:
            server.shutdown()
            thread.join()


def asked(oracle, address, *more):
    key = keys.read(actions.key_file())
    return subprocess.run([oracle, address, key.verifier, *more], capture_output=True, text=True, check=False)


@transaction.atomic
def act(first, end):
    for n in range(first, end):
        more = {"thread_id": 1, "forum_id": 1, "author_id": 1, "by": 1, "office": "administrator"}
        tell(PostHidden(post_id=n, reason=f"Reason {n}", **more))


def writer():
    """A process that does nothing but write the log, as the worker does."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        while True:
            try:
                actions.drain()
                time.sleep(0.001)
            except BaseException as why:
                print(f"the writer: {why!r}", flush=True)
                os._exit(1)
    return pid


def kill(pid):
    os.kill(pid, signal.SIGKILL)
    ended = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(ended), "the writer ended by itself: see above"


def test_go_accepts_a_ledger_whose_writer_was_killed_again_and_again(community, oracle, tmp_path, count):
    chance, made, kills, cut_short = random.Random(5), 0, 0, 0
    old = tmp_path / "older"
    while made < ENTRIES or (not cut_short and kills < 5 * KILLS):  # on, until one came in the middle of an append
        pid = writer()
        end = min(made + ENTRIES // KILLS, ENTRIES)
        while made < end:
            act(made, min(made + 9, end))
            made = min(made + 9, end)
            time.sleep(chance.random() / 100)  # the writer wants SQLite's lock, too
        _wait_for_an_append(chance)
        kill(pid)
        kills, cut_short = kills + 1, cut_short + (actions.log().folder / "next").exists()
        if not old.exists() and (head := actions.log().head()) is not None and head.size:
            old.write_text(actions.log().note())
    actions.drain()
    count("kills of the ledger's writer", kills)
    count("kills between an append's first byte and its last", cut_short)
    assert queries.check() == []
    assert cut_short > 0, "no kill came in the middle of an append: nothing was tried"
    written = OutboxEntry.objects.filter(index__isnull=False).count()
    assert written == OutboxEntry.objects.count() == ENTRIES + kills
    with served() as address:
        done = asked(oracle, address, str(old))
        assert done.stdout == f"accepted: {written} entries\n", done.stdout + done.stderr
        _changes_are_refused(oracle, address, str(old), written)


def _wait_for_an_append(chance):
    """Until the writer has begun one, and then a little: it takes about a millisecond."""
    begun, until = actions.log().folder / "next", time.monotonic() + 1
    act(ENTRIES, ENTRIES + 1)
    while not begun.exists() and time.monotonic() < until:
        pass
    time.sleep(chance.random() / 1000)


def _changes_are_refused(oracle, address, old, size):
    """The oracle is none if it accepts everything."""
    folder = actions.log().folder
    for path in (
        "tile/0/002",
        "tile/entries/003",
        f"tile/1/000.p/{size // 256}",
        f"tile/0/007.p/{size % 256}",
        "checkpoint",
    ):
        right = (folder / path).read_bytes()
        at = len(right) // 2
        (folder / path).write_bytes(right[:at] + bytes([right[at] ^ 1]) + right[at + 1 :])
        done = asked(oracle, address, old)
        assert done.returncode != 0, path
        (folder / path).write_bytes(right)
    assert asked(oracle, address, old).returncode == 0


def test_two_writers_at_once_write_each_act_once(community):
    first, second = writer(), writer()
    for n in range(0, 300, 3):
        act(n, n + 3)
        time.sleep(0.002)
    kill(first)
    kill(second)
    actions.drain()
    assert queries.check() == []
    assert list(OutboxEntry.objects.order_by("index").values_list("index", flat=True)) == list(range(300))
