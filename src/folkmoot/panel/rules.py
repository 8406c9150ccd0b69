"""Who may sit on the review panel, when a seat is to be filled, and what the panel decides. Pure."""

from collections.abc import Collection, Sequence
from typing import Protocol

from folkmoot.base import time
from folkmoot.base.answers import YES, Answer, no
from folkmoot.members.rules import Panelist

TEXT_MAX = 2000
REASON_MAX = 2000

LEAD = 30 * time.DAY
"""An election begins so long before a term ends."""


class Sitter(Panelist, Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def on_intake_team(self) -> bool: ...


def may_sit(member: Sitter, *, sits: bool, rests_until: int | None, now: int) -> Answer:
    """Whether a member may stand for the panel, as far as it depends on offices."""
    if member.is_administrator or member.on_intake_team:
        return no("The panel reviews what administrators and the intake team do, so nobody of them sits on it.")
    if sits:
        return no("You sit on the panel, or are elected to it.")
    if rests_until is not None and now < rests_until:
        until = time.day(rests_until, "UTC")
        return no(f"Your last term on the panel is over, and nobody stands again at once. You may from {until} on.")
    return YES


def to_fill(seats: int, ends: Collection[int], now: int) -> int:
    """How many seats to elect for. `ends`: when the terms end of those who sit, or are elected."""
    return max(seats - sum(end > now + LEAD for end in ends), 0)


def beginnings(seats: int, ends: Collection[int], now: int) -> list[int]:
    """When those who are elected take their seats: empty ones at once, the others as they become empty."""
    return [now] * max(seats - len(ends), 0) + [max(end, now) for end in sorted(ends)]


APPEAL_TIME = 30 * time.DAY
"""An appeal that the panel has not decided by then has been heard by nobody: the post returns."""


def needed(seats: int) -> int:
    """So many agree: more than half of all seats, whether they are taken or not."""
    return seats // 2 + 1


def may_ask(*, is_banned: bool, has_asked: bool, sits_anybody: bool) -> Answer:
    if not is_banned:
        return no("The panel reviews closed accounts, and yours is open.")
    if has_asked:
        return no("You have asked for a review of this ban already. There is one for each.")
    if not sits_anybody:
        return no("Nobody sits on the review panel at present. Write to the administrators; Contact says how.")
    return YES


def may_judge(member: Sitter | None, *, concerns: Collection[int], is_open: bool, has_judged: bool) -> Answer:
    """`concerns`: the member whose ban it is; or the author of a post, and who alerted on it."""
    if member is None or not member.on_panel or member.banned_at:
        return no("Only the review panel decides this.")
    if member.is_administrator or member.on_intake_team:
        return no("You hold an office whose acts the panel reviews, so you do not judge them.")
    if member.pk in concerns:
        return no("Nobody judges in their own case.")
    if not is_open:
        return no("This review is decided.")
    return no("You have said what you find.") if has_judged else YES


def verdict(opinions: Sequence[bool], needs: int) -> bool | None:
    """Whether it is undone; None while not enough agree."""
    if sum(opinions) >= needs:
        return True
    return False if len(opinions) - sum(opinions) >= needs else None
