"""An old board laid out in a temporary SQLite file, so that posts may come in any order and memory stays flat."""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from folkmoot.exchange.records import SourcePost, SourceThread
from folkmoot.exchange.report import Report

_TABLES = """
    CREATE TABLE thread (id TEXT PRIMARY KEY, title TEXT, forum TEXT, addresses TEXT, first INTEGER, size INTEGER DEFAULT 0);
    CREATE TABLE post (
        id TEXT PRIMARY KEY, thread TEXT, parent TEXT, author TEXT, email TEXT, moment INTEGER, subject TEXT, body TEXT,
        format TEXT, state TEXT, addresses TEXT, forum TEXT
    );
"""
_INDEXES = """
    CREATE INDEX post_thread ON post (thread);
    CREATE INDEX post_parent ON post (parent);
"""
_DOWN = """
    WITH RECURSIVE down(id, thread) AS (
        SELECT id, COALESCE(NULLIF(thread, ''), id) FROM post AS p
        WHERE parent = '' OR thread <> '' OR NOT EXISTS (SELECT 1 FROM post WHERE id = p.parent)
        UNION ALL
        SELECT p.id, down.thread FROM down JOIN post p ON p.parent = down.id AND p.thread = ''
    )
    UPDATE post SET thread = down.thread FROM down WHERE down.id = post.id AND post.thread = ''
"""


class Staging:
    """The laid-out board. `threads` walks it in the order of time, one thread's posts in memory at once."""

    def __init__(self, path: Path, report: Report) -> None:
        self.report = report
        self.db = sqlite3.connect(path)
        self.db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;" + _TABLES)

    def add_threads(self, threads: Iterable[SourceThread]) -> None:
        self.db.executemany(
            "INSERT OR IGNORE INTO thread (id, title, forum, addresses) VALUES (?, ?, ?, ?)",
            ((t.id, t.title, json.dumps(t.forum), json.dumps(t.addresses)) for t in threads),
        )

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
        added = self.db.execute(
            "INSERT OR IGNORE INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                source_id, post.thread_id, post.parent_id, post.author, post.author_email, post.moment, post.subject, post.body,
                post.format, post.state, json.dumps(post.addresses), json.dumps(post.forum),
            ],
        )  # fmt: skip
        return added.rowcount == 1

    def settle(self) -> None:
        """Give every post its thread, and every thread its first moment."""
        self.db.executescript(_INDEXES)
        self.db.execute(_DOWN)
        while circle := self.db.execute(
            "SELECT id FROM post WHERE thread = '' ORDER BY moment IS NULL, moment, id LIMIT 1"
        ).fetchone():
            self.report.note("cycle", circle[0])
            self.db.execute("UPDATE post SET parent = '', thread = id WHERE id = ?", circle)
            self.db.execute(_DOWN)
        self.db.execute(
            "INSERT OR IGNORE INTO thread (id, title, forum, addresses) SELECT DISTINCT thread, '', '[]', '[]' FROM post"
        )
        self.db.execute(
            "UPDATE thread SET first = p.first, size = p.size FROM"
            " (SELECT thread, MIN(moment) AS first, COUNT(*) AS size FROM post GROUP BY thread) p WHERE p.thread = thread.id"
        )
        self.db.execute("CREATE INDEX thread_first ON thread (first)")
        one = self.db.execute
        self.report.threads, self.report.largest = one(
            "SELECT COUNT(*), COALESCE(MAX(size), 0) FROM thread WHERE size"
        ).fetchone()
        self.report.authors = one("SELECT COUNT(DISTINCT author) FROM post").fetchone()[0]

    def titles(self) -> Iterator[str]:
        for (title,) in self.db.execute("SELECT title FROM thread WHERE title <> ''"):
            yield title

    def authors(self) -> Iterator[tuple[str, int | None, str]]:
        """Each author, with their first moment and an address of theirs, the earliest first."""
        yield from self.db.execute(
            "SELECT author, MIN(moment), MAX(email) FROM post GROUP BY author ORDER BY MIN(moment) IS NULL, MIN(moment), author"
        )

    def threads(self) -> Iterator[SourceThread]:
        for source_id, title, forum, addresses in self.db.execute(
            "SELECT id, title, forum, addresses FROM thread WHERE size > 0 ORDER BY first IS NULL, first, id"
        ):
            yield SourceThread(source_id, title, tuple(json.loads(forum)), tuple(json.loads(addresses)))

    def posts_of(self, thread_id: str) -> list[SourcePost]:
        rows = self.db.execute(
            "SELECT id, author, body, thread, parent, moment, subject, format, state, forum, addresses, email"
            " FROM post WHERE thread = ? ORDER BY moment IS NULL, moment, LENGTH(id), id",
            [thread_id],
        )
        return [
            SourcePost(
                id=row[0], author=row[1], body=row[2], thread_id=row[3], parent_id=row[4], moment=row[5], subject=row[6],
                format=row[7], state=row[8], forum=tuple(json.loads(row[9])), addresses=tuple(json.loads(row[10])),
                author_email=row[11],
            )
            for row in rows
        ]  # fmt: skip


@contextmanager
def staged(report: Report) -> Iterator[Staging]:
    with tempfile.TemporaryDirectory(prefix="folkmoot-import-") as folder:
        staging = Staging(Path(folder) / "board.sqlite3", report)
        with closing(staging.db):
            yield staging
