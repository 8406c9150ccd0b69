"""What an entry of the log says, byte for byte. Pure.

Offices, ids and numbers; never a name, a text or an address. Who is concerned and why stand in it as salted hashes: the salts and
the words lie in the database, so that erasing them leaves the log whole.
"""

import hashlib
import json
import string
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

VERSION = 1
PEOPLE = {"author_id", "member_id"}
"""Fields of acts that say whom an act concerns."""

WORDS = {
    "anchor", "commitment", "content_hash", "entries_hash", "excluded_root", "new_key", "openings_hash", "page", "root", "source",
    "pattern_hash", "watch",
}  # fmt: skip
"""Fields of acts that are text: of a fixed list, or made by a machine, never anybody's words."""

MOST_BYTES = 0xFFFF


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, without spaces, in ASCII: the same value gives the same bytes, everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def salted(salt: bytes, content: bytes) -> str:
    return hashlib.sha256(salt + content).hexdigest()


def taken_out(facts: dict[str, Any]) -> dict[str, Any]:
    """Take out of the facts whom the act concerns."""
    return {name: facts.pop(name) for name in sorted(PEOPLE & facts.keys())}


def people_hash(salt: bytes, people: Mapping[str, Any]) -> str:
    return salted(salt, canonical(people)) if people else ""


def entry(
    *, kind: str, office: str, officer: int, facts: Mapping[str, Any], reason_hash: str, people_hash: str, told_at: datetime
) -> bytes:
    """An act as the log holds it."""
    said: dict[str, Any] = {
        "t": kind, "v": VERSION, "at": f"{told_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "office": office, "officer": officer,
        "facts": facts, "reason": reason_hash,
    }  # fmt: skip
    if people_hash:
        said["people"] = people_hash
    return canonical(said)


class Piece(NamedTuple):
    """Words of a sentence, and of what they speak: a field and its value, or nothing."""

    words: str
    field: str = ""
    value: Any = None


def pieces(sentence: str, facts: Mapping[str, Any], officer: str) -> list[Piece]:
    """An act's sentence, told: `{office} locked thread {thread_id}` → "Administrator 1", " locked ", "thread 42" (a link)."""
    found: list[Piece] = []
    for words, name, _, _ in string.Formatter().parse(sentence):
        before, noun = words, ""
        if name and name.endswith("_id"):
            noun = words[len(words.rstrip().rpartition(" ")[0]) :].lstrip()
            before = words.removesuffix(noun)
        if before:
            found.append(Piece(before))
        if name == "office":
            found.append(Piece(officer, "office"))
        elif name:
            found.append(Piece(f"{noun}{facts.get(name, '?')}", name, facts.get(name)))
    return found


_BODIES = {"jury": "A jury", "members": "The members", "charter": "The charter"}
"""Offices that nobody holds alone."""


def officer_name(office: str, officer: int) -> str:
    return _BODIES.get(office) or f"{office.capitalize() or 'Somebody'} {officer}"
