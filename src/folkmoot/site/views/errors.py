"""Pages for when it does not work: each says what happened and what to do."""

import logging
import sqlite3
import sys

from csp.middleware import CSPMiddleware
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from folkmoot.exchange.addresses import moved_address
from folkmoot.members.rules import SEALED
from folkmoot.threads.views.read import old_address

log = logging.getLogger("folkmoot")
_NOT_TYPED = {"csrfmiddlewaretoken", "key", "seen_edits", "preview", "next"}
_CALLED = {"username": "Name", "login": "Name"}
_RETRY_SECONDS = 30


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "site/refused.html", {"reason": reason, "sealed": reason == SEALED}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from elsewhere. What was typed is shown again, so that nothing is lost."""
    return render(request, "site/stale_form.html", {"typed": typed(request)}, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """One network or one account tried something too often: joining, signing in, letters."""
    return render(request, "site/too_many.html", {"typed": typed(request)}, status=429)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address of the board that moved in redirects to where its thread or post stands now."""
    if getattr(request, "frame", None) is None:
        return _broken(request, "There is nothing at this address", "Perhaps it was mistyped.", status=404)
    found = old_address(request) or _moved(request)
    return found or render(request, "site/not_found.html", status=404)


def _moved(request: HttpRequest) -> HttpResponse | None:
    """An address that a rule of the old board explains."""
    if request.method not in ("GET", "HEAD"):
        return None
    address = moved_address(request.path, request.META["QUERY_STRING"])
    return redirect(address, permanent=True) if address else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What no form of ours sends: far too much, too many fields, a body that ends in its middle."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        say = "A post holds 100,000 bytes. Go back: your browser has kept what you typed. Shorten it or split it."
        return _broken(request, "That is more than this site takes", say, status=413)
    return _broken(request, "That could not be understood", "Go back, open the form again, and send it once more.", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke; or the database cannot be written or reached just now, which passes: 503, and a browser or a
    robot comes again."""
    error = sys.exc_info()[1]  # Django asks for this page while it handles the exception
    if error is not None and _passes(error):
        say = "The site cannot keep anything just now: its disk is full or its database is busy. Reading goes on."
        answer = _broken(request, "Please send that again in a minute", say, status=503)
        answer["Retry-After"] = str(_RETRY_SECONDS)
        return answer
    return _broken(request, "Something broke on our side", "It has been written down. Wait a minute, and try again.", status=500)


_SQLITE_PASSES = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM,
}  # fmt: skip


def _passes(error: BaseException) -> bool:
    """Whether a machine or a person outside the program can mend it: a full disk, a lock, a server that is away."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    return not isinstance(cause, sqlite3.Error) or getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE_PASSES


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody typed into a form of ours: name and words, passwords left out."""
    try:
        fields = list(request.POST.items())
    except (UnreadablePostError, MultiPartParserError, BadRequest, SuspiciousOperation):
        return []
    return [
        (_CALLED.get(n, n.capitalize()), str(v))
        for n, v in fields
        if v and n not in _NOT_TYPED and "password" not in n and n.isidentifier()
    ]


_SHED = {
    1: "So many people are here that only members can read just now. Sign in, or come again in a few minutes.",
    2: "So many people are here that only Star members can read just now. Whoever has a page open can still post.",
    3: "The site is being looked after. Come again in a few minutes.",
}


def shed(request: HttpRequest, level: int) -> HttpResponse:
    """For whom the load level that was set by hand leaves no room."""
    page = _broken(request, "Not just now", _SHED[level], status=503)
    page["Retry-After"] = "300"
    return page


def turned_away(status: int, heading: str, say: str, seconds: int) -> HttpResponse:
    """For whom the site has no time now: a page that asks neither Django nor a database, with the headers of all others."""
    request = HttpRequest()
    page = _broken(request, heading, say, status=status)
    page["Retry-After"] = str(seconds)
    page["Cache-Control"] = "no-store"
    page["Content-Length"] = str(len(page.content))
    for middleware in (XFrameOptionsMiddleware, CSPMiddleware, SecurityMiddleware):
        dressed = middleware(lambda _, page=page: page)(request)
        assert isinstance(dressed, HttpResponse)
        page = dressed
    return page


def _broken(request: HttpRequest, heading: str, say: str, *, status: int) -> HttpResponse:
    """A page that needs neither the database nor the frame: either may be what broke. It shows what was typed."""
    context = {"heading": heading, "say": say, "typed": typed(request)}
    try:
        return HttpResponse(render_to_string("site/broken.html", context), status=status)
    except Exception:
        log.exception("the error page broke, too")
        return HttpResponse(f"<!doctype html><html lang=en><title>{heading}</title><h1>{heading}</h1><p>{say}", status=status)
