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
        self.model, self.at = model, at
        fields = model._meta.concrete_fields
        self.names = [field.attname for field in fields]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self.end = at + len(fields)

    @cached_property
    def _converters(self) -> list[tuple[int, Callable[..., Any]]]:
        """SQLite gives text for times and numbers for booleans; its backend knows how each field reads them."""
        table = self.model._meta.db_table
        return [
            (index, convert)
            for index, field in enumerate(self.model._meta.concrete_fields)
            for convert in connection.ops.get_db_converters(field.get_col(table))
        ]

    def instance(self, row: Sequence[Any]) -> M:
        values = list(row[self.at : self.end])
        for index, convert in self._converters:
            values[index] = convert(values[index], None, connection)
        return self.model.from_db("default", self.names, values)
