"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act


@dataclass(frozen=True, kw_only=True)
class ReasonRedacted(Act):
    """The words of an act's reason are erased; the act itself, and the hash of those words, stay."""

    act_id: int
    sentence: ClassVar[str] = "{office} redacted the reason of act {act_id}"

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


@dataclass(frozen=True, kw_only=True)
class LedgerKeyChanged(Act):
    """From the next checkpoint on the log is signed with this key (in hex)."""

    new_key: str
    sentence: ClassVar[str] = "{office} changed the key that signs this ledger"

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


@dataclass(frozen=True, kw_only=True)
class LedgerRestored(Act):
    """The log goes on from a backup. What was published after it, if anything was, is not in it."""

    entries: int
    sentence: ClassVar[str] = (
        "{office} brought the ledger back from a backup that held {entries} entries; later ones are not in it"
    )

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)
