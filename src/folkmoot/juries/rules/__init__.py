"""What is decided here without a database or a clock."""

from folkmoot.juries.rules.draw import commitment, epoch, has_second, order, seed, token
from folkmoot.juries.rules.exhibits import Exhibit, Message, blinded, content
from folkmoot.juries.rules.ladder import Rung, rung
from folkmoot.juries.rules.may import (
    ALERT_MAX,
    APPEAL_MAX,
    REASON_MAX,
    may_alert,
    may_alert_now,
    may_answer,
    may_appeal,
    may_block,
    may_say,
    may_send,
    may_vote,
)
from folkmoot.juries.rules.verdict import FOUND_A_BREACH, WORDS, Ballot, Choice, Outcome, found_no_breach, outcome, tally
from folkmoot.juries.rules.walk import ASKED_AT_ONCE, SITTING, Steps, steps

__all__ = [
    "ALERT_MAX", "APPEAL_MAX", "ASKED_AT_ONCE", "FOUND_A_BREACH", "REASON_MAX", "SITTING", "WORDS", "Ballot", "Choice",
    "Exhibit", "Message", "Outcome", "Rung", "Steps", "blinded", "commitment", "content", "epoch", "found_no_breach",
    "has_second", "may_alert", "may_alert_now", "may_answer", "may_appeal", "may_block", "may_say", "may_send", "may_vote",
    "order", "outcome", "rung", "seed", "steps", "tally", "token",
]  # fmt: skip
