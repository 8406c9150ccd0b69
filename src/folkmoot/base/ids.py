"""Ids given out before the rows are written, for bulk paths whose rows name one another."""

from django.db import connection, models


def reserve(model: type[models.Model], count: int) -> list[int]:
    """The next `count` ids of a model, ascending. On SQLite the caller's transaction must write them at once."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
        return list(range(last + 1, last + 1 + count))
