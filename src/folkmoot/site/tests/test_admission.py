"""Who waits for Django, in which order, and who is turned away."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.site.door import queue as queues
from folkmoot.site.door.admission import Admission, busy, too_many
from folkmoot.site.door.buckets import BURST_SECONDS, Buckets, is_public
from folkmoot.site.door.queue import CALM, FALLS_AFTER, RISES_AFTER, SLOW, Busy, Kind, Load, Queue

pytestmark = pytest.mark.no_database


def _held(queue: Queue) -> threading.Event:
    """The thread at work, until the event is set."""
    begun, ended = threading.Event(), threading.Event()
    queue.put(lambda: (begun.set(), ended.wait(20)), Kind.WRITING)
    assert begun.wait(5)
    return ended


def test_who_writes_goes_first_then_members_then_visitors():
    queue, turns = Queue(), []
    ended = _held(queue)
    for n, kind in enumerate((Kind.VISITOR, Kind.MEMBER, Kind.VISITOR, Kind.WRITING, Kind.MEMBER)):
        last = queue.put(lambda n=n, kind=kind: turns.append((kind, n)), kind)
    ended.set()
    queue.put(lambda: None, Kind.VISITOR).answer.result(5)
    assert last.answer.done()
    assert turns == [(Kind.WRITING, 3), (Kind.MEMBER, 1), (Kind.MEMBER, 4), (Kind.VISITOR, 0), (Kind.VISITOR, 2)]


def test_an_answer_and_an_error_come_back_to_who_asked():
    queue = Queue()
    assert queue.run(lambda: "a page", Kind.VISITOR) == "a page"
    with pytest.raises(ZeroDivisionError):
        queue.run(lambda: 1 // 0, Kind.MEMBER)
    assert queue.run(lambda: "another", Kind.WRITING) == "another"


def test_nobody_waits_for_ever_and_what_was_turned_away_is_never_done(monkeypatch):
    monkeypatch.setitem(queues.PATIENCE, Kind.WRITING, 0.05)
    queue, done = Queue(), []
    ended = _held(queue)
    with pytest.raises(Busy):
        queue.run(lambda: done.append("posted"), Kind.WRITING)
    ended.set()
    assert queue.run(lambda: "next", Kind.VISITOR) == "next"
    assert done == []


def test_what_has_begun_is_ended_however_long_it_takes(monkeypatch):
    monkeypatch.setitem(queues.PATIENCE, Kind.VISITOR, 0.02)
    assert Queue().run(lambda: time.sleep(0.2) or "a slow page", Kind.VISITOR) == "a slow page"


def _wait_slowly(load: Load, kind: Kind, at: float, seconds: float = SLOW + 1) -> float:
    for now in (at, at + RISES_AFTER / 2, at + RISES_AFTER):
        load.waited(kind, seconds, now)
    return at + RISES_AFTER


def test_the_level_rises_when_everybody_waits_and_falls_when_nobody_does():
    load = Load()
    at = _wait_slowly(load, Kind.VISITOR, 100.0)
    assert load.level == 1
    assert load.sheds(Kind.VISITOR)
    assert not load.sheds(Kind.MEMBER)
    at = _wait_slowly(load, Kind.MEMBER, at)
    assert load.level == 2
    assert load.sheds(Kind.MEMBER)
    for level in (1, 0):
        load.waited(Kind.WRITING, CALM, at)
        load.waited(Kind.WRITING, CALM, at + FALLS_AFTER)
        at += FALLS_AFTER
        assert load.level == level


def test_one_quick_page_keeps_the_level_where_it_is():
    load = Load()
    load.waited(Kind.VISITOR, SLOW + 1, 0)
    load.waited(Kind.VISITOR, SLOW, 2)
    load.waited(Kind.VISITOR, SLOW + 1, RISES_AFTER)
    assert load.level == 0


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 20))))
def test_writing_is_never_shed(waits):
    load, now = Load(), 0.0
    for pause, seconds in waits:
        now += pause
        load.waited(Kind.WRITING, seconds, now)
        assert load.level == 0
    for level in range(4):
        load.level = level
        assert not load.sheds(Kind.WRITING)


def test_at_a_level_the_shed_come_in_only_while_nobody_waits():
    queue = Queue(Load(level=1))
    assert queue.run(lambda: "nobody waited", Kind.VISITOR) == "nobody waited"
    ended = _held(queue)
    queue.put(lambda: None, Kind.MEMBER)
    with pytest.raises(Busy):
        queue.run(lambda: None, Kind.VISITOR)
    ended.set()


@given(st.lists(st.floats(0, 30), max_size=300), st.floats(0.5, 50))
def test_a_bucket_gives_no_more_than_its_burst_and_its_rate(pauses, rate):
    buckets, now, given_out = Buckets(rate), 0.0, 0
    for pause in pauses:
        now += pause
        given_out += buckets.take("192.0.2.0/24", now) == 0
    assert given_out <= rate * (BURST_SECONDS + now) + 1


def test_who_waits_as_long_as_told_is_let_in():
    buckets = Buckets(2)
    while not (wait := buckets.take("192.0.2.0/24", 0.0)):
        pass
    assert buckets.take("198.51.100.0/24", 0.0) == 0, "another network has its own"
    assert buckets.take("192.0.2.0/24", wait + 0.001) == 0


def test_buckets_forget_who_came_first():
    buckets = Buckets(1, size=2)
    for network in "abc":
        buckets.take(network, 0.0)
    assert len(buckets._tokens) == 2


@pytest.mark.parametrize(
    ("method", "path", "cookie", "kind"),
    [
        ("GET", "/threads/1/x/", "", Kind.VISITOR),
        ("GET", "/threads/1/x/", "session=abc", Kind.MEMBER),
        ("POST", "/posts/1/reply/", "session=abc", Kind.WRITING),
        ("POST", "/join/", "", Kind.VISITOR),
        ("POST", "/sign-in/", "", Kind.WRITING),
        ("GET", "/healthz", "", Kind.WRITING),
        ("GET", "/static/site/site.css", "", Kind.MEMBER),
    ],
)
def test_a_request_is_of_one_kind(method, path, cookie, kind):
    admission = Admission(Queue(), rate=0, session_cookie="session")
    assert admission.kind_of({"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_COOKIE": cookie}) == kind


def _asked(address: str, **more: str) -> dict[str, str]:
    return {"REQUEST_METHOD": "GET", "PATH_INFO": "/latest/", "REMOTE_ADDR": address, **more}


def test_a_greedy_network_is_told_when_to_go_on_and_no_other_is():
    admission = Admission(Queue(), rate=1, session_cookie="session")
    answers = [admission.run(_asked("203.0.112.7"), lambda: "page") for _ in range(BURST_SECONDS + 3)]
    assert answers[:BURST_SECONDS] == ["page"] * BURST_SECONDS
    assert answers[-1] is too_many(1)
    assert answers[-1].header("retry-after") == "1"
    assert admission.run(_asked("203.0.112.200"), lambda: "page") is too_many(1), "the same /24"
    assert admission.run(_asked("203.0.114.7"), lambda: "page") == "page"
    assert admission.run(_asked("203.0.112.7", HTTP_COOKIE="session=x"), lambda: "page") == "page"
    for _ in range(200):
        assert admission.run(_asked("127.0.0.1"), lambda: "page") == "page"
    health = {**_asked("203.0.112.7"), "PATH_INFO": "/healthz"}
    assert admission.run(health, lambda: "well") == "well"


def test_only_an_outsiders_address_is_public():
    assert is_public("8.8.8.8")
    assert not any(map(is_public, ("127.0.0.1", "10.1.2.3", "::1", "fd00::1", "", "nonsense")))


def test_a_crowd_is_answered_or_told_to_come_again(monkeypatch):
    monkeypatch.setitem(queues.PATIENCE, Kind.VISITOR, 0.1)
    admission = Admission(Queue(), rate=0, session_cookie="session")
    member = _asked("127.0.0.1", HTTP_COOKIE="session=x")
    with ThreadPoolExecutor(60) as pool:
        visitors = [pool.submit(admission.run, _asked("127.0.0.1"), lambda: time.sleep(0.01) or "page") for _ in range(50)]
        members = [pool.submit(admission.run, member, lambda: "page") for _ in range(5)]
        assert [m.result(10) for m in members] == ["page"] * 5
        said = [v.result(10) for v in visitors]
    assert {str(s) for s in said} == {"page", str(busy(Kind.VISITOR))}


def test_the_page_for_the_turned_away_has_the_headers_of_all_others():
    page = Client().get("/nothing-is-here")
    for answer, status in ((busy(Kind.VISITOR), "503 "), (too_many(3), "429 ")):
        assert answer.status.startswith(status)
        for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options"):
            assert answer.header(name) == page[name]
        assert answer.header("cache-control") == "no-store"
        assert int(answer.header("retry-after")) > 0
        assert b"try again" in answer.body.lower() or b"Slower" in answer.body
