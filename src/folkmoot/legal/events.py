"""What this room can tell. (That a post was removed or restored is told by `threads`.)"""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act


@dataclass(frozen=True, kw_only=True)
class NoticeLeft(Act):
    """A notice was decided, and its post stays."""

    notice_id: int
    sentence: ClassVar[str] = "{office} let a post stand after notice {notice_id} of unlawful content"

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


@dataclass(frozen=True, kw_only=True)
class NoticeFollowed(NoticeLeft):
    sentence: ClassVar[str] = "{office} followed notice {notice_id} of unlawful content"


@dataclass(frozen=True, kw_only=True)
class CounterRefused(Act):
    """The author contested a removal, and it stays removed."""

    post_id: int
    thread_id: int
    sentence: ClassVar[str] = "{office} kept post {post_id} removed after its author contested it"

    def touches(self) -> tuple[str, ...]:
        return ("ledger", f"thread:{self.thread_id}")


class CounterGranted(CounterRefused):
    sentence: ClassVar[str] = "{office} granted what the author of post {post_id} said against its removal"
