"""The article of a news thread, as its page shows it."""

from dataclasses import dataclass

from folkmoot.members.reader import Reader, When
from folkmoot.threads import rules
from folkmoot.threads.models import Article


@dataclass(frozen=True, slots=True)
class ArticleBox:
    """What a post states about its article. Headline and time are the poster's word."""

    link: str
    host: str
    publication: str
    byline: str
    published: When | None
    overridden: str
    """The sentence that says who let it stand against the rules, and why; mostly empty."""


def article_box(facts: rules.Facts, *, reader: Reader, office: str = "", reason: str = "") -> ArticleBox:
    overridden = f"An {office} let this stand against the posting rules: {reason}" if office else ""
    published = reader.when(facts.published) if facts.published is not None else None
    link = facts.link if rules.may_link(facts.link) else ""  # a preview also shows what is refused, but never links to it
    return ArticleBox(link, rules.host_of(link), facts.publication, facts.byline, published, overridden)


def box_of(article: Article | None, *, reader: Reader) -> ArticleBox | None:
    if article is None:
        return None
    return article_box(article.facts, reader=reader, office=article.override_office, reason=article.override_reason)
