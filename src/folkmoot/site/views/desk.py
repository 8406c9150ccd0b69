"""Doors for administrators, and the demo's one-click sign-in."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from folkmoot.base.time import to_moment
from folkmoot.forums import actions as forums
from folkmoot.forums.forms import PostingRulesForm
from folkmoot.forums.models import Forum
from folkmoot.members import actions as members
from folkmoot.members.forms import ReasonForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Claim, Member
from folkmoot.members.rules import may_administer
from folkmoot.site import actions, queries
from folkmoot.site.cast import CAST
from folkmoot.site.forms import CommunityForm, FeatureForm, HousePageForm, LoadLevelForm
from folkmoot.site.founding.pages import TITLES
from folkmoot.site.models import Community
from folkmoot.site.office import open_claims
from folkmoot.site.templating import is_loopback
from folkmoot.threads.models import Thread
from folkmoot.threads.queries.thread import address_of


@require_http_methods(["GET", "HEAD", "POST"])
def community(request: MemberRequest) -> HttpResponse:
    """Name, promise, zone and payment of the community."""
    may_administer(request.member).or_refuse()
    row = get_object_or_404(Community)
    form = CommunityForm(request.POST or None, initial={n: getattr(row, n) for n in CommunityForm.base_fields if hasattr(row, n)})
    if request.method == "POST" and form.is_valid():
        assert request.member is not None
        actions.change_community(by=request.member, **form.cleaned_data)
        messages.success(request, "Done, and on the record.")
        return redirect("/")
    return render(request, "site/community.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def load_level(request: MemberRequest) -> HttpResponse:
    """Who is let in while the site is overloaded."""
    may_administer(request.member).or_refuse()
    form = LoadLevelForm(request.POST or None, initial={"level": get_object_or_404(Community).load_level})
    if request.method == "POST" and form.is_valid():
        assert request.member is not None
        actions.set_load_level(form.cleaned_data["level"], by=request.member, reason=form.cleaned_data["reason"])
        messages.success(request, "Done, and on the record.")
        return redirect("site:load_level")
    return render(request, "site/load_level.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change_house_page(request: MemberRequest, page: str) -> HttpResponse:
    may_administer(request.member).or_refuse()
    form = HousePageForm(request.POST or None, initial={"text": queries.house_page(page)[0]})
    if request.method == "POST" and form.is_valid():
        assert request.member is not None
        actions.change_house_page(page, by=request.member, **form.cleaned_data)
        messages.success(request, "Done, and on the record.")
        return redirect("site:house_page", page)
    return render(request, "site/change_house_page.html", {"form": form, "page": page, "title": TITLES[page]})


@require_http_methods(["GET", "HEAD", "POST"])
def posting_rules(request: MemberRequest, slug: str) -> HttpResponse:
    """What a forum asks of a new thread."""
    may_administer(request.member).or_refuse()
    forum = get_object_or_404(Forum.objects.select_related("category", "posting_rules"), slug=slug)
    form = PostingRulesForm(request.POST or None, initial=asdict(forum.rules))
    if request.method == "POST" and form.is_valid():
        assert request.member is not None
        changed = forums.change_rules(forum, by=request.member, rules=form.rule_set(), reason=form.cleaned_data["reason"])
        messages.success(request, "Done, and on the record." if changed else "The rules are as they were.")
        return redirect("site:about_forum", forum.slug)
    return render(request, "site/posting_rules.html", {"form": form, "forum": forum}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def act_on_member(
    request: MemberRequest, name: str, *, act: Callable[..., Any], heading: str, shows_result: bool = False
) -> HttpResponse:
    """An act of authority over an account; it asks for its reason."""
    may_administer(request.member).or_refuse()
    member = get_object_or_404(Member, name=name)
    form = ReasonForm(request.POST or None)
    result = None
    if request.method == "POST" and form.is_valid():
        result = act(member, by=request.member, reason=form.cleaned_data["reason"])
        if not shows_result:
            messages.success(request, "Done, and on the record.")
            return redirect("site:profile", member.name)
    context = {"form": form, "heading": heading, "person": member, "back": f"/members/{member.name}/", "result": result}
    return render(request, "site/act_on_member.html", context)


@require_safe
def claims(request: MemberRequest) -> HttpResponse:
    """What people say who want an account that moved in: the oldest first, a hundred at a time."""
    may_administer(request.member).or_refuse()
    found = open_claims().select_related("member").order_by("pk")[:100]
    rows = [(claim, request.reader.when(to_moment(claim.made_at))) for claim in found]
    return render(request, "site/claims.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def settle_claim(request: MemberRequest, claim_id: int, *, granted: bool, heading: str) -> HttpResponse:
    may_administer(request.member).or_refuse()
    claim = get_object_or_404(Claim.objects.select_related("member"), pk=claim_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert request.member is not None
        members.settle_claim(claim, by=request.member, reason=form.cleaned_data["reason"], granted=granted)
        messages.success(request, "Done, and on the record.")
        return redirect("site:claims")
    context = {"form": form, "heading": heading, "person": claim.member, "back": "/site/claims/", "result": None}
    return render(request, "site/act_on_member.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def feature(request: MemberRequest, thread_id: int, *, act: Callable[..., Any], heading: str) -> HttpResponse:
    may_administer(request.member).or_refuse()
    thread = get_object_or_404(Thread, pk=thread_id)
    form = FeatureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act(thread, by=request.member, reason=form.cleaned_data["reason"])
        messages.success(request, "Done, and on the record.")
        return redirect("/")
    context = {"form": form, "heading": heading, "subject": thread, "back": address_of(thread)}
    return render(request, "threads/act.html", context)


@require_POST
def demo_sign_in(request: MemberRequest) -> HttpResponse:
    """One click to be one of the cast: in the demo community only, and only from this machine."""
    if not (settings.DEMO and is_loopback(request)):
        raise Http404
    member = get_object_or_404(Member, name=request.POST.get("name", ""), name__in=[c.name for c in CAST])
    login(request, member, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("/")
