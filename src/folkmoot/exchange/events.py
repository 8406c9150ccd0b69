"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event
from folkmoot.base.pages import EVERYTHING


@dataclass(frozen=True, kw_only=True)
class BoardImported(Act):
    """A run of an importer came to its end; `posts` and `threads` are those that it added."""

    posts: int
    threads: int
    sentence: ClassVar[str] = "{office} moved a board in: {threads} threads, {posts} posts"

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


@dataclass(frozen=True, kw_only=True)
class CommunityMovedIn(Event):
    """A whole community came from an export, with its own record: so this is none of its acts."""

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)
