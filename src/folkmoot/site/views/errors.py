"""Pages for when it does not work: each says what happened and what to do."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.threads.forms import ArticleForm, WriteForm
from folkmoot.threads.views.read import old_address

log = logging.getLogger("folkmoot")


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "site/refused.html", {"reason": reason}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from elsewhere. What was typed is shown again, so that nothing is lost."""
    asked = {**ArticleForm.base_fields, **WriteForm.base_fields}
    typed = [(str(f.label), request.POST[name]) for name, f in asked.items() if f.label and request.POST.get(name)]
    return render(request, "site/stale_form.html", {"typed": typed}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address of the board that moved in redirects to where its thread or post stands now."""
    found = old_address(request)
    return found or render(request, "site/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the database and the templates: either may be what broke."""
    return HttpResponse(
        "<!doctype html><html lang=en><title>Something broke</title><h1>Something broke on our side</h1>"
        "<p>It has been written down. Go back to keep what you typed, wait a minute, and try again.",
        status=500,
    )
