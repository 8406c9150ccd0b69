"""Who may be a host, who may end it, and who may block from a forum. Pure.

Administrators appoint everywhere. In a topic forum its hosts appoint more, and remove those who came after them; a main forum has
seats and terms, which the charter says.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from folkmoot.base.answers import YES, Answer, no
from folkmoot.members.rules import HOST, Local, may_administer, office_in
from folkmoot.threads.rules.host import Member

OFFER_DAYS = 14
"""So long a seat is kept for whom it was offered to."""

BLOCK_MAX_DAYS = 365
WATCH_MAX_DAYS = 90


class Candidate(Local, Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def claimable(self) -> bool: ...


class Seat(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def forum_id(self) -> int: ...
    @property
    def member_id(self) -> int: ...
    @property
    def offered_at(self) -> datetime: ...
    @property
    def appointed_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


def may_appoint(officer: Member | None, forum_id: int, *, is_main: bool, retired: bool) -> Answer:
    office = office_in(officer, forum_id)
    if not office or (office == HOST and is_main):
        return no("Administrators appoint hosts, and in a topic forum its hosts do.")
    return no("This forum is retired: nobody posts there, and it needs no hosts.") if retired else YES


def may_be_offered(
    member: Candidate, forum_id: int, *, has_seat: bool, taken: int, most: int | None, rests_until: datetime | None
) -> Answer:
    """`most`: how many seats the forum has; None is any number. `rests_until`: the break after a term, or after juries hid
    several of their posts."""
    if member.banned_at or member.claimable:
        return no("Nobody can serve whose account is closed or has no owner yet.")
    if str(forum_id) in member.blocked_from:
        return no("This member is blocked from the forum.")
    if has_seat:
        return no("This member is a host here already, or has an offer.")
    if rests_until is not None:
        return no(f"This member's last service is over, and they rest until {_day(rests_until)}.")
    if most is not None and taken >= most:
        return no(f"All {most} seats of this forum are taken or offered.")
    return YES


def may_answer(member: Member | None, seat: Seat, *, now: datetime) -> Answer:
    if member is None or member.pk != seat.member_id:
        return no("This offer is somebody else's.")
    if seat.appointed_at or seat.ended_at:
        return no("This offer has been answered, or it was taken back.")
    if now >= seat.offered_at + timedelta(days=OFFER_DAYS):
        return no(f"An offer holds for {OFFER_DAYS} days, and those are over.")
    return no("Your account is closed to posting.") if member.banned_at else YES


def may_resign(member: Member | None, seat: Seat) -> Answer:
    if member is None or member.pk != seat.member_id:
        return no("This seat is somebody else's.")
    return YES if seat.appointed_at and not seat.ended_at else no("You are not a host here.")


def may_remove(officer: Member | None, seat: Seat, *, is_main: bool, own: Seat | None) -> Answer:
    """`own`: the officer's own seat in that forum, which decides who was appointed first."""
    office = office_in(officer, seat.forum_id)
    if not office or (office == HOST and is_main):
        return no("Administrators remove hosts, and in a topic forum those who were appointed before them.")
    if seat.ended_at:
        return no("This seat is empty already.")
    if office == HOST and seat.appointed_at:
        assert own is not None
        assert own.appointed_at is not None
        if (own.appointed_at, own.pk) >= (seat.appointed_at, seat.pk):
            return no("Only who was appointed before a host may remove them.")
    return YES


def may_block(officer: Member | None, member: Member, forum_id: int, *, is_main: bool, is_blocked: bool) -> Answer:
    office = office_in(officer, forum_id)
    if not office or (office == HOST and is_main):
        return no("Administrators block members from a forum, and in a topic forum its hosts do.")
    if member.is_administrator or office_in(member, forum_id):
        return no("Hosts and administrators cannot be blocked. Take the office away first.")
    return no("This member is blocked here already.") if is_blocked else YES


def may_lift(officer: Member | None, forum_id: int, *, is_main: bool, has_ended: bool) -> Answer:
    office = office_in(officer, forum_id)
    if not office or (office == HOST and is_main):
        return no("Administrators lift a block, and in a topic forum its hosts do.")
    return no("This block is over already.") if has_ended else YES


def may_keep_night_watch(officer: Member | None, *, hosts_main: bool) -> Answer:
    """Begin or end one by hand."""
    if may_administer(officer) or (hosts_main and officer is not None and not officer.banned_at):
        return YES
    return no("Administrators and hosts of main forums keep the night watch.")


def is_flood(joined: Sequence[datetime], now: datetime) -> bool:
    """Whether all of these accounts, the newest ones, were made within the last hour."""
    return bool(joined) and min(joined) > now - timedelta(hours=1)


class Watcher(Member, Protocol):
    @property
    def on_intake_team(self) -> bool: ...
    @property
    def on_panel(self) -> bool: ...
    @property
    def claimable(self) -> bool: ...
    @property
    def joined_at(self) -> datetime: ...


class Undoable(Protocol):
    @property
    def done_at(self) -> datetime | None: ...
    @property
    def undone_at(self) -> datetime | None: ...
    @property
    def undo_until(self) -> datetime | None: ...


def may_look_at_intake(member: Watcher | None) -> Answer:
    if may_administer(member) or (member is not None and member.on_intake_team and not member.banned_at):
        return YES
    return no("Only the intake team and administrators look here.")


def may_join_intake(member: Watcher) -> Answer:
    if member.banned_at or member.claimable:
        return no("Nobody can serve whose account is closed or has no owner yet.")
    if member.on_panel:
        return no("The review panel reviews what the intake team does, so nobody is on both.")
    return no("This member is on the team already.") if member.on_intake_team else YES


def may_revoke(officer: Watcher | None, member: Watcher, *, now: datetime, new_days: int) -> Answer:
    """Whether one of the team may agree that this account be closed."""
    if officer is None or not officer.on_intake_team or officer.banned_at:
        return no("Only the intake team closes new accounts.")
    if member.banned_at:
        return no("This account is closed already.")
    if member.is_administrator or member.on_intake_team or member.on_panel or member.host_of:
        return no("Whoever holds an office is no newcomer.")
    if member.claimable or member.joined_at < now - timedelta(days=new_days):
        return no(f"The intake team looks at accounts of the last {new_days} days. Alert on a post, or ask an administrator.")
    return YES


def may_undo(officer: Watcher | None, revocation: Undoable, *, now: datetime) -> Answer:
    if not (answer := may_look_at_intake(officer)):
        return answer
    if revocation.done_at is None or revocation.undone_at:
        return no("There is nothing to undo.")
    if revocation.undo_until and now >= revocation.undo_until and not may_administer(officer):
        return no("The team’s time to undo this is over. An administrator can still lift the ban.")
    return YES


def days_served(appointed_at: datetime, now: datetime) -> int:
    return max((now - appointed_at).days, 0)


def _day(when: datetime) -> str:
    return f"{when:%b} {when.day}, {when.year}"
