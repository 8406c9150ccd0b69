"""What a page costs in processor time: asked of Django, in this thread, without server or socket.

The machine may be noisy, so every few pages a fixed loop of plain Python is timed too; a page's cost as so many loops
can be compared between days and machines. A test may call `measure` as well.

python -m bench.cpu PATH… [--member NAME]     (of the community in FOLKMOOT_DATA)
"""

import argparse
import gc
import io
import json
import os
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

LOOP = 20_000
"""Turns of the calibration loop: about a millisecond."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time a page (median, and the least seen), as calibration loops, and its SQL queries."""

    path: str
    ms: float
    least_ms: float
    loops: float
    loop_ms: float
    queries: int
    bytes: int
    asked: int


def calibration_loop() -> int:
    total = 0
    for number in range(LOOP):
        total += number % 7
    return total


def measure(path: str, *, cookie: str = "", count: int = 300) -> Cost:
    """Ask one page `count` times, after a warm-up. Django is set up, and nothing else runs in this process."""
    from django.core.wsgi import get_wsgi_application

    ask = _asker(get_wsgi_application(), path, cookie)
    for _ in range(20):
        size = ask()
    queries = _queries(ask)
    pages: list[int] = []
    loops: list[int] = []
    gc.collect()
    for turn in range(count):
        pages.append(_timed(ask))
        if turn % 5 == 0:
            loops.append(_timed(calibration_loop))
    page, loop = statistics.median(pages), statistics.median(loops)
    return Cost(path, page / 1e6, min(pages) / 1e6, page / loop, loop / 1e6, queries, size, count)


def _timed(work: Callable[[], object]) -> int:
    started = time.thread_time_ns()
    work()
    return time.thread_time_ns() - started


def _asker(application: Callable[..., Any], path: str, cookie: str) -> Callable[[], int]:
    """A function that asks for the page as granian would, and returns its bytes."""
    where, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": where, "QUERY_STRING": query, "SCRIPT_NAME": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT_ENCODING": "identity", "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.multithread": False,
        "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.errors": io.StringIO(),
    }  # fmt: skip
    if cookie:
        environ["HTTP_COOKIE"] = cookie
    status = ""

    def start_response(answered: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        nonlocal status
        status = answered

    def ask() -> int:
        response = application({**environ, "wsgi.input": io.BytesIO()}, start_response)
        size = sum(map(len, response))
        response.close()
        if status != "200 OK":
            raise RuntimeError(f"{path} answered {status}")
        return size

    return ask


def _queries(ask: Callable[[], int]) -> int:
    """How many statements one page runs on both databases. (Views gathered in the process are saved every ten seconds.)"""
    from django.db import connections

    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(count))
        ask()
    return len([sql for sql in asked if "INSERT INTO threads_views" not in sql])


def session_cookie(name: str) -> str:
    """The cookies of a member who has signed in and been shown a form."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils.crypto import get_random_string

    from folkmoot.members.models import Member
    from folkmoot.members.sessions import SessionStore

    member = Member.objects.get(name=name)
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={get_random_string(32)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--member", default="")
    parser.add_argument("--count", type=int, default=300)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    cookie = session_cookie(arguments.member) if arguments.member else ""
    print(json.dumps([asdict(measure(path, cookie=cookie, count=arguments.count)) for path in arguments.paths]))


if __name__ == "__main__":
    main()
