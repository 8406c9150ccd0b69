"""The index on SQLite: FTS5 over `search_entry`, whose row id is the post's moment, so that a walk backwards is newest
first and stops when the page is full.

Debian 12's SQLite 3.40 has no `contentless_delete`: FTS5 must be told the very words that it forgets. `search_entry`
keeps them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from folkmoot.search.rules import Asked, Indexed, Phrase, author_mark, forum_mark

SCHEMA = (
    "CREATE TABLE search_entry (moment INTEGER PRIMARY KEY, subject TEXT NOT NULL, body TEXT NOT NULL, marks TEXT NOT NULL)",
    # Words come folded and parted by spaces: `ascii` parts them there and nowhere else. No sizes: nothing here scores by them.
    "CREATE VIRTUAL TABLE search_words USING fts5(subject, body, marks, content='search_entry', content_rowid='moment',"
    " columnsize=0, tokenize=\"ascii tokenchars '=^'\")",
)
UNDO = ("DROP TABLE search_words", "DROP TABLE search_entry")

_COLUMNS = "subject, body, marks"
_MANY = 900
_SAMPLE = 200


def put(posts: Sequence[Indexed]) -> None:
    drop([post.moment for post in posts])
    rows = sorted(
        (post.moment, " ".join(post.subject), " ".join(post.body), f"{author_mark(post.author_id)} {forum_mark(post.forum_id)}")
        for post in posts
    )  # ascending: FTS5 writes out what it has gathered whenever a row id falls back
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO search_entry (moment, {_COLUMNS}) VALUES (%s, %s, %s, %s)", rows)
        cursor.executemany(f"INSERT INTO search_words (rowid, {_COLUMNS}) VALUES (%s, %s, %s, %s)", rows)


def drop(moments: Iterable[int]) -> None:
    asked = sorted(moments)
    with connection.cursor() as cursor:
        for start in range(0, len(asked), _MANY):
            some = asked[start : start + _MANY]
            of_these = f"moment IN ({','.join(['%s'] * len(some))})"
            cursor.execute(
                f"INSERT INTO search_words (search_words, rowid, {_COLUMNS})"
                f" SELECT 'delete', moment, {_COLUMNS} FROM search_entry WHERE {of_these} ORDER BY moment",
                some,
            )
            cursor.execute(f"DELETE FROM search_entry WHERE {of_these}", some)


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words (search_words) VALUES ('delete-all')")
        cursor.execute("DELETE FROM search_entry")


def sweep() -> None:
    """FTS5 only marks dropped words as gone until its parts are written anew."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")


def newest(asked: Asked, *, limit: int, now: int) -> list[int]:
    sql, parameters = _hits(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s", [*parameters, limit])
        return _firsts(cursor)


def best(asked: Asked, *, among: int, start: int, limit: int, now: int) -> tuple[list[int], int]:
    sql, parameters = _hits(asked)
    heading, heading_parameters = _hits(asked.in_subject) if asked.words else ("SELECT 0 AS moment", [])
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH hit AS MATERIALIZED ({sql} LIMIT %s), heading AS MATERIALIZED ({heading} LIMIT %s)"
            " SELECT hit.moment, COUNT(*) OVER () FROM hit JOIN threads_post p ON p.moment = hit.moment"
            " ORDER BY hit.moment IN (SELECT moment FROM heading) DESC, p.recommendation_count DESC, hit.moment DESC"
            " LIMIT %s",
            [*parameters, among, *heading_parameters, among, start + limit],
        )
        rows = cursor.fetchall()
    return [row[0] for row in rows[start:]], rows[0][1] if rows else 0


def troubles() -> list[str]:
    """FTS5's own integrity check would hold the write lock while it reads everything: ask for the newest posts instead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT moment, marks FROM search_entry ORDER BY moment DESC LIMIT %s", [_SAMPLE])
        lost = 0
        for moment, marks in cursor.fetchall():
            match = " AND ".join(f'"{mark}"' for mark in marks.split())
            cursor.execute("SELECT 1 FROM search_words WHERE search_words MATCH %s AND rowid = %s", [match, moment])
            lost += cursor.fetchone() is None
    return [f"{lost} of the newest posts are not in the word index: folkmoot search rebuild makes it anew."] if lost else []


def _hits(asked: Asked) -> tuple[str, list[Any]]:
    """The moments that answer, newest first."""
    where: list[str] = []
    parameters: list[Any] = []
    match = _match(asked)
    table, moment = ("search_words", "rowid") if match else ("search_entry", "moment")
    if match:
        where.append("search_words MATCH %s")
        parameters.append(match)
    if asked.since is not None:
        where.append(f"{moment} >= %s")
        parameters.append(asked.since)
    if asked.until is not None:
        where.append(f"{moment} < %s")
        parameters.append(asked.until)
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    return f"SELECT {moment} AS moment FROM {table}{condition} ORDER BY {moment} DESC", parameters


def _match(asked: Asked) -> str:
    parts = [f'"{mark}"' for mark in asked.marks]
    parts += [f"subject : {_phrase(phrase)}" for phrase in asked.subject]
    parts += [_phrase(phrase) for phrase in asked.words]
    return " AND ".join(parts)


def _phrase(phrase: Phrase) -> str:
    """Words are letters and digits only, so nothing in them can end the quotes."""
    return f'"{" ".join(phrase.words)}"' + (" *" if phrase.is_open else "")


def _firsts(cursor: CursorWrapper) -> list[int]:
    return [row[0] for row in cursor.fetchall()]
