"""The desk of a forum's hosts: what waits, what they did, and the reasons that they keep ready."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from folkmoot.base.answers import Refused
from folkmoot.base.paging import Cursor
from folkmoot.base.time import now_moment
from folkmoot.forums import actions as forums
from folkmoot.forums.forms import ReadyReasonForm
from folkmoot.forums.models import Forum, ReadyReason
from folkmoot.hosts import queries
from folkmoot.hosts.views.seats import forum_with
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Member
from folkmoot.members.rules import office_in


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: MemberRequest, slug: str) -> HttpResponse:
    """404 to everybody who does not look after this forum. A POST keeps a reason ready."""
    forum = _kept(request, slug)
    form = ReadyReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _keep(form, forum, request.member):
        return redirect("hosts:desk", slug)
    cursor = Cursor.read(request.GET, request.reader.zone)
    page = queries.desk(forum, reader=request.reader, now=now_moment(), cursor=cursor)
    return render(request, "hosts/desk.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@require_POST
def drop_reason(request: MemberRequest, reason_id: int) -> HttpResponse:
    found = get_object_or_404(ReadyReason.objects.select_related("forum"), pk=reason_id)
    forum = _kept(request, found.forum.slug)
    assert request.member is not None
    forums.drop_reason(found, by=request.member)
    messages.success(request, "Dropped.")
    return redirect("hosts:desk", forum.slug)


def _kept(request: MemberRequest, slug: str) -> Forum:
    """The forum, if this member looks after it."""
    forum = forum_with(slug)
    if not office_in(request.member, forum.pk):
        raise Http404
    return forum


def _keep(form: ReadyReasonForm, forum: Forum, by: Member | None) -> bool:
    assert by is not None
    try:
        forums.keep_reason(forum, by=by, text=form.cleaned_data["text"])
    except Refused as refusal:
        form.add_error("text", str(refusal.reason))
        return False
    return True
