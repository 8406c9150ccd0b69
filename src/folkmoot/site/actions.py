"""Founding the community, and what administrators change about it."""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from django.db import transaction

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.forums.models import Category, Forum, PostingRules
from folkmoot.ledger import actions as ledger
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.members.rules import may_administer
from folkmoot.site import rules
from folkmoot.site.events import CommunityChanged, Founded, HousePageChanged, LoadLevelSet, ThreadFeatured, ThreadUnfeatured
from folkmoot.site.founding import TEMPLATES
from folkmoot.site.models import Community, Featured, HousePage, Letter
from folkmoot.standards import actions as standards
from folkmoot.threads.models import State, Thread


@transaction.atomic
def found(*, name: str, promise: str, zone: str, template: str, welcome: str = "", zone_name: str = "") -> None:
    """Found the community from a template, empty of people."""
    if Community.objects.exists():
        no("This data folder already holds a community.").or_refuse()
    now = to_datetime(now_moment())
    Community.objects.create(
        name=name, promise=promise, welcome=welcome, zone=zone, zone_name=zone_name or zone.split("/")[-1].replace("_", " "),
        template=template, founded_at=now,
    )  # fmt: skip
    for order, plan in enumerate(TEMPLATES[template]):
        category = Category.objects.create(
            slug=plan.slug, name=plan.name, order=order, is_main=plan.is_main, is_retired=plan.is_retired
        )
        forums = Forum.objects.bulk_create(
            Forum(
                category=category, slug=f.slug, name=f.name, purpose=f.purpose, order=i,
                administrators_only=f.administrators_only, created_at=now,
            )
            for i, f in enumerate(plan.forums)
        )  # fmt: skip
        PostingRules.objects.bulk_create(
            PostingRules(forum=forum, **asdict(f.rules)) for forum, f in zip(forums, plan.forums, strict=True) if f.rules
        )
    standards.found(template)
    tell(Founded())


@transaction.atomic
def change_community(
    *, by: Member, name: str, promise: str, welcome: str, zone: str, zone_name: str, star_link: str, star_text: str, reason: str
) -> None:
    may_administer(by).or_refuse()
    Community.objects.update(
        name=name, promise=promise, welcome=welcome, zone=zone, zone_name=zone_name, star_link=star_link, star_text=star_text
    )
    tell(CommunityChanged(by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def set_load_level(level: int, *, by: Member, reason: str) -> None:
    """Say by hand who is let in; see `rules.LEVELS`."""
    may_administer(by).or_refuse()
    Community.objects.update(load_level=level)
    tell(LoadLevelSet(level=level, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def change_house_page(slug: str, *, by: Member, text: str, reason: str) -> None:
    """Write terms, privacy or contact anew."""
    may_administer(by).or_refuse()
    HousePage.objects.update_or_create(slug=slug, defaults={"text": text, "changed_at": datetime.now(UTC)})
    tell(HousePageChanged(page=slug, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def redact(act: OutboxEntry, *, by: Member, reason: str) -> None:
    """Erase the words of an act's reason."""
    may_administer(by).or_refuse()
    ledger.redact(act, by=by.pk, office=by.office, reason=reason)


@transaction.atomic
def feature(thread: Thread, *, by: Member, reason: str) -> None:
    """Put a thread on the front page; the reason is shown there."""
    may_administer(by).or_refuse()
    if thread.state != State.VISIBLE:
        no("Only a thread that everybody can read can be featured.").or_refuse()
    Featured.objects.update_or_create(
        thread=thread, defaults={"reason": reason, "featured_at": datetime.now(UTC), "office": by.office}
    )
    tell(ThreadFeatured(thread_id=thread.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def unfeature(thread: Thread, *, by: Member, reason: str) -> None:
    may_administer(by).or_refuse()
    Featured.objects.filter(thread=thread).delete()
    tell(ThreadUnfeatured(thread_id=thread.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def write_letter(sender: str, recipients: list[str], message: bytes) -> None:
    """A mail to be sent: kept with whatever causes it, or not at all."""
    now = datetime.now(UTC)
    wire = re.sub(rb"\r?\n", b"\r\n", message)  # the line ends of RFC 5321
    Letter.objects.create(sender=sender, recipients="\n".join(recipients), message=wire, made_at=now, next_at=now)


@transaction.atomic
def take_letter() -> Letter | None:
    """The next letter that is due, put off before it is sent, so that no two workers send it at once."""
    now = datetime.now(UTC)
    Letter.objects.filter(made_at__lt=now - timedelta(days=rules.LETTER_DAYS)).delete()
    letter = Letter.objects.filter(next_at__lte=now).order_by("next_at", "pk").select_for_update(skip_locked=True).first()
    if letter is not None:
        letter.tries += 1
        letter.next_at = now + rules.wait_after(letter.tries)
        letter.save(update_fields=["tries", "next_at"])
    return letter


@transaction.atomic
def keep_letter(letter: Letter, *, error: str) -> None:
    Letter.objects.filter(pk=letter.pk).update(error=error[: rules.ERROR_MAX])


@transaction.atomic
def end_letter(letter: Letter) -> None:
    letter.delete()
