"""Posting rules of a forum. Pure: values in, sentences out."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

AGE_MAX_HOURS = 8760
UNIQUE_MAX_DAYS = 3650
QUOTED_MAX = 50
READY_REASON_MAX = 300
READY_REASONS_MAX = 20
FORUMS_STATED = 30
"""So many forums this software is made for: its navigation, its directory and its members' attention. More are possible."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What a forum asks of whoever starts a thread there. All of it data; a rule that is False or None is not asked."""

    link_required: bool = False
    headline_is_subject: bool = False
    max_age_hours: int | None = None
    unique_link_days: int | None = None
    max_quoted_paragraphs: int | None = None

    def __bool__(self) -> bool:
        return any(True for _ in self.asked())

    def asked(self) -> Iterator[str]:
        """The names of the rules that hold here."""
        return (field.name for field in fields(self) if getattr(self, field.name))

    def says(self, rule: str) -> str:
        """One rule as a sentence without its capital and full stop."""
        return {
            "link_required": "a thread brings a link to an article and names its publication",
            "headline_is_subject": "the subject is the article’s own headline",
            "max_age_hours": f"the article is at most {_count(self.max_age_hours, 'hour')} old",
            "unique_link_days": f"no link is posted twice within {_count(self.unique_link_days, 'day')}",
            "max_quoted_paragraphs": f"at most {_count(self.max_quoted_paragraphs, 'paragraph')} may be quoted",
        }[rule]

    def sentences(self) -> list[str]:
        """What the forum's own page says."""
        return [f"{said[0].upper()}{said[1:]}." for said in map(self.says, self.asked())]


NO_RULES = RuleSet()
NEWS = RuleSet(
    link_required=True, headline_is_subject=True, max_age_hours=12, unique_link_days=365, max_quoted_paragraphs=4
)  # fmt: skip
LINKED = RuleSet(link_required=True)


def _count(number: int | None, noun: str) -> str:
    return f"{number or 0} {noun}{'' if number == 1 else 's'}"
