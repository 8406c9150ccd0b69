"""When a page may be stored, how long it is true, and what the store holds."""

import threading
import time

import pytest
from django.db import connections, transaction
from tests.cast import Village
from tests.front_door import ask, doors_are_closed, entrance, fresh, is_stored  # noqa: F401

from folkmoot.base.events import tell
from folkmoot.base.models import Touch
from folkmoot.base.time import DAY, SECOND, now_moment
from folkmoot.members import actions as members
from folkmoot.site import tasks
from folkmoot.site.door import Door, Page, Store, open_log
from folkmoot.site.door.answer import Answer
from folkmoot.site.events import Recounted
from folkmoot.threads import actions
from folkmoot.threads.models import Thread, Views


def test_a_page_that_was_touched_while_it_was_rendered_is_not_stored(door, village, thread):
    opening = Thread.objects.get().opening
    django = door.django

    def slow(environ):
        answer = django(environ)
        village.reply(opening, "In between")
        return answer

    door.django = slow
    assert b"In between" not in ask(door, thread).body
    assert not is_stored(door, thread)
    door.django = django
    assert b"In between" in ask(door, thread).body
    assert is_stored(door, thread)


def test_something_else_touched_meanwhile_does_not_keep_it_out(door, village, thread):
    other, django = village.opening("Another"), door.django

    def slow(environ):
        village.reply(other, "In between")
        return django(environ)

    door.django = slow
    ask(door, thread)
    assert is_stored(door, thread)


def test_whoever_waits_for_the_same_page_finds_it(door, thread):
    asked = []
    django = door.django
    door.django = lambda environ: asked.append(1) or django(environ)
    for _ in range(3):
        door._fill({"PATH_INFO": thread, "REQUEST_METHOD": "GET", **_environ(thread)}, thread)
    assert len(asked) == 1


def _environ(path):
    import io

    return {
        "QUERY_STRING": "", "SERVER_NAME": "x", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "x",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", "wsgi.errors": None,
        "wsgi.version": (1, 0),
    }  # fmt: skip


def test_a_rolled_back_change_drops_nothing_and_a_committed_one_at_once(door, village, thread):
    ask(door, thread)
    with transaction.atomic():
        village.reply(Thread.objects.get().opening, "Never")
        transaction.set_rollback(True)
    assert is_stored(door, thread)
    done = threading.Event()

    def other():
        try:
            with transaction.atomic():
                tell(Recounted())
                assert is_stored(door, thread)  # not committed yet
            done.set()
        finally:
            connections.close_all()

    worker = threading.Thread(target=other)
    worker.start()
    worker.join()
    assert done.is_set()
    assert not is_stored(door, thread)


def test_a_lower_id_that_is_committed_later_is_seen(door, village, thread):
    """On PostgreSQL the later id may be committed first; on SQLite nobody else can write meanwhile."""
    if connections["default"].vendor == "sqlite":
        return
    ask(door, thread)
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                tell(Recounted())
                begun.set()
                go_on.wait(20)
        finally:
            connections.close_all()

    worker = threading.Thread(target=slow)
    worker.start()
    try:
        begun.wait(20)
        village.thread("A later one, committed first")
        assert is_stored(door, thread)
        ask(door, "/latest/")
        assert is_stored(door, "/latest/")
    finally:
        go_on.set()
        worker.join()
    assert not is_stored(door, thread)
    assert not is_stored(door, "/latest/")


def test_what_time_alone_changes_is_sent_no_longer(door, village):
    opening = village.opening("An old favourite")
    actions.recommend(opening, by=village.bram, moment=now_moment() - DAY + SECOND)
    assert b"An old favourite" in ask(door, "/greatest/").body
    assert is_stored(door, "/greatest/")
    time.sleep(1.1)
    assert not is_stored(door, "/greatest/")
    assert ask(door, "/greatest/").body == fresh("/greatest/")


def _page(size: int = 10, *, until: int | None = None, tags: frozenset[str] = frozenset(), body: bytes = b"") -> Page:
    from folkmoot.base.pages import Shown

    return Page(
        Answer(
            "200 OK", [("Content-Type", "image/x"), ("Cache-Control", "no-cache")], body or b"x" * size, shown=Shown(tags, until)
        )
    )


@pytest.mark.no_database
def test_a_clock_that_jumps_is_not_believed():
    now = now_moment()
    page = _page(until=now + 60 * SECOND)
    assert page.is_true(page.made_at)
    assert not page.is_true(page.made_at, lambda: now + 61 * SECOND)
    assert not page.is_true(page.made_at, lambda: now - SECOND)
    assert _page().is_true(time.monotonic(), lambda: now - DAY)  # it depends on no clock
    page = _page()
    assert not page.is_true(page.made_at + 1801)


@pytest.mark.no_database
def test_the_store_is_bounded_and_the_least_used_goes_first():
    store = Store(100_000)
    for n in range(200):
        store.put(f"/{n}", _page(1_000))
        store.pages["/0"].used_at -= 2
        assert store.get("/0") is not None  # used all the time
        assert store.size <= 100_000
    assert "/199" in store.pages
    assert "/1" not in store.pages
    store.put("/large", _page(20_000))
    assert "/large" not in store.pages
    assert store.size == sum(len(key) + page.size for key, page in store.pages.items())
    store.drop({"everything", "latest"})
    assert (store.size, len(store.pages)) == (0, 0)


@pytest.mark.no_database
def test_only_pages_with_the_tag_are_dropped():
    store = Store(100_000)
    store.put("/a", _page(tags=frozenset({"thread:1", "latest"})))
    store.put("/b", _page(tags=frozenset({"thread:2"})))
    store.drop({"thread:1", "forum:9"})
    assert set(store.pages) == {"/b"}


def test_a_log_that_was_pruned_beyond_what_was_read_drops_everything(door, village, thread, monkeypatch):
    ask(door, thread)
    assert is_stored(door, thread)
    monkeypatch.setattr(tasks, "TOUCHES_KEPT", 3)
    tasks.prune_touches()
    if connections["default"].vendor == "sqlite":  # on PostgreSQL any other transaction of the server may make it doubt
        assert is_stored(door, thread), "what it has read may go"
    ask(door, thread)
    assert is_stored(door, thread)
    assert Touch.objects.count() == 4
    for n in range(4):
        village.thread(f"Thread {n}")
    tasks.prune_touches()
    assert not is_stored(door, thread)


def test_a_log_that_cannot_be_read_stores_nothing(village, thread):
    class Away:
        def mark(self):
            return None

        def look(self):
            raise OSError("away")

        def wait(self, seconds):
            time.sleep(seconds)

        def close(self):
            return None

    door = entrance()
    ask(door, thread)
    door.door.log.close()
    door.door.log = Away()
    door.door._mark = None
    assert ask(door, thread).body == fresh(thread)
    assert not door.door.store.pages


def test_views_of_stored_pages_are_counted(village, thread):
    counted: list[dict[int, int]] = []
    door = entrance(count=counted.append)
    for _ in range(5):
        ask(door, thread)
    door._counted_at -= 11
    ask(door, thread)
    assert sum(counted[0].values()) == 5  # the first was Django's, who counted it, and may have written that down by now
    assert sum(Views.objects.values_list("count", flat=True)) <= 1


def test_without_exactness_a_page_is_late_by_two_seconds_at_most(village, thread):
    door = entrance(exact=False)
    started = time.monotonic()
    while not is_stored(door, thread) and time.monotonic() - started < 5:
        ask(door, thread)
    village.reply(Thread.objects.get().opening, "Said just now")
    told = time.monotonic()
    while b"Said just now" not in ask(door, thread).body:
        assert time.monotonic() - told < 2.5
        time.sleep(0.01)
    door.door._looked_at -= 3  # nobody has looked for longer than the bound: nothing is sent from the store
    assert door.door.find(thread) is None


def test_an_account_that_was_claimed_and_an_office_are_seen(door, village: Village):
    ask(door, "/members/Bram/")
    members.administrator_link("Bram")
    assert b"Administrator" in ask(door, "/members/Bram/").body


def test_the_door_may_be_closed(village, thread):
    from folkmoot.site.door import Entrance
    from folkmoot.site.wsgi import ask_django

    app = Entrance(ask_django, run=lambda e, work: work(), door=None, count=lambda v: None, session_cookie="session")
    assert ask(app, thread).body == fresh(thread)
    assert "etag" not in ask(app, thread).headers
    assert Door(open_log(), Store(0)).find(thread) is None
