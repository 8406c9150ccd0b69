"""What the pages of notifications show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from folkmoot.base.paging import Cursor, Slice, cut
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.notifications.letters import address_of
from folkmoot.notifications.models import Choice, Digest, Due, Notification, Subscription
from folkmoot.notifications.rules import Kind, Way

PAGE_SIZE = 40
_LONG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    kind: str
    by: str
    """Who did it; empty of what nobody in particular did."""
    subject: str
    """Of the post's thread; empty when the post is not shown any more."""
    forum: str
    count: int
    address: str
    when: When
    is_new: bool
    is_summons: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    found: Slice[Notification]
    lines: Sequence[Line]
    unseen: int


def list_page(member: Member, *, reader: Reader, cursor: Cursor) -> ListPage:
    rows = Notification.objects.filter(member=member).select_related("post__thread", "post__forum", "by")
    found: Slice[Notification] = cut(rows, cursor, PAGE_SIZE, by="pk", key=lambda row: row.pk)
    return ListPage(found, [_line(row, reader) for row in found.rows], member.unseen_count)


def _line(row: Notification, reader: Reader) -> Line:
    return Line(
        row.pk, row.kind, row.by.name if row.by else "", row.subject, row.post.forum.name if row.post else "", row.count,
        address_of(row), reader.when(row.moment), row.seen_at is None, row.is_summons,
    )  # fmt: skip


def troubles() -> list[str]:
    """For `folkmoot check`: what members should have been told of long ago."""
    late = Due.objects.filter(made_at__lt=datetime.now(UTC) - _LONG).count()
    return (
        [f"{late:,} posts wait for more than an hour to be told of: is folkmoot serve running? Its log says more."]
        if late
        else []
    )


def level_of(member: Member, **what: int) -> str:
    """How closely the member follows this `thread` or `forum`; empty: as usual."""
    return Subscription.objects.filter(member=member, **what).values_list("level", flat=True).first() or ""


def followed(member: Member, cursor: Cursor) -> Slice[Subscription]:
    rows = Subscription.objects.filter(member=member).select_related("thread__forum", "forum")
    return cut(rows, cursor, PAGE_SIZE, by="pk", key=lambda row: row.pk)


def choices_of(member: Member) -> dict[str, str]:
    """Way by kind, and how often a digest comes under `every`: as the form takes them."""
    chosen = dict(Choice.objects.filter(member=member).values_list("kind", "way"))
    every = Digest.objects.filter(member=member).values_list("every", flat=True).first()
    return {**{kind.value: chosen.get(kind.value, Way.SITE.value) for kind in Kind}, "every": every or "daily"}
