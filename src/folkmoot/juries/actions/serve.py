"""What a juror does: answer a summons, vote, leave; and what a member chooses about juries."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from folkmoot.base.answers import no
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.juries import rules
from folkmoot.juries.actions.decide import decide
from folkmoot.juries.models import Case, Jury, JuryBlock, OptedOut, Seat, Vote
from folkmoot.juries.queries.cases import leaf_hash_of, standards_of
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.members.rules import may_administer
from folkmoot.standards import queries as standards

OPEN = (Seat.State.SUMMONED, Seat.State.ACCEPTED, Seat.State.SEATED)
"""States in which a member is still waited for, or waits."""


@transaction.atomic
def answer(jury: Jury, *, by: Member, serves: bool) -> None:
    """Answer a summons. Refusing costs nothing."""
    jury, seat = _held(jury, by)
    rules.may_answer(seat.state if seat else None, is_decided=jury.decided_at is not None).or_refuse()
    assert seat is not None
    seat.answered_at = to_datetime(now_moment())
    seat.state = Seat.State.ACCEPTED if serves else Seat.State.DECLINED
    seat.left_at = None if serves else seat.answered_at
    seat.save(update_fields=["answered_at", "state", "left_at"])
    _stir(jury, seat.answered_at)
    settle_calls([by.pk])


@transaction.atomic
def leave(jury: Jury, *, by: Member) -> None:
    """Give a seat, or the readiness to serve, back: because of who wrote it, or for no reason at all."""
    jury, seat = _held(jury, by)
    if seat is None or seat.state not in (Seat.State.ACCEPTED, Seat.State.SEATED) or jury.decided_at:
        no("You do not sit on this jury.").or_refuse()
    assert seat is not None
    seat.state, seat.left_at = Seat.State.DECLINED, to_datetime(now_moment())
    seat.save(update_fields=["state", "left_at"])
    _stir(jury, seat.left_at)
    settle_calls([by.pk])


@transaction.atomic
def vote(jury: Jury, *, by: Member, choice: int, standard: int, reason: str) -> Vote:
    """Cast one's vote, once. `standard` is a number; it counts where the choice names one."""
    jury, seat = _held(jury, by)
    now, case = to_datetime(now_moment()), jury.case
    is_over = jury.decided_at is not None or (jury.deadline is not None and now >= jury.deadline)
    rules.may_vote(seat.state if seat else None, is_decided=is_over).or_refuse()
    assert seat is not None
    alleged = set(case.alerts.values_list("standard__number", flat=True))
    rules.may_say(choice, standard, alleged=alleged, in_force=standards_of(case).keys()).or_refuse()
    nonce = secrets.token_bytes(32)
    standard = standard if choice in rules.FOUND_A_BREACH else 0
    commitment = (
        rules.commitment(
            leaf_hash=leaf_hash_of(jury), token=bytes.fromhex(seat.token), nonce=nonce, choice=choice, standard=standard
        ).hex()
        if jury.opening_id
        else secrets.token_hex(32)
    )
    cast = Vote.objects.create(
        seat=seat, choice=choice, standard=standard, reason=reason.strip(), nonce=nonce, commitment=commitment, cast_at=now
    )
    seat.state = Seat.State.UNABLE if choice == rules.Choice.CANNOT_JUDGE else Seat.State.VOTED
    seat.left_at = now if choice == rules.Choice.CANNOT_JUDGE else None
    seat.save(update_fields=["state", "left_at"])
    _stir(jury, now)
    settle_calls([by.pk])
    decide(jury, now=now)
    return cast


@transaction.atomic
def decide_as_officer(jury: Jury, *, by: Member, choice: int, standard: int, reason: str) -> Vote:
    """Where too few can serve: an officer who takes no side in the case says what they find, in the jurors' words."""
    may_administer(by).or_refuse()
    jury, seat = _held(jury, by)
    if jury.kind != Jury.Kind.OFFICERS or is_party(jury.case, by.pk):
        no("This case is not yours to decide.").or_refuse()
    if seat is None and not jury.decided_at:
        position = jury.places.count()
        Seat.objects.create(jury=jury, position=position, index=position, token="", member=by, state=Seat.State.SEATED)
    return vote(jury, by=by, choice=choice, standard=standard, reason=reason)


def _held(jury: Jury, by: Member) -> tuple[Jury, Seat | None]:
    """The jury, its row held, and this member's place in it. The case's row is never held before a jury's."""
    held = Jury.objects.select_for_update(no_key=True, of=("self",)).select_related("case__charter").get(pk=jury.pk)
    return held, Seat.objects.filter(jury=held, member=by).first()


def _stir(jury: Jury, now: datetime) -> None:
    Jury.objects.filter(pk=jury.pk).update(stirred_at=now)


def settle_calls(member_ids: Iterable[int]) -> None:
    """The banner of a summons stands as long as something is asked of the member."""
    ids = set(member_ids)
    open_seats = Seat.objects.filter(member__in=ids, jury__decided_at=None, state__in=OPEN)
    asked = set(open_seats.values_list("member", flat=True))
    members.call(asked, Member.JuryCall.SUMMONS)
    members.call_off(ids - asked)


@transaction.atomic
def serve(member: Member, *, willing: bool) -> None:
    """Whether this member is drawn from tomorrow's pool on."""
    if willing:
        OptedOut.objects.filter(member=member).delete()
    else:
        OptedOut.objects.get_or_create(member=member)


@transaction.atomic
def block(blocked: Member, *, by: Member) -> None:
    """Keep a member off the juries of one's posts. It counts for posts written a week from now on."""
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = JuryBlock.objects.filter(member=by, ended_at=None)
    rules.may_block(
        blocked=mine.count(), is_blocked=mine.filter(blocked=blocked).exists(), is_self=blocked.pk == by.pk,
        charter=standards.charter_now(),
    ).or_refuse()  # fmt: skip
    JuryBlock.objects.create(member=by, blocked=blocked, made_at=to_datetime(now_moment()))


@transaction.atomic
def unblock(blocked: Member, *, by: Member) -> None:
    JuryBlock.objects.filter(member=by, blocked=blocked, ended_at=None).update(ended_at=to_datetime(now_moment()))


def is_party(case: Case, member_id: int) -> bool:
    """Whether this member takes sides in a case: wrote the post, alerted on it, or answered it."""
    return (
        member_id == case.author_id
        or case.alerts.filter(member=member_id).exists()
        or case.post.replies.filter(author=member_id).exists()
    )
