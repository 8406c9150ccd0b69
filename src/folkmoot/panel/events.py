"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event


@dataclass(frozen=True, kw_only=True)
class OfPanel(Event):
    member_id: int

    def touches(self) -> tuple[str, ...]:
        return ("panel",)


@dataclass(frozen=True, kw_only=True)
class PanelSeated(OfPanel, Act):
    sentence: ClassVar[str] = "{office} took a seat on the review panel"


@dataclass(frozen=True, kw_only=True)
class PanelLeft(OfPanel, Act):
    sentence: ClassVar[str] = "{office} resigned from the review panel"


@dataclass(frozen=True, kw_only=True)
class PanelTermEnded(OfPanel, Act):
    sentence: ClassVar[str] = "{office} ended a term on the review panel"


@dataclass(frozen=True, kw_only=True)
class PanelServiceEnded(OfPanel, Act):
    """Juries hid several of their posts."""

    sentence: ClassVar[str] = "{office} ended a member’s service on the review panel"


class PanelChanged(OfPanel):
    """Somebody is elected to a seat that is not empty yet; or a review was dropped. Nobody's act."""


@dataclass(frozen=True, kw_only=True)
class OfReview(OfPanel, Act):
    review_id: int

    def touches(self) -> tuple[str, ...]:
        return ("panel", f"review:{self.review_id}")


class ReviewAsked(OfReview):
    sentence = "{office} asked for review {review_id} of a ban"


@dataclass(frozen=True, kw_only=True)
class OpinionGiven(OfReview):
    undoes: bool
    sentence: ClassVar[str] = "{office} said what they find in review {review_id}"


@dataclass(frozen=True, kw_only=True)
class OfDecision(OfReview):
    """Told by who gave the last opinion that was needed."""

    agreed: int
    needed: int


class BanOverturned(OfDecision):
    sentence = "{office} and others of the panel overturned a ban in review {review_id}: {agreed} agreed"


class BanUpheld(OfDecision):
    sentence = "{office} and others of the panel upheld a ban in review {review_id}: {agreed} agreed"


@dataclass(frozen=True, kw_only=True)
class VerdictOverturned(OfDecision):
    case_id: int
    sentence: ClassVar[str] = "{office} and others of the panel overturned the verdict in case {case_id} by review {review_id}"


@dataclass(frozen=True, kw_only=True)
class VerdictUpheld(OfDecision):
    case_id: int
    sentence: ClassVar[str] = "{office} and others of the panel upheld the verdict in case {case_id} by review {review_id}"
