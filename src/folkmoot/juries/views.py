"""Doors to juries."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from folkmoot.base.answers import Refused
from folkmoot.base.pages import shows, stored
from folkmoot.base.paging import Cursor
from folkmoot.juries import actions
from folkmoot.juries.forms import AlertForm, AppealForm, NameForm, VoteForm
from folkmoot.juries.models import Case, Jury
from folkmoot.juries.queries.acts import send_page
from folkmoot.juries.queries.bundles import bundle_of
from folkmoot.juries.queries.figures import figures as figures_of
from folkmoot.juries.queries.pages import alert_page, case_page, cases_page, mine_page, serve_page
from folkmoot.juries.queries.shown import CSV_HEAD, shown, table
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members import actions as members
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Member
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Standard
from folkmoot.threads.models import Post
from folkmoot.threads.queries import visible_post


@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: MemberRequest, post_id: int) -> HttpResponse:
    """Say that a post breaks a standard."""
    post = visible_post(post_id, request.reader)
    page = alert_page(post, request.member)
    form = AlertForm(request.POST or None, wordings=page.wordings, letters=page.charter.alert_letters)
    if request.method == "POST" and page.answer and form.is_valid() and _sent(request, form, actions.alert, post, SENT_ALERT):
        return redirect("threads:post", post_id)
    return render(request, "juries/alert.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: MemberRequest, act_id: int) -> HttpResponse:
    """Have a jury look at an act of an office: for whom it hit."""
    assert request.member is not None
    page = send_page(act_id, request.member, now=datetime.now(UTC))
    form = AlertForm(request.POST or None, wordings=page.wordings, letters=page.charter.alert_letters)
    if request.method == "POST" and form.is_valid() and _sent(request, form, actions.send, page.act, SENT_ACT):
        return redirect("juries:mine")
    return render(request, "juries/send.html", {"page": page, "form": form}, status=422 if form.errors else 200)


SENT_ALERT = "Thank you. Members drawn by lot will look at it; you will be told what they found."
SENT_ACT = "It is before a jury. Members drawn by lot will look at it; you will be told what they found."


def _sent(request: MemberRequest, form: AlertForm, act: Callable[..., Case], of: Post | OutboxEntry, says: str) -> bool:
    """A post, or an act of an office, brought before a jury."""
    standard = get_object_or_404(Standard, number=form.cleaned_data["standard"])
    if form.tried(lambda: act(of, by=request.member, standard=standard, text=form.cleaned_data["text"])) is None:
        return False
    messages.success(request, says)
    return True


@require_safe
def case_of_post(request: MemberRequest, post_id: int) -> HttpResponse:
    """The newest verdict on a post."""
    visible_post(post_id, request.reader)
    case = Case.objects.filter(post=post_id, act=None, closed_at__isnull=False).order_by("-closed_at").first()
    if case is None:
        raise Http404
    return redirect("juries:case", case.pk)


@stored("before", "after", "month")
@require_safe
def juries(request: MemberRequest) -> HttpResponse:
    """Every decided case, newest first."""
    page = cases_page(request.reader, Cursor.read(request.GET, request.reader.zone))
    return shows(render(request, "juries/juries.html", {"page": page, "charter": standards.charter_now()}), "juries", "standards")


@require_safe
def figures(request: MemberRequest) -> HttpResponse:
    """Everything that is counted of juries; it must be able to embarrass us."""
    days = 30 if request.GET.get("days") == "30" else None
    page = figures_of(datetime.now(UTC), days=days)
    return render(request, "juries/figures.html", {"figures": shown(page), "days": days})


@require_safe
def figures_csv(request: MemberRequest) -> HttpResponse:
    days = 30 if request.GET.get("days") == "30" else None
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="juries.csv"'
    written = csv.writer(response)
    written.writerows([CSV_HEAD, *table(figures_of(datetime.now(UTC), days=days))])
    return response


@stored()
@require_safe
def case(request: MemberRequest, case_id: int) -> HttpResponse:
    page = case_page(case_id, reader=request.reader, show="show" in request.GET, now=datetime.now(UTC))
    response = render(request, "juries/case.html", {"page": page})
    return shows(response, f"case:{case_id}", f"thread:{page.post.thread_id}")


@require_safe
def bundle(request: MemberRequest, case_id: int, kind: str) -> HttpResponse:
    """All that a verdict rests on, for verify_draw.py. What was judged is in it for whoever may read that."""
    page = case_page(case_id, reader=request.reader, show=False, now=datetime.now(UTC))
    made = bundle_of(case_id, kind, with_content=page.shown or request.member is not None)
    response = HttpResponse(made, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="case-{case_id}-{kind}.json"'
    return response


@stored()
@require_safe
def verifier(request: MemberRequest) -> HttpResponse:
    """The script, as it lies in the program."""
    script = Path(__file__).with_name("verify_draw.py").read_bytes()
    response = HttpResponse(script, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return shows(response, "juries")


@login_required
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """A member's own side of juries: what is asked of them, what became of their posts and alerts."""
    assert request.member is not None
    page = mine_page(request.member, reader=request.reader)
    if request.member.jury_call == Member.JuryCall.NEWS:
        members.hear_news(request.member)
    return render(request, "juries/mine.html", {"page": page, "form": NameForm(), "charter": standards.charter_now()})


@login_required
@require_safe
def serve(request: MemberRequest, jury_id: int) -> HttpResponse:
    assert request.member is not None
    return _serve(request, jury_id, None)


def _serve(request: MemberRequest, jury_id: int, form: VoteForm | None) -> HttpResponse:
    assert request.member is not None
    page = serve_page(jury_id, request.member, reader=request.reader)
    form = form or VoteForm(wordings=page.wordings, alleged=[w.standard.number for w, _ in page.alleged])
    return render(request, "juries/serve.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def answer(request: MemberRequest, jury_id: int) -> HttpResponse:
    """To a summons: serve now, not this time, never."""
    assert request.member is not None
    jury, said = get_object_or_404(Jury, pk=jury_id), request.POST.get("answer", "")
    serve_page(jury_id, request.member, reader=request.reader)
    actions.answer(jury, by=request.member, serves=said == "serve")
    if said == "never":
        actions.serve(request.member, willing=False)
    if said != "serve":
        messages.success(request, "Thank you for answering. It has no consequence, and somebody else is asked.")
        return redirect("juries:mine")
    return redirect("juries:serve", jury_id)


@login_required
@require_POST
def leave(request: MemberRequest, jury_id: int) -> HttpResponse:
    assert request.member is not None
    serve_page(jury_id, request.member, reader=request.reader)
    actions.leave(get_object_or_404(Jury, pk=jury_id), by=request.member)
    messages.success(request, "You have left this jury. It has no consequence.")
    return redirect("juries:mine")


@login_required
@require_POST
def vote(request: MemberRequest, jury_id: int) -> HttpResponse:
    assert request.member is not None
    page = serve_page(jury_id, request.member, reader=request.reader)
    form = VoteForm(request.POST, wordings=page.wordings, alleged=[w.standard.number for w, _ in page.alleged])
    if not form.is_valid() or not _cast(request, page.jury, form):
        return _serve(request, jury_id, form)
    messages.success(request, "Your vote is in. It stays secret; the verdict will show the tally and the reasons, without names.")
    return redirect("juries:serve", jury_id)


def _cast(request: MemberRequest, jury: Jury, form: VoteForm) -> bool:
    assert request.member is not None
    cast, said = actions.decide_as_officer if jury.kind == Jury.Kind.OFFICERS else actions.vote, form.cleaned_data
    vote = partial(cast, jury, by=request.member, choice=said["choice"], standard=said["standard"] or 0, reason=said["reason"])
    return form.tried(vote) is not None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: MemberRequest, case_id: int) -> HttpResponse:
    assert request.member is not None
    page = case_page(case_id, reader=request.reader, show=False, now=datetime.now(UTC))
    page.may_appeal.or_refuse()
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.appeal(page.case, by=request.member, text=form.cleaned_data["text"])
        messages.success(request, "Your appeal is in. A fresh, larger jury is drawn; you will be told what it found.")
        return redirect("juries:case", case_id)
    return render(request, "juries/appeal.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def willing(request: MemberRequest) -> HttpResponse:
    assert request.member is not None
    actions.serve(request.member, willing=request.POST.get("willing") == "yes")
    messages.success(request, "Kept. It counts from tomorrow’s pool on.")
    return redirect("juries:mine")


@login_required
@require_POST
def block(request: MemberRequest) -> HttpResponse:
    """Keep a member off the juries of one's posts, or let them on again."""
    assert request.member is not None
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            act = actions.unblock if request.POST.get("undo") else actions.block
            act(form.cleaned_data["name"], by=request.member)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("juries:mine")
    page = mine_page(request.member, reader=request.reader)
    return render(request, "juries/mine.html", {"page": page, "form": form, "charter": standards.charter_now()}, status=422)
