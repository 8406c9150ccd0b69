"""Who is asking: `request.member`, a `Member` or None. A visitor without a session cookie costs no query."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from folkmoot.base.databases import may_be_lost
from folkmoot.members.addresses import network_of
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader
from folkmoot.members.sessions import SessionStore
from folkmoot.members.tasks import note_visit


class MemberRequest(HttpRequest):
    """A request as our views see it."""

    member: Member | None
    reader: Reader


class SessionMiddleware(DjangoSessionMiddleware):
    """What a mere reading changes in a session (a message was seen) may be lost; what a form changes may not."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        assert isinstance(request.session, SessionStore)
        request.session.network = network_of(request.META.get("REMOTE_ADDR", ""))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self._saved(request, response)
        with may_be_lost():
            return self._saved(request, response)
        return response

    def _saved(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Django takes a database that cannot be written for a session that was deleted meanwhile; it is not."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            update = error.__context__
            if update is not None and isinstance(update.__context__, OperationalError):
                raise update.__context__ from update.__context__.__cause__
            raise


def member_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        member = _member(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        request.member = member  # type: ignore[attr-defined]
        request.user = member or AnonymousUser()
        return get_response(request)

    return middleware


def _member(request: HttpRequest) -> Member | None:
    session = request.session
    assert isinstance(session, SessionStore)
    kept_hash = session.get(HASH_SESSION_KEY)  # loads the session
    member = session.member
    if member is None or kept_hash is None:
        return None
    if constant_time_compare(kept_hash, member.get_session_auth_hash()):
        note_visit(member.pk, session.seen_on)
        return member
    session.flush()  # the password was changed elsewhere: every older session ends
    return None
