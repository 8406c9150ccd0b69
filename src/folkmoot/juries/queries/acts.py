"""Which acts of an office can be sent to a jury, by whom, and what a jury would look at."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.http import Http404

from folkmoot.base.answers import Answer
from folkmoot.base.time import to_moment
from folkmoot.juries import rules
from folkmoot.juries.models import Case
from folkmoot.ledger.models import OutboxEntry
from folkmoot.ledger.queries import acts, pieces_of
from folkmoot.ledger.rules.entries import officer_name
from folkmoot.members.models import Member
from folkmoot.members.rules import HOST
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Wording
from folkmoot.standards.rules import Charter
from folkmoot.threads.models import Post, State


class SendPage(NamedTuple):
    act: OutboxEntry
    says: str
    answer: Answer
    charter: Charter
    wordings: Sequence[Wording]
    """The standards as they stood when the office acted."""


def send_page(act_id: int, member: Member, *, now: datetime) -> SendPage:
    """404 to everybody whom the act did not hit: whom it hit is nobody's business."""
    act = OutboxEntry.objects.select_related("reason").filter(pk=act_id).first()
    hit = hit_by(act) if act else None
    if act is None or hit is None or hit.member_id != member.pk:
        raise Http404
    wordings = list(standards.wordings(standards.edition_at(to_moment(act.told_at))))
    return SendPage(act, told(act), may_send(act, hit, member, now=now), standards.charter_now(), wordings)


class Hit(NamedTuple):
    """Whom an act hit, and the post of theirs that it was about."""

    member_id: int
    post: Post | None


def hit_by(act: OutboxEntry) -> Hit | None:
    """None of an act that hits nobody, of what a body decided, and of a hidden post: a jury looks at that by itself."""
    kind = acts().get(act.kind)
    if kind is None or not kind.hits or act.office not in (Member.Office.ADMINISTRATOR, HOST):
        return None
    if kind.hits == "member_id":
        member_id = act.reason.people["member_id"]
        theirs = Post.objects.filter(author=member_id, forum=act.forum_id, moment__lt=to_moment(act.told_at))
        return Hit(member_id, theirs.filter(state=State.VISIBLE).order_by("-moment").first())
    found = Post.objects.filter(thread=act.thread_id, number=0)
    if kind.hits == "post_id":
        found = Post.objects.filter(pk=act.facts["post_id"], state=State.REMOVED).exclude(subject="")
    post = found.first()
    return Hit(post.author_id, post) if post else None


def told(act: OutboxEntry) -> str:
    """What an office did, without the name of the office: *Locked thread 7*."""
    words = "".join(piece.words for piece in pieces_of(act)).removeprefix(officer_name(act.office, act.officer)).strip()
    return words[:1].upper() + words[1:]


def may_be_sent(act: OutboxEntry, member: Member | None) -> bool:
    """Whether to offer it to this reader."""
    hit = hit_by(act) if member else None
    if hit is None or member is None or hit.member_id != member.pk:
        return False
    return bool(may_send(act, hit, member, now=datetime.now(UTC)))


def may_send(act: OutboxEntry, hit: Hit, member: Member | None, *, now: datetime) -> Answer:
    return rules.may_send(
        member, hit=hit.member_id, told_at=act.told_at, is_sent=Case.objects.filter(act=act).exists(),
        has_words=hit.post is not None, now=now, charter=standards.charter_now(),
    )  # fmt: skip
