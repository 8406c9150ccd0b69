"""How a feed is written: Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
import re
from xml.etree import ElementTree

from folkmoot.base.time import iso_second
from folkmoot.threads.queries.feeds import Feed

_ATOM = "http://www.w3.org/2005/Atom"


def atom(feed: Feed) -> bytes:
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    address = f"{feed.base}.atom"
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.says)
    _add(root, "id", address)
    _add(root, "updated", iso_second(feed.updated))
    _add(root, "link", rel="self", type="application/atom+xml", href=address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    _add(root, "generator", "Folkmoot")
    for entry in feed.entries:
        one = _add(root, "entry")
        _add(one, "title", entry.title)
        _add(one, "id", entry.address)
        _add(one, "published", iso_second(entry.published))
        _add(one, "updated", iso_second(entry.updated))
        author = _add(one, "author")
        _add(author, "name", entry.author)
        _add(author, "uri", entry.author_address)
        _add(one, "category", term=entry.forum_slug, label=entry.forum)
        _add(one, "link", rel="alternate", type="text/html", href=entry.address)
        _add(one, "content", entry.html, type="html")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, {key: xml_text(value) for key, value in attributes.items()})
    if text:
        element.text = xml_text(text)
    return element


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets)."""
    return _NO_XML.sub("", text)


def json_feed(feed: Feed) -> bytes:
    found = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.says,
        "home_page_url": feed.page,
        "feed_url": f"{feed.base}.json",
        "language": "en",
        "items": [
            {
                "id": entry.address,
                "url": entry.address,
                "title": entry.title,
                "content_html": entry.html,
                "date_published": iso_second(entry.published),
                "date_modified": iso_second(entry.updated),
                "authors": [{"name": entry.author, "url": entry.author_address}],
                "tags": [entry.forum],
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode()
