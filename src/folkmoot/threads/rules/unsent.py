"""What is kept of a form that was not posted. Pure."""

import re
from collections.abc import Mapping

from folkmoot.base.answers import YES, Answer, no
from folkmoot.threads.rules.may import TEXT_MAX_BYTES

PATH_MAX = 120
UNSENT_MAX = 30
"""So many drafts a member has at most; the oldest makes room."""

FIELDS = (
    "subject", "text", "key", "seen_edits", "link", "publication", "byline",
    "published_on", "published_at", "quote", "override", "zone",
)  # fmt: skip
_WORDS = ("subject", "text", "link", "quote")
_PATH = re.compile(r"/(?:posts/[0-9]{1,18}/(?:reply|edit)|forums/[-a-z0-9_]{1,80}/new)/", re.ASCII | re.IGNORECASE)


def typed_of(data: Mapping[str, str]) -> dict[str, str]:
    """The fields of a writing form, those that hold something; without what no database keeps (NUL, halves of characters)."""
    typed = {name: str(data[name]).replace("\0", "").encode(errors="replace").decode() for name in FIELDS if data.get(name)}
    return {name: value for name, value in typed.items() if value}


def may_keep_unsent(path: str, typed: Mapping[str, str]) -> Answer:
    if not _PATH.fullmatch(path) or len(path) > PATH_MAX:
        return no("This is not a form whose text can be kept.")
    if sum(len(value.encode()) for value in typed.values()) > 3 * TEXT_MAX_BYTES:
        return no("This text is too long to be kept as a draft.")
    return YES


def is_empty(typed: Mapping[str, str]) -> bool:
    """Whether nothing of a person's own is in it."""
    return not any(typed.get(name, "").strip() for name in _WORDS)
