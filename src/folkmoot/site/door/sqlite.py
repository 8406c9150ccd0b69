"""The log on SQLite: whether anything was committed is asked of the file itself, in microseconds.

Own writes do not change a connection's own `data_version`, and a read under way hides what others commit; so this connection
is the process's second, read-only, and holds no statement open. Ids are in the order of commits here (IMMEDIATE).
"""

import sqlite3
import time
from collections.abc import Collection
from pathlib import Path

from folkmoot.site.door.log import pruned_beyond


class SqliteLog:
    def __init__(self, path: str) -> None:
        self.uri = f"{Path(path).absolute().as_uri()}?mode=ro"
        self.connection: sqlite3.Connection | None = None
        self.version = -1
        self.last = 0

    def look(self) -> Collection[str] | None:
        try:
            if self.connection is None:
                self._begin()
                return None
            return self._read(self.connection)
        except sqlite3.Error:
            self.close()
            raise

    def _read(self, connection: sqlite3.Connection) -> Collection[str] | None:
        version = connection.execute("PRAGMA data_version").fetchall()[0][0]
        if version == self.version:
            return ()
        rows = connection.execute("SELECT id, tag FROM base_touch WHERE id > ? ORDER BY id", (self.last,)).fetchall()
        self.version = version
        if not rows:
            return ()
        tags, seen = {tag for _, tag in rows}, self.last
        self.last = rows[-1][0]
        return None if pruned_beyond(tags, seen) else tags

    def _begin(self) -> None:
        self.connection = sqlite3.connect(self.uri, uri=True, check_same_thread=False, isolation_level=None, timeout=5)
        self.version = self.connection.execute("PRAGMA data_version").fetchall()[0][0]
        self.last = self.connection.execute("SELECT COALESCE(MAX(id), 0) FROM base_touch").fetchall()[0][0]

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
