"""What every importer hands over: an old board's things, as plain values in any order."""

from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["visible", "hidden", "deleted", "pending"]
"""Hidden by an office of the old board, deleted by its author, or waiting to be let in."""


@dataclass(frozen=True, slots=True)
class SourceForum:
    """A forum that the old board describes. Where none is handed over, threads and posts name theirs by shelves."""

    id: str
    name: str
    purpose: str = ""
    category_id: str = ""
    category: str = ""
    is_closed: bool = False
    """Nobody started threads there any more."""


@dataclass(frozen=True, slots=True)
class SourceMember:
    """An account, or a name without one. An author of whom none is handed over is named by their id."""

    id: str
    name: str
    email: str = ""
    joined: int | None = None
    """As SourcePost.moment."""
    about: str = ""
    has_account: bool = True
    banned: int | None = None
    """When they were banned, if they still are."""
    ban_reason: str = ""


@dataclass(frozen=True, slots=True)
class SourceThread:
    """A thread as the old board knew it. Posts may also arrive without one; then their thread has no title of its own."""

    id: str
    title: str = ""
    """Like every subject: its HTML entities are decoded once."""
    forum: tuple[str, ...] = ()
    """The shelves from outside in; the last is the forum, the one before it the category."""
    addresses: tuple[str, ...] = ()
    """Where it stood: absolute or not; path and query are kept."""
    forum_id: str = ""
    """Of a SourceForum; then the shelves say nothing."""
    is_pinned: bool = False
    is_locked: bool = False
    views: int = 0
    other_ids: tuple[str, ...] = ()
    """Ids that led to it too: what stayed behind when it was moved or merged."""


@dataclass(frozen=True, slots=True)
class SourcePost:
    id: str
    author: str
    body: str
    """May hold references to other things of the old board, see bbcode.markdown."""
    thread_id: str = ""
    """Empty: the thread of the post it answers, or one of its own."""
    parent_id: str = ""
    moment: int | None = None
    """Microseconds since 1970 in UTC; None when the old board's date cannot be read."""
    subject: str = ""
    format: Literal["plain", "markdown"] = "plain"
    state: State = "visible"
    forum: tuple[str, ...] = ()
    addresses: tuple[str, ...] = field(default=())
    author_email: str = ""
    edits: int = 0
    """Edits whose former wordings are not kept."""
    edited: int | None = None
    hidden_at: int | None = None
    hidden_by: str = ""
    hidden_reason: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An attachment of a post. `path` is where its bytes lie now; empty when they are not at hand."""

    id: str
    post_id: str
    name: str
    path: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceExtra:
    """What has no room here yet: kept as it is."""

    kind: str
    id: str
    payload: dict[str, Any]
