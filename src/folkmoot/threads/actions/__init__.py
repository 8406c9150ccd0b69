"""Every change of a thread or post: decide, write, tell."""

from folkmoot.threads.actions.change import edit, recommend, unrecommend, withdraw, withdraw_revision
from folkmoot.threads.actions.office import hide, lock, pin, restore, unlock, unpin
from folkmoot.threads.actions.write import reply, start_thread

__all__ = [
    "edit", "hide", "lock", "pin", "recommend", "reply", "restore", "start_thread", "unlock", "unpin", "unrecommend",
    "withdraw", "withdraw_revision",
]  # fmt: skip
