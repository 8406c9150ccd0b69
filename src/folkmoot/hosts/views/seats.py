"""Doors of hosts: seats offered and left, blocks."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from folkmoot.base.answers import Answer, Refused
from folkmoot.base.time import now_moment
from folkmoot.forums.models import Forum
from folkmoot.hosts import actions, queries, rules
from folkmoot.hosts.forms import BlockForm, NamedForm, RecallForm
from folkmoot.hosts.models import ForumBlock, HostSeat
from folkmoot.members.forms import ReasonForm
from folkmoot.members.middleware import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: MemberRequest, slug: str) -> HttpResponse:
    """Ask a member to be a host here."""
    forum = forum_with(slug)
    is_main, retired = forum.category.is_main, forum.category.is_retired
    rules.may_appoint(request.member, forum.pk, is_main=is_main, retired=retired).or_refuse()
    form = NamedForm(request.POST or None, initial={"member": request.GET.get("member", "")[:30]})
    return act_in(request, forum, form, actions.offer_seat, forum, heading="Offer a host’s seat")


@require_http_methods(["GET", "HEAD", "POST"])
def block(request: MemberRequest, slug: str) -> HttpResponse:
    """Keep a member from writing in this forum for a while."""
    forum = forum_with(slug)
    _may_manage(request, forum).or_refuse()
    form = BlockForm(request.POST or None, initial={"member": request.GET.get("member", "")[:30]})
    return act_in(request, forum, form, actions.block, forum, heading="Block a member from this forum")


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: MemberRequest, block_id: int) -> HttpResponse:
    found = get_object_or_404(ForumBlock.objects.select_related("forum__category", "member"), pk=block_id)
    _may_manage(request, found.forum).or_refuse()
    heading = f"Lift the block of {found.member.name}"
    return act_in(request, found.forum, ReasonForm(request.POST or None), actions.lift_block, found, heading=heading)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest, seat_id: int) -> HttpResponse:
    found = get_object_or_404(HostSeat.objects.select_related("forum__category", "member"), pk=seat_id)
    _may_manage(request, found.forum).or_refuse()
    heading = f"Remove {found.member.name} as host" if found.appointed_at else f"Take the offer to {found.member.name} back"
    return act_in(request, found.forum, ReasonForm(request.POST or None), actions.remove, found, heading=heading)


@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: MemberRequest, seat_id: int) -> HttpResponse:
    """An offer and its answer; or one's own seat."""
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    page = queries.own_seat(seat_id, member=request.member, reader=request.reader, now=now_moment())
    if request.method == "POST":
        accepts = "accept" in request.POST
        (actions.accept_seat if accepts else actions.decline_seat)(page.seat, by=request.member)
        messages.success(request, f"You are a host of {page.forum.name}." if accepts else "Declined. It costs you nothing.")
        return redirect("site:about_forum", page.forum.slug)
    return render(request, "hosts/seat.html", {"page": page})


@require_POST
def resign(request: MemberRequest, seat_id: int) -> HttpResponse:
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next=/hosts/seats/{seat_id}/")
    page = queries.own_seat(seat_id, member=request.member, reader=request.reader, now=now_moment())
    actions.resign(page.seat, by=request.member)
    messages.success(request, f"You are no longer a host of {page.forum.name}. Thank you for your service.")
    return redirect("site:about_forum", page.forum.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def put_forward_recall(request: MemberRequest, seat_id: int) -> HttpResponse:
    """Ask the members to end a host's service."""
    page = queries.recall_page(seat_id, reader=request.reader, now=now_moment())
    form = RecallForm(request.POST or None, of=page.forum)
    if request.method == "POST":
        page.answer.or_refuse()
        assert request.member is not None
        act = partial(actions.put_forward_recall, page.seat, by=request.member)
        if form.is_valid() and (made := form.tried(lambda: act(**form.said()))):
            return redirect("standards:draft", made.pk)
    return render(request, "hosts/recall.html", {"page": page, "form": form}, status=422 if form.errors else 200)


def forum_with(slug: str) -> Forum:
    return get_object_or_404(Forum.objects.select_related("category"), slug=slug)


def _may_manage(request: MemberRequest, forum: Forum) -> Answer:
    """Whether they may appoint, remove and block here at all; the action asks the rest."""
    return rules.may_appoint(request.member, forum.pk, is_main=forum.category.is_main, retired=False)


def act_in(
    request: MemberRequest, forum: Forum, form: ReasonForm, act: Callable[..., object], of: object, *, heading: str
) -> HttpResponse:
    """An act of authority: it asks for its reason; what was refused keeps what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            act(of, by=request.member, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, "Done, and on the record.")
            return redirect("site:about_forum", forum.slug)
    context = {"form": form, "forum": forum, "heading": heading}
    return render(request, "hosts/act.html", context, status=422 if form.errors else 200)
