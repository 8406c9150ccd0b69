"""Feeds: Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) of the same entries."""

import hashlib
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from folkmoot.base.pages import shows, stored
from folkmoot.base.time import SECOND, now_moment
from folkmoot.members.middleware import MemberRequest
from folkmoot.threads import queries
from folkmoot.threads.feeds import atom, json_feed
from folkmoot.threads.queries.feeds import Feed

_TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}


@stored()
@require_safe
def latest(request: MemberRequest, kind: str) -> HttpResponse:
    return answer(request, queries.latest_feed(community=_community(request)), kind, "latest")


@stored()
@require_safe
def forum(request: MemberRequest, slug: str, kind: str) -> HttpResponse:
    feed = queries.forum_feed(slug, community=_community(request))
    return answer(request, feed, kind, f"forum:{feed.place}")


@stored()
@require_safe
def thread(request: MemberRequest, thread_id: int, kind: str) -> HttpResponse:
    return answer(request, queries.thread_feed(thread_id, community=_community(request)), kind, f"thread:{thread_id}")


@stored()
@require_safe
def member(request: MemberRequest, name: str, kind: str) -> HttpResponse:
    feed = queries.member_feed(name, community=_community(request))
    return answer(request, feed, kind, f"member:{feed.place}", *(f"thread:{entry.thread_id}" for entry in feed.entries))


def _community(request: HttpRequest) -> str:
    return str(request.frame.name)  # type: ignore[attr-defined]


def answer(request: HttpRequest, feed: Feed, kind: str, *tags: str) -> HttpResponse:
    """The feed, or 304 when the reader has it already."""
    writers: dict[str, Callable[[Feed], bytes]] = {"atom": atom, "json": json_feed}
    response = HttpResponse(writers[kind](feed), content_type=_TYPES[kind])
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    changed, until = feed.changed // SECOND if feed.changed else None, None
    if changed is not None and time.time() - changed > 2:  # a date of this second would not tell the next change from this
        response["Last-Modified"] = http_date(changed)
    elif changed is not None:
        changed, until = None, now_moment() + SECOND
    found = get_conditional_response(request, etag, changed, response)
    assert found is not None
    return shows(found, *tags, until=until)
