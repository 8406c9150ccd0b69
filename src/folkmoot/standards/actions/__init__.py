"""What changes the standards, and who holds an office by a vote of the members."""

from folkmoot.standards.actions.drafts import (
    close_roll,
    come_into_force,
    decide,
    end_recall,
    lapse,
    open_ballot,
    put_forward,
    put_forward_recall,
    second,
    unsecond,
    vote,
    withdraw,
)
from folkmoot.standards.actions.elections import (
    begin_election,
    close_standing,
    decide_election,
    open_election,
    stand,
    vote_in_election,
)
from folkmoot.standards.actions.founding import found

__all__ = [
    "begin_election", "close_roll", "close_standing", "come_into_force", "decide", "decide_election", "end_recall", "found",
    "lapse", "open_ballot", "open_election", "put_forward", "put_forward_recall", "second", "stand", "unsecond", "vote",
    "vote_in_election", "withdraw",
]  # fmt: skip
