"""Reading doors."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from folkmoot.base.pages import names, shows, stored
from folkmoot.base.paging import Cursor
from folkmoot.base.time import now_moment
from folkmoot.forums.models import Forum
from folkmoot.members import actions as members
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.rules import may_administer
from folkmoot.threads import queries, rules
from folkmoot.threads.addresses import thread_address
from folkmoot.threads.forms import ReadingForm
from folkmoot.threads.models import OldAddress, Post, Recommendation, State
from folkmoot.threads.queries.lists import FORUM_RULE, GREATEST_RULE, LATEST_RULE, PERIODS
from folkmoot.threads.queries.posts import read_posts
from folkmoot.threads.queries.thread import HIGHLIGHTS, VIEWS, address_of, title_of
from folkmoot.threads.tasks import count_view


@stored("page", "view", "highlight")
@require_safe
def thread(request: MemberRequest, thread_id: int, slug: str = "") -> HttpResponse:
    page = queries.thread_page(thread_id, reader=request.reader, query=request.GET)
    if page.address != request.path:
        query = request.META["QUERY_STRING"]
        return redirect(page.address + (f"?{query}" if query else ""), permanent=page.thread.state == State.VISIBLE)
    count_view(thread_id)
    response = render(request, "threads/thread.html", {"page": page, "views": VIEWS, "highlights": HIGHLIGHTS})
    return shows(response, f"thread:{thread_id}", *names(page.authors), seen=thread_id)


@require_POST
def keep(request: MemberRequest, thread_id: int) -> HttpResponse:
    """Have every thread open as this one does now."""
    found = queries.visible_thread(thread_id, request.reader)
    form = ReadingForm(request.POST)
    if request.member is not None and form.is_valid():
        members.keep_reading(request.member, **form.cleaned_data)
        messages.success(request, "Kept: every thread opens like this for you.")
    return redirect(address_of(found))


@require_POST
def mark_read(request: MemberRequest, slug: str = "") -> HttpResponse:
    """Nothing is new any more, in a forum or everywhere."""
    forum = get_object_or_404(Forum, slug=slug) if slug else None
    if request.member is not None:
        queries.mark_read(request.reader, forum)
        messages.success(request, "Everything here is marked read.")
    return redirect("threads:forum", slug) if forum else redirect("threads:latest")


@stored()
@require_safe
def alone(request: MemberRequest, post_id: int) -> HttpResponse:
    """One post by itself: to print, to show, to read without the rest."""
    found = queries.visible_post(post_id, request.reader)
    posts = read_posts("p.id = %s AND p.number IS NOT NULL", [post_id], reader=request.reader, new_after=None)
    if not posts:
        raise Http404
    context = {"post": found, "posts": posts, "title": title_of(found.thread), "address": address_of(found.thread)}
    context["locked"] = found.thread.locked_at is not None
    return shows(render(request, "threads/alone.html", context), f"thread:{found.thread_id}", *names([found.author_id]))


@stored("page")
@require_safe
def index(request: MemberRequest, thread_id: int) -> HttpResponse:
    page = queries.thread_index(thread_id, reader=request.reader, page_asked=request.GET.get("page"))
    return shows(render(request, "threads/index.html", {"page": page}), f"thread:{thread_id}")


@require_safe
def last(request: MemberRequest, thread_id: int) -> HttpResponse:
    """The newest visible post of a thread, in its context."""
    found = queries.visible_thread(thread_id, request.reader)
    post = found.posts.filter(state=State.VISIBLE, number__isnull=False).order_by("-number").first()
    return _to_post(post) if post else redirect(address_of(found))


@require_safe
def unread(request: MemberRequest, thread_id: int) -> HttpResponse:
    """The first post that this member has not seen."""
    found = queries.visible_thread(thread_id, request.reader)
    post = queries.first_unread(found, request.reader) if request.member else None
    return _to_post(post) if post else redirect(address_of(found))


@require_safe
def post(request: MemberRequest, post_id: int) -> HttpResponse:
    """The permalink: opens the post in its context, on its page."""
    return _to_post(queries.visible_post(post_id, request.reader))


@stored("before")
@require_safe
def history(request: MemberRequest, post_id: int) -> HttpResponse:
    found = queries.visible_post(post_id, request.reader)
    page = queries.history(found, reader=request.reader, before=Cursor.read(request.GET, "UTC").before)
    mine = request.member is not None and found.author_id == request.member.pk
    context = {
        "post": found,
        "wordings": page.wordings,
        "older": page.older,
        "mine": mine,
        "thread_title": title_of(found.thread),
    }
    return shows(render(request, "threads/history.html", context), f"thread:{found.thread_id}")


@stored()
@require_safe
def recommendations(request: MemberRequest, post_id: int) -> HttpResponse:
    """Everybody who recommends a post, in order of time."""
    found = queries.visible_post(post_id, request.reader)
    given = Recommendation.objects.filter(post=found, post__state=State.VISIBLE).order_by("moment").select_related("member")
    rows = [(r.member, request.reader.when(r.moment)) for r in given[:1000]]
    response = render(request, "threads/recommendations.html", {"post": found, "rows": rows})
    return shows(response, f"thread:{found.thread_id}", *names(person.pk for person, _ in rows))


@stored("before", "after", "month")
@require_safe
def latest(request: MemberRequest) -> HttpResponse:
    rows = queries.latest(reader=request.reader, cursor=Cursor.read(request.GET, request.reader.zone))
    response = render(request, "threads/latest.html", {"found": rows, "rule": LATEST_RULE})
    return shows(response, "latest", *names(row.author_id for row in rows.rows))


@stored("period")
@require_safe
def greatest(request: MemberRequest) -> HttpResponse:
    period = request.GET.get("period", "24h")
    ranking = queries.greatest(period, reader=request.reader, now=now_moment())
    context = {"rows": ranking.rows, "rule": GREATEST_RULE, "period": period, "periods": PERIODS}
    response = render(request, "threads/greatest.html", context)
    tags = (f"thread:{row.id}" for row in ranking.rows)
    return shows(response, "greatest", *tags, *names(row.author_id for row in ranking.rows), until=ranking.until)


@stored("before", "after", "month")
@require_safe
def forum(request: MemberRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Forum.objects.select_related("category"), slug=slug)
    rows = queries.of_forum(found, reader=request.reader, cursor=Cursor.read(request.GET, request.reader.zone))
    may_start = rules.may_start(request.member, found, retired=found.category.is_retired)
    context = {"forum": found, "found": rows, "rule": FORUM_RULE, "may_start": may_start}
    response = render(request, "threads/forum.html", context)
    return shows(response, f"forum:{found.pk}", *names(row.author_id for row in rows.rows))


@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next=/mine/")
    cursor, me = Cursor.read(request.GET, request.reader.zone), request.member.pk
    lists = {"replies": queries.replies_to, "posts": queries.member_posts, "threads": queries.started_by}
    show = request.GET.get("show", "")
    show = show if show in lists else "replies"
    return render(request, "threads/mine.html", {"found": lists[show](me, reader=request.reader, cursor=cursor), "show": show})


@require_safe
def waiting(request: MemberRequest) -> HttpResponse:
    may_administer(request.member).or_refuse()
    found = queries.waiting(reader=request.reader, cursor=Cursor.read(request.GET, request.reader.zone))
    return render(request, "threads/waiting.html", {"found": found})


def old_address(request: HttpRequest) -> HttpResponse | None:
    """Where a thread or post of the old board stands now; None when the address was never one of its."""
    if request.method not in ("GET", "HEAD"):
        return None
    asked = [request.get_full_path()[:400], request.path[:400].replace("\x00", "")]
    rows = {row.address: row for row in OldAddress.objects.select_related("thread").filter(address__in=asked)}
    found = rows.get(asked[0]) or rows.get(asked[1])
    if found is None:
        return None
    if found.post_id is not None:
        return redirect(f"/posts/{found.post_id}/", permanent=True)
    assert found.thread is not None
    return redirect(address_of(found.thread), permanent=True)


def _to_post(post: Post) -> HttpResponse:
    title = title_of(post.thread)
    return redirect(thread_address(post.thread_id, title, queries.page_with(post), post.number or 0))
