"""Many rows at once, for whole boards: COPY on PostgreSQL, one prepared statement on SQLite, no model object a row."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection, models


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of these attributes (`thread_id`, not `thread`); all others of the model get their defaults.

    The values are as the database keeps them: texts, whole numbers, booleans, None.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    others = [name for name, field in fields.items() if name not in names and not field.primary_key]
    rest = tuple(fields[name].get_db_prep_save(fields[name].get_default(), connection) for name in others)
    columns = ", ".join(f'"{fields[name].column}"' for name in (*names, *others))
    whole = ((*row, *rest) for row in rows) if rest else rows
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
                for row in whole:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * (len(names) + len(others)))
        cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})', cast(Any, whole))
