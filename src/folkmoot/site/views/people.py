"""Finding members: by name freely, by what is private in the glass box (reason first, on the record, and told)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from folkmoot.base.answers import no
from folkmoot.members import actions, queries
from folkmoot.members.forms import FindMemberForm, PrivateForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Member
from folkmoot.members.rules import may_administer
from folkmoot.site import record

View = TypeVar("View", bound=Callable[..., HttpResponse])


@require_safe
def members(request: MemberRequest) -> HttpResponse:
    """Find a member by name; and which private reads there were."""
    may_administer(request.member).or_refuse()
    form = FindMemberForm(request.GET)
    name = form.cleaned_data["name"].strip() if form.is_valid() else ""
    context = {"form": form, "name": name, "found": queries.with_part(name) if name else []}
    return render(request, "site/members.html", {**context, "reads": record.private_reads(reader=request.reader)})


def password_again(view: View) -> View:
    """For administrators, who have just given their password once more."""
    asked = reauthentication_required(view)

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **more: Any) -> HttpResponse:
        may_administer(request.member).or_refuse()
        answer: HttpResponse = asked(request, *args, **more)
        return answer

    return guarded  # type: ignore[return-value]


@require_http_methods(["GET", "HEAD", "POST"])
@password_again
def seek(request: MemberRequest, *, form: type[PrivateForm], act: Callable[..., list[Member]], heading: str) -> HttpResponse:
    """By mail address or network. What is found is in the answer to the form, and nowhere else."""
    filled, found = form(request.POST or None), None
    if request.method == "POST" and filled.is_valid():
        _limit(request)
        found = act(filled.cleaned_data["asked"], by=request.member, reason=filled.cleaned_data["reason"])
    context = {"form": filled, "heading": heading, "found": found}
    return render(request, "site/seek.html", context, status=422 if filled.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@password_again
def private(request: MemberRequest, name: str) -> HttpResponse:
    """A member's mail addresses and sessions. They are in the answer to the form, and nowhere else."""
    person = get_object_or_404(Member, name=name)
    form, data = PrivateForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        assert request.member is not None
        _limit(request)
        actions.read_private(person, by=request.member, reason=form.cleaned_data["reason"])
        data = queries.private_of(person, reader=request.reader)
    context = {"form": form, "person": person, "data": data}
    return render(request, "site/private.html", context, status=422 if form.errors else 200)


def _limit(request: MemberRequest) -> None:
    if not ratelimit.consume(request, action="private_read", user=request.member):
        no("There were many private reads within an hour. Wait, and ask another administrator to look with you.").or_refuse()
