"""What this room can tell. What a case tells is its jury's act: no field names a member (docs/juries-bundle.md)."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event

JURY = "jury"


@dataclass(frozen=True, kw_only=True)
class OfJury(Act):
    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


@dataclass(frozen=True, kw_only=True)
class PoolPublished(OfJury):
    sentence: ClassVar[str] = "{office} published pool {epoch} of {n} members"
    epoch: int
    rule: int
    n: int
    root: str


@dataclass(frozen=True, kw_only=True)
class ChainPublished(OfJury):
    sentence: ClassVar[str] = "{office} published a chain of {links} links to draw by"
    anchor: str
    links: int


@dataclass(frozen=True, kw_only=True)
class CaseOpened(OfJury):
    sentence: ClassVar[str] = "{office} opened a case for {seats} jurors"
    rounded: ClassVar[bool] = True
    pool: int
    seats: int
    to_hide: int
    source: str
    round: int
    excluded_n: int
    excluded_root: str
    content_hash: str
    appeals: int | None
    reopens: int | None


@dataclass(frozen=True, kw_only=True)
class SeatTaken(OfJury):
    sentence: ClassVar[str] = "{office} seated position {position} of case entry {case}"
    rounded: ClassVar[bool] = True
    case: int
    position: int
    index: int
    second: bool


@dataclass(frozen=True, kw_only=True)
class SeatRefused(OfJury):
    sentence: ClassVar[str] = "{office} recorded a refusal at position {position} of case entry {case}"
    rounded: ClassVar[bool] = True
    case: int
    position: int
    index: int
    declined: bool
    second: bool


@dataclass(frozen=True, kw_only=True)
class VoteCast(OfJury):
    sentence: ClassVar[str] = "{office} took in a vote at position {position} of case entry {case}"
    rounded: ClassVar[bool] = True
    case: int
    position: int
    commitment: str
    second: bool


@dataclass(frozen=True, kw_only=True)
class VerdictReached(OfJury):
    sentence: ClassVar[str] = "{office} reached a verdict on post {post_id} in case {case_id}"
    case: int
    case_id: int
    post_id: int
    revision: int
    second: bool
    hidden: bool
    lapsed: bool
    standard: int
    breaks: int
    just_breaks: int
    just_keeps: int
    keeps: int
    breaks_another: int
    cannot_judge: int
    walked: int
    entry_count: int
    entries_hash: str
    act: int | None

    def touches(self) -> tuple[str, ...]:
        return ("ledger", "juries", f"case:{self.case_id}")


@dataclass(frozen=True, kw_only=True)
class TwoOfficersDecided(Act):
    """Where too few can serve, two officers decide; told by the second of them."""

    sentence: ClassVar[str] = "{office} and another officer decided case {case_id} on post {post_id}"
    case_id: int
    post_id: int
    hidden: bool
    standard: int

    def touches(self) -> tuple[str, ...]:
        return ("ledger", "juries", f"case:{self.case_id}")


@dataclass(frozen=True, kw_only=True)
class AppealHandedOver(OfJury):
    """So many jurors could not be drawn. The room of the panel hears it."""

    sentence: ClassVar[str] = "{office} of appeal could not be filled: the review panel decides case {case_id} on post {post_id}"
    case_id: int
    post_id: int

    def touches(self) -> tuple[str, ...]:
        return ("ledger", "juries", f"case:{self.case_id}")


@dataclass(frozen=True, kw_only=True)
class ServiceEnded(OfJury):
    """Juries hid several posts of a member: no jury and no host's seat while those count. Hosts hear it."""

    sentence: ClassVar[str] = "{office} ended a member's service"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class ActOverturned(Event):
    """A jury found that an act of an office breaks a standard. Whoever keeps what it did undoes it."""

    act_id: int
    reason: str

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


@dataclass(frozen=True, kw_only=True)
class JurorsSummoned(Event):
    """A jury asks these members. Whoever hears it tells them, and nobody else."""

    jury_id: int
    member_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PartiesTold(Event):
    """A case is decided, which these members are told: its author, who alerted, and who sat."""

    case_id: int
    member_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CaseChanged(Event):
    """What its public page shows has changed before the record tells it."""

    case_id: int
    post_id: int

    def touches(self) -> tuple[str, ...]:
        return ("juries", f"case:{self.case_id}")
