"""Every change of a thread or post: decide, write, tell."""

from folkmoot.threads.actions.change import edit, recommend, unrecommend, withdraw, withdraw_revision
from folkmoot.threads.actions.host import lock, move, move_back_by_verdict, pin, unlock, unlock_by_verdict, unpin
from folkmoot.threads.actions.move_in import MovedPost, MovedThread, attach, move_in, move_in_later, reserve, rewrite
from folkmoot.threads.actions.news import would_break
from folkmoot.threads.actions.office import hide, remove, restore
from folkmoot.threads.actions.purge import is_purged, purge
from folkmoot.threads.actions.sweep import put_back, sweep
from folkmoot.threads.actions.unsent import drop_unsent, forget_unsent, keep_unsent
from folkmoot.threads.actions.verdict import hide_by_verdict, let_back, let_in_by_verdict, lock_out, restore_by_verdict
from folkmoot.threads.actions.write import posted_before, reply, start_thread

__all__ = [
    "MovedPost",
    "MovedThread",
    "attach",
    "drop_unsent",
    "edit",
    "forget_unsent",
    "hide",
    "hide_by_verdict",
    "is_purged",
    "keep_unsent",
    "let_back",
    "let_in_by_verdict",
    "lock",
    "lock_out",
    "move",
    "move_back_by_verdict",
    "move_in",
    "move_in_later",
    "pin",
    "posted_before",
    "purge",
    "put_back",
    "recommend",
    "remove",
    "reply",
    "reserve",
    "restore",
    "restore_by_verdict",
    "rewrite",
    "start_thread",
    "sweep",
    "unlock",
    "unlock_by_verdict",
    "unpin",
    "unrecommend",
    "withdraw",
    "withdraw_revision",
    "would_break",
]  # fmt: skip
