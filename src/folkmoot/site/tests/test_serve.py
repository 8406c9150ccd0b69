"""`folkmoot serve` for real: children that die are started again, nothing outlives the supervisor, nothing is lost."""

import http.client
import multiprocessing
import os
import random
import re
import signal
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.sites import Browser, Site, own_database, wait_until

pytestmark = pytest.mark.own_site
POSTGRES = os.environ.get("FOLKMOOT_TEST_POSTGRES", "")
PASSWORD = "a-long-enough-password"


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """A founded, served community on this run's kind of database, with its administrator's link."""
    with own_database("serve") as environ:
        site = Site(tmp_path / "data", **environ)
        site.link = site.init()
        site.serve()
        yield site
        site.stop()


def _kill(site: Site, what: str) -> list[int]:
    pids = [pid for pid, line in site.processes().items() if what in line]
    assert pids, site.processes()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return pids


def _runs(site: Site, what: str, *, without: list[int]) -> bool:
    return any(what in line and pid not in without for pid, line in site.processes().items())


def test_what_dies_is_started_again(site):
    for what in ("granian", "folkmoot worker"):
        dead = _kill(site, what)
        wait_until(lambda what=what, dead=dead: _runs(site, what, without=dead), 20)
        site.wait(20)


def test_nothing_outlives_a_killed_supervisor(site):
    assert len(site.processes()) >= 3
    site.stop(signal.SIGKILL)
    wait_until(lambda: not site.processes(), 15)


def test_it_ends_when_asked_and_lets_a_request_finish(site):
    """The head of a request is there when SIGTERM comes; its body follows."""
    host = site.base.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.putrequest("POST", "/sign-in/")
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", "10")
    connection.endheaders(b"name=")
    time.sleep(0.3)
    ended = ThreadPoolExecutor().submit(site.stop)
    time.sleep(0.5)
    connection.send(b"12345")
    assert connection.getresponse().status == 403, "the form has no token, which Django answered"
    connection.close()
    assert ended.result(20) == 0
    assert not site.processes()


def test_one_serve_a_folder_and_one_a_port(site, tmp_path):
    again = site.run("serve")
    assert again.returncode == 1
    assert "Another folkmoot serve already works" in again.stderr
    port = site.base.rsplit(":", 1)[1]
    other = Site(tmp_path / "other", PORT=port)
    refused = other.run("serve")
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is busy" in refused.stderr
    site.wait(5)


def _hold(together, held, tries: int) -> None:
    """In a process of its own: take a port at the same instant as another process does."""
    from types import SimpleNamespace

    from folkmoot.site.serve import hold_port

    for n in range(tries):
        together.wait()
        with hold_port(SimpleNamespace(host="127.0.0.1", port=18_500, port_is_chosen=False)) as port:
            held.put((n, port.getsockname()[1]))
            together.wait()


@pytest.mark.no_database
def test_two_that_start_at_the_same_instant_never_share_a_port():
    spawn, tries, taken = multiprocessing.get_context("spawn"), 1500, defaultdict(set)
    together, held = spawn.Barrier(2), spawn.Queue()
    both = [spawn.Process(target=_hold, args=(together, held, tries)) for _ in range(2)]
    for process in both:
        process.start()
    for _ in range(2 * tries):
        n, port = held.get(timeout=60)
        taken[n].add(port)
    for process in both:
        process.join()
    assert [n for n, ports in taken.items() if len(ports) < 2] == []


def test_a_port_that_was_not_chosen_moves_on(tmp_path):
    from folkmoot.site.configuration import load
    from folkmoot.site.serve import hold_port

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        configuration = load({"FOLKMOOT_DATA": str(tmp_path), "HOST": "127.0.0.1"})
        object.__setattr__(configuration, "port", port)
        with hold_port(configuration) as first, hold_port(configuration) as second:
            assert port < first.getsockname()[1] < second.getsockname()[1]


@pytest.mark.parametrize("kills", [3, pytest.param(30, marks=pytest.mark.long)])
def test_no_acknowledged_post_is_lost_or_doubled(site, kills):
    """`kill -9` now of the web workers, now of the supervisor, while somebody posts; unanswered forms are sent again."""
    gus = Browser(site)
    gus.post(site.link, gus.form(site.link, password=PASSWORD))
    gus.post("/forums/lounge/new/", gus.form("/forums/lounge/new/", subject="Killing", text="Begin."))
    thread = gus.path
    reply = re.findall(r"/posts/\d+/reply/", gus.get(thread))[0]
    chance, stopped, acknowledged = random.Random(7), threading.Event(), []

    def write() -> None:
        while not stopped.is_set():
            words = f"Number {len(acknowledged)}"
            try:
                form = gus.form(reply, text=words)
            except (OSError, http.client.HTTPException):
                continue
            while True:
                try:
                    gus.post(reply, form)
                except (OSError, http.client.HTTPException):
                    if stopped.is_set():
                        return
                    time.sleep(0.02)
                    continue
                break
            acknowledged.append(words)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        for kill in range(kills):
            before = len(acknowledged)
            wait_until(lambda before=before: len(acknowledged) > before + 2 or writer.done(), 30)
            time.sleep(chance.random() * 0.2)
            if kill % 3 == 2:
                site.stop(signal.SIGKILL)
                wait_until(lambda: not site.processes(), 15)
                site.environ["PORT"] = site.base.rsplit(":", 1)[1]
                site.serve()
            else:
                _kill(site, "granian")
        before = len(acknowledged)
        wait_until(lambda: len(acknowledged) > before + 2 or writer.done(), 30)
        stopped.set()
        writer.result(30)
    text, page = gus.get(f"{thread}?view=flat"), 2
    while f"page={page}" in text:
        text += gus.get(f"{thread}?view=flat&page={page}")
        page += 1
    for words in acknowledged:
        assert text.count(f"<p>{words}</p>") == 1, words
    assert site.folkmoot("check").strip().endswith("All is well.")
    print(f"{kills} kills, {len(acknowledged)} acknowledged, 0 lost, 0 doubled")
