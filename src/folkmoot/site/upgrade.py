"""`folkmoot upgrade`: after a new version is installed, bring the data up to it, or leave them exactly as they were."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from folkmoot.site import backup as room
from folkmoot.site.configuration import Configuration

Say = Callable[[str], None]


class Undone(Exception):
    """Why the upgrade was not made, or was rolled back; a sentence."""


def upgrade(configuration: Configuration, *, say: Say) -> None:
    """Back up, migrate, check; roll back when the migration fails or the check finds trouble that was not there before."""
    with (configuration.data / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Undone("The community is being served. Stop it first: sudo systemctl stop folkmoot") from None
        folder = configuration.data / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / f"before-upgrade-{datetime.now():%Y-%m-%d-%H%M%S}.tar.zst"
        room.backup(configuration, file, progress=say)
        before = _troubles()
        say("bringing the databases up to date")
        migrated = _folkmoot("migrate")
        after = _troubles() - before if migrated.returncode == 0 else set()
        if migrated.returncode == 0 and not after:
            say("All is well. Start it again: sudo systemctl start folkmoot")
            return
        why = "\n".join(sorted(after)) or (migrated.stderr.strip().splitlines() or ["the migration failed"])[-1]
        say("rolling back")
        try:
            roll_back(configuration, file, say=say)
        except Exception as trouble:
            raise Undone(
                f"Rolling back failed, too: {trouble}\nNothing is lost. Install the former version, make an empty folder, and:\n"
                f"  FOLKMOOT_DATA=/srv/again folkmoot restore {file}\nWhy the upgrade was rolled back:\n{why}"
            ) from trouble
        raise Undone(f"The upgrade was rolled back; the data are as they were. Install the former version again. Why:\n{why}")


def roll_back(configuration: Configuration, file: Path, *, say: Say) -> None:
    """Put the databases of a backup back in place; what the upgrade left is kept aside in `rolled-back`."""
    data = configuration.data
    fresh = data / f".folkmoot-rolling-back-{os.getpid()}"
    room.restore(fresh, file, database_url=configuration.database_url, progress=say, empty_first=True)
    aside = data / "rolled-back"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for path in [p for p in data.iterdir() if p.name.startswith(room.SQLITE)]:
        path.rename(aside / path.name)
    for name in room.SQLITE:
        if (fresh / name).exists():
            shutil.move(fresh / name, data / name)
    shutil.rmtree(fresh)


def _folkmoot(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "folkmoot", command], capture_output=True, text=True, check=False)


def _troubles() -> set[str]:
    """What `folkmoot check` says now, in a process of its own; before a migration it names that one itself."""
    checked = _folkmoot("check")
    lines = checked.stdout.splitlines() if checked.returncode else []
    if checked.returncode and not lines:
        return {(checked.stderr.strip().splitlines() or ["folkmoot check failed"])[-1]}
    waits = "wait to be written into the ledger"  # as long as nothing is served
    return {line for line in lines if "migration" not in line and waits not in line}
