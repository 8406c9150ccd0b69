"""What a jury is shown: the post and what it answers, without a name in it. Pure."""

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

LETTERS = "ABCDEFGH"
NOBODY = "somebody"


class Message(NamedTuple):
    """A message as written, and by whom."""

    author: str
    answers: str
    """The name of whoever is answered; empty for an opening post."""
    subject: str
    source: str


class Exhibit(NamedTuple):
    """The same, by letter. The judged one comes last."""

    letter: str
    answers: str
    subject: str
    source: str


def blinded(messages: Sequence[Message]) -> list[Exhibit]:
    """Whoever wrote one of them is a letter in all of them: A wrote the first, however often they come again."""
    letters: dict[str, str] = {}
    for message in messages:
        letters.setdefault(message.author.casefold(), LETTERS[min(len(letters), len(LETTERS) - 1)])
    pattern = _names(letters)

    def hidden(text: str) -> str:
        found = pattern.sub(lambda match: letters[match[0].lstrip("@").casefold()], text) if pattern else text
        return re.sub(r"(?<![\w@])@[^\W_][\w.-]*[^\W_]", f"@{NOBODY}", found)

    return [
        Exhibit(
            letters[m.author.casefold()],
            letters.get(m.answers.casefold(), NOBODY) if m.answers else "",
            hidden(m.subject),
            hidden(m.source),
        )
        for m in messages
    ]


def _names(letters: dict[str, str]) -> re.Pattern[str] | None:
    """The longest first, so that none is taken for a part of another."""
    names = sorted((re.escape(name) for name in letters), key=len, reverse=True)
    return re.compile(rf"(?<![\w@])@?(?:{'|'.join(names)})(?![\w-])", re.IGNORECASE) if names else None


def content(exhibits: Sequence[Exhibit]) -> bytes:
    """The bytes that a case commits to: the same exhibits give the same bytes."""
    said = [exhibit._asdict() for exhibit in exhibits]
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
