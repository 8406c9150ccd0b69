"""Doors to watch lists and the night watch."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from folkmoot.base.answers import Refused
from folkmoot.base.time import now_moment
from folkmoot.hosts import actions, queries, rules
from folkmoot.hosts.forms import NightWatchForm, WatchForm
from folkmoot.members.forms import ReasonForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Watch
from folkmoot.members.rules import may_administer
from folkmoot.standards.queries import charter


@require_http_methods(["GET", "HEAD", "POST"])
def watches(request: MemberRequest) -> HttpResponse:
    """What is watched for at present; a POST watches for more."""
    may_administer(request.member).or_refuse()
    form = WatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and done(request, form, actions.begin_watch):
        return redirect("hosts:watches")
    page = queries.watches(reader=request.reader, now=now_moment())
    return render(request, "hosts/watches.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end_watch(request: MemberRequest, watch_id: int) -> HttpResponse:
    may_administer(request.member).or_refuse()
    watch, form = get_object_or_404(Watch, pk=watch_id), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and done(request, form, actions.end_watch, watch):
        return redirect("hosts:watches")
    return render(request, "hosts/end_watch.html", {"watch": watch, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def night_watch(request: MemberRequest) -> HttpResponse:
    """Begin it, or end it."""
    rules.may_keep_night_watch(request.member, hosts_main=queries.hosts_main(request.member)).or_refuse()
    running, most = queries.night_watch(reader=request.reader), charter(now_moment()).night_watch_hours
    form = (ReasonForm if running else NightWatchForm)(request.POST or None, initial={"hours": most})
    act = actions.end_night_watch if running else actions.begin_night_watch
    if request.method == "POST" and form.is_valid() and done(request, form, act):
        return redirect("hosts:night_watch")
    context = {"form": form, "running": running, "most": most}
    return render(request, "hosts/night_watch.html", context, status=422 if form.errors else 200)


def done(request: MemberRequest, form: ReasonForm, act: Callable[..., object], *of: object) -> bool:
    """Do it; or have the form say why not, with what was typed."""
    try:
        act(*of, by=request.member, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    messages.success(request, "Done, and on the record.")
    return True
