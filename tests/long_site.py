"""A founded and served community for the tests that are hard on it, and how to look at its processes and rows."""

import os
import re
import sqlite3
from pathlib import Path

from tests.sites import Site
from tests.wire import Wire


class Hard(Site):
    """A site, the administrator's wire to it, and its rows as they lie on the disk."""

    gus: Wire

    def found(self) -> "Hard":
        link = self.init()
        self.serve()
        self.environ["PORT"] = self.base.rsplit(":", 1)[1]  # started again, it answers at the same address
        self.gus = Wire(self.base)
        self.gus.set_password(link)
        return self

    def thread(self, subject: str = "A thread") -> str:
        """Start a thread; returns its opening post's address."""
        return re.findall(r"/posts/\d+/", self.gus.write("/forums/lounge/new/", subject=subject, text="Begin.").location)[0]

    def rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        with sqlite3.connect(f"file:{self.data / 'folkmoot.sqlite3'}?mode=ro", uri=True, timeout=30) as database:
            found = database.execute(sql, parameters).fetchall()
        database.close()
        return found

    def is_well(self) -> bool:
        return self.folkmoot("check").strip().endswith("All is well.")


def memory_of(pid: int) -> int:
    """Bytes of a process's own memory: without the database, which it sees through a map."""
    found = re.search(r"RssAnon:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


def descriptors_of(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))
