"""Doors to what the law asks for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from folkmoot.base.answers import Refused
from folkmoot.base.pages import shows, stored
from folkmoot.legal import actions, queries, rules
from folkmoot.legal.forms import AnswerForm, CounterForm, DecideForm, NoticeForm, RemoveForm
from folkmoot.legal.models import Notice, Removal
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.rules import may_administer
from folkmoot.threads.queries import visible_post


@stored()
@require_safe
def legal(request: MemberRequest) -> HttpResponse:
    """Where everything stands that the law asks for."""
    return shows(render(request, "legal/legal.html"))


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: MemberRequest) -> HttpResponse:
    """Anybody says that something here is unlawful."""
    form = NoticeForm(request.POST or None, initial={"where": request.GET.get("where", "")[: rules.WHERE_MAX]})
    if request.method == "POST" and form.is_valid():
        return redirect("legal:told", _notify(request, form))
    return render(request, "legal/notice.html", {"form": form}, status=422 if form.errors else 200)


def _notify(request: MemberRequest, form: NoticeForm) -> str:
    if not ratelimit.consume(request, action="notice"):
        raise Refused("There were many notices from your network today. Try again tomorrow, or write to us: see Contact.")
    data = {name: value for name, value in form.cleaned_data.items() if name != "good_faith"}
    return actions.notify(post=queries.post_at(data["where"]), **data)[1]


@require_safe
def told(request: MemberRequest, secret: str) -> HttpResponse:
    """The sender's own page, known to nobody else: the number, and what became of it."""
    found = get_object_or_404(Notice, secret_hash=actions.secret_hash(secret))
    return render(request, "legal/told.html", {"page": queries.told(found, request.reader)})


@require_http_methods(["GET", "HEAD", "POST"])
def removed(request: MemberRequest, post_id: int) -> HttpResponse:
    """Why a post is removed, and the way to contest it for its author."""
    page = queries.statement(visible_post(post_id, request.reader), request.reader)
    form = CounterForm(request.POST or None)
    if request.method == "POST" and not page.is_author:
        raise Refused("Only the author of a post can contest its removal.")
    if request.method == "POST" and form.is_valid() and _done(request, form, lambda: _counter(request, page.removal, form)):
        return redirect("legal:removed", post_id)
    return render(request, "legal/removed.html", {"page": page, "form": form}, status=422 if form.errors else 200)


def _counter(request: MemberRequest, removal: Removal, form: CounterForm) -> None:
    assert request.member is not None
    actions.counter(removal, by=request.member, text=form.cleaned_data["text"])


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest, post_id: int) -> HttpResponse:
    """Remove a post on legal grounds without a notice: an authority asked, or an administrator saw it."""
    may_administer(request.member).or_refuse()
    assert request.member is not None
    post = visible_post(post_id, request.reader)
    form = RemoveForm(request.POST or None)
    act = partial(actions.remove, post, by=request.member)
    if request.method == "POST" and form.is_valid() and _done(request, form, lambda: act(**form.cleaned_data)):
        return redirect("legal:removed", post_id)
    return render(request, "legal/remove.html", {"form": form, "post": post}, status=422 if form.errors else 200)


@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    may_administer(request.member).or_refuse()
    opened, closed = queries.lines(request.reader)
    return render(request, "legal/notices.html", {"opened": opened, "closed": closed})


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: MemberRequest, notice_id: int) -> HttpResponse:
    may_administer(request.member).or_refuse()
    found = get_object_or_404(Notice.objects.select_related("post"), pk=notice_id)
    form = DecideForm(request.POST or None, can_remove=found.post is not None)
    if request.method == "POST" and form.is_valid() and _done(request, form, lambda: _decide(request, found, form)):
        return redirect("legal:notices")
    context = {"page": queries.told(found, request.reader), "form": form}
    return render(request, "legal/decide.html", context, status=422 if form.errors else 200)


def _decide(request: MemberRequest, found: Notice, form: DecideForm) -> None:
    assert request.member is not None
    data = form.cleaned_data
    if data["decision"] == "remove":
        actions.follow(found, by=request.member, ground=data["ground"], facts=data["facts"], answer=data["answer"])
    else:
        actions.leave(found, by=request.member, answer=data["answer"], reason=data["ground"])


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: MemberRequest, removal_id: int) -> HttpResponse:
    """A counter-notice: the author says why the post should come back."""
    may_administer(request.member).or_refuse()
    assert request.member is not None
    found = get_object_or_404(Removal.objects.select_related("post"), pk=removal_id, countered_at__isnull=False)
    form = AnswerForm(request.POST or None)
    act = partial(actions.answer, found, by=request.member)
    if request.method == "POST" and form.is_valid() and _done(request, form, lambda: act(**form.said())):
        return redirect("legal:notices")
    return render(request, "legal/answer.html", {"removal": found, "form": form}, status=422 if form.errors else 200)


def _done(request: MemberRequest, form: forms.Form, act: Callable[[], Any]) -> bool:
    """Do it; or have the form say why not, with what was typed."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    messages.success(request, "Done. Every step of it stands on this page and, where an office acted, on the record.")
    return True
