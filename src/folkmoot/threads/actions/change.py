"""Editing, withdrawing and recommending."""

from functools import partial

from django.db import transaction
from django.db.models import F

from folkmoot.base import markup
from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.base.time import now_moment
from folkmoot.members.models import Member
from folkmoot.threads import events, media, rules
from folkmoot.threads.actions.news import forget_article, keep_article, obey, rules_of
from folkmoot.threads.actions.standing import settle
from folkmoot.threads.actions.wait import why_wait
from folkmoot.threads.actions.write import locked, now, of, subject_of
from folkmoot.threads.models import Article, Attachment, Fragment, Post, Recommendation, Revision, State, Text, Thread


@transaction.atomic
def edit(
    post: Post,
    *,
    by: Member,
    subject: str,
    text: str,
    article: rules.Facts | None = None,
    override: str = "",
    seen_edits: int | None = None,
    moment: int | None = None,
    network: str = "",
) -> bool:
    """Change a post's wording; the former one becomes a revision. Returns whether anything changed.

    `seen_edits` is the edit count when the form was opened: an edit made meanwhile is never overwritten unseen.
    A post that brings an article obeys its forum's rules again, its age apart; `article` None leaves what is stated as it is.
    """
    post = locked(post)
    by.refresh_from_db()
    rules.may_edit(by, post, retired=post.forum.category.is_retired).or_refuse()
    rules.may_say(subject, text).or_refuse()
    if seen_edits is not None and seen_edits != post.edit_count:
        no("This post was edited since you opened it. Look at it as it is now, then save again.").or_refuse()
    old = Text.objects.get(post=post)
    kept = Article.objects.filter(post=post).first()
    article = (article or kept.facts) if kept else None
    if post.state == State.VISIBLE:
        ask = partial(why_wait, by, post.forum_id, forum_holds=False, network=network)
        had = ask(subject=post.subject, text=old.source, link=kept.link if kept else "")
        has = ask(subject=subject, text=text, link=article.link if article else "")
        if has in ("link", "watch") and has != had:
            no(f"An edit cannot wait, and this one would have to: {rules.WAITS[has]}. Write it as a new post.").or_refuse()
    if (old.source, post.subject) == (text, subject_of(subject, text)) and (kept is None or kept.facts == article):
        return False
    if article:
        let = obey(
            article, rules_of(post.forum_id), forum_id=post.forum_id, by=by, subject=subject, text=text, override=override,
            now=None, but=post,
        )  # fmt: skip
        keep_article(post, article, let)
    subject = subject_of(subject, text)
    Revision.objects.create(
        post=post, number=post.edit_count + 1, moment=post.edited_moment or post.moment,
        subject=post.subject, source=old.source, article=kept.stated if kept else "",
    )  # fmt: skip
    post.edit_count += 1
    post.edited_moment = moment or now_moment()
    post.subject, post.has_text = subject, bool(text.strip())
    post.save(update_fields=["edit_count", "edited_moment", "subject", "has_text"])
    Text.objects.filter(post=post).update(source=text, format=Text.Format.MARKDOWN)
    _render(post, text)
    if post.number == 0:
        Thread.objects.filter(pk=post.thread_id).update(subject=subject)
    tell(events.Edited(**of(post)))
    return True


@transaction.atomic
def withdraw(post: Post, *, by: Member) -> None:
    """Self-delete: the words go, from every revision too; a tombstone with the time stays. A thread whose opening
    post is withdrawn is locked."""
    post = locked(post)
    rules.may_withdraw(by, post).or_refuse()
    was = post.state
    post.state, post.state_at, post.state_by = State.WITHDRAWN, now(), by
    post.subject, post.has_text = "", False
    post.state_office = post.state_reason = ""
    post.save(update_fields=["state", "state_at", "state_by", "subject", "has_text", "state_office", "state_reason"])
    Text.objects.filter(post=post).update(source="")
    Fragment.objects.filter(post=post).update(html="")
    Revision.objects.filter(post=post, withdrawn_at=None).update(subject="", source="", article="", withdrawn_at=now())
    if post.attachment_count:
        forget_files(post)
    if post.number == 0:
        forget_article(post)
        Thread.objects.filter(pk=post.thread_id).update(
            subject="", locked_at=now(), lock_office="", lock_officer=None, lock_reason="", lock_by=None
        )
    settle(post, was=was)
    tell(events.Withdrawn(**of(post)))


def forget_files(post: Post) -> None:
    """A post's files go with its words; the bytes once nobody else's post has them."""
    files = Attachment.objects.filter(post=post)
    hashes = set(files.values_list("sha256", flat=True))
    files.delete()
    Post.objects.filter(pk=post.pk).update(attachment_count=0)

    def forget() -> None:
        for sha256 in hashes - set(Attachment.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)):
            media.path_of(sha256).unlink(missing_ok=True)

    transaction.on_commit(forget)


@transaction.atomic
def withdraw_revision(revision: Revision, *, by: Member) -> None:
    """Take the words of an earlier revision back. Its time stays."""
    post = locked(revision.post)
    rules.may_withdraw(by, post).or_refuse()
    Revision.objects.filter(pk=revision.pk, withdrawn_at=None).update(subject="", source="", article="", withdrawn_at=now())
    tell(events.RevisionWithdrawn(**of(post)))


@transaction.atomic
def recommend(post: Post, *, by: Member, moment: int | None = None) -> bool:
    """Returns whether it is new: recommending twice is once."""
    post = locked(post)
    by.refresh_from_db()
    rules.may_recommend(by, post).or_refuse()
    _, made = Recommendation.objects.get_or_create(
        post=post, member=by,
        defaults={"thread_id": post.thread_id, "is_opening": post.number == 0, "moment": moment or now_moment()},
    )  # fmt: skip
    if made:
        _count_recommendation(post, 1)
        tell(events.Recommended(**of(post), given=True))
    return made


@transaction.atomic
def unrecommend(post: Post, *, by: Member) -> bool:
    """Take a recommendation back. Returns whether there was one."""
    post = locked(post)
    gone, _ = Recommendation.objects.filter(post=post, member=by).delete()
    if gone:
        _count_recommendation(post, -1)
        tell(events.Recommended(**of(post), given=False))
    return bool(gone)


def _count_recommendation(post: Post, by: int) -> None:
    Post.objects.filter(pk=post.pk).update(recommendation_count=F("recommendation_count") + by)
    if post.number == 0:
        Thread.objects.filter(pk=post.thread_id).update(recommendation_count=F("recommendation_count") + by)


def _render(post: Post, text: str) -> None:
    Fragment.objects.filter(post=post).update(html=markup.render(text), render_version=markup.RENDER_VERSION)
