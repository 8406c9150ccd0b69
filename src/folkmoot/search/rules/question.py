"""What somebody asks, typed in one box or filled into fields. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from folkmoot.search.rules.words import Phrase, phrase

QUESTION_MAX = 200
PHRASES_MAX = 12
WORDS_MAX = 40
BEGINNING_MIN = 3

_ITEM = re.compile(r'(?:(author|forum|after|before|subject):\s*)?(?:"([^"]*)"?|([^\s"]+))?', re.IGNORECASE)
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_EXAMPLES = {
    "author": "author:Ada", "forum": "forum:general-discussion", "after": "after:2020-02-11", "before": "before:2020",
    "subject": "subject:tram",
}  # fmt: skip


class Unclear(NamedTuple):
    """What cannot be understood: the field in which it stands, and a sentence."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    words: tuple[Phrase, ...] = ()
    subject: tuple[Phrase, ...] = ()
    author: str = ""
    forum: str = ""
    after: date | None = None
    """From the beginning of this day."""
    before: date | None = None
    """Until the end of the day before."""

    @property
    def is_empty(self) -> bool:
        return self == Question()


@dataclass(slots=True)
class _Reading:
    words: list[Phrase] = field(default_factory=list)
    subject: list[Phrase] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    unclear: list[Unclear] = field(default_factory=list)

    def box(self, text: str, *, where: str, into: list[Phrase], operators: bool) -> None:
        for item in _ITEM.finditer(text.translate(_QUOTES)):
            operator, quoted, word = item[1], item[2], item[3]
            said = quoted if quoted is not None else word
            if operator is not None and operators:
                self.operator(operator.lower(), said or "", is_quoted=quoted is not None)
            elif said is not None or operator is not None:
                whole = f"{operator} {said or ''}" if operator else said
                self.phrase(whole, where=where, into=into, is_quoted=quoted is not None)

    def operator(self, name: str, said: str, *, is_quoted: bool) -> None:
        if not said.strip():
            self.unclear.append(Unclear("q", f"{name}: wants something behind it, such as {_EXAMPLES[name]}."))
        elif name == "subject":
            self.phrase(said, where="q", into=self.subject, is_quoted=is_quoted)
        elif name in ("after", "before"):
            self.day(name, said, where="q")
        else:
            self.name(name, said, where="q")

    def phrase(self, text: str, *, where: str, into: list[Phrase], is_quoted: bool) -> None:
        is_open = not is_quoted and text.endswith("*")
        found = phrase(text, is_open=is_open)
        if found is None:
            return
        if is_open and found.is_open and len(found.words[-1]) < BEGINNING_MIN and found.words[-1].isascii():
            self.unclear.append(Unclear(where, f"A star wants at least {BEGINNING_MIN} letters before it, such as tra*."))
        elif found not in into:
            into.append(found)

    def day(self, name: str, said: str, *, where: str) -> None:
        found = day(said)
        if found is None:
            sentence = f"{name}: wants a day like 2020-02-11, a month like 2020-02 or a year like 2020, not “{said[:20]}”."
            self.unclear.append(Unclear(where, sentence))
        else:
            narrower = max if name == "after" else min
            self.days[name] = narrower(found, self.days.get(name, found))

    def name(self, name: str, said: str, *, where: str) -> None:
        said = said.strip().lstrip("@")[:80]
        before = self.named.setdefault(name, said)
        if before.casefold() != said.casefold():
            one = "A post has one author" if name == "author" else "A post stands in one forum"
            self.unclear.append(Unclear(where, f"{one}; you ask for {before} and for {said}."))


def read(typed: Mapping[str, str]) -> tuple[Question, list[Unclear]]:
    """The question of the box `q` and the fields `subject`, `author`, `forum`, `after`, `before`; and what is unclear."""
    reading = _Reading()
    reading.box(typed.get("q", ""), where="q", into=reading.words, operators=True)
    reading.box(typed.get("subject", ""), where="subject", into=reading.subject, operators=False)
    for name in ("author", "forum"):
        if typed.get(name, "").strip():
            reading.name(name, typed[name], where=name)
    for name in ("after", "before"):
        if typed.get(name, "").strip():
            reading.day(name, typed[name].strip(), where=name)
    after, before = reading.days.get("after"), reading.days.get("before")
    asked = Question(
        tuple(reading.words),
        tuple(reading.subject),
        reading.named.get("author", ""),
        reading.named.get("forum", ""),
        after,
        before,
    )
    unclear = reading.unclear
    phrases = asked.words + asked.subject
    if len(phrases) > PHRASES_MAX or sum(len(p.words) for p in phrases) > WORDS_MAX:
        unclear.append(Unclear("q", f"A question holds {PHRASES_MAX} words or phrases; leave some out."))
    if after and before and after >= before:
        unclear.append(Unclear("before", f"Nothing was written from {after} on and before {before}. Turn the days around?"))
    if asked.is_empty and not unclear and any(typed.get(name, "").strip() for name in ("q", "subject")):
        unclear.append(Unclear("q", "There is no letter and no digit in it to search for."))
    return asked, unclear


def day(text: str) -> date | None:
    """The first day of what is named: a day, a month or a year; None when it is none of them."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        return date(year, month, day) if 1970 <= year < 9999 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an engine takes it: every word is plain, every name a mark."""

    words: tuple[Phrase, ...] = ()
    subject: tuple[Phrase, ...] = ()
    marks: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    """Moments: `since` belongs to it, `until` does not."""

    @property
    def in_subject(self) -> "Asked":
        """The same, with every word in the subject: what *best* puts first."""
        return replace(self, words=(), subject=self.words + self.subject)
