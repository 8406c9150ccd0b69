"""What our Jinja2 pages can say."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from folkmoot.site.cast import CAST
from folkmoot.site.tasks import told_troubles


def environment(**options: Any) -> Environment:
    env = Environment(**{**options, "undefined": StrictUndefined})  # noqa: S701 (autoescape is on: Django's default)
    env.globals.update({"static": lru_cache(static), "url": _url, "public_url": settings.PUBLIC_URL})
    env.filters["number"] = lambda value: f"{value:,}"
    return env


@lru_cache(maxsize=4096)
def _url(name: str, *args: object) -> str:
    return reverse(name, args=args)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """On every page: the frame, who reads it, and what the house has to tell them."""
    member = getattr(request, "member", None)
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return {
        "frame": getattr(request, "frame", None),
        "member": member,
        "troubles": told_troubles() if member is not None and member.is_administrator else (),
        "reader": getattr(request, "reader", None),
        "demo_cast": CAST if settings.DEMO and is_loopback(request) else (),
        "messages": [{"text": m.message, "tags": m.tags} for m in messages.get_messages(request)] if has_session else [],
    }


def is_loopback(request: HttpRequest) -> bool:
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
