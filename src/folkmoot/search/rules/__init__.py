"""Decisions about words, questions and excerpts. Pure: values in, answer out."""

from folkmoot.search.rules.excerpt import Piece, excerpt, marked
from folkmoot.search.rules.question import QUESTION_MAX, Asked, Question, Unclear, day, read
from folkmoot.search.rules.words import (
    GAP,
    NORMALISER,
    Indexed,
    Phrase,
    author_mark,
    fold,
    forum_mark,
    indexed,
    phrase,
    places,
    plain,
    tokens,
)

__all__ = [
    "GAP", "NORMALISER", "QUESTION_MAX", "Asked", "Indexed", "Phrase", "Piece", "Question", "Unclear", "author_mark", "day",
    "excerpt", "fold", "forum_mark", "indexed", "marked", "phrase", "places", "plain", "read", "tokens",
]  # fmt: skip
