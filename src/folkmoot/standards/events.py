"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event
from folkmoot.base.pages import EVERYTHING


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
