"""What administrators read in their office: what waits, and how the shelves stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django_tasks_db.models import DBTaskResult

from folkmoot.base.time import to_moment
from folkmoot.forums.models import Category, Forum
from folkmoot.forums.rules import FORUMS_STATED
from folkmoot.ledger.models import OutboxEntry
from folkmoot.legal import queries as legal
from folkmoot.members.models import Claim
from folkmoot.members.reader import Reader, When
from folkmoot.site.models import Letter
from folkmoot.site.tasks import newest_backup
from folkmoot.threads.models import Post, State

STUCK = timedelta(hours=1)
"""So long a task may run before it is counted as stuck."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits: how much of it, since when, and where it is looked after."""

    what: str
    count: int
    since: When | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    waiting: Sequence[Waiting]
    backup: When | None


def office(*, reader: Reader) -> Office:
    """What waits for a hand, and what should have gone by itself. Counts that grow with what waits, not with the community."""
    pending = Post.objects.filter(state=State.PENDING).aggregate(count=Count("*"), first=Min("moment"))
    claims = open_claims().aggregate(count=Count("*"), first=Min("made_at"))
    notices, first = legal.waiting()
    letters = Letter.objects.aggregate(count=Count("*"), first=Min("made_at"))
    entries = OutboxEntry.objects.filter(index=None).aggregate(count=Count("*"), first=Min("told_at"))
    since = datetime.now(UTC) - STUCK
    stuck = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=since).aggregate(
        count=Count("*"), first=Min("started_at")
    )

    def when(at: datetime | None) -> When | None:
        return reader.when(to_moment(at)) if at else None

    return Office(
        [
            Waiting("Posts of newcomers", pending["count"], pending["first"] and reader.when(pending["first"]), "/waiting/"),
            Waiting("Claims to old accounts", claims["count"], when(claims["first"]), "/site/claims/"),
            Waiting("Notices of unlawful content", notices, when(first), "/site/notices/"),
            Waiting("Letters on their way", letters["count"], when(letters["first"])),
            Waiting("Tasks that run for more than an hour", stuck["count"], when(stuck["first"])),
            Waiting("Acts not yet in the ledger’s log", entries["count"], when(entries["first"]), "/ledger/"),
        ],
        when(newest_backup()),
    )


def open_claims() -> QuerySet[Claim]:
    """Claims that say where their code stands, of accounts that nobody owns yet."""
    return Claim.objects.filter(granted=None, member__claimable=True).exclude(where="")


@dataclass(frozen=True, slots=True)
class Shelves:
    categories: Sequence[tuple[Category, Sequence[Forum]]]
    count: int
    stated: int = FORUMS_STATED


def shelves() -> Shelves:
    """Every category with its forums, in their order."""
    found: dict[int, list[Forum]] = {}
    for forum in Forum.objects.all():
        found.setdefault(forum.category_id, []).append(forum)
    return Shelves([(one, found.get(one.pk, [])) for one in Category.objects.all()], sum(map(len, found.values())))
