"""A host's seat: offered, taken, left."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.base.time import to_moment
from folkmoot.forums.models import Forum
from folkmoot.hosts import events, rules
from folkmoot.hosts.actions.mirror import held, mirror
from folkmoot.hosts.models import HostSeat
from folkmoot.ledger.actions import officer_number
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.members.rules import HOST, office_in
from folkmoot.standards import actions as standards
from folkmoot.standards.events import CHARTER, MEMBERS
from folkmoot.standards.models import Draft
from folkmoot.standards.queries import charter
from folkmoot.standards.rules import Charter

Ending = HostSeat.Ending
_NEVER_SERVED = (Ending.DECLINED, Ending.LAPSED, Ending.WITHDRAWN)


@transaction.atomic
def offer_seat(forum: Forum, *, by: Member, member: Member, reason: str) -> HostSeat:
    """Ask a member to be a host. They are one when they say yes."""
    member, now = held(member.pk), _now()
    forum, numbers = _held_forum(forum.pk), charter(to_moment(now))
    is_main = forum.category.is_main
    rules.may_appoint(by, forum.pk, is_main=is_main, retired=forum.category.is_retired).or_refuse()
    running = HostSeat.objects.filter(forum=forum, ended_at=None)
    rules.may_be_offered(
        member, forum.pk, has_seat=running.filter(member=member).exists(), taken=running.count(),
        most=numbers.main_hosts if is_main else None, rests_until=_rests_until(member, forum, numbers, is_main=is_main, now=now),
    ).or_refuse()  # fmt: skip
    office = office_in(by, forum.pk)
    seat = HostSeat.objects.create(
        forum=forum, member=member, offered_at=now, offered_by=by, offered_office=office, reason=reason
    )
    says = f"You are asked to be a host of {forum.name}. The offer holds for {rules.OFFER_DAYS} days. It says: {reason}"
    members.inform(member.pk, says, f"/hosts/seats/{seat.pk}/")
    tell(events.HostOffered(**_of(seat), by=by.pk, office=office, reason=reason))
    return seat


@transaction.atomic
def accept_seat(seat: HostSeat, *, by: Member) -> None:
    held(by.pk)
    seat, now = _held_seat(seat.pk), _now()
    rules.may_answer(by, seat, now=now).or_refuse()
    seat.appointed_at, seat.officer = now, officer_number(by.pk, HOST)
    if seat.forum.category.is_main:
        seat.ends_at = now + timedelta(days=charter(to_moment(now)).host_days)
    seat.save(update_fields=["appointed_at", "officer", "ends_at"])
    mirror(by.pk)
    tell(events.HostSeated(**_of(seat), by=by.pk, office=HOST, reason=seat.reason))


@transaction.atomic
def decline_seat(seat: HostSeat, *, by: Member) -> None:
    """Costs nothing, and nobody but who offered learns of it."""
    held(by.pk)
    seat = _held_seat(seat.pk)
    rules.may_answer(by, seat, now=_now()).or_refuse()
    _end(seat, Ending.DECLINED)
    if seat.offered_by_id:
        members.inform(seat.offered_by_id, f"The seat of a host of {seat.forum.name} that you offered was declined.")


@transaction.atomic
def resign(seat: HostSeat, *, by: Member) -> None:
    held(by.pk)
    seat = _held_seat(seat.pk)
    rules.may_resign(by, seat).or_refuse()
    _end(seat, Ending.RESIGNED)
    tell(events.HostResigned(**_of(seat), by=by.pk, office=HOST, reason="Their own wish."))


@transaction.atomic
def remove(seat: HostSeat, *, by: Member, reason: str) -> None:
    """Take a seat, or an offer, away."""
    held(seat.member_id)
    seat = _held_seat(seat.pk)
    own = HostSeat.objects.filter(forum=seat.forum_id, member=by, ended_at=None, appointed_at__isnull=False).first()
    rules.may_remove(by, seat, is_main=seat.forum.category.is_main, own=own).or_refuse()
    _end(seat, Ending.REMOVED if seat.appointed_at else Ending.WITHDRAWN)
    office = office_in(by, seat.forum_id)
    what = "You are no longer a host of" if seat.appointed_at else "You are no longer asked to be a host of"
    members.inform(seat.member_id, f"{what} {seat.forum.name}. The reason: {reason}")
    tell(events.HostRemoved(**_of(seat), by=by.pk, office=office, reason=reason))


@transaction.atomic
def end_service(member_id: int, *, reason: str) -> int:
    """End every seat and offer of a member: juries hid several of their posts, or they were banned. Returns how many seats."""
    held(member_id)
    ended = 0
    for seat in HostSeat.objects.filter(member=member_id, ended_at=None).select_related("forum").order_by("pk"):
        _end(seat, Ending.SERVICE if seat.appointed_at else Ending.WITHDRAWN)
        if seat.appointed_at:
            ended += 1
            members.inform(member_id, f"Your service as a host of {seat.forum.name} has ended. {reason}")
            tell(events.HostServiceEnded(**_of(seat), by=0, office=CHARTER, reason=reason))
    return ended


@transaction.atomic
def put_forward_recall(seat: HostSeat, *, by: Member, reason: str, forum: Forum, key: str | None = None) -> Draft:
    """Ask the members to end a host's service. `forum`: where that is discussed."""
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=(by.pk, seat.member_id)).order_by("pk"))
    seat = _held_seat(seat.pk)
    is_running = seat.appointed_at is not None and seat.ended_at is None
    return standards.put_forward_recall(
        by=by, reason=reason, forum=forum, seat=seat.pk, host=seat.member, of=seat.forum, is_running=is_running, key=key
    )


@transaction.atomic
def recall(draft: Draft) -> None:
    """The members carried it: the seat ends at once."""
    held(draft.host_id or 0)
    seat = _held_seat(draft.seat or 0)
    if seat.ended_at:
        return
    _end(seat, Ending.RECALLED)
    counted = f"{draft.yes} said yes, {draft.nays} no."
    says = f"The members recalled you as a host of {seat.forum.name}: {counted} You will not be asked to serve there"
    days = charter(to_moment(_now())).host_break_days
    members.inform(seat.member_id, f"{says} for {days} days.", f"/standards/drafts/{draft.pk}/")
    tell(events.HostRecalled(
        **_of(seat), number=seat.officer or 0, draft_id=draft.pk, by=0, office=MEMBERS, reason=counted,
    ))  # fmt: skip


@transaction.atomic
def end_seat(seat: HostSeat) -> bool:
    """End a term that is over, or an offer that nobody answered. Whoever comes second finds it done."""
    held(seat.member_id)
    seat, now = _held_seat(seat.pk), _now()
    if seat.ended_at:
        return False
    if seat.appointed_at is None and now >= seat.offered_at + timedelta(days=rules.OFFER_DAYS):
        _end(seat, Ending.LAPSED)
        return True
    if seat.ends_at is None or now < seat.ends_at:
        return False
    _end(seat, Ending.TERM)
    members.inform(seat.member_id, f"Your term as a host of {seat.forum.name} has ended. Thank you for your service.")
    tell(events.HostTermEnded(**_of(seat), by=0, office=CHARTER, reason="The term was served."))
    return True


@transaction.atomic
def set_terms() -> None:
    """A forum that became a main one gives its hosts a term from now on; one that is no main one any more, none."""
    running, now = HostSeat.objects.filter(ended_at=None, appointed_at__isnull=False), _now()
    ends_at = now + timedelta(days=charter(to_moment(now)).host_days)
    running.filter(forum__category__is_main=True, ends_at=None).update(ends_at=ends_at)
    running.filter(forum__category__is_main=False, ends_at__isnull=False).update(ends_at=None)


def _end(seat: HostSeat, ending: HostSeat.Ending) -> None:
    seat.ended_at, seat.ending = _now(), ending
    seat.save(update_fields=["ended_at", "ending"])
    mirror(seat.member_id)
    standards.end_recall(seat.pk, reason=f"The host’s seat ended in another way: {ending.label}.")


def _rests_until(member: Member, forum: Forum, numbers: Charter, *, is_main: bool, now: datetime) -> datetime | None:
    """The break that a main forum asks for after a term there, every forum after service that the charter ended, and the forum
    from which a host was recalled."""
    served = HostSeat.objects.filter(member=member, ended_at__isnull=False).exclude(ending__in=_NEVER_SERVED)
    ends = []
    ladder = served.filter(ending=Ending.SERVICE).order_by("-ended_at").first()
    if ladder and ladder.ended_at:
        ends.append(ladder.ended_at + timedelta(days=numbers.ladder_days))
    recalled = served.filter(ending=Ending.RECALLED, forum=forum).order_by("-ended_at").first()
    if recalled and recalled.ended_at:
        ends.append(recalled.ended_at + timedelta(days=numbers.host_break_days))
    last = served.filter(forum__category__is_main=True).order_by("-ended_at").first() if is_main else None
    if last and last.ended_at:
        ends.append(last.ended_at + timedelta(days=numbers.host_break_days))
    return max((end for end in ends if end > now), default=None)


def _held_forum(forum_id: int) -> Forum:
    """So that no two offers take the last seat."""
    return Forum.objects.select_for_update(of=("self",), no_key=True).select_related("category").get(pk=forum_id)


def _held_seat(seat_id: int) -> HostSeat:
    """The caller holds its member."""
    held_rows = HostSeat.objects.select_for_update(of=("self",), no_key=True).select_related("forum__category", "member")
    return held_rows.get(pk=seat_id)


def _of(seat: HostSeat) -> dict[str, int]:
    return {"forum_id": seat.forum_id, "member_id": seat.member_id}


def _now() -> datetime:
    return datetime.now(UTC)
