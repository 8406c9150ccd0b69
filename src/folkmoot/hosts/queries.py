"""What is read of hosts: a forum's seats and blocks, and a member's own seat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404

from folkmoot.base.answers import Answer
from folkmoot.base.pages import soonest
from folkmoot.base.paging import Cursor, Slice
from folkmoot.base.time import to_datetime, to_moment
from folkmoot.forums.models import Forum, ReadyReason
from folkmoot.hosts import rules
from folkmoot.hosts.models import Agreement, ForumBlock, HostSeat, IntakeSeat, Revocation
from folkmoot.juries.models import Case
from folkmoot.juries.queries.acts import told
from folkmoot.ledger.models import Officer, OutboxEntry
from folkmoot.ledger.queries import pieces_of
from folkmoot.ledger.rules.entries import officer_name
from folkmoot.members.models import Member, NightWatch, Watch
from folkmoot.members.reader import Reader, When
from folkmoot.members.rules import HOST, office_in
from folkmoot.standards.models import Draft
from folkmoot.standards.queries import charter, may_second_drafts
from folkmoot.standards.rules import OPEN
from folkmoot.threads.queries import waiting
from folkmoot.threads.queries.history import PostLine
from folkmoot.threads.queries.lists import ThreadRow, unanswered

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
    recall: int | None
    """The draft of the members' recall, while it is under way."""


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
    """Three queries. `most`: seats of a main forum, as the charter has it."""
    is_main, viewer, at = forum.category.is_main, reader.member, to_datetime(now)
    running = HostSeat.objects.filter(forum=forum, ended_at=None).select_related("member").order_by("appointed_at", "pk")
    found = list(running)
    own = next((s for s in found if s.member_id == reader.member_id and s.appointed_at), None)

    def may_remove(seat: HostSeat) -> bool:
        return bool(rules.may_remove(viewer, seat, is_main=is_main, own=own))

    under_way = Draft.objects.filter(seat__in=[s.pk for s in found], stage__in=OPEN)
    recalls = dict(under_way.values_list("seat", "pk"))
    seats = [
        HostLine(
            s.pk, s.member.name, s.officer or 0, rules.days_served(s.appointed_at, at), reader.when(to_moment(s.appointed_at)),
            reader.when(to_moment(s.ends_at)) if s.ends_at else None, may_remove(s), s == own,
            recalls.get(s.pk),
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


@dataclass(frozen=True, slots=True)
class RecallPage:
    """A host whom the members may recall."""

    seat: HostSeat
    forum: Forum
    under_way: int | None
    """The draft."""
    answer: Answer
    """Whether the reader may put it forward."""
    percent: int
    break_days: int


def recall_page(seat_id: int, *, reader: Reader, now: int) -> RecallPage:
    """404 for an offer, which is nobody's business, and for a seat that has ended."""
    running = HostSeat.objects.filter(appointed_at__isnull=False, ended_at=None)
    seat = running.select_related("forum__category", "member").filter(pk=seat_id).first()
    if seat is None:
        raise Http404
    numbers = charter(now)
    under_way = Draft.objects.filter(seat=seat.pk, stage__in=OPEN).values_list("pk", flat=True).first()
    answer = may_second_drafts(reader.member, numbers)
    return RecallPage(seat, seat.forum, under_way, answer, numbers.recall, numbers.host_break_days)


@dataclass(frozen=True, slots=True)
class Deed:
    id: int
    says: str
    when: When
    reason: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What the hosts of a forum look after."""

    forum: Forum
    waiting: Slice[PostLine]
    unanswered: Sequence[ThreadRow]
    done: Sequence[Deed]
    """The reader's own acts in this forum, the newest first."""
    judged: Sequence[tuple[int, str, bool]]
    """Acts in this forum on which juries decided, the newest first: the case, what was done, whether it is undone."""
    officer: str
    seat: HostSeat | None
    until: When | None
    """The end of the reader's term."""
    ready: Sequence[ReadyReason]
    may_appoint: bool
    may_block: bool
    may_keep_watch: bool


def desk(forum: Forum, *, reader: Reader, now: int, cursor: Cursor) -> Desk:
    member = reader.member
    assert member is not None
    office = office_in(member, forum.pk)
    seat = HostSeat.objects.filter(forum=forum, member=member, ended_at=None, appointed_at__isnull=False).first()
    is_main, retired = forum.category.is_main, forum.category.is_retired
    officer = Officer.objects.filter(member_id=member.pk, office=office).values_list("number", flat=True).first() or 0
    rows = OutboxEntry.objects.filter(forum_id=forum.pk, office=office, officer=officer).select_related("reason").order_by("-pk")
    return Desk(
        forum, waiting(reader=reader, cursor=cursor, forum_id=forum.pk), unanswered(forum, reader=reader),
        [Deed(r.pk, "".join(p.words for p in pieces_of(r)), reader.when(to_moment(r.told_at)), r.reason.text) for r in rows[:20]],
        [(case.pk, told(case.act), case.state == Case.State.HIDDEN) for case in _judged(forum) if case.act],
        officer_name(office, officer) if officer else office.capitalize(), seat,
        reader.when(to_moment(seat.ends_at)) if seat and seat.ends_at else None,
        list(ReadyReason.objects.filter(forum=forum)),
        may_appoint=bool(rules.may_appoint(member, forum.pk, is_main=is_main, retired=retired)),
        may_block=not (office == HOST and is_main), may_keep_watch=is_main or member.is_administrator,
    )  # fmt: skip


def _judged(forum: Forum) -> list[Case]:
    decided = Case.objects.filter(act__forum_id=forum.pk, closed_at__isnull=False).select_related("act")
    return list(decided.order_by("-closed_at")[:20])


@dataclass(frozen=True, slots=True)
class WatchLine:
    watch: Watch
    until: When


def watches(*, reader: Reader, now: int) -> list[WatchLine]:
    """What is watched for at present; what ends first stands first."""
    running = Watch.objects.filter(ended_at=None, until__gt=to_datetime(now)).order_by("until", "pk")
    return [WatchLine(watch, reader.when(to_moment(watch.until))) for watch in running]


def night_watch(*, reader: Reader) -> tuple[NightWatch, When] | None:
    """The one that is kept now, and until when."""
    running = NightWatch.objects.filter(ended_at=None).first()
    return (running, reader.when(to_moment(running.until))) if running else None


def hosts_main(member: Member | None) -> bool:
    """Whether they host a main forum."""
    return member is not None and Forum.objects.filter(pk__in=member.host_of, category__is_main=True).exists()


ACCOUNTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class NewAccount:
    name: str
    joined: When
    posts: int
    reasons: Sequence[str]
    """Of those who would close it."""
    mine: bool
    """Whether the reader is among them."""


@dataclass(frozen=True, slots=True)
class ClosedAccount:
    revocation_id: int
    name: str
    closed: When
    undo_until: When
    swept: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Intake:
    accounts: Sequence[NewAccount]
    closed: Sequence[ClosedAccount]
    needed: int
    new_days: int
    is_on_team: bool


def intake(*, reader: Reader, now: int) -> Intake:
    """The newest accounts, those that somebody would close first; and what was closed lately."""
    member, numbers, at = reader.member, charter(now), to_datetime(now)
    assert member is not None
    since = at - timedelta(days=numbers.new_account_days)
    newest = Member.objects.filter(banned_at=None, claimable=False, on_intake_team=False, office="").order_by("-pk")[
        :ACCOUNTS_SHOWN
    ]
    new = [person for person in newest if person.joined_at >= since and not person.host_of]
    backed: dict[int, list[Agreement]] = {}
    for one in Agreement.objects.filter(revocation__member__in=new, revocation__undone_at=None).select_related("revocation"):
        backed.setdefault(one.revocation.member_id, []).append(one)
    accounts = [
        NewAccount(
            person.name, reader.when(to_moment(person.joined_at)), person.post_count, [one.reason for one in agreed],
            any(one.member_id == member.pk for one in agreed),
        )
        for person in sorted(new, key=lambda person: (-len(backed.get(person.pk, [])), -person.pk))
        for agreed in (backed.get(person.pk, []),)
    ]  # fmt: skip
    done = Revocation.objects.filter(done_at__isnull=False, undone_at=None).select_related("member").order_by("-opened_at")[:20]
    closed = [
        ClosedAccount(
            r.pk, r.member.name, reader.when(to_moment(r.done_at)), reader.when(to_moment(r.undo_until)), r.swept_at is not None,
            bool(rules.may_undo(member, r, now=at)),
        )
        for r in done if r.done_at and r.undo_until
    ]  # fmt: skip
    return Intake(accounts, closed, numbers.intake_needs, numbers.new_account_days, member.on_intake_team)


def intake_team(*, reader: Reader) -> list[tuple[str, When]]:
    """Who is on it, and since when."""
    running = IntakeSeat.objects.filter(ended_at=None).select_related("member").order_by("appointed_at", "pk")
    return [(seat.member.name, reader.when(to_moment(seat.appointed_at))) for seat in running]


def may_revoke(officer: Member | None, member: Member, *, now: int) -> Answer:
    return rules.may_revoke(officer, member, now=to_datetime(now), new_days=charter(now).new_account_days)
