"""The door that granian opens, in each of its workers.

Granian's threads only wait for what is sent: each reads one request's body, which a slow browser may take minutes to send.
Django works on one thread of its own, with one connection to each database, and never waits for a browser.
(docs/decisions/bodies-read-before-django.md) A visitor's stored page is sent by granian's thread (door/).
"""

import multiprocessing
import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.wsgi import get_wsgi_application

from folkmoot.site.child import die_with_parent

MAX_BODY = 1_000_000
"""What is read of a body. More than any form of ours sends; Django refuses it by its length."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")
if multiprocessing.parent_process() is not None:
    die_with_parent()
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402

from folkmoot.site.door import Answer, Door, Entrance, Store, open_log  # noqa: E402
from folkmoot.site.door.admission import Admission  # noqa: E402
from folkmoot.site.door.entrance import Found  # noqa: E402
from folkmoot.site.door.queue import Kind, Queue  # noqa: E402
from folkmoot.threads.tasks import count_view  # noqa: E402

_queue = Queue()
_admission = Admission(_queue, rate=settings.PAGES_A_NETWORK, session_cookie=settings.SESSION_COOKIE_NAME)


def ask_django(environ: dict[str, Any]) -> Answer:
    """Django's answer, whole; a file is read as it is sent, by granian's thread."""
    said: list[tuple[str, list[tuple[str, str]]]] = []
    response: Any = _django(environ, lambda status, headers, *_: said.append((status, headers)))  # type: ignore[arg-type]
    status, headers = said[0]
    if getattr(response, "streaming", False):
        return Answer(status, headers, stream=response)
    try:
        shown = getattr(response, "shown", None)
        return Answer(status, headers, b"".join(response), shown=shown, has_cookies=bool(response.cookies))
    finally:
        response.close()


def _run(environ: dict[str, Any], work: Callable[[], Found]) -> Found:
    environ["wsgi.input"] = BytesIO(_body(environ))
    return _admission.run(environ, work)


def _body(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    left = int(length) if length.isascii() and length.isdigit() else 0
    if not 0 < left <= MAX_BODY:
        return b""
    parts = []
    while left > 0 and (part := environ["wsgi.input"].read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _count(views: dict[int, int]) -> None:
    """On Django's thread, which has the connection; nobody waits for it."""

    def all_of_them() -> None:
        for thread_id, times in views.items():
            count_view(thread_id, times)

    _queue.put(all_of_them, Kind.VISITOR)


def open_door() -> Door | None:
    """None when nothing is to be stored."""
    limit = settings.STORED_PAGES * 1_000_000
    return Door(open_log(), Store(limit), exact=not settings.NOTIFY_TOUCHES) if limit else None


application = Entrance(
    ask_django,
    run=_run,
    door=open_door(),
    count=_count,
    session_cookie=settings.SESSION_COOKIE_NAME,
)
