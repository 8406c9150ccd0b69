"""Writing doors. Each works without scripts; an error keeps the text; a visitor may write first and join after."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST
from markupsafe import Markup

from folkmoot.base import markup
from folkmoot.base.answers import Answer, Refused
from folkmoot.base.time import now_moment
from folkmoot.forums.models import Forum, ReadyReason
from folkmoot.members.addresses import network_of
from folkmoot.members.forms import ReasonForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader
from folkmoot.threads import actions, rules
from folkmoot.threads.forms import WriteForm
from folkmoot.threads.models import LockedOut, Post, Revision, State, Thread
from folkmoot.threads.queries.news import article_box
from folkmoot.threads.queries.posts import answered, read_posts
from folkmoot.threads.queries.thread import address_of, title_of, visible_post, visible_thread
from folkmoot.threads.views.news import article_form, as_written, brought_by
from folkmoot.threads.views.unsent import kept_words

WAITS = "Your post waits to be looked at, because {}. Until then nobody else sees it; you find it under My posts."

Maker = Callable[..., WriteForm]
Poster = Callable[[dict[str, Any]], Post]


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: MemberRequest, slug: str) -> HttpResponse:
    forum = get_object_or_404(Forum.objects.select_related("category", "posting_rules"), slug=slug)
    answer = rules.may_start(request.member, forum, retired=forum.category.is_retired)
    context = {"forum": forum, "answer": answer, "heading": f"Start a thread in {forum.name}", "submit": "Post thread"}
    form = article_form(request, forum, now=now_moment()) if forum.rules else WriteForm

    def post(data: dict[str, Any]) -> Post:
        assert request.member is not None
        return actions.start_thread(forum, by=request.member, **_words(data), key=data["key"] or None, network=_network(request))

    return _write(request, context, post, form=partial(form, subject_is_required=True))


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: MemberRequest, post_id: int) -> HttpResponse:
    to = visible_post(post_id, request.reader)
    out_until = LockedOut.objects.until(to.thread_id, request.member.pk, datetime.now(UTC)) if request.member else None
    answer = rules.may_reply(request.member, to.thread, to, retired=to.forum.category.is_retired, out_until=out_until)
    context = {**_where(to), "answer": answer, "answers": partial(answered, to.pk, reader=request.reader)}
    context |= {"heading": f"Reply to {to.author.name}", "submit": "Post reply"}

    def post(data: dict[str, Any]) -> Post:
        assert request.member is not None
        words = {"subject": data["subject"], "text": data["text"], "network": _network(request)}
        return actions.reply(to, by=request.member, **words, key=data["key"] or None)

    return _write(request, context, post, form=WriteForm)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, post_id: int) -> HttpResponse:
    old = visible_post(post_id, request.reader)
    answer = rules.may_edit(request.member, old, retired=old.forum.category.is_retired)
    context = {**_where(old), "answer": answer, "heading": "Edit your post", "submit": "Save", "editing": True}
    form, initial = as_written(request, old) if answer else (WriteForm, {})

    def post(data: dict[str, Any]) -> Post:
        assert request.member is not None
        actions.edit(old, by=request.member, **_words(data), seen_edits=data["seen_edits"], network=_network(request))
        return old

    return _write(request, context, post, form=partial(form, subject_is_required=old.number == 0), initial=initial)


def _network(request: MemberRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))


def _words(data: dict[str, Any]) -> dict[str, Any]:
    """What a form says, as the actions take it."""
    return {name: data[name] for name in ("subject", "text", "article", "override") if name in data}


def _where(post: Post) -> dict[str, Any]:
    """The thread that a form stands in, for its breadcrumb."""
    title = title_of(post.thread)
    return {"forum": post.forum, "thread": post.thread, "thread_address": address_of(post.thread), "thread_title": title}


def _write(
    request: MemberRequest, context: dict[str, Any], post: Poster, *, form: Maker, initial: dict[str, Any] | None = None
) -> HttpResponse:
    """Show the form, preview it, keep it for a visitor who joins first, or post it."""
    if request.method != "POST":
        return render(request, "threads/write.html", context | _fresh(request, form, initial or {}))
    filled = form(request.POST, initial=initial)
    done = _post(request, filled, post) if filled.is_valid() and "preview" not in request.POST else None
    if done is not None:
        return done
    _keep_draft(request, context["answer"])
    context |= {"form": filled}
    if "preview" in request.POST and not filled.has_error("text"):
        context["preview"] = _preview(filled, request.reader)
    return render(request, "threads/write.html", context, status=200 if filled.is_valid() else 422)


def _fresh(request: MemberRequest, form: Maker, initial: dict[str, Any]) -> dict[str, Any]:
    kept, is_draft = kept_words(request)
    return {"form": form(initial={**initial, **kept}), "draft": is_draft}


def _post(request: MemberRequest, form: WriteForm, post: Poster) -> HttpResponse | None:
    """Post it, or keep it for a visitor who joins first. None when it is refused: the form then says why."""
    if request.member is None:
        return _keep(request, form)
    made = form.tried(lambda: post(form.cleaned_data))
    if made is None:
        return None
    actions.drop_unsent(request.member, path=request.path)
    if made.state == State.PENDING:
        messages.info(request, WAITS.format(rules.WAITS[made.waits_because]))
        return redirect("/mine/?show=posts")
    return redirect("threads:post", made.pk)


def _keep_draft(request: MemberRequest, answer: Answer) -> None:
    """What a member may post here and has not is a draft. One that is too long to be kept is still in the form."""
    if request.member is not None and answer:
        with suppress(Refused):
            actions.keep_unsent(request.member, path=request.path, typed=request.POST.dict())


def _keep(request: MemberRequest, form: WriteForm) -> HttpResponse:
    """Keep a visitor's words in their session while they join or sign in."""
    request.session["words"] = {"path": request.path, "typed": form.typed}
    messages.info(request, "Your text is kept. Sign in or create a free account, and it will be waiting for you.")
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}")


@require_POST
def preview(request: MemberRequest) -> HttpResponse:
    """A text as it would look, alone: for scripts. The forms' own Preview button needs none."""
    form = WriteForm(request.POST)
    shown = _preview(form, request.reader) if form.is_valid() else None
    return render(request, "threads/preview.html", {"form": form, "preview": shown}, status=200 if shown else 422)


def _preview(form: WriteForm, reader: Reader) -> dict[str, Any]:
    """A post as it would look, with whatever of it is clean."""
    data = form.cleaned_data
    article = article_box(data["article"], reader=reader) if "article" in data else None
    return {"subject": data.get("subject", ""), "body": Markup(markup.render(data.get("text", ""))), "article": article}


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemberRequest, post_id: int) -> HttpResponse:
    post = visible_post(post_id, request.reader)
    answer = rules.may_withdraw(request.member, post)
    if request.method == "POST" and answer:
        assert request.member is not None
        actions.withdraw(post, by=request.member)
        messages.success(request, "Your post is deleted. A mark with the time stays in its place.")
        return redirect(address_of(visible_thread(post.thread_id, request.reader)) if post.number is not None else "/mine/")
    context = {"post": post, "answer": answer, "thread_title": title_of(post.thread), "thread_address": address_of(post.thread)}
    return render(request, "threads/delete.html", context, status=200 if answer else 403)


@require_POST
def withdraw_revision(request: MemberRequest, post_id: int, revision_id: int) -> HttpResponse:
    revision = get_object_or_404(Revision.objects.select_related("post"), pk=revision_id, post=post_id)
    visible_post(post_id, request.reader)
    rules.may_withdraw(request.member, revision.post).or_refuse()
    assert request.member is not None
    actions.withdraw_revision(revision, by=request.member)
    return redirect("threads:history", post_id)


@require_POST
def recommend(request: MemberRequest, post_id: int) -> HttpResponse:
    post = visible_post(post_id, request.reader)
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': f'/posts/{post_id}/'})}")
    if request.POST.get("undo"):
        actions.unrecommend(post, by=request.member)
    else:
        actions.recommend(post, by=request.member)
    if "HX-Request" not in request.headers:
        return redirect("threads:post", post_id)
    posts = read_posts("p.id = %s", [post_id], reader=request.reader, new_after=None)
    context = {"posts": posts, "post": post, "title": title_of(post.thread), "acts": bool(rules.may_administer(request.member))}
    return render(request, "threads/one.html", {**context, "article": brought_by(post, reader=request.reader)})


Act = Callable[..., None]
FormKind = type[ReasonForm]


def act_on_post(request: MemberRequest, post_id: int, *, act: Act, rule: Callable[..., Any], heading: str) -> HttpResponse:
    post = visible_post(post_id, request.reader)
    return _act(request, post, act, rule(request.member, post), heading, f"/posts/{post_id}/")


def act_on_thread(
    request: MemberRequest,
    thread_id: int,
    *,
    act: Act,
    rule: Callable[..., Any],
    heading: str,
    form: FormKind = ReasonForm,
) -> HttpResponse:
    thread = visible_thread(thread_id, request.reader)
    answer = rule(request.member, thread, is_main=thread.forum.category.is_main)
    return _act(request, thread, act, answer, heading, address_of(thread), form)


def _act(
    request: MemberRequest,
    subject: Post | Thread,
    act: Act,
    answer: Answer,
    heading: str,
    back: str,
    made: FormKind = ReasonForm,
) -> HttpResponse:
    """An act of authority: it asks for its reason, and says that it goes on the record."""
    answer.or_refuse()
    ready = {str(one.pk): one.text for one in ReadyReason.objects.filter(forum=subject.forum_id)}
    form = made(request.POST or None, initial={"reason": ready.get(request.GET.get("ready", ""), "")})
    if request.method == "POST" and form.is_valid() and _done(form, act, subject, by=request.member):
        messages.success(request, "Done, and on the record.")
        return redirect(back)
    context = {"form": form, "heading": heading, "subject": subject, "back": back, "ready": ready}
    return render(request, "threads/act.html", context, status=422 if form.errors else 200)


def _done(form: ReasonForm, act: Act, subject: Post | Thread, *, by: Member | None) -> bool:
    """Do it; or have the form say why not, with what was typed."""
    try:
        act(subject, by=by, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    return True
