"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act
from folkmoot.base.pages import names


@dataclass(frozen=True, kw_only=True)
class StarGiven(Act):
    member_id: int
    sentence: ClassVar[str] = "{office} marked a member as a Star member"

    def touches(self) -> tuple[str, ...]:
        return (f"member:{self.member_id}", *names([self.member_id]))


class StarEnded(StarGiven):
    sentence = "{office} ended a Star membership"
