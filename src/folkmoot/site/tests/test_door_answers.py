"""Who is answered from the store, with which headers; and what else is compressed."""

import gzip

import pytest
from django.db import transaction
from django.test import Client
from tests.front_door import ask, doors_are_closed, entrance, fresh, is_stored  # noqa: F401

from folkmoot.base.events import tell
from folkmoot.base.models import Touch
from folkmoot.base.pages import is_canonical
from folkmoot.site.door.encoding import takes_gzip
from folkmoot.site.events import Recounted
from folkmoot.threads.models import Thread


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


def test_a_question_mark_in_a_path_is_no_query(door, village):
    village.opening()
    assert ask(door, "/latest/?after=0").status == 200
    assert is_stored(door, "/latest/?after=0")
    assert ask(door, "/latest/%3Fafter=0").status == 404


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
