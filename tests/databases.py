"""Emptying the tests' databases between tests."""

import shutil
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connections

from folkmoot.members.tasks import forget_waiting

_emptied = count(1)
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty() -> None:
    """Forget every row, the files that rows tell of, and what waits to be noted of a visit."""
    forget_waiting()
    for folder in (settings.MEDIA, *(settings.DATA / name for name in ("ledger", "juries", "rolls", "roll_keys"))):
        shutil.rmtree(folder, ignore_errors=True)
    (settings.DATA / "ledger_key").unlink(missing_ok=True)
    for alias in ("default", "state"):
        connection = connections[alias]
        tables = [t for t in connection.introspection.table_names() if t not in _KEPT]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                _empty_postgres(cursor, tables)
                continue
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("SELECT name, type FROM pragma_table_list WHERE type IN ('virtual', 'shadow')")
            kinds = dict(cursor.fetchall())
            for table in (name for name, kind in kinds.items() if kind == "virtual"):  # FTS5; its shadow tables are its own
                cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
            for table in set(tables) - set(kinds):
                cursor.execute(f'DELETE FROM "{table}"')
            cursor.execute("DELETE FROM sqlite_sequence")
            cursor.execute("PRAGMA foreign_keys=ON")


def _empty_postgres(cursor: Any, tables: list[str]) -> None:
    """By DELETE, and only where rows are: TRUNCATE makes new files for every table and index, which takes thirty times as long."""
    cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT FROM "{t}")' for t in tables))
    with_rows = [table for table, has_rows in zip(tables, cursor.fetchone(), strict=True) if has_rows]
    cursor.execute("SET session_replication_role = replica")  # no order of foreign keys
    for table in with_rows:
        cursor.execute(f'DELETE FROM "{table}"')
    cursor.execute("SET session_replication_role = DEFAULT")
    if next(_emptied) % 20 == 0 and tables:  # what was deleted is still walked over by whoever reads a whole table
        cursor.execute("VACUUM " + ", ".join(f'"{t}"' for t in tables))
    cursor.execute("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL AND schemaname = current_schema()")
    for (sequence,) in cursor.fetchall():
        if not sequence.startswith(tuple(_KEPT)):
            cursor.execute("SELECT setval(%s::regclass, 1, false)", [f'"{sequence}"'])
