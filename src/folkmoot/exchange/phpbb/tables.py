"""The tables of a phpBB dump laid out in a temporary SQLite file: a dump has them by name, posts before their threads."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from folkmoot.base.answers import no
from folkmoot.base.time import now_moment
from folkmoot.exchange.jsonl import opened
from folkmoot.exchange.report import Report
from folkmoot.exchange.rules import plausible
from folkmoot.exchange.sqldump import Value, read_rows

_READ = {
    "config": ("config_name", "config_value"),
    "forums": (
        "forum_id", "parent_id", "left_id", "forum_name", "forum_desc", "forum_desc_uid", "forum_type", "forum_status",
        "forum_password",
    ),
    "topics": (
        "topic_id", "forum_id", "topic_title", "topic_time", "topic_views", "topic_status", "topic_type", "topic_moved_id",
        "poll_title", "poll_start", "poll_length", "poll_max_options", "poll_vote_change",
    ),
    "posts": (
        "post_id", "topic_id", "forum_id", "poster_id", "post_time", "post_username", "post_subject", "post_text", "bbcode_uid",
        "post_edit_time", "post_edit_count", "post_visibility", "post_approved", "post_delete_time", "post_delete_reason",
        "post_delete_user",
    ),
    "users": ("user_id", "user_type", "username", "user_email", "user_regdate", "user_sig"),
    "attachments": (
        "attach_id", "post_msg_id", "in_message", "is_orphan", "physical_filename", "real_filename", "attach_comment", "filesize",
    ),
    "banlist": ("ban_id", "ban_userid", "ban_start", "ban_end", "ban_exclude", "ban_reason", "ban_give_reason"),
    "poll_options": ("topic_id", "poll_option_id", "poll_option_text", "poll_option_total"),
    "poll_votes": ("topic_id", "poll_option_id", "vote_user_id"),
    "privmsgs": (
        "msg_id", "root_level", "author_id", "message_time", "message_subject", "message_text", "bbcode_uid", "to_address",
        "bcc_address", "message_edit_time", "message_edit_count",
    ),
    "privmsgs_to": (
        "msg_id", "user_id", "author_id", "pm_deleted", "pm_new", "pm_unread", "pm_replied", "pm_marked", "pm_forwarded",
        "folder_id",
    ),
    "groups": ("group_id", "group_name"),
    "acl_groups": ("group_id", "forum_id", "auth_option_id", "auth_role_id", "auth_setting"),
    "acl_roles_data": ("role_id", "auth_option_id", "auth_setting"),
    "acl_options": ("auth_option_id", "auth_option"),
}  # fmt: skip
"""What is read of each table; a column that a version lacks is NULL. Passwords and IP addresses are not read at all."""

_NEEDED = ("forums", "topics", "posts", "users")
_INDEXES = (
    ("posts", "post_id"), ("posts", "topic_id"), ("topics", "forum_id"), ("users", "user_id"), ("attachments", "post_msg_id"),
    ("privmsgs_to", "msg_id"), ("poll_options", "topic_id"),
)  # fmt: skip


class Tables:
    """`rows("posts")` as dicts of text, whole numbers and None."""

    def __init__(self, db: sqlite3.Connection, prefix: str) -> None:
        self.db, self.prefix, self.now = db, prefix, now_moment()
        self.has = {
            name[len(prefix) :] for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if
            name.startswith(prefix)
        }  # fmt: skip
        for name in _READ.keys() - self.has:
            db.execute(_create(prefix + name, _READ[name]))
        for name, column in _INDEXES:
            db.execute(f'CREATE INDEX "by {name} {column}" ON {_quoted(prefix + name)} ({column})')

    def rows(self, table: str, more: str = "", *values: Any) -> Iterator[dict[str, Any]]:
        cursor = self.db.execute(f"SELECT * FROM {_quoted(self.prefix + table)} t {more}", values)
        names = _READ[table]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def moment(self, seconds: int | None) -> int | None:
        return plausible(seconds, now=self.now)

    def first_column(self, sql: str) -> list[Any]:
        """`{posts}` in the SQL stands for the table of that name."""
        return [row[0] for row in self.db.execute(sql.format(**{name: _quoted(self.prefix + name) for name in _READ}))]


@contextmanager
def tables_of(dump: Path, report: Report, *, prefix: str | None = None) -> Iterator[Tables]:
    """Read the dump. Without a prefix the board is found by its tables."""
    with tempfile.TemporaryDirectory(prefix="folkmoot-import-") as folder:
        db = sqlite3.connect(Path(folder) / "dump.sqlite3")
        with closing(db):
            db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;")
            _lay_out(db, dump, report)
            yield Tables(db, _prefix(db, prefix, dump))


def _lay_out(db: sqlite3.Connection, dump: Path, report: Report) -> None:
    picked: dict[str, list[int | None]] = {}
    insert: dict[str, str] = {}
    with opened(dump) as file:
        for row in read_rows(file, _is_read, report.note):
            name = _known_as(row.table)
            assert name is not None
            if row.table not in insert:
                db.execute(_create(row.table, _READ[name]))
                insert[row.table] = f"INSERT INTO {_quoted(row.table)} VALUES ({', '.join('?' * len(_READ[name]))})"
            key = f"{row.table} {','.join(row.columns)}"
            if key not in picked:
                where = {column: i for i, column in enumerate(row.columns)}
                picked[key] = [where.get(column) for column in _READ[name]]
            values = [None if i is None else _plain(row.values[i], report) for i in picked[key]]
            db.execute(insert[row.table], values)


def _plain(value: Value, report: Report) -> str | int | None:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            report.note("bytes", value[:40].decode("latin-1"))
            return value.decode("cp1252", "replace")
    if isinstance(value, float):
        return int(value) if abs(value) < 2**62 else 0
    return value if value is None or abs(value) < 2**62 else 0


def _known_as(table: str) -> str | None:
    """Which table of phpBB this is, whatever its prefix: the longest name that it ends in."""
    found = [name for name in _READ if table.endswith(name)]
    return max(found, key=len) if found else None


def _is_read(table: str, columns: tuple[str, ...]) -> bool:
    name = _known_as(table)
    return name is not None and _READ[name][0] in columns and _READ[name][-1 if name in ("config", "groups") else 1] in columns


def _prefix(db: sqlite3.Connection, wanted: str | None, dump: Path) -> str:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    boards = sorted(name[: -len("posts")] for name in tables if name.endswith("posts"))
    boards = [prefix for prefix in boards if all(prefix + name in tables for name in _NEEDED)]
    if wanted is not None:
        boards = [prefix for prefix in boards if prefix == wanted]
    if not boards:
        no(
            f"{dump.name} holds no phpBB board: no rows for the tables {', '.join(_NEEDED)} of one prefix were found."
            " What is read is the SQL that mysqldump, mariadb-dump, phpMyAdmin or phpBB's own backup writes for MySQL."
        ).or_refuse()
    if len(boards) > 1:
        no(f"{dump.name} holds {len(boards)} boards: choose one with --prefix: {', '.join(boards)}.").or_refuse()
    return str(boards[0])


def _create(table: str, columns: tuple[str, ...]) -> str:
    return f"CREATE TABLE {_quoted(table)} ({', '.join(columns)})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
