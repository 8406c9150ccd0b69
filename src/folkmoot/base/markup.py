"""Members' text to HTML: Markdown in, a small safe set of tags out. Raw HTML is shown as text.

Two walls: markdown-it escapes HTML (`html=False`), then nh3 (ammonia) keeps only the tags below. A member's link never
lends our name to a stranger: `rel="nofollow ugc noopener"`.
"""

import html as html_entities
import re
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

RENDER_VERSION = 1
"""Raise this when the same text would render differently; `folkmoot recount` then renders stored fragments anew."""

MAX_BYTES = 100_000
_MAX_NESTING = 20

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


def _renderer() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": _MAX_NESTING})
    md.enable(["table", "strikethrough", "linkify"])
    md.disable(["image", "html_block", "html_inline"])
    if md.linkify is not None:
        md.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    md.inline.add_terminator_char("|")
    md.inline.ruler.before("emphasis", "spoiler", _spoiler)
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
    """Markdown to safe HTML. Text beyond `MAX_BYTES` must have been refused before."""
    return _clean(_markdown.render(text))


def render_plain(text: str) -> str:
    """Text that was never Markdown (an old board's): paragraphs and line breaks kept, addresses linked, the
    leftover entities of its old HTML (`&amp;quot;`) decoded once."""
    decoded = html_entities.unescape(text)
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


def first_words(text: str, limit: int = 60) -> str:
    """The first words of a text without its Markdown signs: a subject for a reply that has none."""
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
