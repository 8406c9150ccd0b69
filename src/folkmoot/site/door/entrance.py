"""The WSGI application around Django: stored pages first, and whatever else is worth it compressed."""

import re
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.utils.http import parse_etags

from folkmoot.site.door import encoding
from folkmoot.site.door.answer import Answer, varying, without
from folkmoot.site.door.door import Door, Filling
from folkmoot.site.door.store import Page

Environ = dict[str, Any]
Start = Callable[..., Any]
Found = Page | Answer

VIEWS_SECONDS = 10.0
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_LONGEST_KEY = 500
LIVE = "/live/"
"""What a member's open page asks every half minute (threads/views/live.py)."""

_PRIVATE = "/account/"
"""Its pages hold secrets that are no form's token, which is another one in each answer: they are never compressed
(http://breachattack.com)."""


class Entrance:
    """`django` answers; `run` has something done on Django's thread; `count` is given the views of stored pages."""

    def __init__(
        self,
        django: Callable[[Environ], Answer],
        *,
        run: Callable[[Environ, Callable[[], Found]], Found],
        door: Door | None,
        count: Callable[[dict[int, int]], None],
        session_cookie: str,
    ) -> None:
        self.django, self.run, self.door, self.count, self.session_cookie = django, run, door, count, session_cookie
        self._counted_at = time.monotonic()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """The way of a stored page is short on purpose: while one thread of granian's runs Python, the others wait."""
        key = self._key(environ)
        if self.door is None or key is None:
            return _send(environ, start, self.run(environ, lambda: self.django(environ)))
        page = self.door.find(key)
        if page is None or (page.is_dated and _asks_django(environ)):
            found = self.run(environ, lambda: self._fill(environ, key))
            if isinstance(found, Answer):
                return _send(environ, start, found)
            page = found
        else:
            page.views += 1
            if page.used_at - self._counted_at > VIEWS_SECONDS:
                self._counted_at = page.used_at
                self.count(self.door.take_views())
        return _send_page(environ, start, page)

    def _key(self, environ: Environ) -> str | None:
        """The page's name in the store; None for what only Django answers: a form, a member, a body, an odd host."""
        get = environ.get
        if (method := environ["REQUEST_METHOD"]) != "GET" and method != "HEAD":
            return None
        if cookie := get("HTTP_COOKIE"):
            if environ["PATH_INFO"].startswith(LIVE):
                del environ["HTTP_COOKIE"]  # the same for everybody, so nobody is asked who they are
            elif self.session_cookie in cookie:
                return None
        if ((length := get("CONTENT_LENGTH")) and length != "0") or not _is_host(get("HTTP_HOST", "")):
            return None
        key = key_of(environ["PATH_INFO"], get("QUERY_STRING"))
        return key if len(key) <= _LONGEST_KEY else None

    def _fill(self, environ: Environ, key: str) -> Found:
        """On Django's thread. Whoever waited for the same page finds it here."""
        assert self.door is not None
        found = self.door.begin(key)
        if isinstance(found, Page) and not (found.is_dated and _asks_django(environ)):
            found.views += 1
            return found
        if not isinstance(found, Filling):
            return self.django(environ)
        try:
            answer = self.django(environ)
        except BaseException:
            self.door.give_up(found)
            raise
        page = self.door.fill(found, answer)
        return answer if page is None or (page.is_dated and _asks_django(environ)) else page


def key_of(path: str, query: str | None) -> str:
    """No two requests have one key: a path, which is decoded, may hold a question mark; a query, which is not, holds no space."""
    return f"?{query} {path}" if query else path


@lru_cache(maxsize=256)
def _is_host(host: str) -> bool:
    return _HOST.fullmatch(host) is not None


def _asks_django(environ: Environ) -> bool:
    """A feed is dated, and its conditions are Django's to weigh, but for the usual one."""
    if "HTTP_IF_NONE_MATCH" in environ and "HTTP_IF_MATCH" not in environ:
        return False
    return not environ.keys().isdisjoint(("HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"))


def _send_page(environ: Environ, start: Start, page: Page) -> Iterable[bytes]:
    """304 first; a range is not served, and whoever asks for one gets the whole (RFC 9110 §14.2)."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and _matches(known, page.etag):
        start("304 Not Modified", page.not_modified)
        return []
    if page.gzip_headers is not None and encoding.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        start("200 OK", page.gzip_headers)
        return [page.body] if environ["REQUEST_METHOD"] == "GET" else []
    start("200 OK", page.plain_headers)
    return [page.plain] if environ["REQUEST_METHOD"] == "GET" else []


def _matches(known: str, etag: str) -> bool:
    """Weakly, as RFC 9110 §13.1.2 says."""
    return known == etag or known.strip() == "*" or etag.removeprefix("W/") in {e.removeprefix("W/") for e in parse_etags(known)}


def _send(environ: Environ, start: Start, answer: Found) -> Iterable[bytes]:
    assert isinstance(answer, Answer)
    if answer.stream is not None:
        start(answer.status, answer.headers)
        return answer.stream
    body, headers = answer.body, answer.headers
    if _may_be_compressed(environ, answer):
        headers = varying(headers, "Accept-Encoding")
        if etag := answer.header("etag"):
            headers = [*without(headers, "etag"), ("ETag", f"W/{etag.removeprefix('W/')}")]
        if encoding.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            body = encoding.compress(body, encoding.QUICK)
            headers = [*without(headers, "content-length"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
    start(answer.status, headers)
    return [body] if environ["REQUEST_METHOD"] != "HEAD" else []


def _may_be_compressed(environ: Environ, answer: Answer) -> bool:
    is_read = environ["REQUEST_METHOD"] in ("GET", "HEAD") and not environ["PATH_INFO"].startswith(_PRIVATE)
    kind, size = answer.header("content-type"), len(answer.body)
    return is_read and not answer.header("content-encoding") and encoding.is_worth_it(kind, size)
