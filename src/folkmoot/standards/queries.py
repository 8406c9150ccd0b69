"""What is read of the standards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, QuerySet
from django.http import Http404

from folkmoot.base.time import DAY, now_moment, to_datetime, to_moment
from folkmoot.members.models import Member, Visit
from folkmoot.members.reader import Reader, When
from folkmoot.standards import rules
from folkmoot.standards.models import Edition, Wording
from folkmoot.standards.rules import CHARTER, Charter, Facts, Number
from folkmoot.standards.rules.charter import NUMBERS
from folkmoot.threads.models import Post, State


def edition_at(moment: int) -> Edition:
    """The edition in force at that moment; of before the founding the first. Raises Edition.DoesNotExist before there is one."""
    found = Edition.objects.filter(in_force__lte=moment).order_by("-in_force").first()
    return found or Edition.objects.earliest("in_force")


def charter(moment: int) -> Charter:
    """The numbers in force; those of the founding where nobody has founded yet."""
    try:
        return edition_at(moment).numbers
    except Edition.DoesNotExist:
        return CHARTER


def founded_at() -> datetime | None:
    """When the standards, and with them the community, began; None before."""
    first = Edition.objects.order_by("in_force").values_list("in_force", flat=True).first()
    return None if first is None else to_datetime(first)


_ELIGIBLE = """
SELECT m.id FROM members_member m
WHERE m.banned_at IS NULL AND (m.paused_until IS NULL OR m.paused_until <= %s) AND NOT m.claimable AND m.password NOT LIKE %s
    AND m.joined_at <= %s AND m.post_count + m.imported_post_count >= %s
"""
_RECENT = " AND EXISTS (SELECT 1 FROM state.members_visit v WHERE v.member_id = m.id AND v.day >= %s)"
_DAYS = f"""
    AND m.post_count >= %s
    AND (SELECT COUNT(DISTINCT p.moment / {DAY}) FROM threads_post p WHERE p.author_id = m.id AND p.state = 'visible') >= %s
"""
_FEW = 500
"""So many members are asked for by their ids; more are looked for among all."""


def eligible(
    now: datetime, charter: Charter, *, recent: bool = True, posting_days: int = 0, among: Collection[int] | None = None
) -> list[int]:
    """Ids of the members who may serve or vote, ascending: `rules.may_serve`, asked of everybody at once.

    In good standing, here long enough, with enough posts; `recent`: who looked in of late; `posting_days`: who wrote on so many
    different days (in UTC). An office does not exclude, and nothing that is paid for is asked.
    """
    founded = founded_at()
    if founded is None:
        return []
    asked = rules.asked(founded, now, charter, posting_days=posting_days)
    time, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    sql, values = _ELIGIBLE, [time(now), "!%", time(asked.joined_by), asked.posts]
    if recent:
        sql, values = sql + _RECENT, [*values, day(asked.seen_since)]
    if posting_days:
        sql, values = sql + _DAYS, [*values, posting_days, posting_days]
    if among is not None and len(among) <= _FEW:
        if not among:
            return []
        sql, values = f"{sql} AND m.id IN ({', '.join(['%s'] * len(among))})", [*values, *among]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY m.id", values)
        found = [row[0] for row in cursor.fetchall()]
    return found if among is None or len(among) <= _FEW else sorted(set(found) & set(among))


def facts_of(member: Member, now: datetime) -> Facts:
    """What `eligible` asks of everybody, of one member, as of then as far as it is still known."""
    day = ExpressionWrapper(F("moment") / DAY, output_field=BigIntegerField())
    written = Post.objects.filter(author=member, state=State.VISIBLE, moment__lte=to_moment(now))
    return Facts(
        joined_at=member.joined_at,
        posts=member.post_count + member.imported_post_count,
        seen_on=Visit.objects.filter(pk=member.pk).values_list("day", flat=True).first(),
        posting_days=written.aggregate(days=Count(day, distinct=True))["days"],
        is_banned=member.banned_at is not None,
        is_paused=member.paused_until is not None and member.paused_until > now,
        has_owner=not member.claimable and member.has_usable_password(),
    )


def charter_now() -> Charter:
    return charter(now_moment())


def wordings(edition: Edition) -> QuerySet[Wording]:
    """The standards of an edition, in order."""
    return Wording.objects.filter(edition=edition).select_related("standard").order_by("standard__number")


@dataclass(frozen=True, slots=True)
class StandardsPage:
    edition: int
    since: When
    wordings: Sequence[Wording]


def standards_page(reader: Reader) -> StandardsPage:
    edition = _in_force()
    return StandardsPage(edition.number, reader.when(edition.in_force), list(wordings(edition)))


@dataclass(frozen=True, slots=True)
class CharterPage:
    edition: int
    since: When
    numbers: Sequence[tuple[str, int, Number]]


def charter_page(reader: Reader) -> CharterPage:
    edition = _in_force()
    values = edition.numbers
    numbers = [(name, getattr(values, name), number) for name, number in NUMBERS.items()]
    return CharterPage(edition.number, reader.when(edition.in_force), numbers)


def _in_force() -> Edition:
    try:
        return edition_at(now_moment())
    except Edition.DoesNotExist:
        raise Http404 from None
