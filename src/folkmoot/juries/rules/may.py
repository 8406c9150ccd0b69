"""Who may do what about a case. Pure: values in, answer out."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from folkmoot.base.answers import YES, Answer, no
from folkmoot.juries.rules.verdict import FOUND_A_BREACH, Choice
from folkmoot.members.rules import Standing, may_take_part
from folkmoot.standards.rules import Charter

ALERT_MAX = 2000
"""Characters that a row holds; the charter's number is lower."""

APPEAL_MAX = 500
REASON_MAX = 500


class Person(Standing, Protocol):
    @property
    def pk(self) -> int: ...


class Judged(Protocol):
    """A post, as the rules see it."""

    @property
    def author_id(self) -> int: ...
    @property
    def state(self) -> str: ...


def may_alert(member: Person | None, post: Judged) -> Answer:
    if not (answer := may_take_part(member)):
        return answer
    assert member is not None
    if member.pk == post.author_id:
        return no("This is your own post. You can edit or delete it.")
    if post.state == "withdrawn":
        return no("Its author has deleted this post.")
    if post.state != "visible":
        return no("This post is not shown any more.")
    return YES


def may_alert_now(*, today: int, unfounded_until: datetime | None, is_judged: bool, is_alleged: bool, charter: Charter) -> Answer:
    """`today`: posts that this member alerted on within a day; `is_alleged`: somebody named this standard already."""
    if is_judged:
        return no(
            "A jury has judged this post as it stands. It can be appealed; it cannot be alerted on again unless it is edited."
        )
    if is_alleged:
        return no("Somebody has alerted on this post for the same standard already. A jury looks at it.")
    if unfounded_until:
        return no(
            "No juror agreed with an alert of yours, so alerts of yours wait until "
            f"{unfounded_until:%b} {unfounded_until.day}, {unfounded_until:%H:%M} UTC."
        )
    if today >= charter.alerts_daily:
        return no(f"You have alerted on {today} posts within a day, which is as many as one member can. Others can alert too.")
    return YES


def may_answer(state: str | None, *, is_decided: bool) -> Answer:
    """To a summons: a seat's state, None for whoever was not summoned."""
    if state is None or state == "excluded":
        return no("You were not summoned to this jury.")
    if is_decided:
        return no("This jury has reached its verdict. Thank you all the same.")
    if state == "silent":
        return no("This summons is over: its time to answer has passed. That has no consequence.")
    if state != "summoned":
        return no("You have answered this summons already.")
    return YES


def may_vote(state: str | None, *, is_decided: bool) -> Answer:
    if state is None or state in ("excluded", "summoned", "accepted"):
        return no("Only who sits on this jury can vote.")
    if state == "voted" or state == "unable":
        return no("You have voted. A vote is cast once.")
    if state == "declined":
        return no("You have left this jury.")
    if state == "silent":
        return no("The time to vote has passed, and somebody else was given your seat. That has no consequence.")
    return no("This jury has reached its verdict already. Thank you all the same.") if is_decided else YES


def may_say(choice: int, standard: int, *, alleged: Collection[int], in_force: Collection[int]) -> Answer:
    """Whether a vote is one: which standard goes with which choice."""
    if choice not in set(Choice):
        return no("Choose one of the six answers.")
    if choice not in FOUND_A_BREACH:
        return YES
    if standard not in in_force:
        return no("Say which standard it breaks.")
    if choice == Choice.BREAKS_ANOTHER and standard in alleged:
        return no("That is the standard that was alleged. Choose whether it is broken clearly, or as a close call.")
    if choice != Choice.BREAKS_ANOTHER and standard not in alleged:
        return no("That standard was not alleged. Choose “It breaks another standard”.")
    return YES


def may_appeal(
    member: Person | None, *, author_id: int, alerters: Collection[int], is_hidden: bool, decided_at: datetime | None,
    is_appealed: bool, is_final: bool = False, now: datetime, charter: Charter,
) -> Answer:  # fmt: skip
    """An author of what was hidden, an alerter of what was left; once a case. `is_final`: of an act of an office."""
    side = {author_id} if is_hidden else set(alerters)
    if member is None or member.pk not in side or decided_at is None:
        return no("An appeal is for the author of a hidden post, and for whoever alerted on one that was left.")
    if is_final:
        return no("What a jury finds about an act of an office stands.")
    if is_appealed:
        return no("This case has been appealed already, which can be done once.")
    if now >= decided_at + timedelta(days=charter.appeal_days):
        return no(f"A verdict can be appealed for {charter.appeal_days} days, and these have passed.")
    return YES


def may_send(
    member: Person | None, *, hit: int, told_at: datetime, is_sent: bool, has_words: bool, now: datetime, charter: Charter
) -> Answer:
    """An act of an office to a jury. `hit`: the member whom it hit; `has_words`: there is something of theirs to look at."""
    if not (answer := may_take_part(member)):
        return answer
    if member is None or member.pk != hit:
        return no("Whom an act of an office hits can send it to a jury, and nobody else.")
    if is_sent:
        return no("A jury has been asked about this act already, which can be done once.")
    if now >= told_at + timedelta(days=charter.appeal_days):
        return no(f"An act can be sent to a jury for {charter.appeal_days} days, and these have passed.")
    if not has_words:
        return no("There is no post of yours here that a jury could look at.")
    return YES


def may_block(*, blocked: int, is_blocked: bool, is_self: bool, charter: Charter) -> Answer:
    """`blocked`: how many this member keeps off already."""
    if is_self:
        return no("You are never on a jury about your own post.")
    if is_blocked:
        return no("This member is kept off already.")
    if blocked >= charter.blocked_jurors:
        return no(f"You can keep {charter.blocked_jurors} members off the juries of your posts. Take one back first.")
    return YES
