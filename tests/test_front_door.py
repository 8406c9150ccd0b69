"""A stored page is the page that Django would give now, whatever has happened, before two front doors."""

import http.client
import os
import random
import re
import signal
import threading
import time

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st

from folkmoot.members import actions as members
from folkmoot.site.door.entrance import LIVE
from tests.cast import PASSWORD
from tests.databases import empty
from tests.doors import every_address
from tests.front_door import ask, doors_are_closed, entrance, is_stored  # noqa: F401
from tests.history import STEPS, take
from tests.pages import Scene
from tests.sites import Site, own_database
from tests.town import Town
from tests.wire import Wire

MAY_BE_LATE = (
    (rb'<span class="post__count">\([\d,]+ posts\)', b"a member's post count beside the name"),
    (rb"[\d,]+</?[^>]*>? ?<?[^>]*>? views?", b"views"),
    (rb"[\d,]+ views?", b"views"),
    (rb'<td class="num">[\d,]+<span class="unit"> views?', b"views"),
)
"""The only fields that a stored page may show late, by an hour at most."""

HISTORY = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 30)), min_size=6, max_size=9)


def _as_it_counts(body: bytes) -> bytes:
    for pattern, name in MAY_BE_LATE:
        body = re.sub(pattern, name, body)
    return body


def _compare(doors, town, history):
    stored = 0
    for address in town.addresses():
        hits = [number for number, door in enumerate(doors) if is_stored(door, address)]
        response = Client().get(address) if hits else None
        for number, door in enumerate(doors):
            answer = ask(door, address, accept_encoding="gzip")
            if response is not None:
                assert answer.status == response.status_code, f"{address} at door {number} after {history}"
                if _as_it_counts(answer.body) != _as_it_counts(response.content):
                    pytest.fail(
                        f"{address} is {'stored' if number in hits else 'rendered'} wrongly at door {number} after {history}"
                    )
        stored += len(hits)
    return stored


def _live_through(history) -> int:
    empty()
    town, doors = Town(), (entrance(), entrance())
    _compare(doors, town, [])
    stored = 0
    for at, (name, n) in enumerate(history, 1):
        take(town, name, n)
        stored += _compare(doors, town, history[:at])
    return stored


@hypothesis.settings(max_examples=3, database=None, derandomize=False, phases=[hypothesis.Phase.generate])
@hypothesis.given(history=HISTORY)
def test_whatever_happens_a_stored_page_is_the_fresh_page(history):
    _live_through(history)


def test_every_step_is_seen_by_both_doors(village, count):
    """Each step once, one after the other; and most pages stay stored meanwhile."""
    empty()
    stored = _live_through([(name, n + 3) for n, name in enumerate(STEPS)])
    count("pages found stored and true", stored)
    assert stored > 300


@pytest.mark.long
@hypothesis.settings(max_examples=12, database=None, phases=[hypothesis.Phase.generate])
@hypothesis.given(history=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 30)), min_size=15, max_size=25))
def test_long_histories_end_in_true_pages(history):
    _live_through(history)


def test_nothing_of_a_member_stands_in_a_stored_page(village, count):
    """Every page is asked by a member first, then by visitors; theirs is the page of a door that never saw a member."""
    scene = Scene(village)
    quill = members.join(name="Quillon.Marker", email="quillon@moot.example", password=PASSWORD)
    members.describe(quill, about="", zone="Asia/Kathmandu", theme="dark")
    cookie = f"session={village.signed_in(quill).cookies['session'].value}"
    door, other = entrance(), entrance()
    asked = 0
    for address in every_address(scene):
        expected = ask(other, address)
        ask(door, address, cookie=cookie)
        for _ in range(2):
            answer = ask(door, address, accept_encoding="gzip")
            asked += 1
            assert answer.status == expected.status, address
            for sign in (b"Quillon", b"quillon", b"Kathmandu", b'<html lang="en" data-theme', b"Sign out"):
                assert sign not in answer.body, f"{address} shows a visitor {sign!r}"
            if is_stored(door, address):
                assert _as_it_counts(answer.body) == _as_it_counts(expected.body), address
                assert "set-cookie" not in answer.headers, address
                assert b"csrfmiddlewaretoken" not in answer.body, address
        if address.startswith(LIVE):
            continue  # a number, the same for everybody; its cookie is left out before anything is asked
        as_member = ask(door, address, cookie=cookie)
        assert "etag" not in as_member.headers or "no-store" in as_member.headers["cache-control"], address
        assert as_member.headers.get("cache-control") != "no-cache", f"{address} is answered from the store to a member"
    count("answers that might have held a member", asked)


class Visitors:
    """Connections that stay open, enough of them that every worker has some."""

    def __init__(self, base: str, number: int = 8) -> None:
        self.wires = [Wire(base) for _ in range(number)]

    def stale(self, path: str, words: str) -> int:
        """How many of them do not read these words."""
        return sum(words not in self._read(wire, path) for wire in self.wires)

    @staticmethod
    def _read(wire: Wire, path: str) -> str:
        until = time.monotonic() + 30  # a worker that is killed is started anew in some seconds, on a busy machine
        while True:
            try:
                return wire.get(path).body
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)  # it had come to a worker that was killed just then

    def close(self) -> None:
        for wire in self.wires:
            wire.__exit__()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A community of two workers and its administrator's wire, on this run's kind of database."""
    with own_database("door") as environ:
        site = Site(tmp_path_factory.mktemp("door") / "data", WORKERS="2", **environ)
        link = site.init()
        site.serve()
        site.wait()
        wire = Wire(site.base)
        wire.set_password(link)
        yield site, wire
        wire.__exit__()
        site.stop()


def _trials(site, wire, number: int) -> tuple[int, int]:
    """Write, then read at once on every connection; returns how many answers were read, and how many were stale."""
    visitors, read, stale = Visitors(site.base), 0, 0
    opening = page = last = ""
    for n in range(number):
        if n % 60 == 0:
            opening = re.findall(
                r"/posts/\d+/", wire.write("/forums/lounge/new/", subject=f"Thread {n}", text="Begin.").location
            )[0]
            page = visitors.wires[0].get(opening).location.split("#")[0]
        words = f"Trial-{n}-is-written."
        if n % 3 == 2:
            wire.post(f"{last}edit/", subject="", text=words, seen_edits="0")
        else:
            last = re.findall(r"/posts/\d+/", wire.write(f"{opening}reply/", text=words).location)[0]
        for path in (page, f"/threads/{page.split('/')[2]}/feed.atom", "/latest/" if n % 60 == 0 else page):
            stale += visitors.stale(path, f"Thread {n}" if path == "/latest/" else words)
            read += len(visitors.wires)
    visitors.close()
    return read, stale


def test_no_visitor_of_any_worker_reads_a_stale_page(served, count):
    read, stale = _trials(*served, 40)
    count("cross-process reads after a write", read)
    assert stale == 0


@pytest.mark.long
def test_two_thousand_trials_show_no_stale_page(served):
    read, stale = _trials(*served, 2000)
    print(f"2,000 cross-process write-then-read trials: {read:,} answers read, {stale} stale")
    assert stale == 0


def test_a_worker_that_is_killed_after_its_commit_leaves_no_stale_page(served):
    """What is dropped is written in the commit itself, so it does not matter who dies when."""
    site, wire = served
    opening = re.findall(r"/posts/\d+/", wire.write("/forums/lounge/new/", subject="Killed", text="Begin.").location)[0]
    page = wire.get(opening).location.split("#")[0]
    chance, killed = random.Random(7), 0
    for n in range(4):
        visitors = Visitors(site.base, 4)
        visitors.stale(page, "")
        words = f"Killed-{n}-or-not."
        workers = [pid for pid, line in site.processes().items() if "granian" in line][1:]

        def kill(victim=chance.choice(workers), after=chance.uniform(0.0, 0.03)):  # noqa: B008
            time.sleep(after)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            wire.write(f"{opening}reply/", text=words)
        except (OSError, http.client.HTTPException):
            killed += 1
        killer.join()
        site.wait()
        wire.__exit__()  # its worker may be the one that is gone
        visitors.close()
        committed = words in Visitors._read(wire, page)
        visitors = Visitors(site.base)
        missing = visitors.stale(page, words)
        visitors.close()
        assert missing == (0 if committed else 8)
