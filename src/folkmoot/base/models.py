"""Rows that know no forum word."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


class StateModel(models.Model):
    """A row that a reader's visit writes. It lives in the `state` database, never in the main one, has no foreign
    keys, and may be lost without losing anything that a person wrote."""

    class Meta:
        abstract = True


class TransactionNumber(models.Func):
    """The number of the transaction that writes, on PostgreSQL, where ids are not given in the order of commits."""

    output_field = models.BigIntegerField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return ("pg_current_xact_id()::text::bigint" if connection.vendor == "postgresql" else "0"), []


class Touch(models.Model):
    """The invalidation log: an action changed what pages with this tag show. Written in the action's transaction.

    A tag `pruned:N` says that older rows are gone, up to the id (on PostgreSQL: transaction) N: see site/door.
    """

    id = models.BigAutoField(primary_key=True)
    tag = models.CharField(max_length=80)
    transaction = models.BigIntegerField(db_default=TransactionNumber(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["transaction"], condition=models.Q(transaction__gt=0), name="touch_transaction")]

    def __str__(self) -> str:
        return self.tag
