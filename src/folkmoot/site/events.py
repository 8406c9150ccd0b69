"""What the shell can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event
from folkmoot.base.pages import EVERYTHING


class Founded(Event):
    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


class Recounted(Event):
    """Counters were mended, or posts rendered anew."""

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


class CommunityChanged(Act):
    sentence: ClassVar[str] = "{office} changed the community's name, promise, zone or payment"

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


@dataclass(frozen=True, kw_only=True)
class LoadLevelSet(Act):
    level: int
    sentence: ClassVar[str] = "{office} set the load level to {level}"

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


@dataclass(frozen=True, kw_only=True)
class HousePageChanged(Act):
    page: str
    sentence: ClassVar[str] = "{office} changed the page {page}"

    def touches(self) -> tuple[str, ...]:
        return (f"page:{self.page}",)


@dataclass(frozen=True, kw_only=True)
class OfFront(Act):
    thread_id: int

    def touches(self) -> tuple[str, ...]:
        return ("home",)


class ThreadFeatured(OfFront):
    sentence = "{office} put thread {thread_id} on the front page"


class ThreadUnfeatured(OfFront):
    sentence = "{office} took thread {thread_id} off the front page"
