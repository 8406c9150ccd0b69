"""What our Jinja2 pages can say."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.template import engines
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from folkmoot.base.time import to_moment
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.members.rules import may_administer
from folkmoot.site.cast import CAST, Villager
from folkmoot.site.queries import Frame
from folkmoot.site.tasks import told_troubles
from folkmoot.threads import fragments


def environment(**options: Any) -> Environment:
    env = Environment(**{**options, "undefined": StrictUndefined})  # noqa: S701 (autoescape is on: Django's default)
    env.globals.update(
        {"static": lru_cache(static), "url": _url, "public_url": settings.PUBLIC_URL, "source_url": settings.SOURCE_URL}
    )
    env.globals.update({"posts_in_full": fragments.in_full, "posts_index": fragments.index})
    env.filters["number"] = lambda value: f"{value:,}"
    return env


@lru_cache(maxsize=4096)
def _url(name: str, *args: object) -> str:
    return reverse(name, args=args)


class Shell(NamedTuple):
    """The parts of site/shell.html."""

    head: Markup
    top: Markup
    account: Markup
    promise: str
    nav: Markup
    foot: Markup


@lru_cache(maxsize=16)
def _shell(frame: Frame, signed_in: bool, administrator: bool) -> Shell:
    """A frame is one object for as long as it says the same (queries.frame)."""
    engine: Any = engines["jinja2"]
    make = engine.env.get_template("site/shell.html").module
    promise = "" if signed_in else make.promise(frame)
    return Shell(
        make.head(),
        make.top(frame),
        make.account(signed_in, administrator),
        promise,
        make.nav(frame),
        make.foot(frame, signed_in),
    )


def page_context(request: HttpRequest) -> dict[str, Any]:
    """On every page: the frame, who reads it, and what the house has to tell them."""
    member = getattr(request, "member", None)
    frame = getattr(request, "frame", None)
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return {
        "frame": frame,
        "shell": _shell(frame, member is not None, member is not None and member.is_administrator) if frame else None,
        "member": member,
        "troubles": told_troubles() if may_administer(member) else (),
        "seal": _seal(member, request.reader) if member is not None and member.office else None,  # type: ignore[attr-defined]
        "reader": getattr(request, "reader", None),
        "demo_cast": SimpleLazyObject(_cast) if settings.DEMO and is_loopback(request) else (),
        "messages": [{"text": m.message, "tags": m.tags} for m in messages.get_messages(request)] if has_session else [],
    }


def _seal(member: Member, reader: Reader) -> When | None:
    """When the office closes to its holder for want of a second factor."""
    seals_at = member.seals_at
    return reader.when(max(to_moment(seals_at), 0)) if seals_at else None


def _cast() -> list[Villager]:
    """Whom one can be in the demo, and who of them is asked by a jury."""
    asked = set(Member.objects.filter(jury_call=Member.JuryCall.SUMMONS).values_list("name", flat=True))
    return [replace(one, role=f"{one.role}, asked by a jury") if one.name in asked else one for one in CAST]


def is_loopback(request: HttpRequest) -> bool:
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
