"""Reading an SQL dump of MySQL or MariaDB as a stream of rows. Nothing in it is ever executed.

Only CREATE TABLE (for the order of the columns) and INSERT are understood, everything else is passed over. Memory is
flat: one chunk of the file and one row. What may stand in an INSERT: strings with backslash escapes or doubled quotes,
NULL, numbers, hexadecimal and bit literals, character-set introducers; what stands in `/*!40000 ... */` is read as if
it stood there bare, as the server does.
"""

import re
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from folkmoot.base.answers import no

Value = bytes | int | float | None
"""A string is bytes: the dump says its encoding nowhere that could be trusted."""

CHUNK = 1 << 20
LARGEST = 64 << 20
"""Bytes of a single value; MySQL itself sends no more in one packet by default."""

_STRING = rb"""'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'"""
_DOUBLE = rb'''"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"'''
_COMMENT = rb"/\*(?!M?!\d*+(?!\\-)).*?\*/|--(?=\s)[^\n]*+\n|\#[^\n]*+\n"
_COMMENT_BEGUN = rb"(?P<more>/\*(?!M?!\d*+(?!\\-))|--(?=\s)|\#)"
_TOKEN = re.compile(
    rb"(?P<space>[\s\x00]++|/\*M?!\d*+(?!\\-)|\*/|" + _COMMENT + rb")|" + _COMMENT_BEGUN +
    rb"|(?P<hex>0x[0-9A-Fa-f]++|[xX]'[0-9A-Fa-f]*+')"
    rb"|(?P<bit>0b[01]++|[bB]'[01]*+')"
    rb"|(?P<number>[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++)?)"
    rb"|(?P<string>" + _STRING + rb")"
    rb"|(?P<quoted>`(?:[^`]|``)*+`|" + _DOUBLE + rb")"
    rb"|(?P<word>[A-Za-z_@$\x80-\xff][\w@$\x80-\xff]*+)"
    rb"|(?P<sign>[^'\"`])",
    re.DOTALL,
)  # fmt: skip
_PASS = re.compile(
    rb"(?P<end>;)|(?P<other>[^;'\"`/\-\#]++|" + _STRING + rb"|" + _DOUBLE + rb"|`[^`]*+`|" + _COMMENT + rb")|" + _COMMENT_BEGUN +
    rb"|(?P<sign>[/\-])",
    re.DOTALL,
)  # fmt: skip
_AHEAD = 16
"""No sign of the language needs more bytes to be told from its longer neighbours."""

_LINE = re.compile(rb"(?P<line>[^\n]*+\n)|(?P<more>[^\n]++)")
_DELIMITER = re.compile(rb"DELIMITER\s+;\s*$", re.IGNORECASE)
_DOT = re.compile(rb"\s*\.\s*")
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_MEANS = {b"0": b"\0", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"Z": b"\x1a"}
_MANNERS = {b"INTO", b"IGNORE", b"DELAYED", b"LOW_PRIORITY", b"HIGH_PRIORITY"}
_NO_COLUMNS = {b"PRIMARY", b"KEY", b"UNIQUE", b"INDEX", b"FULLTEXT", b"SPATIAL", b"CONSTRAINT", b"FOREIGN", b"CHECK", b"PERIOD"}


class Token(NamedTuple):
    kind: str
    raw: bytes


_END = Token("end", b"")


class Row(NamedTuple):
    table: str
    columns: tuple[str, ...]
    values: list[Value]


Wants = Callable[[str, tuple[str, ...]], bool]
"""Whether the rows of a table with these columns are wanted; the rows of all others are passed over quickly."""


def read_rows(file: IO[bytes], wants: Wants, note: Callable[[str, str], None]) -> Iterator[Row]:
    """The rows of the wanted tables, in the order of the dump."""
    yield from _Reader(file, wants, note).rows()


class _Reader:
    def __init__(self, file: IO[bytes], wants: Wants, note: Callable[[str, str], None]) -> None:
        self.file, self.wants, self.note = file, wants, note
        self.buffer, self.at, self.ended = b"", 0, False
        self.columns: dict[str, tuple[str, ...]] = {}

    def rows(self) -> Iterator[Row]:
        while (token := self._token()) is not _END:
            match token.raw.upper() if token.kind == "word" else b"":
                case b"CREATE":
                    self._create()
                case b"INSERT" | b"REPLACE":
                    yield from self._insert()
                case b"DELIMITER":
                    self._pass_procedures()
                case _ if token.raw != b";":
                    self._pass()

    def _fill(self) -> bool:
        """Read on; False at the end of the file."""
        more = self.file.read(max(CHUNK, len(self.buffer) - self.at))
        if not more:
            self.ended = True
            return False
        self.buffer, self.at = self.buffer[self.at :] + more, 0
        if len(self.buffer) > 2 * LARGEST:
            no(
                "A single value of this dump has more than 64 MB, or a quotation mark is never closed; nothing was read."
            ).or_refuse()
        return True

    def _match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """The next match; one that touches the end of what is read may go on, so more is read first."""
        while True:
            found = pattern.match(self.buffer, self.at)
            whole = found is not None and found.lastgroup != "more"
            if whole and found.end() < len(self.buffer) - _AHEAD:  # type: ignore[union-attr]
                break
            if self.ended or not self._fill():
                break
        if found is not None:
            self.at = found.end()
        return found

    def _token(self) -> Token:
        while found := self._match(_TOKEN):
            kind = found.lastgroup or ""
            if kind not in ("space", "more"):
                return Token(kind, found[0])
        if self.at < len(self.buffer):
            self.note("dump", "it ends within a value")
            self.at = len(self.buffer)
        return _END

    def _pass(self) -> None:
        """Go to the end of the statement."""
        while (found := self._match(_PASS)) and found.lastgroup != "end":
            pass

    def _pass_procedures(self) -> None:
        """Triggers and procedures stand between `DELIMITER ;;` and `DELIMITER ;`."""
        while found := self._match(_LINE):
            if _DELIMITER.match(found[0]):
                return

    def _name(self, token: Token) -> str:
        """The last part of `database`.`table`."""
        while True:
            while len(self.buffer) - self.at < 100 and not self.ended:
                self._fill()
            dot = _DOT.match(self.buffer, self.at)
            if dot is None:
                return _bare(token)
            self.at = dot.end()
            token = self._token()

    def _create(self) -> None:
        token = self._token()
        if token.raw.upper() == b"TEMPORARY":
            token = self._token()
        if token.raw.upper() != b"TABLE":
            if token.raw != b";":
                self._pass()
            return
        token = self._token()
        while token.kind == "word" and token.raw.upper() in (b"IF", b"NOT", b"EXISTS"):
            token = self._token()
        name = self._name(token)
        columns: list[str] = []
        depth, begins = 0, False
        while (token := self._token()) is not _END and token.raw != b";":
            if (
                depth == 1
                and begins
                and (token.kind == "quoted" or (token.kind == "word" and token.raw.upper() not in _NO_COLUMNS))
            ):
                columns.append(_bare(token))
            depth += (token.raw == b"(") - (token.raw == b")")
            begins = depth == 1 and (token.raw == b"," or (token.raw == b"(" and not columns))
        self.columns[name] = tuple(columns)

    def _insert(self) -> Iterator[Row]:
        token = self._token()
        while token.kind == "word" and token.raw.upper() in _MANNERS:
            token = self._token()
        table = self._name(token)
        columns = self.columns.get(table, ())
        token = self._token()
        if token.raw == b"(":
            names: list[str] = []
            while (token := self._token()) is not _END and token.raw != b")":
                if token.kind in ("quoted", "word"):
                    names.append(self._name(token))
            columns = tuple(names)
            token = self._token()
        has_rows = token.raw.upper() in (b"VALUES", b"VALUE")
        if has_rows and not columns:
            self.note("dump", f"the columns of {table} are named nowhere")
        if not (has_rows and columns and self.wants(table, columns)):
            if token.raw != b";":
                self._pass()
            return
        while (token := self._token()) is not _END and token.raw != b";":
            if token.raw == b"(":
                values = self._values()
                if len(values) == len(columns):
                    yield Row(table, columns, values)
                else:
                    self.note("row", f"{table}: {len(values)} values for {len(columns)} columns")
            elif token.raw != b",":
                self._pass()
                return

    def _values(self) -> list[Value]:
        values: list[Value] = []
        while (token := self._token()) is not _END and token.raw != b")":
            if token.raw == b"," or (token.kind == "word" and (token.raw[:1] == b"_" or token.raw == b"N")):
                continue  # an introducer such as _binary says nothing that we need
            values.append(value_of(token))
        return values


def _bare(token: Token) -> str:
    raw = token.raw[1:-1].replace(token.raw[:1] * 2, token.raw[:1]) if token.kind == "quoted" else token.raw
    return raw.decode("utf-8", "replace")


def value_of(token: Token) -> Value:
    kind, raw = token
    if kind == "string" or (kind == "quoted" and raw[:1] == b'"'):
        inner = raw[1:-1]
        if raw[:1] == b'"':
            inner = inner.replace(b'""', b'"')
        if b"\\" not in inner and b"''" not in inner:
            return inner
        return _ESCAPED.sub(lambda m: b"'" if m[1] is None else _MEANS.get(m[1], m[1]), inner)
    if kind == "number":
        return int(raw) if raw.lstrip(b"+-").isdigit() else float(raw)
    if kind == "hex":
        digits = raw[2:] if raw[:1] == b"0" else raw[2:-1]
        return bytes.fromhex((b"0" * (len(digits) % 2) + digits).decode())
    if kind == "bit":
        return int(raw[2:].strip(b"'") or b"0", 2)
    return {b"TRUE": 1, b"FALSE": 0}.get(raw.upper())
