"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act


@dataclass(frozen=True, kw_only=True)
class ForumOpened(Act):
    forum_id: int
    sentence: ClassVar[str] = "{office} opened forum {forum_id}"

    def touches(self) -> tuple[str, ...]:
        return ("forums",)


@dataclass(frozen=True, kw_only=True)
class ForumChanged(Act):
    forum_id: int
    sentence: ClassVar[str] = "{office} changed name, purpose or place of forum {forum_id}"

    def touches(self) -> tuple[str, ...]:
        return ("forums", f"forum:{self.forum_id}")
