"""The door that granian opens, in each of its workers.

Granian's threads only wait for what is sent: each reads one request's body, which a slow browser may take minutes to send.
Django works on one thread of its own, with one connection to each database, and never waits for a browser.
(docs/decisions/bodies-read-before-django.md)
"""

import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
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
_thread = ThreadPoolExecutor(1, "django")


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"] = BytesIO(_body(environ))
    return _thread.submit(_work, environ, start).result()


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


def _work(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    response = _django(environ, start)
    if getattr(response, "streaming", False):
        return response  # a file: it is read as it is sent, by granian's thread
    try:
        return [b"".join(response)]
    finally:
        response.close()
