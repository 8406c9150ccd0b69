"""Doors to drafts."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from folkmoot.members.middleware import MemberRequest
from folkmoot.threads import actions
from folkmoot.threads.queries.unsent import drafts_page, unsent_at


@login_required
@require_safe
def drafts(request: MemberRequest) -> HttpResponse:
    """What a member has typed and not posted."""
    assert request.member is not None
    return render(request, "threads/drafts.html", {"drafts": drafts_page(request.member, request.reader)})


@login_required
@require_POST
def keep_draft(request: MemberRequest) -> HttpResponse:
    """For scripts: what stands in the form of this path now. Without them, Preview keeps it."""
    assert request.member is not None
    kept = actions.keep_unsent(request.member, path=request.POST.get("path", ""), typed=request.POST.dict())
    return HttpResponse("Your draft is kept." if kept else "", content_type="text/plain; charset=utf-8")


@login_required
@require_POST
def drop_draft(request: MemberRequest) -> HttpResponse:
    assert request.member is not None
    actions.drop_unsent(request.member, path=request.POST.get("path", ""))
    messages.success(request, "The draft is thrown away.")
    return redirect("threads:drafts")


def kept_words(request: MemberRequest) -> tuple[dict[str, str], bool]:
    """What this form held when it was left, and whether that is a draft: a visitor's words are kept in the session until they
    have joined."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {}, False
    words = request.session.get("words")
    if words and words["path"] == request.path:
        if request.member is not None:
            del request.session["words"]
        typed: dict[str, str] = words.get("typed", {})
        return typed, False
    draft = unsent_at(request.member, request.path) if request.member is not None else {}
    return draft, bool(draft)
