"""Both storages of phpBB as one tree.

From 3.2 on a text is XML: `<t>` plain, `<r>` rich, in which `<s>`, `<e>` and `<i>` hold the signs as the author typed
them. Before, it is HTML-escaped text with marks such as `[b:1a2b3c4d]`, whose last part is the post's own uid; what
looks like a mark without it is text. Neither is trusted to be well-formed.
"""

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache

DEEPEST = 40
"""Marks within marks; what lies deeper is read as if its marks were not there."""


@dataclass(slots=True)
class Node:
    tag: str
    """In small letters; empty at the root."""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)
    opened: str = ""
    """The signs as typed, for a mark that nobody knows."""
    closed: str = ""

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def first(self, tag: str) -> "Node | None":
        """The first node with this tag, in the order of the text."""
        for child in self.children:
            if isinstance(child, Node) and (found := child if child.tag == tag else child.first(tag)):
                return found
        return None


def parse(stored: str, uid: str = "") -> Node:
    return _parse_xml(stored) if re.match(r"\s*<[rt][ />]", stored) else _parse_marked(stored, uid)


class _Builder:
    def __init__(self) -> None:
        self.root = Node("")
        self.stack = [self.root]
        self.passed: list[str] = []
        """Marks too deep to be opened, to be closed all the same."""

    @property
    def top(self) -> Node:
        return self.stack[-1]

    def text(self, text: str) -> None:
        if text:
            self.top.children.append(text)

    def open(self, tag: str, attributes: dict[str, str], opened: str = "") -> None:
        if tag == "li":
            self._end_item()
        if len(self.stack) >= DEEPEST:
            self.passed.append(tag)
            return
        node = Node(tag, attributes, opened=opened)
        self.top.children.append(node)
        self.stack.append(node)

    def close(self, tag: str, closed: str = "") -> bool:
        """Close the innermost mark of this name, and whatever was left open in it. False when there is none."""
        if tag in self.passed:
            self.passed.remove(tag)
            return True
        at = next((i for i in range(len(self.stack) - 1, 0, -1) if self.stack[i].tag == tag), 0)
        if at:
            self.stack[at].closed = self.stack[at].closed or closed
            del self.stack[at:]
        return bool(at)

    def _end_item(self) -> None:
        """A new item of a list ends the one before."""
        for i in range(len(self.stack) - 1, 0, -1):
            if self.stack[i].tag == "list":
                return
            if self.stack[i].tag == "li":
                del self.stack[i:]
                return


_XML = re.compile(r"""<(/?)([A-Za-z_][\w:.-]*+)((?:\s+[\w:.-]++="[^"]*+")*+)\s*+(/?)>|([^<]++)|(<)""")
_ATTRIBUTE = re.compile(r"""([\w:.-]++)="([^"]*+)\"""")


def _parse_xml(stored: str) -> Node:
    build = _Builder()
    kept: str | None = None  # which of s, e and i we are in
    after_break = False
    for closing, name, attributes, alone, text, bare in _XML.findall(stored):
        if not name:
            words = html.unescape(text or bare)
            if kept == "s":
                build.top.opened += words
            elif kept == "e":
                build.top.closed += words
            elif kept is None:
                build.text(_lines(words, is_code=build.top.tag == "code", after_break=after_break))
            after_break = False
        elif name in ("s", "e", "i"):
            kept = None if closing or alone else name
        elif name == "br":
            build.text("\n")
            after_break = True
        elif name not in ("r", "t"):
            after_break = False
            if not closing:
                build.open(name.lower(), {key.lower(): html.unescape(value) for key, value in _ATTRIBUTE.findall(attributes)})
            if closing or alone:
                build.close(name.lower())
    return build.root


def _lines(words: str, *, is_code: bool, after_break: bool) -> str:
    """Outside of code, only `<br/>` ends a line; a line end beside a block stands for nothing."""
    if after_break:
        words = words.removeprefix("\n")
    return words if is_code else words.replace("\n", " ")


@lru_cache(maxsize=64)
def _marks(uid: str) -> re.Pattern[str]:
    mark = rf"\[(/?)([\w*+-]+)((?:=|\s)[^\]]{{0,500}}?)?(?::[a-z])?:{re.escape(uid)}\]" if uid else r"(?!)()()()"
    return re.compile(
        rf"(?P<mark>{mark})"
        r"|(?P<link><!-- (?P<magic>[mlwe]) --><a [^>]{0,200}?href=\"(?P<href>[^\"]{0,2000})\"[^>]{0,200}>"
        r"(?P<label>.{0,2000}?)</a><!-- (?P=magic) -->)"
        r"|(?P<smiley><!-- s(?P<code>.{0,50}?) --><img [^>]{0,400}><!-- s(?P=code) -->)"
        r"|(?P<inline><!-- ia\d+ -->)"
        r"|(?P<line><br ?/?>|\n)",
        re.DOTALL,
    )


def _parse_marked(stored: str, uid: str) -> Node:
    build = _Builder()
    stored = stored.replace("\r\n", "\n").replace("\r", "\n")
    pattern, at = _marks(uid), 0
    while found := pattern.search(stored, at):
        build.text(html.unescape(stored[at : found.start()]))
        at = found.end()
        if found["line"]:
            build.text("\n")
        elif found["smiley"]:
            build.text(html.unescape(found["code"]))
        elif found["link"]:
            link = html.unescape(found["href"])
            build.open("email" if found["magic"] == "e" else "url", {"url": link, "email": link.removeprefix("mailto:")})
            build.open("link_text", {"text": html.unescape(found["label"])})
            build.text(link.removeprefix("mailto:") if found["magic"] in "em" else html.unescape(found["label"]))
            build.close("link_text")
            build.close("email" if found["magic"] == "e" else "url")
        elif found["mark"]:
            at = _mark(build, stored, uid, found, at)
    build.text(html.unescape(stored[at:]))
    return build.root


def _mark(build: _Builder, stored: str, uid: str, found: re.Match[str], at: int) -> int:
    """Read one mark; returns where to read on."""
    closing, name, value = found[2], found[3].lower(), html.unescape(found[4] or "").strip()
    typed = html.unescape(found[0]).replace(f":{uid}]", "]")
    tag = "li" if name == "*" else name
    if closing:
        if not build.close(tag, typed) and tag != "li":
            build.text(typed)
        return at
    build.open(tag, _attributes(tag, value), typed)
    if tag == "code":
        end = stored.find(f"[/code:{uid}]", at)
        if end >= 0:
            words = re.sub(r"</?span[^>]*>", "", stored[at:end])
            build.text(html.unescape(re.sub(r"<br ?/?>", "\n", words).replace("&nbsp;", " ")))
            return end
    return at


def _attributes(tag: str, value: str) -> dict[str, str]:
    if not value.startswith("="):
        return {key.lower(): text.strip('"') for key, text in re.findall(r"(\w+)=(\"[^\"]*\"|\S+)", value)}
    value = value[1:].strip()
    if tag == "quote":
        named = re.match(r"\"(.*?)\"(.*)$|(.*)$", value, re.DOTALL)
        assert named is not None
        more = {key.lower(): text for key, text in re.findall(r"(\w+)=(\d+)", named[2] or "")}
        return {"author": named[1] if named[1] is not None else named[3], **more}
    names = {"list": "type", "url": "url", "email": "email", "attachment": "index", "spoiler": "title"}
    return {names.get(tag, "value"): value.strip('"')}
