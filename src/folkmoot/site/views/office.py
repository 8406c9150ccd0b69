"""The administrators' office: its front page, and the shelves."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from folkmoot.base.answers import Refused
from folkmoot.forums import actions as forums
from folkmoot.forums.forms import CategoryForm, ForumForm, OpenCategoryForm, OpenForumForm
from folkmoot.forums.models import Category, Forum
from folkmoot.members.forms import ReasonForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.rules import may_administer
from folkmoot.site import office as queries


@require_safe
def office(request: MemberRequest) -> HttpResponse:
    """What waits, and the way to every page of the office."""
    may_administer(request.member).or_refuse()
    return render(request, "site/office.html", {"page": queries.office(reader=request.reader)})


@require_safe
def shelves(request: MemberRequest) -> HttpResponse:
    """Categories and forums, each with the way to change it."""
    may_administer(request.member).or_refuse()
    return render(request, "site/shelves.html", {"page": queries.shelves()})


@require_http_methods(["GET", "HEAD", "POST"])
def open_category(request: MemberRequest) -> HttpResponse:
    may_administer(request.member).or_refuse()
    form = OpenCategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(request, form, forums.open_category):
        return redirect("site:shelves")
    return _shelf(request, form, "Open a category")


@require_http_methods(["GET", "HEAD", "POST"])
def change_category(request: MemberRequest, slug: str) -> HttpResponse:
    may_administer(request.member).or_refuse()
    category = get_object_or_404(Category, slug=slug)
    form = CategoryForm(request.POST or None, initial=vars(category))
    if request.method == "POST" and form.is_valid() and _done(request, form, forums.change_category, category):
        return redirect("site:shelves")
    return _shelf(request, form, f"Change {category.name}")


@require_http_methods(["GET", "HEAD", "POST"])
def open_forum(request: MemberRequest) -> HttpResponse:
    may_administer(request.member).or_refuse()
    form = OpenForumForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(request, form, forums.open_forum):
        return redirect("site:shelves")
    return _shelf(request, form, "Open a forum")


@require_http_methods(["GET", "HEAD", "POST"])
def change_forum(request: MemberRequest, slug: str) -> HttpResponse:
    may_administer(request.member).or_refuse()
    forum = get_object_or_404(Forum, slug=slug)
    form = ForumForm(request.POST or None, initial={**vars(forum), "category": forum.category_id})
    if request.method == "POST" and form.is_valid() and _done(request, form, forums.change_forum, forum):
        return redirect("site:shelves")
    return _shelf(request, form, f"Change {forum.name}")


def _done(request: MemberRequest, form: ReasonForm, act: Callable[..., object], *of: object) -> bool:
    """Do it; or have the form say why not, with what was typed."""
    try:
        act(*of, by=request.member, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    messages.success(request, "Done, and on the record.")
    return True


def _shelf(request: MemberRequest, form: ReasonForm, heading: str) -> HttpResponse:
    return render(request, "site/shelf.html", {"form": form, "heading": heading}, status=422 if form.errors else 200)
