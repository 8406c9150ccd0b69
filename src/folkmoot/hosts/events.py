"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event


@dataclass(frozen=True, kw_only=True)
class OfForum(Event):
    forum_id: int
    member_id: int

    def touches(self) -> tuple[str, ...]:
        return (f"forum:{self.forum_id}", f"member:{self.member_id}")


@dataclass(frozen=True, kw_only=True)
class HostOffered(OfForum, Act):
    sentence: ClassVar[str] = "{office} offered somebody a host's seat in forum {forum_id}"


@dataclass(frozen=True, kw_only=True)
class HostSeated(OfForum, Act):
    """The member said yes. The reason is that of the offer."""

    sentence: ClassVar[str] = "{office} took up the seat that was offered in forum {forum_id}"


@dataclass(frozen=True, kw_only=True)
class HostResigned(OfForum, Act):
    sentence: ClassVar[str] = "{office} resigned as host of forum {forum_id}"


@dataclass(frozen=True, kw_only=True)
class HostRemoved(OfForum, Act):
    sentence: ClassVar[str] = "{office} removed a host of forum {forum_id}"


@dataclass(frozen=True, kw_only=True)
class HostTermEnded(OfForum, Act):
    sentence: ClassVar[str] = "{office} ended a host's term in forum {forum_id}"


@dataclass(frozen=True, kw_only=True)
class HostServiceEnded(OfForum, Act):
    """Too many hidden posts, or a ban."""

    sentence: ClassVar[str] = "{office} ended a host's service in forum {forum_id}"


@dataclass(frozen=True, kw_only=True)
class HostRecalled(OfForum, Act):
    """The members carried it by a draft. `number`: the host's, as the record knows them."""

    number: int
    draft_id: int
    sentence: ClassVar[str] = "{office} recalled Host {number} of forum {forum_id} by draft {draft_id}"


@dataclass(frozen=True, kw_only=True)
class MemberBlocked(OfForum, Act):
    days: int
    sentence: ClassVar[str] = "{office} blocked a member for {days} days from forum {forum_id}"
    hits: ClassVar[str] = "member_id"


@dataclass(frozen=True, kw_only=True)
class BlockLifted(OfForum, Act):
    sentence: ClassVar[str] = "{office} lifted a block from forum {forum_id}"


class BlockChanged(OfForum):
    """Its time was over, or its reason was redacted: nobody's act."""


@dataclass(frozen=True, kw_only=True)
class OfWatch(Act):
    """What exactly is watched for stands nowhere but in the row: the ledger has a salted hash of it."""

    watch: str
    pattern_hash: str

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


@dataclass(frozen=True, kw_only=True)
class WatchBegun(OfWatch):
    days: int
    sentence: ClassVar[str] = "{office} put something on the watch list ({watch}) for {days} days"


class WatchEnded(OfWatch):
    sentence = "{office} took something off the watch list ({watch})"


@dataclass(frozen=True, kw_only=True)
class NightWatchBegun(Act):
    hours: int
    sentence: ClassVar[str] = "{office} began a night watch of {hours} hours: nobody joins, newcomers’ posts wait"

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


class NightWatchEnded(Act):
    sentence = "{office} ended the night watch"

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


@dataclass(frozen=True, kw_only=True)
class OfIntake(Act):
    member_id: int

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


class IntakeAppointed(OfIntake):
    sentence = "{office} appointed a member of the intake team"


class IntakeDismissed(OfIntake):
    sentence = "{office} took somebody off the intake team"


class IntakeLeft(OfIntake):
    sentence = "{office} left the intake team"


@dataclass(frozen=True, kw_only=True)
class RevocationBacked(OfIntake):
    agreed: int
    needed: int
    sentence: ClassVar[str] = "{office} would close a new account: {agreed} of {needed} agree"
