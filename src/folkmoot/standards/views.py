"""Doors to the standards."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from folkmoot.base.pages import shows, stored
from folkmoot.members.middleware import MemberRequest
from folkmoot.standards import queries


@stored()
@require_safe
def standards(request: MemberRequest) -> HttpResponse:
    """What members may expect of one another."""
    return shows(render(request, "standards/standards.html", {"page": queries.standards_page(request.reader)}), "standards")


@stored()
@require_safe
def charter(request: MemberRequest) -> HttpResponse:
    """The numbers that juries, ballots and offices go by."""
    return shows(render(request, "standards/charter.html", {"page": queries.charter_page(request.reader)}), "standards")
