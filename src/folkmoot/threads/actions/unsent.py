"""Drafts: what was typed and not posted."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from folkmoot.base.time import now_moment, to_datetime
from folkmoot.members.models import Member
from folkmoot.threads import rules
from folkmoot.threads.models import Post, Unsent


@transaction.atomic
def keep_unsent(member: Member, *, path: str, typed: Mapping[str, str]) -> bool:
    """Keep what stands in a form; an empty one keeps nothing. Returns whether there is a draft now."""
    typed = rules.typed_of(typed)
    rules.may_keep_unsent(path, typed).or_refuse()
    is_posted = bool(typed.get("key")) and Post.objects.filter(author=member, key=typed["key"]).exists()
    if is_posted or rules.is_empty(typed):
        Unsent.objects.filter(member=member, path=path).delete()
        return False
    Unsent.objects.update_or_create(member=member, path=path, defaults={"typed": typed, "saved_at": to_datetime(now_moment())})
    spare = Unsent.objects.filter(member=member).order_by("-saved_at", "-pk").values_list("pk", flat=True)[rules.UNSENT_MAX :]
    Unsent.objects.filter(pk__in=list(spare)).delete()
    return True


@transaction.atomic
def drop_unsent(member: Member, *, path: str) -> None:
    """It was posted, or is not wanted any more."""
    if rules.may_keep_unsent(path, {}):
        Unsent.objects.filter(member=member, path=path).delete()


@transaction.atomic
def forget_unsent(before: datetime) -> int:
    """Drafts that nobody touched since."""
    return Unsent.objects.filter(saved_at__lt=before).delete()[0]
