"""Who may serve on a jury, and who may vote: what is asked grows with the community, so that a young one has both. Pure."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from folkmoot.base.answers import YES, Answer, no
from folkmoot.standards.rules.charter import Charter


class Asked(NamedTuple):
    """What is asked of a member."""

    joined_by: datetime
    posts: int
    seen_since: date
    posting_days: int = 0


class Facts(NamedTuple):
    """What is known of a member at a moment."""

    joined_at: datetime
    posts: int
    seen_on: date | None
    posting_days: int = 0
    is_banned: bool = False
    is_paused: bool = False
    has_owner: bool = True


def asked(founded: datetime, now: datetime, charter: Charter, *, posting_days: int = 0) -> Asked:
    """`juror_days` of membership, or half the community's age; and posts in the same proportion, rounded up."""
    half = max((now - founded) / 2, timedelta(0))
    full = timedelta(days=charter.juror_days)
    days = min(half, full)
    return Asked(
        joined_by=now - days,
        posts=-(-charter.juror_posts * days // full),
        seen_since=(now - timedelta(days=charter.recent_days)).date(),
        posting_days=posting_days,
    )


def may_serve(member: Facts, asked: Asked, now: datetime, *, recent: bool = True) -> Answer:
    """Whether a member is what is asked, and else the first thing that they are not."""
    days, needed = (now - member.joined_at).days, -((asked.joined_by - now) // timedelta(days=1))
    for holds, reason in (
        (member.has_owner, "Nobody has claimed this account yet."),
        (not member.is_banned, "Your account is closed to posting."),
        (not member.is_paused, "Your posting is paused."),
        (member.joined_at <= asked.joined_by, f"You have been a member for {_count(days, 'day')}; {needed} are needed."),
        (member.posts >= asked.posts, f"You have written {_count(member.posts, 'post')}; {asked.posts} are needed."),
        (
            member.posting_days >= asked.posting_days,
            f"You have written on {_count(member.posting_days, 'day')}; {asked.posting_days} are needed.",
        ),
        (
            not recent or (member.seen_on is not None and member.seen_on >= asked.seen_since),
            f"You have not been here since {asked.seen_since:%b} {asked.seen_since.day}.",
        ),
    ):
        if not holds:
            return no(reason)
    return YES


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
