"""For whom a page is made: it decides zone, relative dates and marks, never order."""

from dataclasses import dataclass

from folkmoot.base import time
from folkmoot.members.models import Member


@dataclass(frozen=True, slots=True)
class Reader:
    member: Member | None
    zone: str
    now: int | None
    """The moment that relative dates count from; None on a stored page, whose dates are absolute."""

    @classmethod
    def of(cls, member: Member | None, community_zone: str) -> "Reader":
        if member is None:
            return cls(None, community_zone, None)
        return cls(member, member.zone or community_zone, time.now_moment())

    @property
    def member_id(self) -> int:
        return self.member.pk if self.member else 0

    def short(self, moment: int) -> str:
        return time.short(moment, self.zone, self.now)

    def full(self, moment: int) -> str:
        return time.full(moment, self.zone)

    def when(self, moment: int) -> "When":
        """For a list: where a month is too little to tell one row from the next, a stored page names the day."""
        short = time.day(moment, self.zone) if self.now is None else self.short(moment)
        return When(self.full(moment), short, time.iso(moment // time.MINUTE))


@dataclass(frozen=True, slots=True)
class When:
    """A moment, written out: `Tue Feb 11, 2020, 01:44 PM`, `Feb 11, 2020` (or `44 min ago`), `2020-02-11T18:44Z`."""

    full: str
    short: str
    iso: str
