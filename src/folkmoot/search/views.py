"""The one door."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from folkmoot.members.middleware import MemberRequest
from folkmoot.search import queries
from folkmoot.search.forms import ORDERS, SearchForm


@require_safe
def search(request: MemberRequest) -> HttpResponse:
    places = queries.forums()
    form = SearchForm(request.GET, forums=places)
    order = "best" if request.GET.get("order") == "best" else "newest"
    page = min(_whole(request.GET.get("page")) or 1, queries.BEST_PAGES)
    found = None
    if form.asks and order == "best":
        found = queries.best(form.question, reader=request.reader, places=places, page=page)
    elif form.asks:
        found = queries.newest(form.question, reader=request.reader, places=places, older=_whole(request.GET.get("older")))
    context = {"form": form, "found": found, "order": order, "orders": ORDERS, "page": page, "among": queries.AMONG}
    return render(request, "search/search.html", context)


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else None
