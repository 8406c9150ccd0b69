"""Input that wants to do harm: strings of our own for every field, and texts that want to take for ever."""

import html
import re
from collections.abc import Callable

from folkmoot.base import markup

STRINGS = (
    # Scripts, in every place where a page could run one
    "<script>alert('a')</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(2)</script>",
    "\"><img src=x onerror=alert(3)>",
    "' onfocus=alert(4) autofocus tabindex=1 x='",
    "<svg/onload=alert(5)>",
    "<svg><animate onbegin=alert(6) attributeName=x dur=1s>",
    "<a href=\"javascript:alert(7)\">press</a>",
    "[press](javascript:alert(8))",
    "[press](JaVaScRiPt&#58;alert(9))",
    "[press](java\tscript:alert(10))",
    "[press](data:text/html;base64,PHNjcmlwdD5hbGVydCgxMSk8L3NjcmlwdD4=)",
    "[press](vbscript:msgbox(12))",
    "[press](<javascript:alert(13)>)",
    "<javascript:alert(14)>",
    "[a]: javascript:alert(15)\n\n[a]",
    "![x](https://elsewhere.example/pixel.png)",
    "![x](x\"onerror=\"alert(16))",
    "[x](https://a.example \"t' onmouseover='alert(17)\")",
    "https://a.example/\"onmouseover=\"alert(18)",
    "https://a.example/?q=<script>alert(19)</script>",
    "||<img src=x onerror=alert(20)>||",
    "`<img src=x onerror=alert(21)>`",
    "```\"><script>alert(22)</script>\ncode\n```",
    "# <b onclick=alert(23)>heading</b>",
    "| <img src=x onerror=alert(24)> |\n|---|\n| [x](javascript:alert(25)) |",
    "<iframe srcdoc=\"<script>parent.alert(26)</script>\"></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(27)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(28)>\">",
    "<meta http-equiv=refresh content=0;url=//elsewhere.example>",
    "<base href=//elsewhere.example/><link rel=stylesheet href=x.css>",
    "<style>@import '//elsewhere.example/x.css';</style>",
    "<form action=//elsewhere.example><button>press",
    "<!--><script>alert(29)</script>-->",
    "<![CDATA[<script>alert(30)</script>]]>",
    "<details open ontoggle=alert(31)>",
    "\u2028alert(32)\u2029",
    # Templates, SQL, formats, shells, headers, paths
    "{{ 7 * 7 }} {% for a in b %} ${7*7} #{7*7} <%= 7*7 %>",
    "'; DROP TABLE members_member; --",
    "' OR '1'='1' /* \" OR \"\"=\" */ -- \\",
    "%s %d %(name)s {0} {name} $1 %n %x",
    "$(touch /tmp/x) `id` ; rm -rf . | cat & echo",
    "a\r\nSet-Cookie: session=x\r\n\r\n<b>b</b>",
    "../../../../etc/passwd ..\\..\\ file:///etc/passwd",
    "-1 0 1e400 NaN Infinity 0x7fffffff 99999999999999999999",
    "null None undefined true [] {} [object Object]",
    # Letters
    "a\u0000b",
    "\u0007\u0008\u001b[31mred\u001b[0m\u007f",
    "\u202egnp.exe \u2066 isolate \u2069 \u200f",
    "Z\u0351\u0363\u0308\u0343\u0301a\u0334\u0324\u031e\u0307l\u0337\u0353\u0319g\u0336o",
    "\ufeff\u200b\u200c\u200d\u2060 \u00a0 \u3000 \u180e",
    "\ufffe\uffff \ufdd0 \U0010ffff \ue000",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏿 🇺🇳 1️⃣",
    "ﷺ ﷽ ｆｕｌｌ Ⅷ ß İ ı ſ K Å",
    "田中さんにあげて 社會科學院 사회과학원 ทดสอบ தமிழ் हिन्दी",
    "مرحبا بالعالم שלום עולם",
    "    ",
    "\n\n\n",
    "-",
    "...",
    "#", ">", "*", "_", "|", "||", "||||", "`", "[", "]()", "[](", "\\", "&", "&amp;", "&#0;", "&#x110000;", "<", "<>", "</",
)  # fmt: skip


def fields(text: str) -> str:
    """What the forms make of a text: line ends are one sign, and none stands at the end. (See docs/rooms/threads.md.)"""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def one_line(text: str) -> str:
    """What becomes of a subject."""
    return " ".join(text.split())


def _fill(unit: str) -> Callable[[int], str]:
    return lambda size: (unit * (size // len(unit) + 1))[:size]


_UNITS = (
    ">", "> ", ">\n", "*", "* ", "a**b", "[", "]", "[]", "[a](", "[a](<b", "[a](b ", "![", "||", "||a", "||a|| ", "||*a ",
    "[||", "||[", "[||a||", "||`", "[||](||)", "`", "` ", "~", "~~a ", "_a ", "*a_ ", "*a **b ", "a**b c* ", "<", "<a",
    '<a href="', "<!--", "<?", "<![CDATA[", "&", "&#x", "&quot;", "\\", "\n", "\t", " ", "- ", "1. ", "1) a\n", "- a\n\n",
    "> - ", "- > ", "+ - * ", "a|b\n-|-\n", "|a\n|-\n|", "[a][b", "[a]: ", "[a]:\nu\n", "[a]: u '\n", "http://a.b ", "http://",
    "http://[a", "<http://", "<http://a>", "<a@b.c>", "//a.b ", "ftp://a ", "a@b.c ", "mailto:a@b.cc ", ":", "://", "a:b:c:",
    "# ", "#\n", "a\n=\n", "---\n", "* * *\n", "```\n", "~~~a\n", "    a\n", ">     a\n", "a\n", "a  \n", "> ```\n", "word ",
    "\u0301", "\u202e", "👩\u200d",
)  # fmt: skip

PATHOLOGICAL: dict[str, Callable[[int], str]] = {
    **{f"{unit!r} repeated": _fill(unit) for unit in _UNITS},
    "brackets, opened then closed": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "growing backticks": lambda n: "".join("e" + "`" * i for i in range(1, int((2 * n) ** 0.5)))[:n],
    "emphasis in emphasis": lambda n: "*a **a " * (n // 14) + "b** b*" * (n // 14),
    "lists in lists": lambda n: "".join(" " * (2 * i) + "- a\n" for i in range(int(n**0.5))),
    "quotes in quotes": lambda n: "".join("> " * i + "a\n" for i in range(int(n**0.5))),
    "lazy lines under deep quotes": lambda n: ("> " * 20 + "\na\n") * (n // 43),
    "lazy lines under one deep quote": lambda n: "> " * 40 + "a\n" + "b\n" * (n // 2),
    "a wide table": lambda n: "|" + "a|" * (n // 5) + "\n|" + "-|" * (n // 5) + "\n|x|\n",
    "a tall table": lambda n: "a|b\n-|-\n" + "a|b\n" * (n // 4),
    "a table of missing cells": lambda n: "|" + "a|" * (n // 20) + "\n|" + "-|" * (n // 20) + "\n" + "x\n" * (n * 2 // 5),
    "many references": lambda n: "".join(f"[{i}]: u\n" for i in range(n // 10)),
    "one reference used often": lambda n: "[a]: u\n" + "[a]" * (n // 3),
    "one long reference used often": lambda n: "[x]: /" + "u" * (n * 2 // 5) + "\n\n" + "[x]" * (n // 5),
    "a title without an end": lambda n: "[a]: u '" + "x\n" * (n // 2),
    "an address of brackets": lambda n: "http://a.b/" + "([" * (n // 2),
    "an address of dots": lambda n: "http://a.b/" + "?!,." * (n // 4),
    "an address of hyphens": lambda n: "http://a" + "-" * n,
    "an address of logins": lambda n: "http://" + "a:b@" * (n // 4),
    "a spoiler of brackets": lambda n: "||" + "[" * (n - 4) + "||",
    "a spoiler of lines": lambda n: "||" + "a\n" * (n // 2) + "||",
    "spaces before an end": lambda n: "a" + " " * (n - 2) + "b",
}

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)((?:\s+[^\s=>]+(?:=\"[^\"]*\")?)*)\s*/?>")
_ATTRIBUTE = re.compile(r"\s([^\s=>]+)(?:=\"([^\"]*)\")?")
_ALLOWED = {
    "a": {"href", "title", "rel"}, "ol": {"start"}, "span": {"class", "tabindex"}, "div": {"class"},
    "th": {"align", "scope"}, "td": {"align"},
}  # fmt: skip
TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "span", "div",
}  # fmt: skip


def outside_the_tags(rendered: str) -> list[str]:
    """What in rendered HTML is not on the list of what a post may hold: the list of docs/rooms/base.md, kept twice on
    purpose. Empty when all is well."""
    troubles = []
    for end, name, attributes in _TAG.findall(rendered):
        if name not in TAGS:
            troubles.append(f"<{name}>")
        for attribute, value in _ATTRIBUTE.findall(attributes):
            if end or attribute not in _ALLOWED.get(name, set()):
                troubles.append(f"<{name} {attribute}>")
            address = re.sub(r"[\x00-\x20]", "", html.unescape(value))  # as a browser reads it
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", address, re.IGNORECASE)
            if attribute == "href" and scheme and scheme[1].lower() not in ("http", "https", "mailto"):
                troubles.append(f"<{name} href={value[:60]}>")
    if "<" in _TAG.sub("", rendered):
        troubles.append("a < that begins no tag")
    return troubles


def shown(rendered: str) -> str:
    """The words that a reader sees."""
    return html.unescape(_TAG.sub("", rendered))


def renders(text: str) -> str:
    """Rendered, or an assertion that names what got through."""
    rendered = markup.render(text)
    assert outside_the_tags(rendered) == [], (text[:200], rendered[:500])
    return rendered
