"""The log on SQLite: whether anything was committed is seen in shared memory, without a system call.

In WAL mode each commit writes the header of the WAL index, the file `-shm` that every process maps; SQLite itself compares these
bytes to know whether its own cache is still good (https://www.sqlite.org/walformat.html, §2.1). While they are what they were, no
commit has ended since. (`PRAGMA data_version` asks the same, at ten times the price, and lets go of the interpreter's lock.)

The connection is the process's second, read-only, and holds no statement open: a read under way would hide what others commit.
Ids are in the order of commits here (IMMEDIATE).
"""

import mmap
import os
import sqlite3
import time
from collections.abc import Collection
from pathlib import Path

from folkmoot.site.door.log import pruned_beyond

_HEADER = slice(0, 96)
"""Both copies: who reads while they are written sees a difference, and looks."""

_maps: dict[tuple[int, int], mmap.mmap] = {}
"""By device and inode. Never closed: closing any descriptor of a file lets go of all locks that a process holds on it, and
SQLite holds some on this one (POSIX)."""


class SqliteLog:
    def __init__(self, path: str) -> None:
        self.path = Path(path).absolute()
        self.connection: sqlite3.Connection | None = None
        self.map: mmap.mmap | None = None
        self.last = 0

    def mark(self) -> bytes | None:
        return None if self.map is None else self.map[_HEADER]

    def look(self) -> Collection[str] | None:
        try:
            if self.connection is None:
                self._begin()
                return None
            rows = self.connection.execute("SELECT id, tag FROM base_touch WHERE id > ? ORDER BY id", (self.last,)).fetchall()
        except sqlite3.Error:
            self.close()
            raise
        if not rows:
            return ()
        tags, seen = {tag for _, tag in rows}, self.last
        self.last = rows[-1][0]
        return None if pruned_beyond(tags, seen) else tags

    def _begin(self) -> None:
        self.connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None, timeout=5
        )
        self.last = self.connection.execute("SELECT COALESCE(MAX(id), 0) FROM base_touch").fetchall()[0][0]
        self.map = _map(Path(f"{self.path}-shm"))

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def close(self) -> None:
        self.map = None
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _map(path: Path) -> mmap.mmap | None:
    """The file that is there now is the one in use: while our connection is open, nobody takes it away."""
    try:
        found = path.stat()
        if (known := _maps.get((found.st_dev, found.st_ino))) is not None:
            return known
        descriptor = os.open(path, os.O_RDONLY)
        opened = os.fstat(descriptor)
        return _maps.setdefault((opened.st_dev, opened.st_ino), mmap.mmap(descriptor, 4096, access=mmap.ACCESS_READ))
    except (OSError, ValueError):
        return None
