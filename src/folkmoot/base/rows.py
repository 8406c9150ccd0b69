"""Model instances from our own SQL, on the hot path: the ORM spends longer writing a join than a database answering it."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """All columns of a model under an SQL alias, and the instance that a row holds from position `at`."""

    def __init__(self, model: type[M], alias: str, at: int = 0) -> None:
        self.model, self.alias, self.at = model, alias, at
        fields = model._meta.concrete_fields
        self.names = [field.attname for field in fields]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self.end = at + len(fields)

    @cached_property
    def _converters(self) -> list[tuple[int, Callable[..., Any]]]:
        """SQLite gives text for times and numbers for booleans, both text for JSON; backend and field know how to read it."""
        table = self.model._meta.db_table
        return [
            (index, convert)
            for index, field in enumerate(self.model._meta.concrete_fields)
            for convert in (
                *connection.ops.get_db_converters(field.get_col(table)),
                *field.get_db_converters(connection),
            )
        ]

    def instance(self, row: Sequence[Any]) -> M:
        values = list(row[self.at : self.end])
        for index, convert in self._converters:
            values[index] = convert(values[index], None, connection)
        return self.model.from_db("default", self.names, values)

    def first(self, where: str, parameters: Sequence[Any], *, held: bool = False) -> M | None:
        """The first row that answers. `held`: nobody else changes it before this transaction's end (no key: see
        docs/decisions/locks-author-post-thread.md)."""
        lock = holding(self.alias) if held else ""
        found = row(f"SELECT {self.sql} FROM {self.model._meta.db_table} {self.alias} WHERE {where} LIMIT 1 {lock}", parameters)
        return None if found is None else self.instance(found)

    def get(self, pk: int, *, held: bool = False) -> M:
        """The row with this primary key; raises the model's DoesNotExist."""
        found = self.first(f"{self.alias}.{self.model._meta.pk.column} = %s", [pk], held=held)
        if found is None:
            raise self.model.DoesNotExist  # type: ignore[attr-defined]
        return found


def holding(alias: str) -> str:
    """The clause that holds the rows under this alias to the transaction's end. SQLite, where one writes at a time, needs
    none."""
    return f"FOR NO KEY UPDATE OF {alias}" if connection.features.has_select_for_no_key_update else ""


def row(sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def value(sql: str, parameters: Sequence[Any]) -> Any:
    """The one value that a query gives; None when it gives no row."""
    found = row(sql, parameters)
    return None if found is None else found[0]


def run(sql: str, parameters: Sequence[Any]) -> None:
    """One statement of our own, inside an action's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
