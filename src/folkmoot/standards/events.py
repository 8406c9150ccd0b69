"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event
from folkmoot.base.pages import EVERYTHING

MEMBERS = "members"
"""The office of what all of them do together; nobody's own act."""

MEMBER = "member"

CHARTER = "charter"
"""The office of what the charter does by itself."""


class StandardsFounded(Event):
    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


@dataclass(frozen=True, kw_only=True)
class OfDraft(Event):
    draft_id: int

    def touches(self) -> tuple[str, ...]:
        return ("drafts", f"draft:{self.draft_id}")


class DraftSeconded(OfDraft):
    pass


class SecondTakenBack(OfDraft):
    pass


@dataclass(frozen=True, kw_only=True)
class DraftPutForward(OfDraft, Act):
    sentence: ClassVar[str] = "{office} put forward draft {draft_id}"


@dataclass(frozen=True, kw_only=True)
class RecallPutForward(OfDraft, Act):
    forum_id: int
    sentence: ClassVar[str] = "{office} put forward the recall of a host of forum {forum_id}, draft {draft_id}"

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), f"forum:{self.forum_id}")


@dataclass(frozen=True, kw_only=True)
class CandidateStood(OfDraft, Act):
    election_id: int
    sentence: ClassVar[str] = "{office} stood for the review panel by draft {draft_id} in election {election_id}"


@dataclass(frozen=True, kw_only=True)
class DraftWithdrawn(OfDraft, Act):
    sentence: ClassVar[str] = "{office} withdrew draft {draft_id}"


@dataclass(frozen=True, kw_only=True)
class RollClosed(OfDraft, Act):
    """Enough have seconded it: it is discussed, and who may vote is settled. `root` is that of the tree over their tokens."""

    voters: int
    root: str
    sentence: ClassVar[str] = "{office} seconded draft {draft_id}: {voters} may vote on it"


@dataclass(frozen=True, kw_only=True)
class BallotOpened(OfDraft, Act):
    sentence: ClassVar[str] = "{office} opened the ballot on draft {draft_id}"


@dataclass(frozen=True, kw_only=True)
class BallotsOpened(OfDraft, Act):
    """`root`: of the tree over the commitments in the order of their tokens; `openings_hash`: over what they open to."""

    count: int
    root: str
    openings_hash: str
    sentence: ClassVar[str] = "{office} closed the ballot on draft {draft_id}: {count} voted"


@dataclass(frozen=True, kw_only=True)
class OfCount(OfDraft, Act):
    yes: int
    nays: int
    abstentions: int


@dataclass(frozen=True, kw_only=True)
class DraftRatified(OfCount):
    edition: int
    sentence: ClassVar[str] = "{office} ratified draft {draft_id} by {yes} to {nays}, as edition {edition}"

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), "standards")


@dataclass(frozen=True, kw_only=True)
class RecallCarried(OfCount):
    """Hosts hear it: the seat ends."""

    forum_id: int
    sentence: ClassVar[str] = "{office} carried by {yes} to {nays} the recall of a host of forum {forum_id}, draft {draft_id}"


@dataclass(frozen=True, kw_only=True)
class CandidateElected(OfCount):
    sentence: ClassVar[str] = "{office} elected by {yes} to {nays} the candidate of draft {draft_id}"


class CandidateNotElected(OfCount):
    sentence = "{office} did not elect the candidate of draft {draft_id}: {yes} for, {nays} against"


class DraftRejected(OfCount):
    sentence = "{office} rejected draft {draft_id}: {yes} for it, {nays} against"


class DraftLackedQuorum(OfCount):
    sentence = "{office} were too few to decide draft {draft_id}: {yes} for it, {nays} against, {abstentions} for neither"


@dataclass(frozen=True, kw_only=True)
class DraftSetAside(OfDraft, Act):
    """It does not fit the edition that it would change, or its ballot could not be held: the reason says which."""

    sentence: ClassVar[str] = "{office} set draft {draft_id} aside"


@dataclass(frozen=True, kw_only=True)
class EditionInForce(Act):
    edition: int
    sentence: ClassVar[str] = "{office} put edition {edition} of the standards into force"

    def touches(self) -> tuple[str, ...]:
        return ("standards", "drafts")


@dataclass(frozen=True, kw_only=True)
class CharterChanged(Act):
    edition: int
    sentence: ClassVar[str] = "{office} changed the charter by edition {edition}"

    def touches(self) -> tuple[str, ...]:
        return ("standards",)


@dataclass(frozen=True, kw_only=True)
class OfElection(Act):
    election_id: int

    def touches(self) -> tuple[str, ...]:
        return ("drafts", "panel")


@dataclass(frozen=True, kw_only=True)
class ElectionBegun(OfElection):
    seats: int
    sentence: ClassVar[str] = "{office} began election {election_id} of the review panel: {seats} seats"


class StandingExtended(OfElection):
    """Nobody stood whom enough seconded."""

    sentence = "{office} gave more time to stand in election {election_id}"


@dataclass(frozen=True, kw_only=True)
class ElectionDecided(OfElection):
    """Every candidate's count is an act of its own. The room of the panel hears it, and seats who is elected."""

    elected: int
    sentence: ClassVar[str] = "{office} decided election {election_id}: {elected} elected"
