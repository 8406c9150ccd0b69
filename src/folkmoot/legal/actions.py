"""Every step between a notice and the end of its clock: decide, write, tell."""

import hashlib
import secrets
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from folkmoot.base.events import tell, touch
from folkmoot.legal import events, rules
from folkmoot.legal.models import Notice, Removal
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post, Text


@transaction.atomic
def notify(*, where: str, post: Post | None, kind: str, why: str, name: str, email: str) -> tuple[Notice, str]:
    """Somebody says that a post is unlawful; returns the notice and the secret of its sender's own page."""
    secret, now = secrets.token_urlsafe(24), _now()
    notice = Notice.objects.create(
        secret_hash=secret_hash(secret), post=post, where=where, kind=kind, why=why, name=name, email=email, made_at=now,
        due_at=now + rules.DECIDE,
    )  # fmt: skip
    _write(email, f"Your notice {notice.pk} has come", f"What became of it: {settings.PUBLIC_URL}/legal/notices/{secret}/")
    return notice, secret


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def leave(notice: Notice, *, by: Member, answer: str, reason: str) -> None:
    """Decide that the post stays. `answer` is for whoever sent the notice, `reason` for everybody."""
    _decide(notice, by=by, removed=False, answer=answer)
    tell(events.NoticeLeft(notice_id=notice.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def follow(notice: Notice, *, by: Member, ground: str, facts: str, answer: str) -> None:
    """Decide that the post is unlawful, and remove it."""
    _decide(notice, by=by, removed=True, answer=answer)
    tell(events.NoticeFollowed(notice_id=notice.pk, by=by.pk, office=by.office, reason=ground))
    assert notice.post is not None
    remove(notice.post, by=by, ground=ground, facts=facts, notice=notice)


def _decide(notice: Notice, *, by: Member, removed: bool, answer: str) -> None:
    notice = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    rules.may_decide(by, decided=notice.decided_at is not None).or_refuse()
    notice.removed, notice.answer, notice.decided_at = removed, answer, _now()
    notice.save(update_fields=["removed", "answer", "decided_at"])
    done = "The post is removed" if removed else "The post stays"
    _write(notice.email, f"Your notice {notice.pk} is decided", f"{done}.\n\n{answer}\n")


@transaction.atomic
def remove(post: Post, *, by: Member, ground: str, facts: str, notice: Notice | None = None) -> None:
    """Take a post out of sight on legal grounds: a stub says so, its words are kept apart, its author is told why."""
    said = Text.objects.filter(post=post).values_list("source", flat=True).first() or ""
    was = threads.remove(post, by=by, reason=ground)
    Removal.objects.create(
        post=post, notice=notice, office=by.office, ground=ground, facts=facts, was=was, subject=post.subject, source=said,
        removed_at=_now(),
    )  # fmt: skip
    said = f"An {by.office} removed a post of yours on legal grounds: {ground}. You can read why, and contest it."
    members.inform(post.author_id, said, f"/posts/{post.pk}/removed/")


@transaction.atomic
def counter(removal: Removal, *, by: Member, text: str) -> None:
    """The author says why the post should come back."""
    removal = Removal.objects.select_for_update(no_key=True, of=("self",)).select_related("post").get(pk=removal.pk)
    now = _now()
    rules.may_counter(by.pk, removal.post.author_id, removal, now).or_refuse()
    removal.counter, removal.countered_at, removal.due_at = text, now, now + rules.ANSWER
    removal.save(update_fields=["counter", "countered_at", "due_at"])
    touch(f"thread:{removal.post.thread_id}")


@transaction.atomic
def answer(removal: Removal, *, by: Member, restore: bool, text: str, reason: str) -> None:
    """An administrator has read the counter-notice. `text` is for the author, `reason` for everybody."""
    removal = Removal.objects.select_for_update(no_key=True, of=("self",)).select_related("post").get(pk=removal.pk)
    rules.may_answer(by, removal).or_refuse()
    removal.answer, removal.answered_at = text, _now()
    removal.save(update_fields=["answer", "answered_at"])
    kind = events.CounterGranted if restore else events.CounterRefused
    post = removal.post
    tell(kind(post_id=post.pk, thread_id=post.thread_id, by=by.pk, office=by.office, reason=reason))
    if restore:
        threads.restore(post, by=by, reason=reason)
    said = f"An {by.office} answered what you said against a removal: {'the post comes back' if restore else 'it stays removed'}."
    members.inform(post.author_id, said, f"/posts/{post.pk}/removed/")


@transaction.atomic
def end(post_id: int) -> None:
    """A removed post came back: nothing is kept apart any more."""
    Removal.objects.filter(post=post_id, ended_at=None).update(ended_at=_now(), subject="", source="")


@transaction.atomic
def forget(post_id: int) -> None:
    """A post is purged: what was kept apart goes, too, and what notices quote."""
    Removal.objects.filter(post=post_id).update(subject="", source="", facts="", counter="", answer="")
    Notice.objects.filter(post=post_id).update(why="", answer="")


@transaction.atomic
def expire() -> None:
    """What was kept for the time to contest, and who sent a notice, half a year after the decision."""
    before = _now() - rules.CONTEST
    Removal.objects.filter(removed_at__lt=before).exclude(source="", subject="").update(subject="", source="")
    Notice.objects.filter(decided_at__lt=before).exclude(name="", email="").update(name="", email="")


def _write(email: str, subject: str, text: str) -> None:
    if email and settings.MAIL_URL:
        send_mail(subject, text, None, [email])


def _now() -> datetime:
    return datetime.now(UTC)
