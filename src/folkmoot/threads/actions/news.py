"""Posting rules of a forum, obeyed or let be broken: called by `start_thread` and `edit`, in their transaction."""

from dataclasses import dataclass

from folkmoot.base import markup
from folkmoot.base.events import tell
from folkmoot.base.time import DAY, now_moment
from folkmoot.forums.models import Forum, PostingRules
from folkmoot.forums.rules import NO_RULES, RuleSet
from folkmoot.members.models import Member
from folkmoot.threads import events, rules
from folkmoot.threads.models import Article, Post, Thread


@dataclass(frozen=True, slots=True)
class Override:
    by: Member
    office: str
    reason: str


def rules_of(forum_id: int) -> RuleSet:
    row = PostingRules.objects.filter(pk=forum_id).first()
    return row.rule_set if row else NO_RULES


def would_break(
    facts: rules.Facts,
    rule_set: RuleSet,
    *,
    forum_id: int,
    by: Member | None,
    subject: str,
    text: str,
    now: int | None,
    but: Post | None = None,
) -> list[rules.Trouble]:
    """Which of a forum's rules a thread would break. `but` is the post itself, when it is edited; `now` is None then."""
    earlier = None
    if rule_set.unique_link_days and facts.link and rules.may_link(facts.link):
        since = (now or now_moment()) - rule_set.unique_link_days * DAY
        earlier = Article.objects.same_link(facts.link, forum_id=forum_id, since=since, by=by, but=but)
    return rules.news_troubles(
        facts, rule_set, headline=subject, quoted=markup.quoted_lines(text), now=now, same_link=earlier
    )  # fmt: skip


def obey(
    facts: rules.Facts,
    rule_set: RuleSet,
    *,
    forum_id: int,
    by: Member,
    subject: str,
    text: str,
    override: str,
    now: int | None,
    but: Post | None = None,
) -> Override | None:
    """Refuse what breaks a rule of the forum, unless an office gives its reason to let it be broken; then that is returned."""
    if rule_set.unique_link_days:
        Forum.objects.select_for_update(no_key=True).get(pk=forum_id)  # of two posts with one link, one is the second
    found = would_break(facts, rule_set, forum_id=forum_id, by=by, subject=subject, text=text, now=now, but=but)
    if not found:
        return None
    if override.strip() and rules.may_override(by, forum_id) and all(t.is_rule for t in found):
        return Override(by, rules.office_in(by, forum_id), override.strip()[: rules.REASON_MAX])
    raise rules.BrokenRules(found)


def keep_article(post: Post, facts: rules.Facts, override: Override | None) -> None:
    """Write down what is stated about the article, and tell whose office let it stand when it breaks a rule."""
    values = {
        "link": facts.link, "link_key": rules.link_key(facts.link), "publication": facts.publication, "byline": facts.byline,
        "published": facts.published,
    }  # fmt: skip
    if override:
        values |= {"override_office": override.office, "override_reason": override.reason}
    Article.objects.update_or_create(post=post, defaults=values)
    Thread.objects.filter(pk=post.thread_id).update(publication=facts.publication)
    if override:
        ids = {"thread_id": post.thread_id, "forum_id": post.forum_id}
        tell(events.RulesOverridden(**ids, by=override.by.pk, office=override.office, reason=override.reason))


def forget_article(post: Post) -> None:
    """The post is deleted by its author: what it stated goes with its words."""
    Article.objects.filter(post=post).delete()
    Thread.objects.filter(pk=post.thread_id).update(publication="")
