"""Decisions about threads and posts. Pure: values in, answer out."""

from folkmoot.members.rules import may_administer, office_in
from folkmoot.threads.rules.files import disposition, media_type, safe_name, size_text
from folkmoot.threads.rules.host import may_lock, may_move, may_move_to, may_pin, may_unlock, may_unpin
from folkmoot.threads.rules.links import LINK_MAX, host_of, link_key, may_link
from folkmoot.threads.rules.may import (
    FILE_NAME_MAX,
    NEWCOMER_POSTS,
    PAGE_SIZE,
    REASON_MAX,
    SUBJECT_MAX,
    TEXT_MAX_BYTES,
    locked_sentence,
    may_download,
    may_edit,
    may_hide,
    may_recommend,
    may_remove,
    may_reply,
    may_restore,
    may_say,
    may_see_text,
    may_start,
    may_withdraw,
    must_wait,
)
from folkmoot.threads.rules.news import (
    BYLINE_MAX,
    PUBLICATION_MAX,
    QUOTE_MAX,
    BrokenRules,
    Earlier,
    Facts,
    Trouble,
    may_override,
    news_troubles,
    split_quote,
    with_quote,
)

__all__ = [
    "BYLINE_MAX", "FILE_NAME_MAX", "LINK_MAX", "NEWCOMER_POSTS", "PAGE_SIZE", "PUBLICATION_MAX", "QUOTE_MAX", "REASON_MAX",
    "SUBJECT_MAX", "TEXT_MAX_BYTES", "BrokenRules", "Earlier", "Facts", "Trouble", "disposition", "host_of", "link_key",
    "locked_sentence", "may_administer", "may_download", "may_edit", "may_hide", "may_link", "may_lock", "may_move",
    "may_move_to", "may_override", "may_pin", "may_recommend", "may_remove", "may_reply", "may_restore", "may_say",
    "may_see_text", "may_start", "may_unlock", "may_unpin", "may_withdraw", "media_type", "must_wait", "news_troubles",
    "office_in", "safe_name", "size_text", "split_quote", "with_quote",
]  # fmt: skip
