"""What every importer hands over: an old board's threads and posts, as plain values in any order."""

from dataclasses import dataclass, field
from typing import Literal

State = Literal["visible", "hidden", "deleted"]


@dataclass(frozen=True, slots=True)
class SourceThread:
    """A thread as the old board knew it. Posts may also arrive without one; then their thread has no title of its own."""

    id: str
    title: str = ""
    forum: tuple[str, ...] = ()
    """The shelves from outside in; the last is the forum, the one before it the category."""
    addresses: tuple[str, ...] = ()
    """Where it stood: absolute or not; path and query are kept."""


@dataclass(frozen=True, slots=True)
class SourcePost:
    id: str
    author: str
    body: str
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
