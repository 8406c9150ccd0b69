"""Every change of a host's seat and of a block: decide, write, tell."""

from folkmoot.hosts.actions.blocks import block, end_block, forget_reason, lift_block, lift_by_verdict
from folkmoot.hosts.actions.intake import (
    appoint_intake,
    back_revocation,
    dismiss_intake,
    end_intake,
    leave_intake,
    reverse_revocation,
    undo_revocation,
)
from folkmoot.hosts.actions.seats import (
    accept_seat,
    decline_seat,
    end_seat,
    end_service,
    offer_seat,
    put_forward_recall,
    recall,
    remove,
    resign,
    set_terms,
)
from folkmoot.hosts.actions.watches import (
    begin_night_watch,
    begin_night_watch_by_itself,
    begin_watch,
    end_night_watch,
    end_night_watch_by_itself,
    end_watch,
)

__all__ = [
    "accept_seat",
    "appoint_intake",
    "back_revocation",
    "begin_night_watch",
    "begin_night_watch_by_itself",
    "begin_watch",
    "block",
    "decline_seat",
    "dismiss_intake",
    "end_block",
    "end_intake",
    "end_night_watch",
    "end_night_watch_by_itself",
    "end_seat",
    "end_service",
    "end_watch",
    "forget_reason",
    "leave_intake",
    "lift_block",
    "lift_by_verdict",
    "offer_seat",
    "put_forward_recall",
    "recall",
    "remove",
    "resign",
    "reverse_revocation",
    "set_terms",
    "undo_revocation",
]  # fmt: skip
