"""Links to articles: which are accepted, and which two are the same. Pure: nothing is fetched."""

import re
from hashlib import sha256
from urllib.parse import SplitResult, quote, urlsplit

from folkmoot.base.answers import YES, Answer, no

LINK_MAX = 2000

_TRACKING = {"fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid"}
_NEVER = re.compile(r"[\s\\<>\"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_PLAIN = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""Characters that mean the same escaped and not (RFC 3986, 2.3)."""


def may_link(link: str) -> Answer:
    """Whether a link may stand in an article's place. An empty one may: whether a link is required is another question."""
    if not link:
        return YES
    if len(link) > LINK_MAX:
        return no(f"A link has at most {LINK_MAX:,} characters; this one has {len(link):,}.")
    if not re.match(r"https?://", link, re.IGNORECASE):
        return no("A link begins with https:// or http://. Copy it whole from your browser’s address line.")
    if _NEVER.search(link):
        return no("A link has no spaces, quotation marks, brackets or invisible signs in it.")
    parts = _split(link)
    if parts is None or not _HOST.fullmatch(_host(parts)):
        return no("This link names no site. Copy it whole from your browser’s address line.")
    if "@" in parts.netloc:
        return no("A link carries no name or password of anybody.")
    return YES


def host_of(link: str) -> str:
    """The site that a link leads to, as the network spells it: a look-alike in another script shows itself."""
    parts = _split(link)
    return _without_www(_host(parts)) if parts else ""


def link_key(link: str) -> str:
    """The same for two links that lead to one article: scheme, case of the host, `www.`, usual ports, a slash at the end,
    what stands behind `#`, tracking and the order of parameters do not count. A digest, so that an index can hold it."""
    parts = _split(link)
    return sha256(_plain_link(parts).encode()).hexdigest() if link and parts else ""


def _plain_link(parts: SplitResult) -> str:
    port = parts.port
    where = _without_www(_host(parts)) + (f":{port}" if port not in (None, 80, 443) else "")
    pairs = sorted(pair for pair in map(_escaped, parts.query.split("&")) if pair and not _is_tracking(pair))
    return f"{where}{_escaped(parts.path).rstrip('/')}" + ("?" + "&".join(pairs) if pairs else "")


def _without_www(host: str) -> str:
    return host.removeprefix("www.") if host.count(".") > 1 else host


def _split(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link)
        parts.port  # noqa: B018  (asks whether it is a number)
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("idna").decode().lower() if host else ""
    except UnicodeError:
        return ""


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKING


def _escaped(text: str) -> str:
    """One spelling: what need not be escaped is not, and what must be is, in capitals."""
    raw = re.sub(r"%([0-9A-Fa-f]{2})", _unescaped, text)
    return quote(raw, safe="%/?:@!$&'()*+,;=~-._[]", errors="replace")


def _unescaped(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _PLAIN else match[0].upper()
