"""Doors to notifications."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from folkmoot.base.paging import Cursor
from folkmoot.forums.models import Forum
from folkmoot.members.middleware import MemberRequest
from folkmoot.notifications import actions, queries
from folkmoot.notifications.forms import ChoicesForm, LevelForm
from folkmoot.notifications.letters import read_token
from folkmoot.notifications.rules import SAYS, Kind
from folkmoot.threads.queries import visible_thread
from folkmoot.threads.queries.thread import address_of, title_of

OF_THREAD = {
    "": "Replies to me, posts that name me, and every reply if I started it",
    "watch": "Every new reply",
    "first": "The first new reply since I looked in",
    "none": "Nothing from this thread",
}
OF_FORUM = {
    "": "Replies to me, and posts that name me",
    "first": "Every new thread",
    "watch": "Every new thread and every reply",
    "none": "Nothing from this forum",
}


@login_required
@require_safe
def notifications(request: MemberRequest) -> HttpResponse:
    """What a member is told, the newest first."""
    assert request.member is not None
    page = queries.list_page(request.member, reader=request.reader, cursor=Cursor.read(request.GET, request.reader.zone))
    return render(request, "notifications/notifications.html", {"page": page})


@login_required
@require_POST
def see(request: MemberRequest) -> HttpResponse:
    """All of it is seen, or one line."""
    assert request.member is not None
    only = request.POST.get("only", "")
    actions.see(request.member, only=int(only) if only.isascii() and only.isdigit() and len(only) < 19 else None)
    return redirect("notifications:notifications")


@login_required
@require_safe
def followed(request: MemberRequest) -> HttpResponse:
    assert request.member is not None
    found = queries.followed(request.member, Cursor.read(request.GET, request.reader.zone))
    return render(request, "notifications/followed.html", {"found": found, "of_thread": OF_THREAD, "of_forum": OF_FORUM})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_thread(request: MemberRequest, thread_id: int) -> HttpResponse:
    thread = visible_thread(thread_id, request.reader)
    act = partial(actions.follow_thread, thread)
    return _follow(request, act, OF_THREAD, heading=title_of(thread), back=address_of(thread), thread=thread.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_forum(request: MemberRequest, slug: str) -> HttpResponse:
    forum = get_object_or_404(Forum, slug=slug)
    act = partial(actions.follow_forum, forum)
    return _follow(request, act, OF_FORUM, heading=forum.name, back=f"/forums/{slug}/", forum=forum.pk)


def _follow(
    request: MemberRequest, act: Callable[..., None], levels: dict[str, str], *, heading: str, back: str, **what: int
) -> HttpResponse:
    assert request.member is not None
    form = LevelForm(request.POST or None, levels=levels, initial={"level": queries.level_of(request.member, **what)})
    if request.method == "POST" and form.is_valid():
        act(by=request.member, level=form.cleaned_data["level"])
        messages.success(request, "Kept.")
        return redirect(back)
    context = {"form": form, "heading": heading, "back": back}
    return render(request, "notifications/follow.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: MemberRequest) -> HttpResponse:
    """How a member wants to be told of what."""
    assert request.member is not None
    form = ChoicesForm(request.POST or None, initial=queries.choices_of(request.member))
    if request.method == "POST" and form.is_valid():
        actions.choose(request.member, ways=form.ways, every=form.cleaned_data["every"])
        messages.success(request, "Kept.")
        return redirect("notifications:choices")
    return render(request, "notifications/choices.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: MemberRequest, token: str) -> HttpResponse:
    """From a letter, without signing in; a mail program may do it by itself (RFC 8058)."""
    found = read_token(token)
    if found is None:
        raise Http404
    member_id, kind = found
    if request.method == "POST":
        actions.stop_mail(member_id, kind)
    says = "The digest" if kind == "digest" else SAYS[Kind(kind)]
    return render(request, "notifications/stop.html", {"says": says, "done": request.method == "POST"})
