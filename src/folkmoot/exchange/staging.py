"""An old board laid out in a temporary SQLite file, so that posts may come in any order and memory stays flat."""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from folkmoot.exchange.records import SourceMember, SourcePost, SourceThread
from folkmoot.exchange.report import Report

_LISTS = ("forum", "addresses", "other_ids")


class _Table:
    """A table with a column for each field of a record; lists as JSON."""

    def __init__(self, name: str, record: type[Any], more: str = "") -> None:
        self.record = record
        names = [f.name for f in fields(record)]
        self.names = names
        self.columns = ", ".join(f'"{n}"' for n in names)
        self.create = f"CREATE TABLE {name} ({self.columns.replace(',', ' TEXT PRIMARY KEY,', 1)}{more});"
        self.insert = f"INSERT OR IGNORE INTO {name} ({self.columns}) VALUES ({', '.join('?' * len(names))})"

    def values(self, one: Any) -> list[Any]:
        return [json.dumps(getattr(one, n)) if n in _LISTS else getattr(one, n) for n in self.names]

    def read(self, row: tuple[Any, ...]) -> Any:
        told = {n: tuple(json.loads(v)) if n in _LISTS else v for n, v in zip(self.names, row, strict=True)}
        return self.record(**told)


_THREAD = _Table("thread", SourceThread, ", first INTEGER, size INTEGER DEFAULT 0")
_POST = _Table("post", SourcePost)
_MEMBER = _Table("member", SourceMember)
_INDEXES = """
    CREATE INDEX post_thread ON post (thread_id);
    CREATE INDEX post_parent ON post (parent_id);
    CREATE INDEX post_author ON post (author, moment);
"""
_DOWN = """
    WITH RECURSIVE down(id, thread) AS (
        SELECT id, COALESCE(NULLIF(thread_id, ''), id) FROM post AS p
        WHERE parent_id = '' OR thread_id <> '' OR NOT EXISTS (SELECT 1 FROM post WHERE id = p.parent_id)
        UNION ALL
        SELECT p.id, down.thread FROM down JOIN post p ON p.parent_id = down.id AND p.thread_id = ''
    )
    UPDATE post SET thread_id = down.thread FROM down WHERE down.id = post.id AND post.thread_id = ''
"""


class Staging:
    """The laid-out board. `threads` walks it in the order of time, one thread's posts in memory at once."""

    def __init__(self, path: Path, report: Report) -> None:
        self.report = report
        self.db = sqlite3.connect(path)
        tables = _THREAD.create + _POST.create + _MEMBER.create
        self.db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;" + tables)

    def add_members(self, members: Iterable[SourceMember]) -> None:
        self.db.executemany(_MEMBER.insert, map(_MEMBER.values, members))

    def add_threads(self, threads: Iterable[SourceThread]) -> None:
        self.db.executemany(_THREAD.insert, map(_THREAD.values, threads))

    def add_posts(self, posts: Iterable[SourcePost]) -> None:
        for post in posts:
            if not self._add(post.id, post):
                if self.db.execute("SELECT body FROM post WHERE id = ?", [post.id]).fetchone()[0] == post.body:
                    self.report.note("twin", post.id)
                    continue
                self.report.note("same id", post.id)
                number = 2
                while not self._add(f"{post.id}~{number}", post):
                    number += 1
            self.report.posts += 1

    def _add(self, source_id: str, post: SourcePost) -> bool:
        return self.db.execute(_POST.insert, [source_id, *_POST.values(post)[1:]]).rowcount == 1

    def settle(self) -> None:
        """Give every post its thread, and every thread its first moment."""
        self.db.executescript(_INDEXES)
        self.db.execute(_DOWN)
        while circle := self.db.execute(
            "SELECT id FROM post WHERE thread_id = '' ORDER BY moment IS NULL, moment, id LIMIT 1"
        ).fetchone():
            self.report.note("cycle", circle[0])
            self.db.execute("UPDATE post SET parent_id = '', thread_id = id WHERE id = ?", circle)
            self.db.execute(_DOWN)
        empty = SourceThread("")
        self.db.executemany(
            _THREAD.insert,
            ([pk, *_THREAD.values(empty)[1:]] for (pk,) in self.db.execute("SELECT DISTINCT thread_id FROM post").fetchall()),
        )
        self.db.execute(
            "UPDATE thread SET first = p.first, size = p.size FROM (SELECT thread_id, MIN(moment) AS first, COUNT(*) AS size"
            " FROM post GROUP BY thread_id) p WHERE p.thread_id = thread.id"
        )
        self.db.execute("CREATE INDEX thread_first ON thread (first)")
        one = self.db.execute
        self.report.threads, self.report.largest = one(
            "SELECT COUNT(*), COALESCE(MAX(size), 0) FROM thread WHERE size"
        ).fetchone()
        self.report.authors = one("SELECT COUNT(DISTINCT author) FROM post").fetchone()[0]
        self.report.states.update(dict(one("SELECT state, COUNT(*) FROM post GROUP BY state").fetchall()))
        self.report.edited = one("SELECT COUNT(*) FROM post WHERE edits > 0").fetchone()[0]

    def titles(self) -> Iterator[str]:
        for (title,) in self.db.execute("SELECT title FROM thread WHERE title <> ''"):
            yield title

    def members(self) -> Iterator[SourceMember]:
        """Everybody: those who wrote nothing, and authors of whom only posts tell. The earliest come first."""
        known = self.db.execute(f"SELECT {_MEMBER.columns} FROM member ORDER BY joined IS NULL, joined, LENGTH(id), id")
        for row in known:
            yield _MEMBER.read(row)
        authors = self.db.execute(
            "SELECT author, MIN(moment), MAX(author_email) FROM post WHERE author NOT IN (SELECT id FROM member)"
            " GROUP BY author ORDER BY MIN(moment) IS NULL, MIN(moment), author"
        )
        for name, moment, email in authors:
            yield SourceMember(name, name, email, moment)

    def first_moment(self) -> int | None:
        found: int | None = self.db.execute("SELECT MIN(moment) FROM post").fetchone()[0]
        return found

    def threads(self) -> Iterator[SourceThread]:
        for row in self.db.execute(f"SELECT {_THREAD.columns} FROM thread WHERE size > 0 ORDER BY first IS NULL, first, id"):
            yield _THREAD.read(row)

    def posts_of(self, thread_id: str) -> list[SourcePost]:
        rows = self.db.execute(
            f"SELECT {_POST.columns} FROM post WHERE thread_id = ? ORDER BY moment IS NULL, moment, LENGTH(id), id", [thread_id]
        )
        return [_POST.read(row) for row in rows]

    def with_references(self) -> Iterator[tuple[str, str]]:
        """Id and body of the posts that refer to other things of the old board."""
        yield from self.db.execute("SELECT id, body FROM post WHERE INSTR(body, CHAR(26)) ORDER BY rowid")


@contextmanager
def staged(report: Report) -> Iterator[Staging]:
    with tempfile.TemporaryDirectory(prefix="folkmoot-import-") as folder:
        staging = Staging(Path(folder) / "board.sqlite3", report)
        with closing(staging.db):
            yield staging
