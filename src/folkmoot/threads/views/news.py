"""What the writing doors need for an opening post that brings an article."""

from collections.abc import Callable
from functools import partial
from typing import Any

from folkmoot.base import time
from folkmoot.forums.models import Forum
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader
from folkmoot.threads import actions, rules
from folkmoot.threads.forms import ArticleForm, WriteForm
from folkmoot.threads.models import Article, Post, Text
from folkmoot.threads.queries.news import ArticleBox, box_of


def article_form(request: MemberRequest, forum: Forum, *, now: int | None, but: Post | None = None) -> Callable[..., ArticleForm]:
    """The form of a forum with posting rules, which asks the same question of them as the action will."""
    member, reader = request.member, request.reader
    return partial(
        ArticleForm,
        rule_set=forum.rules,
        judge=partial(_judge, forum, member, now, but),
        may_override=bool(rules.may_override(member, forum.pk)),
        waits=_waits(member) if but is None else "",
        zone=reader.zone,
        zone_name=reader.zone_name,
    )


def _judge(
    forum: Forum, member: Member | None, now: int | None, but: Post | None, facts: rules.Facts, data: dict[str, Any]
) -> list[rules.Trouble]:
    if actions.posted_before(member, data.get("key")):
        return []  # a double click: the action gives the post that the first made
    words = {"subject": data.get("subject", ""), "text": data.get("text", "")}
    return actions.would_break(facts, forum.rules, forum_id=forum.pk, by=member, **words, now=now, but=but)


def _waits(member: Member | None) -> str:
    """What a newcomer should know before they write: their article has a link, so it waits."""
    if member is None:
        return f"Until a member has {rules.NEWCOMER_POSTS} posts, one with a link waits until somebody has looked at it."
    if not rules.is_newcomer(member) or member.is_administrator:
        return ""
    return "You are new here, so a post with a link waits until somebody has looked at it. You find it under My posts."


def as_written(request: MemberRequest, post: Post) -> tuple[Callable[..., WriteForm], dict[str, Any]]:
    """The form in which a post was written, and the post as its author finds it there."""
    text, article = Text.objects.get(post=post).source, Article.objects.filter(post=post).first()
    words: dict[str, Any] = {"subject": post.subject, "text": text, "seen_edits": post.edit_count}
    if article is None:
        return WriteForm, words
    words["quote"], words["text"] = rules.split_quote(text)
    words |= {"link": article.link, "publication": article.publication, "byline": article.byline}
    if article.published is not None:
        local = time.to_local(article.published, request.reader.zone)
        words |= {"published_on": local.date(), "published_at": local.time()}
    return article_form(request, post.forum, now=None, but=post), words


def brought_by(post: Post, *, reader: Reader) -> ArticleBox | None:
    """The article above an opening post that is shown alone."""
    return box_of(Article.objects.filter(post=post).first(), reader=reader) if post.number == 0 else None
