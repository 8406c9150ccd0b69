"""What is read of hosts: a forum's seats and blocks, and a member's own seat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404

from folkmoot.base.pages import soonest
from folkmoot.base.time import to_datetime, to_moment
from folkmoot.forums.models import Forum
from folkmoot.hosts import rules
from folkmoot.hosts.models import ForumBlock, HostSeat
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.members.rules import HOST, office_in

BLOCKS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class HostLine:
    seat_id: int
    name: str
    officer: int
    days: int
    since: When
    until: When | None
    """The end of the term, in a main forum."""
    may_remove: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class OfferLine:
    """Shown to whoever may appoint, and to nobody else."""

    seat_id: int
    name: str
    since: When
    may_remove: bool


@dataclass(frozen=True, slots=True)
class BlockLine:
    block_id: int
    name: str
    until: When
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hosts:
    """Who looks after a forum, in the order of their appointment."""

    seats: Sequence[HostLine]
    offers: Sequence[OfferLine]
    empty: int | None
    """Seats that nobody has; None in a topic forum, which has as many as it needs."""
    blocks: Sequence[BlockLine]
    is_officer: bool
    may_appoint: bool
    may_block: bool
    until: int | None
    """When the first of them will have served a day more."""


def of_forum(forum: Forum, *, reader: Reader, now: int, most: int) -> Hosts:
    """Two queries. `most`: seats of a main forum, as the charter has it."""
    is_main, viewer, at = forum.category.is_main, reader.member, to_datetime(now)
    running = HostSeat.objects.filter(forum=forum, ended_at=None).select_related("member").order_by("appointed_at", "pk")
    found = list(running)
    own = next((s for s in found if s.member_id == reader.member_id and s.appointed_at), None)

    def may_remove(seat: HostSeat) -> bool:
        return bool(rules.may_remove(viewer, seat, is_main=is_main, own=own))

    seats = [
        HostLine(
            s.pk, s.member.name, s.officer or 0, rules.days_served(s.appointed_at, at), reader.when(to_moment(s.appointed_at)),
            reader.when(to_moment(s.ends_at)) if s.ends_at else None, may_remove(s), s == own,
        )
        for s in found if s.appointed_at
    ]  # fmt: skip
    may_appoint = bool(rules.may_appoint(viewer, forum.pk, is_main=is_main, retired=forum.category.is_retired))
    offers = [
        OfferLine(s.pk, s.member.name, reader.when(to_moment(s.offered_at)), may_remove(s))
        for s in found if may_appoint and not s.appointed_at
    ]  # fmt: skip
    next_days = [_next_day(s.appointed_at, at) for s in found if s.appointed_at]
    office = office_in(viewer, forum.pk)
    return Hosts(
        seats, offers, max(most - len(seats), 0) if is_main else None, _blocks(forum, reader), is_officer=bool(office),
        may_appoint=may_appoint, may_block=bool(office) and not (office == HOST and is_main), until=soonest(*next_days),
    )  # fmt: skip


def _next_day(appointed_at: datetime, now: datetime) -> int:
    return to_moment(appointed_at + timedelta(days=rules.days_served(appointed_at, now) + 1))


def _blocks(forum: Forum, reader: Reader) -> list[BlockLine]:
    running = ForumBlock.objects.filter(forum=forum, ended_at=None).select_related("member").order_by("until", "pk")
    return [
        BlockLine(b.pk, b.member.name, reader.when(to_moment(b.until)), f"{b.office.capitalize()} {b.officer}", b.reason)
        for b in running[:BLOCKS_SHOWN]
    ]


@dataclass(frozen=True, slots=True)
class SeatPage:
    """An offer, or one's own seat."""

    seat: HostSeat
    forum: Forum
    offered: When
    until: When
    """When the offer lapses, or the term ends."""
    is_open: bool
    """The offer waits for an answer."""
    is_running: bool


def own_seat(seat_id: int, *, member: Member, reader: Reader, now: int) -> SeatPage:
    """404 to everybody but its member."""
    seat = HostSeat.objects.select_related("forum__category").filter(pk=seat_id, member=member).first()
    if seat is None:
        raise Http404
    ends = seat.ends_at or seat.offered_at + timedelta(days=rules.OFFER_DAYS)
    return SeatPage(
        seat, seat.forum, reader.when(to_moment(seat.offered_at)), reader.when(to_moment(ends)),
        bool(rules.may_answer(member, seat, now=to_datetime(now))), bool(rules.may_resign(member, seat)),
    )  # fmt: skip
