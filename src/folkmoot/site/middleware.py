"""What every request passes: who is really asking, what a refusal looks like, what may be stored."""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from folkmoot.base.answers import Refused
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader
from folkmoot.members.rules import may_administer
from folkmoot.site.rules import may_come_in

ALWAYS = ("/healthz", "/sign-in/", "/sign-out/", "/robots.txt")
"""What works at every load level."""

Handler = Callable[[HttpRequest], HttpResponse]


def proxy_middleware(get_response: Handler) -> Handler:
    """Believe X-Forwarded-For only from trusted proxies, and only as far back as they vouch for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = address_of(request.META)
        request.META.pop("HTTP_X_FORWARDED_FOR", None)
        if settings.IS_SECURE:
            request.META["wsgi.url_scheme"] = "https"
        return get_response(request)

    return middleware


def address_of(environ: dict[str, Any]) -> str:
    """Who asks, as far as it can be believed."""
    address: str = environ.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops and _trusted(address):
        address = hops.pop()
    return address


def _trusted(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in settings.TRUSTED_PROXIES)


def frame_middleware(get_response: Handler) -> Handler:
    """`request.frame` (the shell's one query) and `request.reader`, for every page."""
    from folkmoot.site.queries import frame

    def middleware(request: HttpRequest) -> HttpResponse:
        member = request.member  # type: ignore[attr-defined]
        request.frame = frame(demo=settings.DEMO)  # type: ignore[attr-defined]
        request.reader = Reader.of(member, request.frame.zone, request.frame.zone_name)  # type: ignore[attr-defined]
        if "\x00" in request.path_info:
            raise Http404  # nothing is named with a NUL, and PostgreSQL would not even look
        return get_response(request)

    return middleware


def load_middleware(get_response: Handler) -> Handler:
    """The load level that an administrator set by hand: who is not let in now gets a page that costs little."""
    from folkmoot.site.views.errors import shed

    def middleware(request: HttpRequest) -> HttpResponse:
        level = request.frame.load_level  # type: ignore[attr-defined]
        if level and not request.path_info.startswith(ALWAYS):
            member: Member | None = request.member  # type: ignore[attr-defined]
            let_in = may_come_in(
                level,
                is_member=member is not None,
                goes_first=member is not None and member.star,
                is_officer=bool(may_administer(member)) or _sets_up_second_factor(request, member),
                posts=request.method == "POST",
            )
            if not let_in:
                return shed(request, level)
        return get_response(request)

    return middleware


def _sets_up_second_factor(request: HttpRequest, member: Member | None) -> bool:
    return member is not None and member.is_sealed and request.path_info.startswith("/account/")


def refusal_middleware(get_response: Handler) -> Handler:
    """A raised `Refused` becomes a 403 page with its reason."""
    from folkmoot.site.views import refused

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
            return refused(request, str(error.reason)) if isinstance(error, Refused) else None

    return Middleware()


def cache_control_middleware(get_response: Handler) -> Handler:
    """No page of a member, no error and no form may be stored anywhere; a visitor's page is asked for again each time."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.has_header("Cache-Control"):
            return response
        is_private = (
            request.method not in ("GET", "HEAD")
            or response.status_code not in (200, 304)
            or settings.SESSION_COOKIE_NAME in request.COOKIES
            or bool(response.cookies)
            or request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
            or "CSRF_COOKIE" in request.META
        )
        response["Cache-Control"] = "no-store" if is_private else "no-cache"
        if not is_private:
            patch_vary_headers(response, ("Cookie",))
        return response

    return middleware
