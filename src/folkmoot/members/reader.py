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
    zone_name: str = ""
    """What the zone is called here, where its times are typed."""

    @classmethod
    def of(cls, member: Member | None, community_zone: str, zone_name: str = "") -> "Reader":
        zone = (member.zone if member else "") or community_zone
        name = zone_name if zone == community_zone and zone_name else zone.replace("_", " ")
        return cls(member, zone, time.now_moment() if member else None, name)

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
