"""The hostile strings of others, read from ../shared/data where they are; none of them is in the project."""

import io
import json
import os
import tarfile
from pathlib import Path

import zstandard

SHARED = Path(os.environ.get("FOLKMOOT_SHARED", Path(__file__).resolve().parents[2] / "shared"))
ARCHIVE = SHARED / "data" / "hostile.tar.zst"
_MAX = 100_000
_LINES = ("xss/", "naughty-strings/blns.txt", "usernames/")
"""Files of which each line is a string; of the others, the whole."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svgz", ".cer", ".zip")


def files() -> dict[str, bytes]:
    found = {}
    with (
        ARCHIVE.open("rb") as raw,
        zstandard.ZstdDecompressor().stream_reader(raw) as packed,
        tarfile.open(fileobj=packed, mode="r|") as tar,
    ):
        for entry in tar:
            name = entry.name.partition("hostile/")[2]
            if (
                entry.isfile()
                and not name.startswith("images/")
                and not name.lower().endswith(_PICTURES)
                and entry.size < 2_000_000
            ):
                content = tar.extractfile(entry)
                found[name] = content.read() if content else b""
    return found


def strings() -> dict[str, list[str]]:
    """By kind (the folder): every string once, at most as long as a post."""
    found: dict[str, dict[str, None]] = {}
    for name, content in files().items():
        kind = name.partition("/")[0]
        here = found.setdefault(kind, {})
        text = content.decode("utf-8", "replace")
        for string in _strings(name, text):
            if string and len(string.encode()) <= _MAX:
                here[string] = None
    return {kind: list(here) for kind, here in found.items()}


def commonmark() -> list[dict[str, str]]:
    """CommonMark's examples: `markdown` and `html`."""
    examples: list[dict[str, str]] = json.loads(files()["markdown/markdown-it-py/tests/test_cmark_spec/commonmark.json"])
    return examples


def _strings(name: str, text: str) -> list[str]:
    if name.endswith("commonmark.json"):
        return [example["markdown"] for example in json.loads(text)]
    if name == "unicode/confusables.json":
        return [*json.loads(text), *(alike["c"] for row in json.loads(text).values() for alike in row)]
    if name.startswith("unicode/ucd/emoji/") and name.endswith("test.txt"):
        return [
            "".join(chr(int(code, 16)) for code in line.split(";")[0].split()) for line in text.splitlines() if line[:1].isalnum()
        ]
    if name.startswith("unicode/"):
        return text.splitlines()[::20]
    if name.endswith(".json") and name.startswith(("usernames/", "naughty-strings/")):
        read = json.loads(text)
        return [str(string) for string in read] if isinstance(read, list) else []
    if name.startswith(_LINES) and not name.endswith((".xml", ".html", ".md", ".htm", ".xhtml", ".test")):
        return [*text.splitlines(), text]
    if name.startswith("import-fixtures/"):
        return [text[: _MAX // 4]]
    return [text, *io.StringIO(text).read().split("\n\n")[:40]]
