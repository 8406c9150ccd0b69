"""Writing an export: one read transaction over everything, a row at a time."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from folkmoot.base.answers import no
from folkmoot.base.models import StateModel
from folkmoot.exchange.whole.plan import COMMUNITY, FORMAT, PLAN, Table, tables
from folkmoot.exchange.whole.values import writer
from folkmoot.ledger.log import FOLDER as LEDGER
from folkmoot.ledger.log import Log

MEDIA = "media"
_CHUNK = 2000
_EVERY = 500
"""So many rows are written between two tellings of the progress."""

_OURS = {table.file for table in PLAN} | {MEDIA, LEDGER}

Progress = Callable[[int, int], None]
"""Told how many rows of how many are done."""


def export_site(folder: Path, *, private: bool, progress: Progress = lambda done, of: None) -> dict[str, int]:
    """Write the whole community into the folder, which is new, empty or an older export; returns the rows of each file.

    It appears under its name only when it is whole: until then it stands beside it, and goes when interrupted.
    """
    folder = folder.absolute()
    _may_replace(folder)
    part = folder.with_name(f".{folder.name}.folkmoot-export")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700 if private else 0o755, parents=True)
    try:
        counts = _write(part, private=private, progress=progress)
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return counts


def _may_replace(folder: Path) -> None:
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if folder.exists() and not folder.is_dir():
        no(f"{folder} is a file.").or_refuse()
    if found and (COMMUNITY not in found or found - _OURS):
        no(f"{folder} holds something else: {', '.join(sorted(found - _OURS) or sorted(found))[:200]}.").or_refuse()


def _write(folder: Path, *, private: bool, progress: Progress) -> dict[str, int]:
    chosen = [table for table in tables(private=private) if table.file != COMMUNITY]
    files = _copy_ledger(folder)
    with snapshot():
        counts = {table.file: table.rows(private=private).count() for table in chosen}
        done, of = 0, sum(counts.values())
        for table in chosen:
            digest, rows = hashlib.sha256(), 0
            with _new_file(folder / table.file, private=private) as file:
                for line in _lines(table, private=private):
                    file.write(line)
                    digest.update(line)
                    rows += 1
                    if rows % _EVERY == 0:
                        progress(done + rows, of)
            done += rows
            files[table.file] = {"rows": rows, "sha256": digest.hexdigest()}
        community = list(_lines(PLAN[0], private=private))
        files.update(_copy_media(folder, private=private))
    if not community:
        no("There is no community yet to export.").or_refuse()
    about = {
        "folkmoot_export": FORMAT, "private": private, "community": json.loads(community[0]), "files": files,
    }  # fmt: skip
    with _new_file(folder / COMMUNITY, private=private) as file:
        file.write(json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n")
    progress(done, done)
    return {name: about["rows"] for name, about in files.items() if "rows" in about}


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one moment, however long it takes and whatever is written meanwhile. On SQLite a
    deferred transaction, because ours begin IMMEDIATE and would keep every writer out."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                cursor.execute("SELECT COUNT(*) FROM sqlite_master")
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _lines(table: Table, *, private: bool) -> Iterator[bytes]:
    fields = list(table.fields(private=private))
    names = [name for name, _, _ in fields]
    changes = [(at, change) for at, (_, field, _) in enumerate(fields) if (change := writer(field)) is not None]
    words = [names.index(name) for name in table.words.split()] if not private else []
    paths = [path for _, _, path in fields] + ([table.state] if words else [])
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for found in table.rows(private=private).values_list(*paths).iterator(chunk_size=_CHUNK):
        row = list(found)
        for at, change in changes:
            if row[at] is not None:
                row[at] = change(row[at])
        if words and row[-1] != "visible":
            for at in words:
                row[at] = ""
        yield encode(dict(zip(names, row, strict=False))).encode() + b"\n"


def _new_file(path: Path, *, private: bool) -> Any:
    """Readable by its owner only from the first byte on, when it is private."""
    mode = 0o600 if private else 0o644
    return open(path, "xb", buffering=1 << 18, opener=lambda name, how: os.open(name, how, mode))


def _copy_media(folder: Path, *, private: bool) -> dict[str, dict[str, Any]]:
    """What members uploaded, as it lies in the data folder; in a public export what a visitor may have."""
    files: dict[str, dict[str, Any]] = {}
    source = Path(settings.DATA) / MEDIA
    attachments = next(table for table in PLAN if table.model == "threads.Attachment")
    shown = set(attachments.rows(private=False).values_list("sha256", flat=True))
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file() and not path.is_symlink() and (private or path.name in shown):
            name = path.relative_to(source.parent).as_posix()
            (folder / name).parent.mkdir(mode=0o700 if private else 0o755, parents=True, exist_ok=True)
            with path.open("rb") as from_, _new_file(folder / name, private=private) as to:
                shutil.copyfileobj(from_, to, 1 << 20)
            with path.open("rb") as file:
                files[name] = {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    return files


def _copy_ledger(folder: Path) -> dict[str, dict[str, Any]]:
    """The files of the log, before the rows are read: what is in them is in the rows too."""
    names = Log(Path(settings.DATA) / LEDGER).copy_to(folder / LEDGER)
    return {f"{LEDGER}/{name}": {"sha256": hashlib.sha256((folder / LEDGER / name).read_bytes()).hexdigest()} for name in names}


def is_state(table: Table) -> bool:
    return issubclass(table.rows_of, StateModel)
