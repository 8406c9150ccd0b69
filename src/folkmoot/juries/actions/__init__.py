"""Every change of a case: decide, write, tell."""

from folkmoot.juries.actions.acts import send
from folkmoot.juries.actions.alert import alert, appeal, check_haste
from folkmoot.juries.actions.decide import decide, decide_by_panel, forget_content, give_up
from folkmoot.juries.actions.forget import forget
from folkmoot.juries.actions.record import tell_waiting
from folkmoot.juries.actions.serve import answer, block, decide_as_officer, leave, serve, unblock, vote
from folkmoot.juries.actions.sweep import destroy_keys, make_pool, step, unfinished

__all__ = [
    "alert", "answer", "appeal", "block", "check_haste", "decide", "decide_as_officer", "decide_by_panel", "destroy_keys",
    "forget", "forget_content", "give_up", "leave", "make_pool", "send", "serve", "step", "tell_waiting", "unblock",
    "unfinished", "vote",
]  # fmt: skip
