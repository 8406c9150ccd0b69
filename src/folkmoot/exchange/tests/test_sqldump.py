"""A dump is read back as it was written, whatever stands in it, and never executed."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.base.answers import Refused
from folkmoot.exchange import sqldump
from folkmoot.exchange.sqldump import Value, read_rows

pytestmark = pytest.mark.no_database

_ESCAPES = {b"\0": b"\\0", b"\n": b"\\n", b"\r": b"\\r", b"\\": b"\\\\", b"'": b"\\'", b'"': b'\\"', b"\x1a": b"\\Z"}


def escaped(text: bytes) -> bytes:
    return b"".join(_ESCAPES.get(text[i : i + 1], text[i : i + 1]) for i in range(len(text)))


def written(value: Value, manner: int) -> bytes:
    if value is None:
        return b"NULL"
    if isinstance(value, bytes):
        if manner == 1:
            return b"0x" + value.hex().encode() if value else b"''"
        if manner == 2:
            return b"'" + value.replace(b"\\", b"\\\\").replace(b"'", b"''") + b"'"
        return (b"_binary '" if manner == 3 else b"'") + escaped(value) + b"'"
    return repr(value).encode()


def rows_of(dump: bytes, notes: list[tuple[str, str]] | None = None, wants=lambda table, columns: True):
    said: list[tuple[str, str]] = [] if notes is None else notes
    return list(read_rows(io.BytesIO(dump), wants, lambda *note: said.append(note)))


values = st.one_of(
    st.none(), st.integers(-(2**63), 2**63), st.floats(allow_nan=False, allow_infinity=False), st.binary(max_size=40),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"'", b"''", b"\\'", b"\\\\", b");\nINSERT INTO `t` VALUES (1", b"-- ", b"/*!40000 ", b"*/", b"0x", b"NULL", b"`"]),
)  # fmt: skip
names = st.sampled_from(["id", "key", "post text", "a`b", "primary", "x"])


@settings(max_examples=300)
@given(
    columns=st.lists(names, min_size=1, max_size=4, unique=True),
    data=st.data(),
    chunk=st.sampled_from([1, 7, 64, 1 << 20]),
    manner=st.integers(0, 3),
    named=st.booleans(),
    together=st.booleans(),
)
def test_random_values_written_as_a_dump_read_back_equal(columns, data, chunk, manner, named, together):
    rows = data.draw(st.lists(st.lists(values, min_size=len(columns), max_size=len(columns)), min_size=1, max_size=6))
    quoted = ["`" + name.replace("`", "``") + "`" for name in columns]
    table = "CREATE TABLE `old_t` (\n" + ",\n".join(f"  {name} varchar(255) NOT NULL DEFAULT 'a,b(c'" for name in quoted)
    dump = (table + ",\n  PRIMARY KEY (`id`),\n  KEY `k` (`id`,`x`)\n) ENGINE=InnoDB;\n").encode()
    into = b"INSERT INTO `old_t` " + (("(" + ",".join(quoted) + ") ").encode() if named else b"") + b"VALUES "
    lines = [b"(" + b",".join(written(value, manner) for value in row) + b")" for row in rows]
    dump += into + b",\n".join(lines) + b";\n" if together else b"".join(into + line + b";\n" for line in lines)
    before, sqldump.CHUNK = sqldump.CHUNK, chunk
    try:
        notes: list[tuple[str, str]] = []
        found = rows_of(dump, notes)
    finally:
        sqldump.CHUNK = before
    assert [row.values for row in found] == rows
    assert all(row.table == "old_t" and row.columns == tuple(columns) for row in found)
    assert notes == []


DUMP = rb"""/*M!999999\- enable the sandbox mode */
-- It's a dump; of `nothing`
/*!40101 SET NAMES utf8mb4 */;
# phpBB Backup Script
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `x`;
DROP TABLE IF EXISTS `a`;
CREATE TABLE IF NOT EXISTS `a` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT COMMENT 'it''s; "odd" (really',
  text mediumtext,
  UNIQUE KEY `k` (`id`),
  CONSTRAINT `c` CHECK (`id` > 0)
) ENGINE=InnoDB /*!50100 PARTITION BY KEY (id) */;
LOCK TABLES `a` WRITE;
/*!40000 ALTER TABLE `a` DISABLE KEYS */;
/*!40000 INSERT INTO `a` VALUES (1,'in a comment')*/;
INSERT IGNORE INTO x.`a` VALUES (2,_utf8mb4'zwei'),(0x03,x'64726569'),(b'100',NULL),(-5.5e1,N'n');
DELIMITER ;;
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN INSERT INTO a VALUES (9,'no'); END */;;
DELIMITER ;
CREATE TABLE "b" ("id" int);
INSERT INTO "b" ("id") VALUES (7);
INSERT INTO nowhere VALUES (1);
INSERT INTO `a` VALUES (8,'too','many'),(8,'right');
INSERT INTO `a` SELECT * FROM b;
UNLOCK TABLES;
"""


@pytest.mark.parametrize("chunk", [1, 5, 1 << 20])
def test_remarks_procedures_and_other_statements_are_passed_over(chunk, monkeypatch):
    monkeypatch.setattr(sqldump, "CHUNK", chunk)
    notes: list[tuple[str, str]] = []
    found = [(row.table, row.values) for row in rows_of(DUMP, notes)]
    assert found == [
        ("a", [1, b"in a comment"]), ("a", [2, b"zwei"]), ("a", [b"\3", b"drei"]), ("a", [4, None]), ("a", [-55.0, b"n"]),
        ("b", [7]), ("a", [8, b"right"]),
    ]  # fmt: skip
    assert notes == [("dump", "the columns of nowhere are named nowhere"), ("row", "a: 3 values for 2 columns")]


def test_tables_that_nobody_wants_are_passed_over_whatever_they_hold():
    dump = b"CREATE TABLE `junk` (`x` text);INSERT INTO `junk` VALUES ('a;b'),('it''s /* -- # \\' ;'),(-1);" + DUMP
    assert {row.table for row in rows_of(dump, wants=lambda table, columns: table == "b")} == {"b"}


def test_a_dump_that_ends_within_a_value_says_so():
    notes: list[tuple[str, str]] = []
    assert [row.values for row in rows_of(b"INSERT INTO t (a) VALUES ('whole'),('cut o", notes)] == [[b"whole"]]
    assert ("dump", "it ends within a value") in notes


def test_a_quotation_mark_that_is_never_closed_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(sqldump, "LARGEST", 1 << 20)
    with pytest.raises(Refused, match="never closed"):
        rows_of(b"INSERT INTO t (a) VALUES ('" + b"x" * (6 << 20))
