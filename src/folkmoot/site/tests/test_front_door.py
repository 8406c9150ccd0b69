"""The front door's own rules: who is answered from it, with which headers, and when a page may be stored."""

import gzip
import threading
import time

import pytest
from django.db import connections, transaction
from django.test import Client
from tests.cast import Village
from tests.front_door import ask, doors_are_closed, entrance, fresh, is_stored  # noqa: F401

from folkmoot.base.events import tell
from folkmoot.base.models import Touch
from folkmoot.base.pages import is_canonical
from folkmoot.base.time import DAY, SECOND, now_moment
from folkmoot.members import actions as members
from folkmoot.site import tasks
from folkmoot.site.door import Door, Page, Store, open_log
from folkmoot.site.door.answer import Answer
from folkmoot.site.door.encoding import takes_gzip
from folkmoot.site.events import Recounted
from folkmoot.threads import actions
from folkmoot.threads.models import Thread, Views


@pytest.fixture
def door():
    return entrance()


@pytest.fixture
def thread(village) -> str:
    opening = village.opening("A long one", "Many words. " * 300)
    return f"/threads/{opening.thread_id}/a-long-one/"


def _with_gzip(door, address, **headers):
    return ask(door, address, accept_encoding="gzip", **headers)


def test_a_stored_page_has_the_headers_that_django_gave(door, thread):
    django = Client().get(thread)
    first, second = ask(door, thread), ask(door, thread)
    assert first.headers == second.headers
    given = {name.lower(): value for name, value in django.headers.items()}
    assert {name: second.headers[name] for name in given if name != "vary"} == {n: v for n, v in given.items() if n != "vary"}
    assert second.headers["vary"] == "Cookie, Accept-Encoding"
    assert set(second.headers) - set(given) == {"etag"}
    assert second.body == django.content


def test_the_same_bytes_are_sent_compressed_once(door, thread):
    _with_gzip(door, thread)
    page = door.door.find(thread)
    answer = _with_gzip(door, thread)
    assert answer.raw is page.body
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(answer.raw))
    assert gzip.decompress(answer.raw) == ask(door, thread).raw == fresh(thread)


def test_a_head_has_the_headers_of_its_get(door, thread):
    for encoding in ("gzip", "identity"):
        for _ in range(2):
            head, get = (ask(door, thread, method, accept_encoding=encoding) for method in ("HEAD", "GET"))
            assert head.headers == get.headers
            assert head.raw == b""
            assert head.status == 200


def test_who_has_the_page_is_told_that_nothing_changed(door, thread):
    etag = ask(door, thread).headers["etag"]
    assert etag.startswith('W/"')  # one for the plain and the gzipped bytes, which RFC 9110 allows weak ones only
    for known in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        answer = _with_gzip(door, thread, if_none_match=known)
        assert (answer.status, answer.raw) == (304, b""), known
        assert answer.headers["etag"] == etag
        assert {"vary", "cache-control", "content-security-policy"} <= answer.headers.keys()
        assert not {"content-type", "content-encoding", "content-length"} & answer.headers.keys()
    for other in ('W/"x"', '"x", "y"', "nonsense", ""):
        assert ask(door, thread, if_none_match=other).status == 200


def test_the_tag_changes_with_the_page_only(door, village, thread):
    etag = ask(door, thread).headers["etag"]
    with transaction.atomic():
        tell(Recounted())
    assert ask(door, thread).headers["etag"] == etag
    village.reply(Thread.objects.get().opening, "New")
    assert ask(door, thread, if_none_match=etag).status == 200


def test_a_range_is_answered_with_the_whole(door, thread):
    ask(door, thread)
    answer = ask(door, thread, range="bytes=0-9")
    assert answer.status == 200
    assert len(answer.raw) == int(answer.headers["content-length"])


@pytest.mark.parametrize(("accepted", "takes"), [
    ("gzip", True), ("gzip, deflate, br, zstd", True), ("GZIP;q=0.5", True), ("x-gzip", True), ("*", True), ("br", False), ("", False),
    ("gzip;q=0", False), ("gzip;q=0.000", False), ("*;q=0", False), ("identity", False), ("gzip;q=0, *", False),
    ("identity;q=1, gzip;q=0.5", False), ("identity;q=0.5, gzip;q=1.0", True), ("gzip;q=nonsense", False), ("gzip ; q=1", True),
])  # fmt: skip
def test_gzip_is_sent_to_whom_takes_it(accepted, takes):
    assert takes_gzip(accepted) == takes


@pytest.mark.parametrize(("query", "canonical"), [
    ("", True), ("page=2", True), ("page=2&view=flat", True), ("view=flat&page=2", False), ("page=2&page=2", False),
    ("page=", False), ("page", False), ("page=2&", False), ("&page=2", False), ("x=1", False), ("page=%32", False), ("page=2&x", False),
])  # fmt: skip
def test_a_page_has_one_address(query, canonical):
    assert is_canonical(query, ("page", "view")) == canonical


def test_a_member_is_never_answered_from_the_store(door, village, thread):
    ask(door, thread)
    member = village.signed_in(village.ada)
    cookie = f"session={member.cookies['session'].value}"
    answer = ask(door, thread, cookie=cookie)
    assert "Sign out" in answer.body.decode()
    assert answer.headers["cache-control"] == "no-store"
    assert "Sign out" not in ask(door, thread).body.decode()
    assert ask(door, thread, cookie="other=1; session=nobody").headers["cache-control"] == "no-store"
    assert ask(door, thread, cookie="form=abc; other=1").headers["etag"]


def test_a_post_an_odd_host_and_a_body_are_djangos(door, thread):
    ask(door, thread)
    assert ask(door, thread, "POST").status in (403, 405)
    assert ask(door, thread, host="evil example").status == 400
    assert ask(door, thread, host="[::1]:8000").status == 200


def test_what_sets_a_cookie_or_is_an_error_is_not_stored(door, village, thread):
    for address in (
        "/sign-in/",
        "/join/",
        "/nothing/",
        "/mine/",
        "/waiting/",
        thread[:-1],
        f"/threads/{Thread.objects.get().pk}/",
    ):
        answer = ask(door, address)
        assert not is_stored(door, address), address
        assert "set-cookie" not in answer.headers or "no-store" in answer.headers["cache-control"]


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
    begun.wait(20)
    village.thread("A later one, committed first")
    assert is_stored(door, thread)
    ask(door, "/latest/")
    assert is_stored(door, "/latest/")
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
    assert is_stored(door, thread), "what it has read may go"
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
    assert sum(counted[0].values()) == 5  # the first was Django's, who counted it
    assert Views.objects.count() == 0


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


def test_what_is_not_stored_is_compressed_for_who_takes_it(door, village):
    village.opening("A long one", "Many words. " * 300)
    member = village.signed_in(village.ada)
    address = f"/threads/{Thread.objects.get().pk}/a-long-one/"
    cookie = f"session={member.cookies['session'].value}"
    answer = _with_gzip(door, address, cookie=cookie)
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "Cookie" in answer.headers["vary"]
    assert "Sign out" in answer.body.decode()
    assert "content-encoding" not in ask(door, address, cookie=cookie).headers
    private = _with_gzip(door, "/account/", cookie=cookie)
    assert private.status == 200
    assert "content-encoding" not in private.headers


def test_a_feed_keeps_its_conditions(door, village):
    village.opening("In a feed", "Words " * 300)
    Touch.objects.count()
    first = ask(door, "/latest.atom")
    assert ask(door, "/latest.atom", if_none_match=first.headers["etag"]).status == 304
    assert ask(door, "/latest.atom", if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT").status in (200, 304)
    assert ask(door, "/latest.atom", if_match='"other"').status == 412


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
