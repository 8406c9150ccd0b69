"""Doors to the standards."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from folkmoot.base.answers import no
from folkmoot.base.pages import shows, stored
from folkmoot.base.paging import Cursor
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Member
from folkmoot.standards import actions, queries
from folkmoot.standards.forms import DraftForm, ElectionForm, VoteForm, asked_for
from folkmoot.standards.models import Draft
from folkmoot.standards.rules import Change


@stored()
@require_safe
def standards(request: MemberRequest) -> HttpResponse:
    """What members may expect of one another."""
    page = queries.standards_page(request.reader)
    return shows(render(request, "standards/standards.html", {"page": page}), "standards", until=page.until)


@stored()
@require_safe
def charter(request: MemberRequest) -> HttpResponse:
    """The numbers that juries, ballots and offices go by."""
    page = queries.charter_page(request.reader)
    return shows(render(request, "standards/charter.html", {"page": page}), "standards", until=page.until)


@stored("before")
@require_safe
def drafts(request: MemberRequest) -> HttpResponse:
    """What members want to change, and what became of it."""
    page = queries.drafts_page(request.reader, before=Cursor.read(request.GET, request.reader.zone).before)
    return shows(render(request, "standards/drafts.html", {"page": page}), "drafts", "standards")


@require_http_methods(["GET", "HEAD", "POST"])
def new_draft(request: MemberRequest) -> HttpResponse:
    """First what is to be changed, by a link; then the form for it."""
    change = asked_for(request.POST or request.GET)
    page = queries.new_draft(request.reader, change)
    if request.method == "POST":
        page.answer.or_refuse()
    form = DraftForm(request.POST or None, change=change, book=page.book) if change else None
    if form and change and request.method == "POST" and form.is_valid() and (made := _put_forward(request, form, change)):
        return redirect("standards:draft", made.pk)
    standing = page.book.standards.get(change.number) if change else None
    context = {"page": page, "change": change, "form": form, "standing": standing}
    return render(request, "standards/new_draft.html", context, status=422 if form and form.errors else 200)


def _put_forward(request: MemberRequest, form: DraftForm, change: Change) -> Draft | None:
    data, by = form.cleaned_data, _member(request)
    words = {name: data[name] for name in ("title", "text") if name in data}
    put = partial(actions.put_forward, change.kind, by=by, number=change.number, values=form.values())
    return form.tried(lambda: put(**words, **form.said()))


@stored()
@require_safe
def draft(request: MemberRequest, draft_id: int) -> HttpResponse:
    page = queries.draft_page(queries.draft(draft_id), request.reader)
    response = render(request, "standards/draft.html", {"page": page, "draft": page.draft})
    tags = ("drafts", f"draft:{draft_id}", f"thread:{page.draft.thread_id}", "standards")
    return shows(response, *tags)


@require_POST
def second(request: MemberRequest, draft_id: int) -> HttpResponse:
    actions.second(queries.draft(draft_id), by=_member(request))
    messages.success(request, "You second this draft. You can take it back until enough others do, too.")
    return redirect("standards:draft", draft_id)


@require_POST
def unsecond(request: MemberRequest, draft_id: int) -> HttpResponse:
    actions.unsecond(queries.draft(draft_id), by=_member(request))
    messages.success(request, "You no longer second this draft.")
    return redirect("standards:draft", draft_id)


@require_POST
def withdraw(request: MemberRequest, draft_id: int) -> HttpResponse:
    actions.withdraw(queries.draft(draft_id), by=_member(request))
    messages.success(request, "You have withdrawn your draft. It stays readable.")
    return redirect("standards:draft", draft_id)


@require_POST
def vote(request: MemberRequest, draft_id: int) -> HttpResponse:
    form, member, found = VoteForm(request.POST), _member(request), queries.draft(draft_id)
    if not form.is_valid():
        messages.error(request, "Choose yes, no or neither; then cast your vote.")
        return redirect("standards:draft", draft_id)
    actions.vote(found, by=member, choice=form.cleaned_data["choice"])
    return redirect("standards:receipt", draft_id)


@require_safe
def receipt(request: MemberRequest, draft_id: int) -> HttpResponse:
    """What a voter keeps, to check later that their vote was counted."""
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    found = queries.draft(draft_id)
    votes = queries.receipts([found], request.member)
    context = {"draft": found, "election": None, "votes": votes, "is_over": bool(found.ballots_root)}
    return render(request, "standards/receipt.html", context)


@stored()
@require_safe
def election(request: MemberRequest, election_id: int) -> HttpResponse:
    """Of the review panel: who stands, the ballot on all of them, and who was elected."""
    page = queries.election_page(queries.election(election_id), request.reader)
    return shows(render(request, "standards/election.html", {"page": page}), "drafts", "standards")


@require_POST
def elect(request: MemberRequest, election_id: int) -> HttpResponse:
    member, found = _member(request), queries.election(election_id)
    form = ElectionForm(request.POST, candidates=queries.candidates(found))
    if not form.is_valid() or not form.choices():
        messages.error(request, "Choose yes, no or neither for a candidate; then cast your votes.")
        return redirect("standards:election", election_id)
    actions.vote_in_election(found, by=member, choices=form.choices())
    return redirect("standards:receipts", election_id)


@require_safe
def receipts(request: MemberRequest, election_id: int) -> HttpResponse:
    """The same, of all candidates of an election."""
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    found = queries.election(election_id)
    votes = queries.receipts(queries.candidates(found), request.member)
    context = {"election": found, "votes": votes, "is_over": found.ended_at is not None}
    return render(request, "standards/receipt.html", context)


@require_safe
def ballots(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A decided ballot with all its openings, for programs."""
    found = queries.draft(draft_id)
    if not found.ballots_root:
        raise Http404
    return JsonResponse(queries.opened(found))


def _member(request: MemberRequest) -> Member:
    if request.member is None:
        no("Create a free account or sign in to take part.").or_refuse()
    assert request.member is not None
    return request.member
