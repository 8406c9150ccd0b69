"""Whether an article may be brought into a forum that has posting rules. Pure: values in, answer out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from folkmoot.base.answers import YES, Answer, Refused, no
from folkmoot.base.time import HOUR, MINUTE
from folkmoot.forums.rules import RuleSet
from folkmoot.members.rules import Local, office_in
from folkmoot.threads.rules.links import may_link

PUBLICATION_MAX = 80
BYLINE_MAX = 120
QUOTE_MAX = 20_000
_CLOCKS_DIFFER = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Facts:
    """What a poster states about an article. Nothing of it has been looked up."""

    link: str = ""
    publication: str = ""
    byline: str = ""
    published: int | None = None
    """A moment; None when it is not stated."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The thread that brought a link first."""

    thread_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """One broken rule: the sentence that names it, the field that it stands beside."""

    field: str
    sentence: str
    is_rule: bool = True
    """A forum's rule, which an office can let be broken; else nothing that anybody may post."""
    earlier: Earlier | None = None


class BrokenRules(Refused):
    """Refused by a forum's posting rules; `troubles` names each beside its field."""

    def __init__(self, troubles: list[Trouble]) -> None:
        super().__init__(" ".join(trouble.sentence for trouble in troubles))
        self.troubles = troubles


def news_troubles(
    facts: Facts, rules: RuleSet, *, headline: str, quoted: int, now: int | None, same_link: Earlier | None
) -> list[Trouble]:
    """Every rule that this breaks. `quoted` counts paragraphs; `now` is None where age is not asked: of an edit."""
    return list(_troubles(facts, rules, headline, quoted, now, same_link))


def _troubles(
    facts: Facts, rules: RuleSet, headline: str, quoted: int, now: int | None, same_link: Earlier | None
) -> Iterator[Trouble]:
    def broken(field: str, rule: str, what: str, earlier: Earlier | None = None) -> Trouble:
        return Trouble(field, f"A rule here: {rules.says(rule)}. {what}", earlier=earlier)

    if not (answer := may_link(facts.link)):
        yield Trouble("link", str(answer.reason), is_rule=False)
    if rules.link_required and not facts.link:
        yield broken("link", "link_required", "Give the article’s address.")
    if rules.headline_is_subject and not headline.strip():
        yield broken("subject", "headline_is_subject", "Copy it as it stands there.")
    if rules.link_required and not facts.publication.strip():
        yield broken("publication", "link_required", "Say who published it.")
    if rules.unique_link_days and same_link:
        yield broken("link", "unique_link_days", "This one stands here already:", same_link)
    if rules.max_age_hours and facts.published is None and (facts.link or rules.link_required):
        yield broken("published_on", "max_age_hours", "Say when it was published.")
    if facts.published is not None and now is not None:
        age = now - facts.published
        if age < -_CLOCKS_DIFFER:
            yield Trouble("published_on", "This time lies in the future. Look at the day and the zone.", is_rule=False)
        elif rules.max_age_hours and age > rules.max_age_hours * HOUR:
            yield broken("published_on", "max_age_hours", f"This one is {_age(age)} old.")
    if rules.max_quoted_paragraphs and quoted > rules.max_quoted_paragraphs:
        yield broken("quote", "max_quoted_paragraphs", f"Here are {quoted}; every line of a quotation counts as one.")


def _age(age: int) -> str:
    hours = age // HOUR
    if hours >= 72:
        return f"{hours // 24} days"
    minutes = age // MINUTE % 60
    return f"{hours} hour{'' if hours == 1 else 's'}" + (f" and {minutes} min" if minutes else "")


def may_override(member: Local | None, forum_id: int) -> Answer:
    """Who may let a thread stand against its forum's rules."""
    return YES if office_in(member, forum_id) else no("Only hosts and administrators can let a thread stand against its rules.")


def with_quote(quote: str, view: str) -> str:
    """A post's text: each line of the article a paragraph of one quotation, then the member's own view.

    A view that begins with a quotation goes on with that one, so that an edit which changes nothing changes nothing.
    """
    more, own = split_quote(view)
    lines = [re.sub(r"^(>\s*)+", "", line.strip()) for line in f"{quote}\n{more}".split("\n")]
    quoted = "\n>\n".join(f"> {line}" for line in lines if line)
    return "\n\n".join(part for part in (quoted, own.rstrip("\n")) if part)


def split_quote(text: str) -> tuple[str, str]:
    """The quotation that a text begins with, a paragraph a line, and the rest: `with_quote` backwards."""
    lines = text.split("\n")
    end = 0
    while end < len(lines) and (lines[end].startswith(">") or not lines[end].strip()):
        end += 1
    quoted = [re.sub(r"^(>\s*)+", "", line).strip() for line in lines[:end]]
    return "\n\n".join(line for line in quoted if line), "\n".join(lines[end:])
