"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event
from folkmoot.base.pages import EVERYTHING


@dataclass(frozen=True, kw_only=True)
class OfCategory(Act):
    category_id: int

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)  # every page names the categories


class CategoryOpened(OfCategory):
    sentence = "{office} opened category {category_id}"


class CategoryChanged(OfCategory):
    sentence = "{office} changed name, place or retirement of category {category_id}"


@dataclass(frozen=True, kw_only=True)
class ForumOpened(Act):
    forum_id: int
    sentence: ClassVar[str] = "{office} opened forum {forum_id}"

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)  # every page names the forums


@dataclass(frozen=True, kw_only=True)
class ForumMovedIn(Event):
    """A forum of an old board; the import is the act."""

    forum_id: int

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


@dataclass(frozen=True, kw_only=True)
class ForumChanged(Act):
    forum_id: int
    sentence: ClassVar[str] = "{office} changed name, purpose or place of forum {forum_id}"

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


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
        return (f"forum:{self.forum_id}",)
