"""Every change of a host's seat and of a block: decide, write, tell."""

from folkmoot.hosts.actions.blocks import block, end_block, forget_reason, lift_block
from folkmoot.hosts.actions.seats import accept_seat, decline_seat, end_seat, end_service, offer_seat, remove, resign, set_terms

__all__ = [
    "accept_seat", "block", "decline_seat", "end_block", "end_seat", "end_service", "forget_reason", "lift_block", "offer_seat",
    "remove", "resign", "set_terms",
]  # fmt: skip
