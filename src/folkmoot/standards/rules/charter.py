"""The charter: the numbers that juries, ballots and offices go by. Pure.

Data, shown on a public page, changed only by a ratifying vote, never by a setting. A case keeps the numbers that it began with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import Enum
from typing import Any, NamedTuple


class Number(NamedTuple):
    """What a number of the charter means, and within which bounds a vote may set it."""

    says: str
    unit: str
    least: int
    most: int


def _number(default: int, says: str, unit: str, least: int, most: int) -> Any:
    return field(default=default, metadata={"number": Number(says, unit, least, most)})


class Size(Enum):
    """How large the pool is, which decides who judges: counted before who was here lately."""

    FULL = "full"
    SMALL = "small"
    NONE = "none"
    """Too few for a jury: two officers must agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """The founding values are those of docs/rooms/standards.md."""

    full_pool: int = _number(33, "A full jury is drawn when at least so many can serve", "members", 21, 10_000)
    small_pool: int = _number(15, "A small jury is drawn when at least so many can serve", "members", 9, 1000)
    seats: int = _number(7, "A jury has", "seats", 5, 15)
    hide_needs: int = _number(5, "A post is hidden when so many name one standard that it breaks", "votes", 3, 15)
    appeal_seats: int = _number(11, "A jury of appeal has", "seats", 5, 21)
    appeal_keep: int = _number(6, "A hidden post stays hidden when so many of a jury of appeal say so", "votes", 3, 21)
    appeal_hide: int = _number(8, "A post that was left is hidden on appeal when so many say so", "votes", 3, 21)
    small_seats: int = _number(5, "A small jury has", "seats", 3, 9)
    small_hide: int = _number(4, "A small jury hides a post with", "votes", 2, 9)
    small_appeal_seats: int = _number(7, "A small jury of appeal has", "seats", 3, 11)
    small_appeal_keep: int = _number(4, "A small jury of appeal keeps a post hidden with", "votes", 2, 11)
    small_appeal_hide: int = _number(6, "A small jury of appeal hides a post that was left with", "votes", 2, 11)

    juror_days: int = _number(30, "A juror has been a member for (or half the age of the community)", "days", 1, 365)
    juror_posts: int = _number(20, "A juror has written (fewer while the community is young)", "posts", 0, 500)
    recent_days: int = _number(14, "A juror has been here within", "days", 3, 90)
    blocked_jurors: int = _number(5, "A member may keep so many others off the juries of their posts", "members", 0, 20)
    rest_hours: int = _number(24, "Whoever sat on a jury is not drawn again for", "hours", 0, 720)
    summons_minutes: int = _number(60, "A summons may be answered before seats are given for", "minutes", 5, 1440)
    threat_minutes: int = _number(15, "The same where somebody is in danger", "minutes", 1, 120)
    vote_hours: int = _number(12, "A seated juror may take to vote", "hours", 1, 72)
    case_hours: int = _number(72, "A case ends after", "hours", 12, 336)
    tick_minutes: int = _number(10, "Summons, seats and votes reach the ledger together every", "minutes", 0, 60)

    alert_letters: int = _number(500, "An alert says why in at most", "characters", 100, 2000)
    alerts_daily: int = _number(5, "A member may alert on so many posts a day", "alerts", 1, 50)
    unfounded_days: int = _number(7, "An alert that no juror agreed with counts against its author for", "days", 0, 60)
    appeal_days: int = _number(14, "A verdict can be appealed for", "days", 3, 180)
    lockout_days: int = _number(7, "The author of a hidden post is out of its thread for", "days", 0, 30)
    ladder_days: int = _number(90, "Hidden posts count for", "days", 30, 365)
    ladder_service_hides: int = _number(3, "Jury and host service ends at so many hidden posts", "posts", 1, 50)
    ladder_service_share: int = _number(1, "if they are at least this share of the posts of that time", "%", 0, 100)
    ladder_pause_hides: int = _number(5, "A new hidden post pauses posting at so many", "posts", 1, 50)
    ladder_pause_share: int = _number(2, "if they are at least this share of the posts of that time", "%", 0, 100)
    ladder_pause_hours: int = _number(24, "Such a pause lasts", "hours", 1, 720)

    seconds: int = _number(10, "A draft is put to the members when so many others second it", "members", 1, 1000)
    discussion_days: int = _number(7, "A draft is discussed for", "days", 2, 60)
    ballot_days: int = _number(7, "A ballot is open for", "days", 2, 60)
    voter_days: int = _number(10, "Who votes has written on at least so many days", "days", 0, 365)
    quorum: int = _number(10, "A standard is ratified if so many of those who may vote do", "%", 1, 90)
    majority: int = _number(50, "and more than this share of them agree", "%", 50, 90)
    charter_quorum: int = _number(25, "A number of this charter is changed if so many of those who may vote do", "%", 5, 90)
    charter_majority: int = _number(66, "and more than this share of them agree", "%", 50, 95)
    recall: int = _number(10, "A host's recall is put to the vote by so many of those who wrote in the forum of late", "%", 1, 50)
    panel_seats: int = _number(3, "The review panel has", "seats", 3, 9)
    panel_days: int = _number(365, "A term on the review panel is", "days", 30, 730)
    panel_break_days: int = _number(365, "and after it nobody stands again for", "days", 0, 1460)

    main_hosts: int = _number(15, "A main forum has at most", "hosts", 1, 50)
    host_days: int = _number(90, "A host of a main forum serves for", "days", 14, 365)
    host_break_days: int = _number(90, "and then rests for", "days", 0, 365)
    intake_needs: int = _number(3, "A new account is closed when so many of the intake team agree", "members", 2, 9)
    new_account_days: int = _number(30, "An account is new for", "days", 1, 90)
    intake_undo_days: int = _number(7, "What the intake team did can be undone for", "days", 1, 60)
    night_watch_hours: int = _number(12, "A night watch lasts at most", "hours", 1, 48)

    def changed(self, values: Mapping[str, int]) -> "Charter":
        """This charter with other values; raises TypeError for a number that it does not have."""
        return Charter(**{**asdict(self), **values})

    def faults(self) -> list[str]:
        """What is wrong with these values: a sentence each."""
        found = [
            f"{number.says}: between {number.least} and {number.most} {number.unit}."
            for name, number in NUMBERS.items()
            if not number.least <= getattr(self, name) <= number.most
        ]
        for seats, needed, what in (
            (self.seats, (self.hide_needs,), "jury"),
            (self.appeal_seats, (self.appeal_keep, self.appeal_hide), "jury of appeal"),
            (self.small_seats, (self.small_hide,), "small jury"),
            (self.small_appeal_seats, (self.small_appeal_keep, self.small_appeal_hide), "small jury of appeal"),
        ):
            found += [f"A {what} needs more than half of its seats, and no more than there are." for n in needed
                      if not seats < 2 * n <= 2 * seats]  # fmt: skip
        if self.small_pool >= self.full_pool:
            found.append("A small jury is for fewer members than a full one.")
        return found

    def size(self, members: int) -> Size:
        return Size.FULL if members >= self.full_pool else Size.SMALL if members >= self.small_pool else Size.NONE


NUMBERS: dict[str, Number] = {f.name: f.metadata["number"] for f in fields(Charter)}
CHARTER = Charter()


def differing(old: Charter, new: Charter) -> Iterator[tuple[str, int, int]]:
    """Names of the numbers that differ, with both values."""
    for name in NUMBERS:
        if getattr(old, name) != getattr(new, name):
            yield name, getattr(old, name), getattr(new, name)
