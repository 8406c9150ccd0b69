"""The words around what was found, and which of them were asked for. Pure."""

from collections.abc import Sequence
from itertools import islice

from folkmoot.search.rules.words import TEXT_WORDS, Phrase, places, tokens

WIDTH = 280
_BEFORE = 60
_HITS = 200
"""Places looked at when choosing where an excerpt begins."""

Piece = tuple[str, bool]
"""Some text, and whether it was asked for."""

Span = tuple[int, int]


def found_in(text: str, asked: Sequence[Phrase]) -> list[tuple[Span, int]]:
    """Where each of the phrases stands in the text, and which one it is; in the order of the text."""
    found = list(islice(tokens(text), TEXT_WORDS))
    words = [token.word for token in found]
    hits = [
        ((found[at].start, found[at + len(phrase.words) - 1].end), which)
        for which, phrase in enumerate(asked)
        for at in places(phrase, words)
    ]
    return sorted(hits)


def marked(text: str, asked: Sequence[Phrase]) -> list[Piece]:
    """The whole text."""
    return _pieces(text, [span for span, _ in found_in(text, asked)], 0, len(text))


def excerpt(text: str, asked: Sequence[Phrase]) -> list[Piece]:
    """As much as a reader needs to judge: where most of the phrases stand together, or else the beginning."""
    hits = found_in(text, asked)
    best, most = 0, 0
    first = hits[:_HITS]
    for (start, _), _which in first:
        near = {which for (at, end), which in first if start <= at and end <= start + WIDTH - _BEFORE}
        if len(near) > most:
            best, most = start, len(near)
    start = _word_begin(text, max(best - _BEFORE, 0)) if best > _BEFORE else 0
    end = _word_end(text, start + WIDTH)
    pieces = _pieces(text, [span for span, _ in hits], start, end)
    return [("… ", False)] * (start > 0) + pieces + [(" …", False)] * (end < len(text))


def _word_begin(text: str, at: int) -> int:
    space = text.find(" ", at, at + 30)
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - 30, at)
    return space if space >= 0 else at


def _pieces(text: str, spans: Sequence[Span], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for begin, stop in spans:
        begin, stop = max(begin, at), min(stop, end)
        if begin >= stop:
            continue
        if pieces and begin == at and pieces[-1][1]:
            pieces[-1] = (pieces[-1][0] + text[begin:stop], True)
        else:
            pieces += [(text[at:begin], False)] if begin > at else []
            pieces.append((text[begin:stop], True))
        at = stop
    return pieces + ([(text[at:end], False)] if at < end else [])
