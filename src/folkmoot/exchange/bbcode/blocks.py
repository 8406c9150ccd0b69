"""A tree of BBCode as paragraphs, quotes, code and lists: the shape that Markdown can say."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urljoin

from folkmoot.exchange.bbcode.tree import Node


class Ref(NamedTuple):
    """A thing of the old board: `post`, `thread`, `forum`, `member` or `attachment`, and its id there."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversion asks of the board that the text stood on."""

    base: str = ""
    """The old board's address, by which relative ones are completed."""
    old_link: Callable[[str], Ref | None] = lambda address: None
    attachment: Callable[[str], str | None] = lambda index: None
    """The id of a post's attachment by its index in the text."""
    quoted: Callable[[str, str], str] = lambda author, text: ""
    """The id of the post by this author that says this, when a quote names none."""


@dataclass(frozen=True, slots=True)
class Link:
    address: str = ""
    """Empty for a thing of the old board of which nothing else is known."""
    ref: Ref | None = None


class Run(NamedTuple):
    text: str
    styles: frozenset[str] = frozenset()
    link: Link | None = None


@dataclass(slots=True)
class Paragraph:
    runs: list[Run]


@dataclass(slots=True)
class Quote:
    author: str
    link: Link | None
    blocks: list["Block"]


@dataclass(slots=True)
class Code:
    text: str


@dataclass(slots=True)
class Items:
    ordered: bool
    items: list[list["Block"]]


class Rule:
    pass


Block = Paragraph | Quote | Code | Items | Rule

_STYLES = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "u": "em", "s": "s", "strike": "s", "del": "s",
    "spoiler": "spoiler",
}  # fmt: skip
_DROPPED = {
    "size", "color", "colour", "font", "face", "highlight", "center", "left", "right", "justify", "align", "sub", "sup", "big",
    "small", "indent", "glow", "shadow", "e", "emoji", "mention", "link_text",
}  # fmt: skip
_ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]*[^\s<>\"'.,;:!?)\[\]}]")
_MAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)


def blocks_of(root: Node, context: Context) -> list[Block]:
    return _Writer(context).blocks(root, frozenset(), None)


@dataclass(slots=True)
class _Writer:
    context: Context
    found: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def blocks(self, node: Node, styles: frozenset[str], link: Link | None) -> list[Block]:
        inside = _Writer(self.context)
        inside.walk(node, styles, link)
        inside.end_paragraph()
        return inside.found

    def end_paragraph(self) -> None:
        if any(run.text.strip() for run in self.runs):
            self.found.append(Paragraph(self.runs))
        self.runs = []

    def block(self, block: Block) -> None:
        self.end_paragraph()
        self.found.append(block)

    def walk(self, node: Node, styles: frozenset[str], link: Link | None) -> None:
        for child in node.children:
            if isinstance(child, str):
                self.text(child, styles, link)
            else:
                self.mark(child, styles, link)

    def text(self, text: str, styles: frozenset[str], link: Link | None) -> None:
        at = 0
        for found in _ADDRESS.finditer(text) if link is None else ():
            self.run(text[at : found.start()], styles, None)
            self.run(found[0], styles, self.link(found[0]))
            at = found.end()
        self.run(text[at:], styles, link)

    def run(self, text: str, styles: frozenset[str], link: Link | None) -> None:
        if text:
            self.runs.append(Run(text, styles, link))

    def mark(self, node: Node, styles: frozenset[str], link: Link | None) -> None:
        tag = node.tag
        if tag in _STYLES:
            if title := node.attributes.get("title"):
                self.text(f"{title}: ", styles, link)
            self.walk(node, styles | {_STYLES[tag]}, link)
        elif tag == "emoji" and (sequence := node.attributes.get("tseq")) and node.text().startswith(":"):
            self.run(_emoji(sequence, node.text()), styles, link)
        elif tag in _DROPPED:
            self.walk(node, styles, link)
        elif tag == "quote":
            self.block(self.quote(node))
        elif tag == "code":
            if node.text().strip():
                self.block(Code(node.text().strip("\n")))
        elif tag == "list":
            self.list(node, styles)
        elif tag == "li":
            self.block(Items(False, [self.blocks(node, styles, link)]))
        elif tag == "hr":
            self.block(Rule())
        elif link is None and self.linked(node, styles):
            pass
        elif tag in ("url", "email", "img", "attachment"):
            self.walk(node, styles, link)
        else:
            self.text(node.opened, styles, link)
            self.walk(node, styles, link)
            self.text(node.closed, styles, link)

    def linked(self, node: Node, styles: frozenset[str]) -> bool:
        """A mark that becomes a link; False when it is none, or leads where no link may."""
        tag, words = node.tag, node.text().strip()
        if tag == "attachment":
            found = self.context.attachment(node.attributes.get("index", ""))
            label = words or node.attributes.get("filename", "")
            if found is not None and label:
                self.run(label, styles, Link(ref=Ref("attachment", found)))
            return found is not None
        if tag == "email":
            address = node.attributes.get("email", "") or words
            if not _MAIL.fullmatch(address.split("?")[0]):
                return False
            self.run(node.text(), styles, Link(f"mailto:{address}"))
            return True
        if tag in ("youtube", "youtu.be", "yt"):
            code = node.attributes.get("id") or node.attributes.get("content") or words
            return self._media(code if "//" in code else f"https://www.youtube.com/watch?v={code}", styles)
        if tag in ("img", "flash", "media", "video"):
            return self._media(node.attributes.get("src") or node.attributes.get("content") or words, styles)
        if tag != "url":
            return False
        address = node.attributes.get("url", "") or words
        link = self.link(address)
        if link is None:
            self.walk(node, styles, Link())
            if address != words:
                self.run(f" ({address})", styles, None)
        else:
            if not words:
                self.run(address, styles, link)
            elif node.first("quote") or node.first("code") or node.first("list"):
                self.walk(node, styles, None)
            else:
                self._label(node, styles, link)
        return True

    def _label(self, node: Node, styles: frozenset[str], link: Link) -> None:
        """The words of a link. An address that phpBB showed shortened is shown whole, unless it has a new place."""
        shown = node.first("link_text")
        if shown is not None and link.ref is not None:
            self.run(shown.attributes.get("text") or node.text(), styles, link)
        else:
            self.walk(node, styles, link)

    def _media(self, address: str, styles: frozenset[str]) -> bool:
        link = self.link(address)
        if link is not None:
            self.run(address, styles, link)
        return link is not None

    def link(self, address: str) -> Link | None:
        """Where an address leads; None when it is none that a link may have."""
        address = address.strip()
        if address.lower().startswith("www."):
            address = f"http://{address}"
        elif self.context.base and not re.match(r"[A-Za-z][\w+.-]*:", address):
            address = urljoin(self.context.base, address) if address else ""
        return Link(address, self.context.old_link(address)) if _SAFE.match(address) else None

    def quote(self, node: Node) -> Quote:
        author = " ".join(node.attributes.get("author", "").split())
        post = node.attributes.get("post_id", "")
        if not post and author:
            post = self.context.quoted(author, own_words(node))
        link = Link(ref=Ref("post", post)) if post.isdigit() else None
        if link is None and (address := node.attributes.get("url")):
            link = self.link(address)
        return Quote(author, link, self.blocks(node, frozenset(), None))

    def list(self, node: Node, styles: frozenset[str]) -> None:
        kind = node.attributes.get("type", "")
        items: list[list[Block]] = []
        before = Node("")
        for child in node.children:
            if isinstance(child, Node) and child.tag == "li":
                if blocks := self.blocks(child, styles, None):
                    items.append(blocks)
            elif items:
                items[-1] += self.blocks(Node("", children=[child]), styles, None)
            else:
                before.children.append(child)
        self.end_paragraph()
        self.found += self.blocks(before, styles, None)
        if items:
            self.block(Items(bool(kind) and kind not in ("disc", "circle", "square", "none"), items))


def own_words(node: Node) -> str:
    """The text without that of quotes in it."""
    return "".join(c if isinstance(c, str) else "" if c.tag == "quote" else own_words(c) for c in node.children)


def _emoji(sequence: str, instead: str) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in sequence.split("-"))
    except (ValueError, OverflowError):
        return instead
