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
            for table in tables:
                cursor.execute(f'DELETE FROM "{table}"')
            cursor.execute("DELETE FROM sqlite_sequence")
            cursor.execute("PRAGMA foreign_keys=ON")
