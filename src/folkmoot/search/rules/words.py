"""The one normaliser: a text as the words that both engines index and every question asks for. Pure.

A word is a run of letters and digits without case and accents. Scripts that are written without spaces have no runs, so
each of their characters makes a word with the one behind it: `東京都` is `東京`, `京都`, `都`. A question for `京都` is
then a word, for `東京都` a phrase of two, for `都` the beginning of a word.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import islice
from typing import NamedTuple

NORMALISER = 1
"""Raise this when the same text would give other words: `folkmoot check` then asks for `folkmoot search rebuild`."""

TEXT_WORDS = 16_000
"""So many words of a post are indexed. A tsvector numbers 16,383 places; a post of 100,000 bytes seldom has more."""

SAME_WORD = 250
"""A word is indexed so often a post, and then leaves a gap. A tsvector keeps 256 places of one word."""

WORD_MAX = 60
GAP = "^"
"""Stands where a word was left out, so that its neighbours do not become a phrase."""

_MARKS = "".join(chr(c) for c in range(0x300, 0x10000) if unicodedata.category(chr(c)).startswith("M"))
_JOINERS = "\u00ad\u200c\u200d"
_ACCENTS = re.compile(
    f"[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff{_JOINERS}]"
)
"""What folds away: the accents of Latin, Greek and Cyrillic, the points of Hebrew and Arabic. (The vowel signs of
Indian scripts are letters to their readers, and stay.)"""

_RUN = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}{_JOINERS}])*")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"([{_UNSPACED}]+)|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_MARKS}])*")


class Token(NamedTuple):
    word: str
    start: int
    end: int
    """Where it stands in the text as written."""
    is_tail: bool = False
    """The last character of an unspaced run, which has none behind it."""
    is_alone: bool = False
    """The only one."""


def tokens(text: str) -> Iterator[Token]:
    for run in _RUN.finditer(text):
        start, written = run.start(), run[0]
        if written.isascii():
            yield Token(written.lower()[:WORD_MAX], start, run.end())
        else:
            yield from _folded(written, start)


def _folded(written: str, start: int) -> Iterator[Token]:
    folded = fold(written)
    same = len(folded) == len(written)
    for piece in _PIECE.finditer(folded):
        begin, end = piece.span() if same else (0, len(written))
        if piece[1] is None:
            yield Token(piece[0][:WORD_MAX], start + begin, start + end)
            continue
        chars, last = piece[0], len(piece[0]) - 1
        for i in range(len(chars)):
            to = min(begin + i + 2, end) if same else end
            yield Token(chars[i : i + 2], start + begin + (i if same else 0), start + to, i == last, last == 0)


def fold(text: str) -> str:
    """Without case, accents and compatibility forms."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", plain))


class Indexed(NamedTuple):
    """A post as an engine takes it in."""

    moment: int
    subject: Sequence[str]
    body: Sequence[str]
    author_id: int
    forum_id: int


def indexed(moment: int, subject: str, body: str, *, author_id: int, forum_id: int) -> Indexed:
    seen: Counter[str] = Counter()
    head = _capped(tokens(subject), seen)
    return Indexed(moment, head, _capped(islice(tokens(body), TEXT_WORDS - len(head)), seen), author_id, forum_id)


def _capped(found: Iterable[Token], seen: Counter[str]) -> list[str]:
    words = []
    for token in found:
        seen[token.word] += 1
        words.append(token.word if seen[token.word] <= SAME_WORD else GAP)
    return words


def author_mark(member_id: int) -> str:
    """What stands for the author among the words, so that one walk of the index finds both."""
    return f"=a{member_id}"


def forum_mark(forum_id: int) -> str:
    return f"=f{forum_id}"


_SPOILER = re.compile(r'<span class="spoiler"[^>]*>.*?</span>', re.DOTALL)
_INLINE = re.compile(r"</?(?:em|strong|s|code|a|span)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def plain(html: str, *, spoilers: bool = True) -> str:
    """A rendered post as one line of text; without its spoilers when somebody is to read it."""
    if not spoilers:
        html = _SPOILER.sub("[spoiler]", html)
    return " ".join(unescape(_TAG.sub(" ", _INLINE.sub("", html))).split())


class Phrase(NamedTuple):
    """Words that stand behind one another; one word is a phrase of one."""

    words: tuple[str, ...]
    is_open: bool = False
    """Its last word may go on: `tram*`."""


def phrase(text: str, *, is_open: bool = False) -> Phrase | None:
    """What a question asks for by this text; None when no word is in it."""
    found = list(islice(tokens(text), TEXT_WORDS))
    if not found:
        return None
    if found[-1].is_alone:
        is_open = True
    elif found[-1].is_tail:
        found, is_open = found[:-1], False
    return Phrase(tuple(token.word for token in found), is_open)


def places(asked: Phrase, words: Sequence[str]) -> Iterator[int]:
    """Where a phrase begins in a list of words."""
    head, last, length = asked.words[:-1], asked.words[-1], len(asked.words)
    for i in range(len(words) - length + 1):
        word = words[i + length - 1]
        if (word.startswith(last) if asked.is_open else word == last) and tuple(words[i : i + length - 1]) == head:
            yield i
