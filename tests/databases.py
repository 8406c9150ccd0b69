"""Emptying the tests' databases between tests."""

import shutil

from django.conf import settings
from django.db import connections

_KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty() -> None:
    """Forget every row, and the files that rows tell of."""
    shutil.rmtree(settings.MEDIA, ignore_errors=True)
    for alias in ("default", "state"):
        connection = connections[alias]
        tables = [t for t in connection.introspection.table_names() if t not in _KEPT]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("TRUNCATE " + ", ".join(f'"{t}"' for t in tables) + " RESTART IDENTITY CASCADE")
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
