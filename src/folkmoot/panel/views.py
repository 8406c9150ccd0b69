"""Doors of the review panel."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from folkmoot.base.pages import shows, stored
from folkmoot.base.time import now_moment
from folkmoot.members.middleware import MemberRequest
from folkmoot.panel import actions, queries
from folkmoot.panel.forms import AskForm, OpinionForm
from folkmoot.standards import queries as standards
from folkmoot.standards.forms import DiscussedForm


@stored()
@require_safe
def panel(request: MemberRequest) -> HttpResponse:
    """Who sits on it, what it does, and what it decided."""
    return shows(
        render(request, "panel/panel.html", {"page": queries.panel_page(request.reader)}), "panel", "drafts", "standards"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def stand(request: MemberRequest, election_id: int) -> HttpResponse:
    """Stand for the panel in an election."""
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    found, form = standards.election(election_id), DiscussedForm(request.POST or None)
    act = partial(actions.stand, found, by=request.member)
    if request.method == "POST" and form.is_valid() and (made := form.tried(lambda: act(**form.said()))):
        return redirect("standards:draft", made.pk)
    answer = queries.may_sit(request.member, now_moment())
    context = {"election": found, "form": form, "answer": answer}
    return render(request, "panel/stand.html", context, status=422 if form.errors else 200)


@require_POST
def leave(request: MemberRequest) -> HttpResponse:
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next=/panel/")
    actions.leave(by=request.member)
    messages.success(request, "You have left the review panel. Thank you for your service.")
    return redirect("panel:panel")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: MemberRequest) -> HttpResponse:
    """A banned member asks for a review."""
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    answer, form = queries.may_ask(request.member), AskForm(request.POST or None)
    if request.method == "POST":
        answer.or_refuse()
        if form.is_valid():
            return redirect("panel:review", actions.ask(by=request.member, **form.cleaned_data).pk)
    return render(request, "panel/ask.html", {"form": form, "answer": answer}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: MemberRequest, review_id: int) -> HttpResponse:
    """A review with its reasons; the panel says here what it finds."""
    page, form = queries.review_page(review_id, request.reader), OpinionForm(request.POST or None)
    if request.method == "POST":
        page.may_judge.or_refuse()
        assert request.member is not None
        if form.is_valid():
            actions.judge(page.review, by=request.member, **form.cleaned_data)
            messages.success(request, "Done, and on the record.")
            return redirect("panel:review", review_id)
    return render(request, "panel/review.html", {"page": page, "form": form}, status=422 if form.errors else 200)
