"""Doors of the intake team."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from folkmoot.base.time import now_moment
from folkmoot.hosts import actions, queries, rules
from folkmoot.hosts.forms import NamedForm, RevokeForm
from folkmoot.hosts.models import Revocation
from folkmoot.hosts.views.watches import done
from folkmoot.members.forms import ReasonForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Member
from folkmoot.members.rules import may_administer


@require_safe
def intake(request: MemberRequest) -> HttpResponse:
    """New accounts and what the team thinks of them; 404 to everybody else."""
    if not rules.may_look_at_intake(request.member):
        raise Http404
    return render(request, "hosts/intake.html", {"page": queries.intake(reader=request.reader, now=now_moment())})


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: MemberRequest, name: str) -> HttpResponse:
    """Agree that a new account be closed."""
    person = get_object_or_404(Member, name=name)
    queries.may_revoke(request.member, person, now=now_moment()).or_refuse()
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and done(request, form, actions.back_revocation, person):
        return redirect("hosts:intake")
    context = {"form": form, "heading": f"Close the account of {person.name}", "person": person, "closes": True}
    return render(request, "hosts/intake_act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: MemberRequest, revocation_id: int) -> HttpResponse:
    rules.may_look_at_intake(request.member).or_refuse()
    found = get_object_or_404(Revocation.objects.select_related("member"), pk=revocation_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and done(request, form, actions.undo_revocation, found):
        return redirect("hosts:intake")
    context = {"form": form, "heading": f"Open the account of {found.member.name} again", "person": found.member, "closes": False}
    return render(request, "hosts/intake_act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: MemberRequest) -> HttpResponse:
    """Who is on the team; a POST appoints."""
    may_administer(request.member).or_refuse()
    form = NamedForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and done(request, form, actions.appoint_intake):
        return redirect("hosts:team")
    context = {"form": form, "team": queries.intake_team(reader=request.reader)}
    return render(request, "hosts/team.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: MemberRequest, name: str) -> HttpResponse:
    may_administer(request.member).or_refuse()
    person, form = get_object_or_404(Member, name=name), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and done(request, form, actions.dismiss_intake, person):
        return redirect("hosts:team")
    context = {"form": form, "heading": f"Take {person.name} off the intake team", "person": person, "closes": False}
    return render(request, "hosts/intake_act.html", context, status=422 if form.errors else 200)


@require_POST
def leave(request: MemberRequest) -> HttpResponse:
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next=/account/")
    actions.leave_intake(by=request.member)
    messages.success(request, "You have left the intake team. Thank you for your service.")
    return redirect("members:account")
