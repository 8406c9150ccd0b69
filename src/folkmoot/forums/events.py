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


@dataclass(frozen=True, kw_only=True)
class RulesChanged(Act):
    """What a forum asks of a new thread changed; the record keeps the rules as they are now."""

    forum_id: int
    link_required: bool
    headline_is_subject: bool
    max_age_hours: int | None
    unique_link_days: int | None
    max_quoted_paragraphs: int | None
    sentence: ClassVar[str] = "{office} changed the posting rules of forum {forum_id}"

    def touches(self) -> tuple[str, ...]:
        return ("forums", f"forum:{self.forum_id}")
