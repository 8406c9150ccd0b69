"""Reading the invalidation log, `base.Touch`: which pages have been touched since the last look."""

from collections.abc import Collection
from typing import Protocol

from django.conf import settings
from django.db import connections

PRUNED = "pruned:"
"""The tag of a row that says how far older rows are gone (site/tasks.py)."""


class Log(Protocol):
    """Reads every commit made before a look began; whichever process made it."""

    def mark(self) -> bytes | None:
        """What changes with every commit, where that is seen without asking: a look is needed only when it has."""

    def look(self) -> Collection[str] | None:
        """The tags touched since the last look; None when that cannot be told, as on the first: forget every page.

        Raises what the database raises; the next look begins anew.
        """

    def wait(self, seconds: float) -> None:
        """Return when somebody has told of a commit, or after so long."""

    def close(self) -> None: ...


def open_log() -> Log:
    """The log of this community's database. Nothing is opened before the first look."""
    if connections["default"].vendor == "postgresql":
        from folkmoot.site.door.postgres import PostgresLog  # loads the driver

        return PostgresLog(dict(connections["default"].get_connection_params()))
    from folkmoot.site.door.sqlite import SqliteLog

    return SqliteLog(str(settings.DATABASES["default"]["NAME"]))


def pruned_beyond(tags: Collection[str], seen: int) -> bool:
    """Whether rows are gone that may not have been seen: those after `seen`."""
    return any(tag.startswith(PRUNED) and int(tag.removeprefix(PRUNED)) > seen for tag in tags)
