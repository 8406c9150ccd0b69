"""One file that holds the whole community: both databases, the secret key, the mail and whatever members uploaded."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zstandard

from folkmoot.juries.pools import FOLDER as JURIES
from folkmoot.ledger.keys import FILE as LEDGER_KEY
from folkmoot.ledger.log import FOLDER as LEDGER
from folkmoot.ledger.log import RESTORED, Log
from folkmoot.site.configuration import Configuration
from folkmoot.standards.rolls import KEYS as ROLL_KEYS

Progress = Callable[[str], None]
_NOT_KEPT = {"static", "serve.lock", "backups", "troubles", "rolled-back", LEDGER, LEDGER_KEY, JURIES, ROLL_KEYS}
"""The ledger's files are copied apart, and first. Its key is in no backup: whoever had one could sign another ledger. Nor are
the pools and the chain of juries: whoever had them would know who sits, and who will; nor the keys of rolls, which tell who voted
how."""

SQLITE = ("folkmoot.sqlite3", "state.sqlite3")
_DUMP = "database.dump"
_UNFINISHED = ".folkmoot-"


class Impossible(Exception):
    """Why it cannot be done; a sentence."""


def backup(configuration: Configuration, file: Path, *, progress: Progress) -> None:
    """Write a consistent copy while the community is served. The file appears under its name only when it is whole."""
    started = time.monotonic()
    part = file.with_name(file.name + ".part")
    with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".folkmoot-backup-") as folder:
        # before the databases: a log that is behind its database is made anew from it; one that is ahead could not go on
        Log(configuration.data / LEDGER).copy_to(Path(folder) / LEDGER)
        copies = (
            _postgres_dump(configuration, Path(folder))
            if configuration.database_url
            else _sqlite_copies(configuration, Path(folder), progress)
        )
        with (
            part.open("wb") as raw,
            zstandard.ZstdCompressor(level=6, threads=-1).stream_writer(raw) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            about = json.dumps({"folkmoot": 1, "database": "postgresql" if configuration.database_url else "sqlite"}).encode()
            entry = tarfile.TarInfo("backup.json")
            entry.size = len(about)
            tar.addfile(entry, io.BytesIO(about))
            for copy in copies:
                progress(f"packing {copy.name}, {copy.stat().st_size / 1e6:,.1f} MB")
                tar.add(copy, copy.name)
            if (Path(folder) / LEDGER).exists():
                tar.add(Path(folder) / LEDGER, LEDGER)
            for path in sorted(configuration.data.iterdir()):
                if path.name not in _NOT_KEPT and not path.name.startswith((*SQLITE, _UNFINISHED)):
                    tar.add(path, path.name)
    os.chmod(part, 0o600)  # it holds the secret key
    part.replace(file)
    progress(f"{file}: {file.stat().st_size / 1e6:,.1f} MB in {time.monotonic() - started:.1f} s")


def restore(data: Path, file: Path, *, database_url: str, progress: Progress, empty_first: bool = False) -> None:
    """Unpack a backup into an empty data folder (and an empty PostgreSQL database, or one that is emptied first)."""
    if data.exists() and any(data.iterdir()):
        raise Impossible(f"{data} is not empty. A backup is restored into a new folder: set FOLKMOOT_DATA.")
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        unpacked = tempfile.TemporaryDirectory(dir=data, prefix=_UNFINISHED)  # inside: what is around it may be somebody else's
    except OSError as error:
        raise Impossible(
            f"{data} cannot be written: {error.strerror}. Make it first: sudo install -d -m 700 -o $USER {data}"
        ) from None
    with unpacked as folder:
        whole = Path(folder) / "data"
        try:
            with (
                file.open("rb") as raw,
                zstandard.ZstdDecompressor().stream_reader(raw) as packed,
                tarfile.open(fileobj=packed, mode="r|") as tar,
            ):
                _unpack(tar, whole)
            about = json.loads((whole / "backup.json").read_text())
        except (OSError, tarfile.TarError, zstandard.ZstdError, ValueError) as error:
            raise Impossible(f"{file} is not a whole backup: {error}") from None
        if (about["database"] == "postgresql") != bool(database_url):
            raise Impossible(f"This backup is of {about['database']}; set DATABASE_URL accordingly.")
        (whole / "backup.json").unlink()
        if database_url:
            if empty_first:
                _postgres_empty(database_url)
            _postgres_restore(database_url, whole / _DUMP)
            (whole / _DUMP).unlink()
        (whole / LEDGER).mkdir(exist_ok=True)
        (whole / LEDGER / RESTORED).touch()  # nothing is signed over what may have been published since: see ledger/actions.py
        for path in whole.iterdir():
            path.rename(data / path.name)
    progress(f"restored into {data}")


def _unpack(tar: tarfile.TarFile, whole: Path) -> None:
    """Plain files and folders that stay inside. Debian 12's Python 3.11.2 has no filter of its own for that yet."""
    more: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    whole.mkdir()
    for entry in tar:
        if not (entry.isfile() or entry.isdir()) or not (whole / entry.name).resolve().is_relative_to(whole.resolve()):
            raise tarfile.TarError(f"{entry.name} does not belong into one")
        entry.uid, entry.gid, entry.uname, entry.gname = os.geteuid(), os.getegid(), "", ""
        tar.extract(entry, whole, **more)


def row_hashes(path: Path) -> dict[str, str]:
    """A hash over every row of every table of an SQLite database: equal before and after, or the backup is wrong."""
    found = {}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for table in tables:
            digest = hashlib.sha256()
            for row in database.execute(f'SELECT * FROM "{table}" ORDER BY 1'):
                digest.update(repr(row).encode())
            found[table] = digest.hexdigest()
    return found


def _sqlite_copies(configuration: Configuration, folder: Path, progress: Progress) -> list[Path]:
    copies = []
    for name in SQLITE:
        source, copy = configuration.data / name, folder / name
        if not source.exists():
            raise Impossible(f"{configuration.data} holds no community.")

        def tell(status: int, left: int, total: int, name: str = name) -> None:
            if total:
                progress(f"copying {name}: {100 * (total - left) // total} %")

        with sqlite3.connect(source, timeout=30) as live, sqlite3.connect(copy) as still:
            live.backup(still, pages=-1, progress=tell)  # in one step: a step apart, a write begins it anew
        copies.append(copy)
    return copies


def _postgres_dump(configuration: Configuration, folder: Path) -> list[Path]:
    copy = folder / _DUMP
    _program("pg_dump", ["--format=custom", "--no-owner", f"--file={copy}", configuration.database_url])
    return [copy]


def _postgres_restore(database_url: str, dump: Path) -> None:
    _program("pg_restore", ["--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={database_url}", str(dump)])


def _postgres_empty(database_url: str) -> None:
    import psycopg

    with psycopg.connect(database_url) as database:
        database.execute("DROP SCHEMA IF EXISTS state CASCADE")
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public")


def _program(name: str, arguments: list[str]) -> None:
    found = shutil.which(name)
    if found is None:
        raise Impossible(f"{name} is missing. On Debian or Ubuntu: apt install postgresql-client")
    done: Any = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Impossible(f"{name} failed: {done.stderr.strip()[:500]}")
