"""The generic format: one post a line as JSON, and optionally one thread a line. See docs/rooms/exchange.md."""

import bz2
import gzip
import html
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import IO, Any, cast

import zstandard

from folkmoot.base.answers import no
from folkmoot.base.time import now_moment, to_moment
from folkmoot.exchange.board import Progress, move_in
from folkmoot.exchange.records import SourcePost, SourceThread, State
from folkmoot.exchange.report import Report
from folkmoot.exchange.rules import EARLIEST

MOST_BAD_LINES = 0.01
"""Beyond this share the file is something else, and nothing is moved in."""

_KNOWN = {
    "id", "thread_id", "parent_id", "author", "author_id", "author_email", "author_display", "created_at", "created_utc",
    "body", "subject", "title", "forum", "breadcrumbs", "format", "state", "url", "urls", "posts",
}  # fmt: skip
_STATES: dict[str, State] = {"visible": "visible", "hidden": "hidden", "deleted": "deleted"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def import_board(
    posts: Path,
    *,
    threads: Path | None = None,
    source: str = "",
    forum_prefix: str = "",
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Move the board of these files in; see board.move_in. Refuses a file of which more than 1 % is no post."""
    report = Report()
    reader = _Reader(report)
    return move_in(
        source or posts.name.split(".")[0], reader.posts(posts), threads=reader.threads(threads) if threads else (),
        report=report, forum_prefix=forum_prefix, dry_run=dry_run, progress=progress,
    )  # fmt: skip


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A plain, gzip, bzip2 or zstd file by its first bytes, to be read as a stream."""
    with path.open("rb") as raw:
        magic = raw.read(4)
        raw.seek(0)
        if magic == b"\x28\xb5\x2f\xfd":
            whole = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(raw, read_across_frames=True)
            yield io.BufferedReader(cast(Any, whole), 1 << 20)
        elif magic[:3] == b"BZh":
            with bz2.open(raw) as plain:
                yield cast(IO[bytes], plain)
        elif magic[:2] == b"\x1f\x8b":
            with gzip.open(raw) as plain:
                yield cast(IO[bytes], plain)
        else:
            yield raw


class _Reader:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.now = now_moment()

    def posts(self, path: Path) -> Iterator[SourcePost]:
        lines = bad = 0
        for line, values in self._objects(path):
            lines += 1
            post = self._post(values) if isinstance(values, dict) else None
            if post is None:
                bad += 1
                self.report.note("line", f"line {line}")
            else:
                yield post
        if bad > lines * MOST_BAD_LINES:
            no(
                f"{bad:,} of {lines:,} lines of {path.name} are no posts; nothing was moved in. A line is a JSON object with id, "
                "author, created_at, body, and thread_id, parent_id or title."
            ).or_refuse()

    def threads(self, path: Path) -> Iterator[SourceThread]:
        for line, values in self._objects(path):
            if isinstance(values, dict) and (source_id := _text(values.get("thread_id", values.get("id")))):
                yield SourceThread(source_id[:200], self._clean(_text(values.get("title"))), _path(values), _addresses(values))
            else:
                self.report.note("line", f"{path.name} line {line}")

    def _objects(self, path: Path) -> Iterator[tuple[int, Any]]:
        with opened(path) as file:
            for number, raw in enumerate(file, 1):
                if not raw.strip():
                    continue
                try:
                    line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    self.report.note("bytes", f"line {number}")
                    line = raw.decode("cp1252", "replace")
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError):
                    yield number, None

    def _post(self, values: dict[str, Any]) -> SourcePost | None:
        source_id, body = _text(values.get("id"))[:200], values.get("body")
        if not source_id or not isinstance(body, str | None):
            return None
        for name in values.keys() - _KNOWN:
            self.report.note("field", name)
        text_format = _text(values.get("format")) or "text"
        text = self._clean(body or "", source_id)
        if text_format == "html":
            text = plain_text(text)
        return SourcePost(
            id=source_id,
            thread_id=_text(values.get("thread_id"))[:200],
            parent_id=_text(values.get("parent_id"))[:200],
            author=self._clean(_text(values.get("author") or values.get("author_display")))[:100],
            author_email=_text(values.get("author_email"))[:254],
            moment=self._moment(values.get("created_at", values.get("created_utc")), source_id),
            subject=self._clean(_text(values.get("subject") or values.get("title"))),
            body=text,
            format="markdown" if text_format == "markdown" else "plain",
            state=_STATES.get(_text(values.get("state")), "visible"),
            forum=_path(values),
            addresses=_addresses(values),
        )

    def _clean(self, text: str, source_id: str = "") -> str:
        cleaned = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        if len(cleaned) != len(text) and _CONTROL.search(text):
            self.report.note("control", source_id)
        return unicodedata.normalize("NFC", cleaned)

    def _moment(self, written: object, source_id: str) -> int | None:
        moment = read_moment(written)
        if moment is None or not EARLIEST <= moment <= self.now:
            self.report.note("date", f"{source_id}: {written}")
            return None
        return moment


def read_moment(written: object) -> int | None:
    """ISO 8601, or seconds, milliseconds or microseconds since 1970 as number or text; without a zone it is UTC."""
    try:
        number = float(written)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        if not isinstance(written, str):
            return None
        try:
            when = datetime.fromisoformat(written.strip())
            return to_moment(when if when.tzinfo else when.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            return None
    scale = next((scale for limit, scale in ((1e11, 1_000_000), (1e14, 1000)) if abs(number) < limit), 1)
    return round(number * scale) if abs(number) < 1e17 else None


def plain_text(markup: str) -> str:
    """The text of an HTML body: paragraphs and breaks as lines, links with their address."""
    parser = _PlainText()
    parser.feed(markup)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.found)).strip()


class _PlainText(HTMLParser):
    _BLOCKS = frozenset({"p", "div", "blockquote", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
    _LINES = frozenset({"br", "li", "tr"})
    _UNSEEN = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in self._UNSEEN
        self.found.append("\n\n" if tag in self._BLOCKS else "\n" if tag in self._LINES else "")
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.startswith(("http://", "https://")):
            self.found.append(f"{address} ")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in self._UNSEEN and self.unseen > 0
        if tag in self._BLOCKS:
            self.found.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            # Escaped, because a plain text's entities are decoded once more when it is rendered.
            self.found.append(html.escape(data, quote=False))


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list | bool) else str(value)


def _path(values: dict[str, Any]) -> tuple[str, ...]:
    found = values.get("forum") or values.get("breadcrumbs") or ()
    steps = found.split("/") if isinstance(found, str) else found if isinstance(found, list) else ()
    return tuple(step.strip() for step in map(_text, steps) if step.strip())


def _addresses(values: dict[str, Any]) -> tuple[str, ...]:
    urls = values.get("urls") or values.get("url") or ()
    return tuple(_text(url) for url in ([urls] if isinstance(urls, str) else urls) if _text(url))
