"""Decisions about threads and posts. Pure: values in, answer out."""

from folkmoot.members.rules import may_administer
from folkmoot.threads.rules.may import (
    NEWCOMER_POSTS,
    PAGE_SIZE,
    REASON_MAX,
    SUBJECT_MAX,
    TEXT_MAX_BYTES,
    locked_sentence,
    may_edit,
    may_hide,
    may_lock,
    may_pin,
    may_recommend,
    may_reply,
    may_restore,
    may_say,
    may_see_text,
    may_start,
    may_unlock,
    may_unpin,
    may_withdraw,
    must_wait,
)

__all__ = [
    "NEWCOMER_POSTS", "PAGE_SIZE", "REASON_MAX", "SUBJECT_MAX", "TEXT_MAX_BYTES", "locked_sentence", "may_administer",
    "may_edit", "may_hide", "may_lock", "may_pin", "may_recommend", "may_reply", "may_restore", "may_say", "may_see_text",
    "may_start", "may_unlock", "may_unpin", "may_withdraw", "must_wait",
]  # fmt: skip
