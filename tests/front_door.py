"""Two front doors before one community, a twin that stores nothing, and how a visitor asks each."""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client

from folkmoot.site.door import Door, Entrance, Store, open_log
from folkmoot.site.door.encoding import expand
from folkmoot.site.door.entrance import key_of

LIMIT = 16_000_000
_open: list[Door] = []


@pytest.fixture(autouse=True)
def doors_are_closed() -> Iterator[None]:
    """Whoever imports this leaves no connection behind."""
    yield
    close_doors()


def close_doors() -> None:
    while _open:
        _open.pop().close()


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> bytes:
        return expand(self.raw) if self.headers.get("content-encoding") == "gzip" else self.raw


def entrance(*, limit: int = LIMIT, exact: bool = True, count: Any = None) -> Entrance:
    """A front door of its own, as another process has it; Django answers on this thread."""
    from folkmoot.site.wsgi import ask_django  # it looks for the static files, which are collected when the tests begin

    _open.append(Door(open_log(), Store(limit), exact=exact))
    return Entrance(
        ask_django,
        run=lambda environ, work: work(),
        door=_open[-1],
        count=count or (lambda views: None),
        session_cookie=settings.SESSION_COOKIE_NAME,
    )


def ask(app: Any, address: str, method: str = "GET", **headers: str) -> Said:
    """One request, as granian hands it over; `headers` as `Accept_Encoding="gzip"`."""
    path, _, query = address.partition("?")
    path = unquote(path)
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }  # fmt: skip
    said: list[Any] = []
    raw = b"".join(app(environ, lambda status, headers, *_: said.append((status, headers))))
    status, found = said[0]
    return Said(int(status.split()[0]), {name.lower(): value for name, value in found}, raw)


def fresh(address: str) -> bytes:
    """The page as a visitor gets it from Django, who stores nothing."""
    response = Client().get(address)
    return b"".join(response) if response.streaming else response.content


def is_stored(app: Entrance, address: str) -> bool:
    assert app.door is not None
    path, _, query = address.partition("?")
    return app.door.find(key_of(path, query)) is not None
