"""Writing blocks as Markdown, so that what was text stays text.

A link to a thing of the old board is written as a reference, because its new address is not known yet:
`with_addresses` puts it in. References are set off by control characters, which no text keeps.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from folkmoot.exchange.bbcode.blocks import (
    Block,
    Code,
    Context,
    Items,
    Link,
    Paragraph,
    Quote,
    Ref,
    Run,
    blocks_of,
    own_words,
)
from folkmoot.exchange.bbcode.tree import parse

DEEPEST = 14
"""Quotes and lists within one another; the renderer leaves out what lies deeper than 20."""

REFERENCE = re.compile("\x1a(\\w+):([^\x1e]*)\x1e([^\x1a]*?)\x1e([^\x1a]*)\x1a")
REFERENCE_SIGN = "\x1a"
_HERE = "\x1f"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Converted(NamedTuple):
    text: str
    quotes: str
    """The id of the post that the first quote names; empty when there is none."""


def convert(stored: str, uid: str = "", context: Context | None = None) -> Converted:
    """A stored text as Markdown, with references; see `with_addresses`."""
    context = context or Context()
    root = parse(clean(stored), uid)
    quoted = ""
    if (first := root.first("quote")) is not None:
        quoted = first.attributes.get("post_id", "")
        if not quoted and (author := first.attributes.get("author", "")):
            quoted = context.quoted(" ".join(author.split()), own_words(first))
    return Converted(_blocks(blocks_of(root, context), 0).strip("\n"), quoted)


def plain_text(stored: str, uid: str = "") -> str:
    """The words alone, for a name or a description."""
    return " ".join(parse(clean(stored), uid).text().split())


def clean(text: str) -> str:
    return unicodedata.normalize("NFC", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def with_addresses(text: str, address_of: Callable[[Ref], str | None]) -> str:
    """The text with the new addresses in it; what has none keeps the old one, or loses its link."""

    def put(found: re.Match[str]) -> str:
        address = address_of(Ref(found[1], found[2]))
        return found[3].replace(_HERE, address) if address else found[4]

    return REFERENCE.sub(put, text)


def _blocks(blocks: Sequence[Block], level: int) -> str:
    parts: list[str] = []
    other = False
    for i, block in enumerate(blocks):
        other = not other if i and isinstance(block, Items) and isinstance(blocks[i - 1], Items) else False
        if text := _block(block, level, other):
            parts.append(text)
    return "\n\n".join(parts)


def _block(block: Block, level: int, other: bool) -> str:
    if isinstance(block, Paragraph):
        return _paragraph(block.runs)
    if isinstance(block, Code):
        fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", block.text)), default=0))
        return f"{fence}\n{block.text}\n{fence}"
    if isinstance(block, Quote):
        return _quote(block, level)
    if isinstance(block, Items):
        return _list(block, level, other)
    return "---"


def _quote(quote: Quote, level: int) -> str:
    words = quote.author or ("Quoted post" if quote.link and quote.link.ref else "")
    name = _linked(escape(words, in_label=True), words, quote.link) if quote.link else _line([Run(words)])
    head = f"{name} wrote:" if words else ""
    inside = _blocks(quote.blocks, level + 1)
    text = "\n\n".join(part for part in (head, inside) if part)
    if level >= DEEPEST:
        return text
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n")) if text else ""


def _list(found: Items, level: int, other: bool) -> str:
    """`other` signs keep a list apart from the one right before it."""
    texts = [_blocks(item, level + 2) for item in found.items]
    if level + 1 >= DEEPEST:
        return "\n\n".join(filter(None, texts))
    parts = []
    for number, text in enumerate(filter(None, texts), 1):
        sign = f"{number}{')' if other else '.'} " if found.ordered else ("+ " if other else "- ")
        parts.append(sign + "\n".join(f"{' ' * len(sign)}{line}" if line else "" for line in text.split("\n"))[len(sign) :])
    is_loose = any("\n\n" in part for part in parts)
    return ("\n\n" if is_loose else "\n").join(parts)


def _paragraph(runs: Iterable[Run]) -> str:
    lines: list[list[Run]] = [[]]
    for run in runs:
        for i, piece in enumerate(run.text.split("\n")):
            if i:
                lines.append([])
            if piece:
                lines[-1].append(run._replace(text=piece))
    written = [_line(line) for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).strip("\n")


_STARTS = re.compile(r"(?P<plain>#{1,6}(?=\s|$)|[-+](?=\s|$)|>|(?=[-=:|\s]+$))|(?P<number>\d{1,9})(?=[.)](?:\s|$))")


def _line(runs: Sequence[Run]) -> str:
    """One line; never begins or ends with a space, and never with what would make it more than a line."""
    pieces = [_piece(list(group)) for _, group in groupby(_trimmed(runs), key=_link_of)]
    flat = [piece for group in pieces for piece in group]
    written: list[str] = []
    for i, piece in enumerate(flat):
        before = flat[i - 1].last if i else ""
        after = flat[i + 1].first if i + 1 < len(flat) else ""
        written.append(_styled(piece, before, after, touched=bool(written) and _ends_in_sign(written[-1])))
    line = "".join(written)
    if line.endswith("\\]"):
        line = f"{line[:-2]}]"  # nothing follows that could make it a link
    if start := _STARTS.match(line):
        return f"{start['number']}\\{line[start.end() :]}" if start["number"] else f"\\{line}"
    return line


class _Piece(NamedTuple):
    """A run, or a whole link, as Markdown, and what stands at its ends."""

    text: str
    lead: bool
    trail: bool
    first: str
    last: str
    styles: frozenset[str]


def _link_of(run: Run) -> int:
    return id(run.link) if run.link and (run.link.address or run.link.ref) else 0


def _piece(runs: list[Run]) -> list[_Piece]:
    link = runs[0].link
    if not link or not _link_of(runs[0]):
        return [_as_piece(escape(run.text.strip()), run.text, run.styles) for run in runs if run.text]
    words = "".join(run.text for run in runs)
    if not words.strip():
        return [_as_piece("", words, frozenset())]
    styles = frozenset.intersection(*(run.styles for run in runs))
    text = _linked(escape(words.strip(), in_label=True), words.strip(), link)
    piece = _as_piece(text, words, styles)
    return [piece._replace(first=" " if piece.lead else "[", last=" " if piece.trail else ")")]


def _as_piece(text: str, raw: str, styles: frozenset[str]) -> _Piece:
    return _Piece(text, raw[:1].isspace(), raw[-1:].isspace(), raw[:1], raw[-1:], styles)


def _trimmed(runs: Sequence[Run]) -> list[Run]:
    found: list[Run] = []
    for run in runs:
        words = re.sub(r"\s+", " ", run.text)
        if found and (found[-1].styles, found[-1].link) == (run.styles, run.link):
            found[-1] = run._replace(text=found[-1].text + words)
        else:
            found.append(run._replace(text=words))
    while found and not found[0].text.strip():
        del found[0]
    while found and not found[-1].text.strip():
        del found[-1]
    if found:
        found[0] = found[0]._replace(text=found[0].text.lstrip())
        found[-1] = found[-1]._replace(text=found[-1].text.rstrip())
    return found


_SIGNS = {"em": "*", "strong": "**", "s": "~~", "spoiler": "||"}
"""From the inside out."""


def _styled(piece: _Piece, before: str, after: str, *, touched: bool) -> str:
    """A piece in its signs, with the spaces outside of them. Where CommonMark would not read the signs as such, they are
    left out: the words matter more."""
    text = piece.text
    if not text:
        return " " if piece.lead or piece.trail else ""
    opens = piece.lead or _parted(before) or not _is_punctuation(piece.first)
    closes = piece.trail or _parted(after) or not _is_punctuation(piece.last)
    if not (touched and not piece.lead):
        for name, sign in _SIGNS.items():
            if name in piece.styles and ((opens and closes) or name == "spoiler"):
                text = f"{sign}{text}{sign}"
    return (" " if piece.lead else "") + text + (" " if piece.trail else "")


def _ends_in_sign(written: str) -> bool:
    return written[-1:] in ("*", "~", "|") and written[-2:-1] != "\\"


def _parted(neighbour: str) -> bool:
    return not neighbour or neighbour.isspace() or _is_punctuation(neighbour)


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


def _linked(label: str, words: str, link: Link) -> str:
    """The label as a link; as a reference when the new address is not known yet."""
    address = re.sub(r"[\s<>\"\\()`|*\[\]{}^]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), link.address)
    old = label
    if address:
        is_bare = link.address in (words, f"mailto:{words}") and re.fullmatch(r"[!-;=?-{}~]+", words)
        old = f"<{words}>" if is_bare else f"[{label}]({address})"
    return f"\x1a{link.ref.kind}:{link.ref.id}\x1e[{label}]({_HERE})\x1e{old}\x1a" if link.ref else old


_ESCAPED = re.compile(
    r"[`*<]"
    r"|\\(?=[!-/:-@\[-`{-~]|$)"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|\](?=[(\[:]|$)"
    r"|~(?=~|$)|(?<=~)~|^~|\|(?=\||$)|(?<=\|)\||^\|"
    r"|&(?=#?\w{1,32};|$)"
)
_ESCAPED_IN_LABEL = re.compile(r"[`*<\[\]\\~|_]|&(?=#?\w{1,32};)")


def escape(text: str, *, in_label: bool = False) -> str:
    """The text so that Markdown reads every sign of it as itself, whatever stands beside it."""
    return (_ESCAPED_IN_LABEL if in_label else _ESCAPED).sub(r"\\\g<0>", text)
