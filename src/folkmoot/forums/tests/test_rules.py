"""A forum's posting rules as values and as sentences, without a database."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.forums.rules import LINKED, NEWS, NO_RULES, RuleSet

pytestmark = pytest.mark.no_database

sets = st.builds(
    RuleSet,
    link_required=st.booleans(),
    headline_is_subject=st.booleans(),
    max_age_hours=st.none() | st.integers(1, 100),
    unique_link_days=st.none() | st.integers(1, 100),
    max_quoted_paragraphs=st.none() | st.integers(1, 50),
)


def test_the_news_preset_says_its_rules_in_plain_sentences():
    assert NEWS.sentences() == [
        "A thread brings a link to an article and names its publication.",
        "The subject is the article’s own headline.",
        "The article is at most 12 hours old.",
        "No link is posted twice within 365 days.",
        "At most 4 paragraphs may be quoted.",
    ]
    assert LINKED.sentences() == NEWS.sentences()[:1]
    assert RuleSet(max_age_hours=1).sentences() == ["The article is at most 1 hour old."]


def test_no_rules_are_false():
    assert not NO_RULES
    assert NO_RULES.sentences() == []


@given(sets)
def test_each_rule_that_is_asked_has_its_sentence(rules):
    asked = [field.name for field in fields(RuleSet) if getattr(rules, field.name)]
    assert list(rules.asked()) == asked
    assert bool(rules) is bool(asked)
    assert len(set(rules.sentences())) == len(asked)
    assert all(said.endswith(".") and said[0].isupper() for said in rules.sentences())
