"""Who is told of what, and how. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

MENTIONS_MAX = 10
"""So many members are told that one post names them."""

DIGEST_HOUR = 8
"""In the member's zone."""

_MENTION = re.compile(r"(?<![\w@./:])@([^\W_](?:[\w.-]{0,28}[^\W_])?)")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


class Kind(StrEnum):
    REPLY = "reply"
    MENTION = "mention"
    THREAD = "thread"
    FORUM = "forum"
    RECOMMENDED = "recommended"
    JURY = "jury"


SAYS = {
    Kind.REPLY: "Somebody answers a post of yours",
    Kind.MENTION: "Somebody names you with @",
    Kind.THREAD: "New replies in threads that you started or follow",
    Kind.FORUM: "What is new in forums that you follow",
    Kind.RECOMMENDED: "Members recommend a post of yours",
    Kind.JURY: "A jury asks for you, or has news for you",
}


class Way(StrEnum):
    """How a member is told of one kind."""

    NONE = "none"
    SITE = "site"
    MAIL = "mail"
    DIGEST = "digest"


class Level(StrEnum):
    """How closely a member follows a thread or a forum."""

    WATCH = "watch"
    FIRST = "first"
    NONE = "none"


class Told(NamedTuple):
    kind: Kind
    counts: bool = True
    """Whether it adds to what they have not seen of it yet; False: the first is enough."""


def mentioned(source: str) -> list[str]:
    """The names that a text speaks to, each once; what stands in code names nobody."""
    found = dict.fromkeys(name.casefold() for name in _MENTION.findall(_CODE.sub(" ", source)))
    return list(found)[:MENTIONS_MAX]


def told_of_post(
    *, author: int, thread_author: int, answered: int | None, mentions: frozenset[int], is_opening: bool,
    thread_levels: Mapping[int, str], forum_levels: Mapping[int, str],
) -> dict[int, Told]:  # fmt: skip
    """Members to what they are told of a new post: each one thing, the most personal; whoever wants none of it, nothing."""
    found: dict[int, Told] = {}
    for member, level in forum_levels.items():
        if level == Level.WATCH or (level == Level.FIRST and is_opening):
            found[member] = Told(Kind.FORUM)
    if not is_opening:
        found[thread_author] = Told(Kind.THREAD)
        for member, level in thread_levels.items():
            if level != Level.NONE:
                found[member] = Told(Kind.THREAD, level == Level.WATCH)
    found |= {member: Told(Kind.MENTION) for member in mentions}
    if answered is not None:
        found[answered] = Told(Kind.REPLY)
    muted = {m for m, level in {**forum_levels, **thread_levels}.items() if level == Level.NONE} | {author}
    return {member: told for member, told in found.items() if member not in muted}


def key_of(kind: Kind, post_id: int, *, thread_id: int, forum_id: int) -> str:
    """What is told together while it is unseen: replies in one thread, what is new in a forum, recommendations of one post."""
    about = {Kind.THREAD: thread_id, Kind.FORUM: forum_id}.get(kind, post_id)
    return f"{kind}:{about}"


def is_digest_due(every: str, now: datetime, sent_at: datetime) -> bool:
    """`now` and `sent_at` in the member's zone. Daily from eight in the morning on; weekly, the same on a Monday."""
    at = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return now >= at > sent_at and (every == "daily" or now.weekday() == 0)
