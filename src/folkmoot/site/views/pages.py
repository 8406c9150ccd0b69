"""The pages that compose several rooms."""

import re
from collections.abc import Sequence

from django.conf import settings
from django.db import connections
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe
from markupsafe import Markup

from folkmoot.base import markup
from folkmoot.base.pages import names, shows, stored
from folkmoot.base.paging import Cursor
from folkmoot.base.time import now_moment, to_moment
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.rules import may_administer
from folkmoot.site import queries, source
from folkmoot.site.founding.pages import TITLES
from folkmoot.site.views.errors import log
from folkmoot.threads.addresses import thread_address
from folkmoot.threads.models import Thread


@stored()
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    page = queries.home(reader=request.reader, now=now_moment())
    response = render(request, "site/home.html", {"page": page})
    rows = [*page.latest, *(row for row, _ in page.featured)]
    return shows(response, "home", "latest", "greatest", *names(row.author_id for row in rows), until=page.until)


@stored()
@require_safe
def forums(request: MemberRequest) -> HttpResponse:
    shelves = queries.directory(reader=request.reader)
    return shows(render(request, "site/forums.html", {"shelves": shelves, "single": False}), *_forums_on(shelves))


@stored()
@require_safe
def category(request: MemberRequest, slug: str) -> HttpResponse:
    shelves = queries.directory(reader=request.reader, category=slug)
    return shows(render(request, "site/forums.html", {"shelves": shelves, "single": True}), *_forums_on(shelves))


def _forums_on(shelves: Sequence[queries.Shelf]) -> list[str]:
    return [f"forum:{forum.id}" for shelf in shelves for forum in shelf.forums]


@stored()
@require_safe
def about_forum(request: MemberRequest, slug: str) -> HttpResponse:
    about = queries.about_forum(slug, reader=request.reader, now=now_moment())
    tags = (f"forum:{about.forum.pk}", *(f"draft:{host.recall}" for host in about.hosts.seats if host.recall))
    return shows(render(request, "site/about_forum.html", {"about": about}), *tags, until=about.until)


@stored("before", "after", "month")
@require_safe
def profile(request: MemberRequest, name: str) -> HttpResponse:
    page = queries.profile(name, reader=request.reader, now=now_moment(), cursor=Cursor.read(request.GET, request.reader.zone))
    if page.member.name != name:
        return HttpResponseRedirect(f"/members/{page.member.name}/")
    about = Markup(markup.render(page.member.about)) if page.member.about else ""
    context = {"page": page, "about": about, "may_administer": bool(may_administer(request.member))}
    tags = (f"thread:{line.thread_id}" for line in page.recent.rows)
    return shows(render(request, "site/profile.html", context), f"member:{page.member.pk}", *tags, until=page.until)


@stored()
@require_safe
def house_page(request: MemberRequest, page: str) -> HttpResponse:
    text, changed = queries.house_page(page)
    body = re.sub(r"(</?h)([4-6])>", lambda m: f"{m[1]}{int(m[2]) - 2}>", markup.render(text))  # right under the h1
    context = {
        "page": page, "title": TITLES[page], "text": Markup(body), "may_administer": bool(may_administer(request.member)),
        "changed": request.reader.when(to_moment(changed)) if changed else None,
    }  # fmt: skip
    return shows(render(request, "site/house_page.html", context), f"page:{page}")


@stored()
@require_safe
def star(request: MemberRequest) -> HttpResponse:
    return shows(render(request, "site/star.html"))


@stored()
@require_safe
def help_page(request: MemberRequest) -> HttpResponse:
    return shows(render(request, "site/help.html"))


@stored()
@require_safe
def patterns(request: MemberRequest) -> HttpResponse:
    return shows(render(request, "site/patterns.html"))


@require_safe
def healthz(request: MemberRequest) -> HttpResponse:
    """200 when both databases answer; for the supervisor, a proxy and monitors."""
    try:
        for alias in ("default", "state"):
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
    except Exception:
        log.exception("a database does not answer")
        return HttpResponse("a database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@condition(etag_func=lambda request: f'"{source.archive().stem}"')
@require_safe
def source_archive(request: MemberRequest) -> HttpResponse:
    """The source of the version that runs, where SOURCE_URL names no other place."""
    headers = {"Content-Disposition": 'attachment; filename="folkmoot-source.zip"'}
    return HttpResponse(source.archive().read_bytes(), content_type="application/zip", headers=headers)


@stored()
@require_safe
def robots(request: MemberRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/account/", "/join/", "/sign-in/", "/mine/", "/waiting/", "/preview/", "/search/")),
        "Disallow: /posts/*/",
        "Disallow: /*?view=",
        *(f"Disallow: /*?*{name}=" for name in ("highlight", "before", "after", "month", "period")),
        "Disallow: /live/",
        f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml",
    ]
    return shows(HttpResponse("\n".join(lines) + "\n", content_type="text/plain"))


SITEMAP_SIZE = 5000
"""Threads a file. (https://www.sitemaps.org/protocol.html: at most 50,000 addresses a file, as many files in the index.)"""


@stored()
@require_safe
def sitemap(request: MemberRequest) -> HttpResponse:
    """Where the files are: every thread is in one, so that no robot needs to walk the lists."""
    last = Thread.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return _map("sitemapindex", "sitemap", [f"/sitemaps/{n}.xml" for n in range(last // SITEMAP_SIZE + 1)])


@stored()
@require_safe
def sitemap_file(request: MemberRequest, number: int) -> HttpResponse:
    """The threads with so many ids; the first file begins with the front pages and every forum."""
    if number >= 50_000:
        raise Http404
    first = number * SITEMAP_SIZE
    found = Thread.objects.filter(listed=True, state="visible", pk__gte=first, pk__lt=first + SITEMAP_SIZE).order_by("pk")
    paths = [thread_address(pk, subject) for pk, subject in found.values_list("pk", "subject")]
    if number == 0:
        forums = [address for _, _, shelf in request.frame.directory for _, address in shelf]  # type: ignore[attr-defined]
        paths = ["/", "/latest/", "/greatest/", "/forums/", *forums, *paths]
    return _map("urlset", "url", paths)


def _map(kind: str, entry: str, paths: list[str]) -> HttpResponse:
    body = "".join(f"<{entry}><loc>{settings.PUBLIC_URL}{path}</loc></{entry}>\n" for path in paths)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{space}">\n{body}</{kind}>\n'
    return shows(HttpResponse(xml, content_type="application/xml"), "latest")
