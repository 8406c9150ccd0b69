"""What a page says of itself, so that it may be stored: which parameters it knows, and what it shows.

The front door (site/door) stores a visitor's page until an event touches one of its tags. Every page shows the frame, so
`everything` drops every page; the frame needs no tag of its own.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

EVERYTHING = "everything"
"""The tag of what changes every page: the frame, a bulk move, a recount."""

_VALUE = re.compile(r"[0-9A-Za-z_-]{1,20}")

View = TypeVar("View", bound=Callable[..., HttpResponse])


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: the tags of all that can change it, and the moment at which time alone does."""

    tags: frozenset[str]
    until: int | None = None
    seen: int | None = None
    """The thread whose view counts when a stored page is sent."""


def stored(*parameters: str) -> Callable[[View], View]:
    """This view's page may be stored, at addresses with these parameters in this order. The view calls `shows`."""

    def declare(view: View) -> View:
        @wraps(view)
        def declared(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
            response = view(request, *args, **more)
            if not is_canonical(request.META.get("QUERY_STRING", ""), parameters):
                response.shown = None  # type: ignore[attr-defined]
            return response

        declared.stored_parameters = parameters  # type: ignore[attr-defined]
        return declared  # type: ignore[return-value]

    return declare


def is_canonical(query: str, parameters: tuple[str, ...]) -> bool:
    """Whether a query names only known parameters, each once, in their order: no page is stored twice under two names."""
    pairs = [pair.partition("=") for pair in query.split("&")] if query else []
    named = [name for name, _, _ in pairs]
    return named == [name for name in parameters if name in named] and all(_VALUE.fullmatch(value) for _, _, value in pairs)


def shows(response: HttpResponse, *tags: str, until: int | None = None, seen: int | None = None) -> HttpResponse:
    """Say what this page shows. From the moment `until` on, time alone has made it untrue."""
    response.shown = Shown(frozenset(tags), until, seen)  # type: ignore[attr-defined]
    return response


def names(member_ids: Iterable[int]) -> tuple[str, ...]:
    """The tags of what stands beside these members' names: a Star, an office."""
    return tuple(f"name:{pk}" for pk in dict.fromkeys(member_ids))


def soonest(*moments: int | None) -> int | None:
    """The first of several ends; None is no end."""
    return min((moment for moment in moments if moment is not None), default=None)
