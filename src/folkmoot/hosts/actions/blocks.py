"""Blocking a member from a forum, for so many days, with a reason that they read."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.forums.models import Forum
from folkmoot.hosts import events, rules
from folkmoot.hosts.actions.mirror import held, mirror
from folkmoot.hosts.models import ForumBlock
from folkmoot.juries.events import JURY
from folkmoot.ledger.actions import officer_number
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.members.rules import office_in


@transaction.atomic
def block(forum: Forum, *, by: Member, member: Member, days: int, reason: str) -> ForumBlock:
    member, now, office = held(member.pk), datetime.now(UTC), office_in(by, forum.pk)
    is_blocked = ForumBlock.objects.filter(forum=forum, member=member, ended_at=None).exists()
    rules.may_block(by, member, forum.pk, is_main=forum.category.is_main, is_blocked=is_blocked).or_refuse()
    made = ForumBlock.objects.create(
        forum=forum, member=member, blocked_at=now, until=now + timedelta(days=days), reason=reason, by=by, office=office,
        officer=officer_number(by.pk, office),
    )  # fmt: skip
    mirror(member.pk)
    says = f"You are blocked from writing in {forum.name} for {days} day{'' if days == 1 else 's'}. The reason: {reason}"
    members.inform(member.pk, says, f"/forums/{forum.slug}/about/")
    tell(events.MemberBlocked(forum_id=forum.pk, member_id=member.pk, days=days, by=by.pk, office=office, reason=reason))
    return made


@transaction.atomic
def lift_block(block: ForumBlock, *, by: Member, reason: str) -> None:
    held(block.member_id)
    block = _held_block(block.pk)
    is_main, office = block.forum.category.is_main, office_in(by, block.forum_id)
    rules.may_lift(by, block.forum_id, is_main=is_main, has_ended=block.ended_at is not None).or_refuse()
    _end(block)
    members.inform(block.member_id, f"You may write in {block.forum.name} again. The reason: {reason}")
    tell(events.BlockLifted(forum_id=block.forum_id, member_id=block.member_id, by=by.pk, office=office, reason=reason))


@transaction.atomic
def lift_by_verdict(act: OutboxEntry, *, reason: str) -> None:
    """A jury found that this block breaks a standard: it ends, if it runs."""
    member_id = held(act.reason.people["member_id"]).pk
    running = ForumBlock.objects.select_related("forum").filter(forum=act.forum_id, member=member_id, ended_at=None)
    block = running.filter(blocked_at__lte=act.told_at).first()
    if block is not None and _held_block(block.pk).ended_at is None:
        _end(block)
        members.inform(member_id, f"You may write in {block.forum.name} again. {reason}")
        tell(events.BlockLifted(forum_id=block.forum_id, member_id=member_id, by=0, office=JURY, reason=reason))


@transaction.atomic
def end_block(block: ForumBlock) -> bool:
    """End a block whose time is over. Whoever comes second finds it done."""
    held(block.member_id)
    block = _held_block(block.pk)
    if block.ended_at or datetime.now(UTC) < block.until:
        return False
    _end(block)
    tell(events.BlockChanged(forum_id=block.forum_id, member_id=block.member_id))
    return True


@transaction.atomic
def forget_reason(act: OutboxEntry) -> None:
    """The reason of this act was redacted: it goes from the block, too."""
    member_id, forum_id = act.reason.people["member_id"], act.facts["forum_id"]
    held(member_id)
    ForumBlock.objects.filter(forum=forum_id, member=member_id, reason=act.reason.text).update(reason="")
    mirror(member_id)
    tell(events.BlockChanged(forum_id=forum_id, member_id=member_id))


def _end(block: ForumBlock) -> None:
    ForumBlock.objects.filter(pk=block.pk).update(ended_at=datetime.now(UTC))
    mirror(block.member_id)


def _held_block(block_id: int) -> ForumBlock:
    """The caller holds its member."""
    return ForumBlock.objects.select_for_update(of=("self",), no_key=True).select_related("forum__category").get(pk=block_id)
