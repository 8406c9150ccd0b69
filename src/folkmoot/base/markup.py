"""Members' text to HTML: Markdown in, a small safe set of tags out. Raw HTML is shown as text.

Two walls: markdown-it escapes HTML (`html=False`), then nh3 (ammonia) keeps only the tags below. A member's link never
lends our name to a stranger: `rel="nofollow ugc noopener"`.
"""

import html as html_entities
import re
from collections.abc import Callable
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

RENDER_VERSION = 2
"""Raise this when the same text would render differently; `folkmoot recount` then renders stored fragments anew."""

MAX_BYTES = 100_000
_MAX_NESTING = 20
_MAX_BLOCKS = 16
"""Quotes in quotes in lists go so deep; below, their signs are shown as text. (Below `maxNesting` the parser drops text.)"""

_MAX_WORK = 100_000
_MAX_CELLS = 20_000
_MAX_DEPTH = 100
_MAX_HTML = 10 * MAX_BYTES
"""What no honest text needs: looks for a quote or list, cells, elements in one another, HTML. Beyond, it is shown as text."""

_TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "span", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"class", "tabindex"},
    "div": {"class"},
    "th": {"align", "scope"},
    "td": {"align"},
}
_CLASSES = {"span": {"spoiler"}, "div": {"scroll"}}


def _spoiler(state: StateInline, silent: bool) -> bool:
    """`||hidden until asked for||`."""
    start = state.pos
    if not state.src.startswith("||", start):
        return False
    end = state.src.find("||", start + 2)
    if end <= start + 2 or end > state.posMax or "\n\n" in state.src[start:end]:
        return False
    if not silent:
        opening = state.push("spoiler_open", "span", 1)
        opening.attrs = {"class": "spoiler", "tabindex": "0"}  # focus uncovers it, without a script
        state.pos, old_max, state.posMax = start + 2, state.posMax, end
        state.md.inline.tokenize(state)
        state.posMax = old_max
        state.push("spoiler_close", "span", -1)
    state.pos = end + 2
    return True


class _TooMuch(Exception):
    """This text would take too long, or become too large, as Markdown."""


def _count(state: StateBlock, work: int) -> None:
    state.env["work"] = done = state.env.get("work", 0) + work
    if done > _MAX_WORK:
        raise _TooMuch


BlockRule = Callable[[StateBlock, int, int, bool], bool]


def _bounded(rule: BlockRule) -> BlockRule:
    """A quote or list that counts its work: a text of lazy lines has each level look at all lines below, again and again."""

    def look(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        _count(state, 1)
        return state.level < _MAX_BLOCKS and rule(state, start, end, silent)

    return look


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table of at most `_MAX_CELLS`, the missing cells of short rows too: the parser fills them in."""
    if not silent and start + 1 < end:
        columns = state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1]) + 1
        if columns > 1 and (end - start) * columns > _MAX_CELLS:
            bottom = next((line for line in range(start, end) if state.isEmpty(line)), end)
            _count(state, bottom - start)
            if (bottom - start) * columns > _MAX_CELLS:
                return False
    return table(state, start, end, silent)


_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)


def _linkify(state: StateInline, silent: bool) -> bool:
    """An address in the text. The library's own rule searches all that stands before a colon for the scheme, which is
    long in a text of colons, and looks beyond the end of a spoiler."""
    if not state.src.startswith("://", state.pos) or state.linkLevel > 0 or state.md.linkify is None:
        return False
    scheme = _SCHEME.search(state.pending[-7:])
    link = scheme and state.md.linkify.match_at_start(state.src[state.pos - len(scheme[1]) : state.posMax])
    if not scheme or not link:
        return False
    url = link.url.rstrip("*")  # it rather ends the emphasis around
    address = state.md.normalizeLink(url)
    if not state.md.validateLink(address):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": address}
        opening.markup, opening.info = "linkify", "auto"
        state.push("text", "", 0).content = state.md.normalizeLinkText(url)
        closing = state.push("link_close", "a", -1)
        closing.markup, closing.info = "linkify", "auto"
    state.pos += len(url) - len(scheme[1])
    return True


def _renderer() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": _MAX_NESTING})
    md.enable(["table", "strikethrough", "linkify"])
    md.disable(["image", "html_block", "html_inline"])
    if md.linkify is not None:
        md.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
        md.linkify.add("ftp:", None)  # no browser opens it
    md.inline.add_terminator_char("|")
    md.inline.ruler.before("emphasis", "spoiler", _spoiler)
    md.inline.ruler.at("linkify", _linkify)
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.block.ruler.at("blockquote", _bounded(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.block.ruler.at("list", _bounded(list_block), {"alt": ["paragraph", "reference", "blockquote"]})
    md.add_render_rule("heading_open", _heading)
    md.add_render_rule("heading_close", _heading)
    md.add_render_rule("table_open", lambda *_: '<div class="scroll"><table>')
    md.add_render_rule("table_close", lambda *_: "</table></div>")
    return md


def _heading(self: object, tokens: list[Token], index: int, options: object, env: object) -> str:
    """A member's `# Heading` never outranks the page's own headings (h1 to h3)."""
    level = min(int(tokens[index].tag[1]) + 3, 6)
    return f"</h{level}>\n" if tokens[index].nesting < 0 else f"<h{level}>"


_markdown = _renderer()


def render(text: str) -> str:
    """Markdown to safe HTML, in bounded time. (A text beyond `MAX_BYTES` can only come from an old board.)"""
    try:
        return _clean(_html(text))
    except _TooMuch:
        return render_plain(text, entities=False)


def _html(text: str) -> str:
    if len(text) > MAX_BYTES:
        raise _TooMuch
    env: dict[str, object] = {}
    tokens = _markdown.parse(text, env)
    inner = [token for outer in tokens for token in outer.children or ()]
    size = sum(len(str(token.attrGet("href") or "")) for token in inner)  # a reference used often multiplies its address
    if size > _MAX_HTML or max((token.level for token in inner), default=0) > _MAX_DEPTH:
        raise _TooMuch
    html: str = _markdown.renderer.render(tokens, _markdown.options, env)
    if len(html) > _MAX_HTML:
        raise _TooMuch
    return html


def render_as(form: str, text: str) -> str:
    """Render what is kept in this form: `markdown` or `plain`."""
    return render(text) if form == "markdown" else render_plain(text)


def render_plain(text: str, *, entities: bool = True) -> str:
    """Text that was never Markdown (an old board's): paragraphs and line breaks kept, addresses linked, the
    leftover entities of its old HTML (`&amp;quot;`) decoded once, unless it never had any."""
    decoded = html_entities.unescape(text) if entities else text
    paragraphs = re.split(r"\n\s*\n", decoded.strip())
    lines = ("<br>".join(html_entities.escape(line.strip()) for line in p.splitlines()) for p in paragraphs if p.strip())
    return _clean("".join(f"<p>{_link(p)}</p>" for p in lines))


_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]")


def _link(escaped: str) -> str:
    return _ADDRESS.sub(lambda m: f'<a href="{m[0]}">{m[0]}</a>', escaped)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={k: v - {"class"} for k, v in _ATTRIBUTES.items()},
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


_LINK = re.compile(r'(<a(?:\s[\w-]+="[^"]*")*?\shref=")([^"]*)(")')


def with_absolute_links(html: str, base: str) -> str:
    """Rendered HTML whose links also lead somewhere away from our pages. (In what `_clean` wrote, a `<` begins a tag and
    a quote ends a value.)"""
    return _LINK.sub(
        lambda link: link[1] + html_entities.escape(_absolute(html_entities.unescape(link[2]), base)) + link[3], html
    )


def _absolute(address: str, base: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # such as http://[
        return address


_LOOK = 4000


def first_words(text: str, limit: int = 60) -> str:
    """The first words of a text without its Markdown signs: a subject for a reply that has none.

    It looks at the first kilobytes only: a link's brackets are sought from each bracket on, which is long in a long line.
    """
    text = text[:_LOOK]
    for line in text.splitlines():
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)
        plain = re.sub(r"^[\s>#*+-]+|[*_`~|]+", "", plain).strip()
        if plain and not line.lstrip().startswith(">"):
            break
    else:
        plain = re.sub(r"[\s>*_`~|#]+", " ", text).strip()
    if len(plain) <= limit:
        return plain
    return plain[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def has_link(text: str) -> bool:
    return bool(re.search(r"https?://|www\.|\]\(", text, re.IGNORECASE))


def quoted_lines(text: str) -> int:
    """Lines that stand in quotations: how much of somebody else's text a post repeats."""
    depth = lines = 0
    for token in _markdown.parse(text):
        if token.type == "blockquote_open":
            depth += 1
        elif token.type == "blockquote_close":
            depth -= 1
        elif depth and token.type in ("inline", "fence", "code_block"):
            lines += sum(1 for line in token.content.split("\n") if line.strip())
    return lines
