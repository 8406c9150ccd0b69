"""The public record, as people read it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from folkmoot.base.pages import shows, stored
from folkmoot.base.paging import Cursor
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.forms import ReasonForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.rules import may_administer
from folkmoot.site import actions, record
from folkmoot.site.forms import LedgerForm
from folkmoot.threads.views.feeds import answer

_TAGS = ("ledger", "forums")
"""Every act and every checkpoint touches `ledger`; forums are told by name."""


@stored("kind", "office", "forum", "before", "after", "month")
@require_safe
def ledger(request: MemberRequest) -> HttpResponse:
    places = record.forums()
    form = LedgerForm(request.GET, **record.choices(places))
    page = record.ledger(form.chosen(places), reader=request.reader, cursor=Cursor.read(request.GET, request.reader.zone),
                         by_month=not {"before", "after"} & request.GET.keys(), places=places)  # fmt: skip
    return shows(render(request, "site/ledger.html", {"page": page, "form": form}), *_TAGS)


@stored()
@require_safe
def ledger_feed(request: MemberRequest, kind: str) -> HttpResponse:
    return answer(request, record.feed(community=request.frame.name), kind, *_TAGS)  # type: ignore[attr-defined]


@stored()
@require_safe
def act(request: MemberRequest, act_id: int) -> HttpResponse:
    found = record.act(act_id, reader=request.reader)
    may_redact = found.has_reason and bool(may_administer(request.member))
    return shows(render(request, "site/act.html", {"act": found, "may_redact": may_redact}), *_TAGS)


@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: MemberRequest, act_id: int) -> HttpResponse:
    """Erase the words of a reason; that it was done, and why, goes on the record."""
    may_administer(request.member).or_refuse()
    found = get_object_or_404(OutboxEntry, pk=act_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert request.member is not None
        actions.redact(found, by=request.member, reason=form.cleaned_data["reason"])
        messages.success(request, "Done, and on the record.")
        return redirect("site:act", act_id)
    return render(request, "site/redact.html", {"form": form, "act": record.act(act_id, reader=request.reader)})
