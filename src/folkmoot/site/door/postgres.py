"""The log on PostgreSQL: one statement reads what every transaction that has ended since has touched.

Ids are not given in the order of commits there: a transaction may commit a lower id after a higher one was read. So each
row has its transaction's number, and what is read is everything from the oldest transaction that was still under way at
the last look (`pg_snapshot_xmin`), without what was read already.
"""

import time
from collections.abc import Collection
from typing import Any

import psycopg
from psycopg.pq import ExecStatus

from folkmoot.site.door.log import pruned_beyond

_NOW = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_READ = """
SELECT pg_snapshot_xmin(s.now)::text::bigint, t.id, t.transaction, t.tag
FROM (SELECT pg_current_snapshot() AS now) s LEFT JOIN base_touch t ON t.transaction > 0 AND t.transaction >= $1::bigint
"""
_NAME = b"look"
_SECONDS = 5
"""How long the server may be silent before it is taken for away."""


class PostgresLog:
    def __init__(self, parameters: dict[str, Any]) -> None:
        kept = {
            name: value for name, value in parameters.items() if name not in ("cursor_factory", "context", "prepare_threshold")
        }
        options = f"{kept.get('options', '')} -c statement_timeout={_SECONDS}s -c default_transaction_read_only=on"
        self.parameters = {**kept, "options": options, "autocommit": True, "connect_timeout": _SECONDS, "prepare_threshold": None}
        self.connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self.listener: psycopg.Connection[tuple[Any, ...]] | None = None
        self.oldest = 0
        """Every transaction before this one has ended, and what it touched is known."""
        self.seen: dict[int, int] = {}
        """Rows of later transactions that are known already: id to transaction."""

    def mark(self) -> None:
        return None

    def look(self) -> Collection[str] | None:
        try:
            if self.connection is None:
                self._begin()
                return None
            return self._read(self.connection)
        except psycopg.Error:
            self.close()
            raise

    def _read(self, connection: psycopg.Connection[tuple[Any, ...]]) -> Collection[str] | None:
        """By libpq itself (psycopg.pq): a third of the processor time, and the interpreter's lock is free meanwhile."""
        found = connection.pgconn.exec_prepared(_NAME, [b"%d" % self.oldest])
        if found.status != ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(found.error_message.decode("utf-8", "replace"))
        rows = [[found.get_value(row, column) or b"" for column in range(4)] for row in range(found.ntuples)]
        new = [(int(pk), int(transaction), tag.decode()) for _, pk, transaction, tag in rows if pk and int(pk) not in self.seen]
        before, self.oldest = self.oldest, int(rows[0][0])
        if new or self.seen:
            self.seen.update((pk, transaction) for pk, transaction, _ in new)
            self.seen = {pk: transaction for pk, transaction in self.seen.items() if transaction >= self.oldest}
        tags = {tag for _, _, tag in new}
        return None if pruned_beyond(tags, before - 1) else tags

    def _begin(self) -> None:
        self.connection = psycopg.connect(**self.parameters)
        self.connection.pgconn.prepare(_NAME, _READ.encode())
        self.oldest, self.seen = self.connection.execute(_NOW).fetchall()[0][0], {}
        self._read(self.connection)  # what is there already is known, however long another transaction holds `oldest` back

    def wait(self, seconds: float) -> None:
        """What is lost here is found by the next look, which comes all the same after so many seconds."""
        try:
            if self.listener is None:
                self.listener = psycopg.connect(**self.parameters)
                self.listener.execute("LISTEN folkmoot_touch")
            for _ in self.listener.notifies(timeout=seconds, stop_after=1):
                return
        except psycopg.Error:
            self.listener = None
            time.sleep(seconds)

    def close(self) -> None:
        for connection in (self.connection, self.listener):
            if connection is not None:
                connection.close()
        self.connection = self.listener = None
