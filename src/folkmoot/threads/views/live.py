"""What a page that stands open asks again and again: is there more? The answer is a number, the same for everybody.

It is asked of the front door, which leaves cookies out of it (LIVE in site/door/entrance.py): a stored answer costs next to
nothing, and there is nothing of a member in it.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from folkmoot.base.pages import shows, stored
from folkmoot.forums.models import Forum
from folkmoot.members.middleware import MemberRequest
from folkmoot.threads import queries


@stored()
@require_safe
def latest(request: MemberRequest) -> HttpResponse:
    """The moment of the newest post."""
    return _number(queries.newest_moment(), "latest")


@stored()
@require_safe
def forum(request: MemberRequest, slug: str) -> HttpResponse:
    """The moment of the newest post in a forum."""
    found = get_object_or_404(Forum.objects.only("pk"), slug=slug)
    return _number(queries.newest_moment(found.pk), f"forum:{found.pk}")


@stored()
@require_safe
def thread(request: MemberRequest, thread_id: int) -> HttpResponse:
    """How many replies a thread has."""
    return _number(queries.visible_thread(thread_id, request.reader).reply_count, f"thread:{thread_id}")


def _number(number: int, tag: str) -> HttpResponse:
    return shows(HttpResponse(str(number), content_type="text/plain"), tag)
