"""What is read of notices and removals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, F, Min, Q, QuerySet
from django.http import Http404

from folkmoot.base.time import to_moment
from folkmoot.legal import rules
from folkmoot.legal.models import Notice, Removal
from folkmoot.members.reader import Reader, When
from folkmoot.members.rules import may_administer
from folkmoot.threads.models import Post

SHOWN = 100
_POST = re.compile(r"/posts/(\d{1,18})(?:/|$)")
_THREAD = re.compile(r"/threads/(\d{1,18})(?:/|$)")


def post_at(where: str) -> Post | None:
    """The post that an address of ours leads to; a thread's address to its opening post."""
    if found := _POST.search(where):
        return Post.objects.filter(pk=int(found[1]), number__isnull=False).first()
    if found := _THREAD.search(where):
        return Post.objects.filter(thread=int(found[1]), number=0).first()
    return None


def waiting() -> tuple[int, datetime | None]:
    """How many notices and counter-notices nobody has decided, and since when the first."""
    notices = Notice.objects.filter(decided_at=None).aggregate(count=Count("*"), first=Min("made_at"))
    counters = _open_counters().aggregate(count=Count("*"), first=Min("countered_at"))
    return notices["count"] + counters["count"], min(filter(None, (notices["first"], counters["first"])), default=None)


def troubles() -> list[str]:
    """A sentence for each kind that waits longer than it should."""
    now = datetime.now(UTC)
    late = Q(due_at__lt=now)
    notices = Notice.objects.filter(late, decided_at=None).aggregate(count=Count("*"), first=Min("due_at"))
    counters = _open_counters().filter(late).aggregate(count=Count("*"), first=Min("due_at"))
    found = [
        rules.overdue("notice of unlawful content", notices["first"], notices["count"], now),
        rules.overdue("counter-notice", counters["first"], counters["count"], now),
    ]
    return [sentence for sentence in found if sentence]


def _open_counters() -> QuerySet[Removal]:
    return Removal.objects.filter(countered_at__isnull=False, answered_at=None, ended_at=None)


@dataclass(frozen=True, slots=True)
class Line:
    """A notice or a counter-notice in the officers' list."""

    name: str
    address: str
    kind: str
    post_id: int | None
    came: When
    due: When | None
    is_late: bool
    outcome: str


def lines(reader: Reader) -> tuple[Sequence[Line], Sequence[Line]]:
    """What waits, the first due first, and what was decided last."""
    now = datetime.now(UTC)

    def when(at: datetime | None) -> When | None:
        return reader.when(to_moment(at)) if at else None

    def notice(row: Notice) -> Line:
        outcome = "" if row.removed is None else "The post was removed" if row.removed else "The post stayed"
        came = reader.when(to_moment(row.made_at))
        kind = Notice.Kind(row.kind).label
        late = row.decided_at is None and row.due_at < now
        return Line(f"Notice {row.pk}", f"/site/notices/{row.pk}/", kind, row.post_id, came, when(row.due_at), late, outcome)

    def counter(row: Removal) -> Line:
        assert row.countered_at is not None
        came = reader.when(to_moment(row.countered_at))
        address = f"/site/counters/{row.pk}/"
        name = f"Counter-notice {row.pk}"
        return Line(
            name,
            address,
            f"Against: {row.ground}",
            row.post_id,
            came,
            when(row.due_at),
            row.due_at is not None and row.due_at < now,
            "",
        )

    opened = [notice(row) for row in Notice.objects.filter(decided_at=None).order_by("due_at")[:SHOWN]]
    opened += [counter(row) for row in _open_counters().order_by("due_at")[:SHOWN]]
    closed = Notice.objects.filter(decided_at__isnull=False).order_by(F("decided_at").desc())[:SHOWN]
    return opened, [notice(row) for row in closed]


def removal_of(post_id: int) -> Removal | None:
    """The latest removal of a post."""
    return Removal.objects.filter(post=post_id).order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, as its sender or an officer reads it."""

    notice: Notice
    kind: str
    came: When
    due: When
    decided: When | None


def told(notice: Notice, reader: Reader) -> Told:
    when = reader.when
    decided = when(to_moment(notice.decided_at)) if notice.decided_at else None
    kind = Notice.Kind(notice.kind).label
    return Told(notice, kind, when(to_moment(notice.made_at)), when(to_moment(notice.due_at)), decided)


@dataclass(frozen=True, slots=True)
class Statement:
    """Why a post is removed: the ground for everybody, the rest for its author and the officers."""

    post: Post
    removal: Removal
    at: When
    until: When
    due: When | None
    ended: When | None
    is_author: bool
    reads_all: bool


def statement(post: Post, reader: Reader) -> Statement:
    """404 when it never was removed."""
    removal = removal_of(post.pk)
    if removal is None or post.number is None:
        raise Http404
    is_author = reader.member_id == post.author_id
    return Statement(
        post, removal, reader.when(to_moment(removal.removed_at)), reader.when(to_moment(removal.removed_at + rules.CONTEST)),
        reader.when(to_moment(removal.due_at)) if removal.due_at else None,
        reader.when(to_moment(removal.ended_at)) if removal.ended_at else None,
        is_author, is_author or bool(may_administer(reader.member)),
    )  # fmt: skip
