"""Who may serve, second and vote."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import BigIntegerField, Count, ExpressionWrapper, F

from folkmoot.base.answers import Answer, no
from folkmoot.base.time import DAY, now_moment, to_datetime, to_moment
from folkmoot.forums.models import Forum
from folkmoot.members.models import Member, Visit
from folkmoot.standards import rules
from folkmoot.standards.models import Draft
from folkmoot.standards.queries.editions import charter, founded_at
from folkmoot.standards.rules import REGULAR_DAYS, Charter, Facts
from folkmoot.threads.models import Post, State

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


def facts_of(member: Member, now: datetime, *, whole: bool = True) -> Facts:
    """What `eligible` asks of everybody, of one member, as of then as far as it is still known. Unless `whole`, without the days
    of visits and posts."""
    return Facts(
        joined_at=member.joined_at,
        posts=member.post_count + member.imported_post_count,
        seen_on=Visit.objects.filter(pk=member.pk).values_list("day", flat=True).first() if whole else None,
        posting_days=_posting_days(member, now) if whole else 0,
        is_banned=member.banned_at is not None,
        is_paused=member.paused_until is not None and member.paused_until > now,
        has_owner=not member.claimable and member.has_usable_password(),
    )


def _posting_days(member: Member, now: datetime) -> int:
    day = ExpressionWrapper(F("moment") / DAY, output_field=BigIntegerField())
    written = Post.objects.filter(author=member, state=State.VISIBLE, moment__lte=to_moment(now))
    days: int = written.aggregate(days=Count(day, distinct=True))["days"]
    return days


def may_second_drafts(member: Member | None, charter: Charter) -> Answer:
    """Whether a member may put drafts forward and second them: who may serve on a jury may, here of late or not."""
    if member is None:
        return no("Create a free account or sign in to take part.")
    founded, now = founded_at(), to_datetime(now_moment())
    if founded is None:
        return no("This community is not founded yet.")
    return rules.may_serve(facts_of(member, now, whole=False), rules.asked(founded, now, charter), now, recent=False)


def regulars(forum: Forum, now: int) -> list[int]:
    """Who may second the recall of a host of a forum: members who may serve, and wrote there of late."""
    wrote = Post.objects.filter(forum=forum, state=State.VISIBLE, moment__gt=now - REGULAR_DAYS * DAY)
    authors = set(wrote.values_list("author", flat=True).distinct())
    return eligible(to_datetime(now), charter(now), recent=False, among=authors)


def may_second(draft: Draft, member: Member | None, charter: Charter) -> Answer:
    """As far as it depends on who they are."""
    standing = may_second_drafts(member, charter)
    if draft.forum is None:
        return standing
    since = draft.made_at - REGULAR_DAYS * DAY
    there = Post.objects.filter(author=member, forum=draft.forum, state=State.VISIBLE)
    wrote = member is not None and there.filter(moment__gt=since, moment__lte=draft.made_at).exists()
    return rules.may_second_recall(standing, wrote=wrote, forum=draft.forum.name)


def why_not_on_roll(draft: Draft, member: Member) -> str:
    """What a member lacked when a draft's roll was closed, as far as it is still known."""
    founded = founded_at()
    if founded is None or draft.rolled_at is None:
        return ""
    then = to_datetime(draft.rolled_at)
    wanted = rules.asked(founded, then, draft.numbers, posting_days=draft.numbers.voter_days)
    return str(rules.may_serve(facts_of(member, then), wanted, then).reason)
