"""Moving an export in again: into an empty community, with every id as it was, in one transaction."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from folkmoot.base import markup
from folkmoot.base.answers import Refused, no
from folkmoot.base.events import tell
from folkmoot.exchange.events import CommunityMovedIn
from folkmoot.exchange.whole.plan import COMMUNITY, FORMAT, PLAN, Table
from folkmoot.exchange.whole.values import reader
from folkmoot.exchange.whole.write import MEDIA, Progress, is_state
from folkmoot.ledger.log import FOLDER as LEDGER
from folkmoot.ledger.log import RESTORED
from folkmoot.members.models import Member, Session
from folkmoot.threads.models import Fragment, Post, Text, Thread

_BATCH = 500


def import_site(folder: Path, *, progress: Progress = lambda done, of: None) -> dict[str, int]:
    """Move the exported community in. What stands here must be empty of threads; founding it is undone.

    Returns the rows of each file. An interrupted run leaves nothing behind.
    """
    about = _about(folder)
    _must_be_empty()
    load = _Load(folder, about, progress)
    try:
        with _another_ledger(), transaction.atomic(), transaction.atomic(using="state"):
            for alias in ("default", "state"):
                _clear(alias)
                for table in PLAN:
                    if is_state(table) == (alias == "state"):
                        load.table(table)
                _check(connections[alias])
                _continue_ids(connections[alias])
            _bring_files(folder, about)
            tell(CommunityMovedIn())
    except BaseException:
        shutil.rmtree(Path(settings.DATA) / MEDIA, ignore_errors=True)  # it was empty before
        raise
    progress(load.done, load.done)
    return load.counts


def _about(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads((folder / COMMUNITY).read_bytes())
        asked = about["folkmoot_export"], about["private"], about["community"], about["files"]
    except (OSError, ValueError, KeyError, TypeError):
        no(f"{folder} is no whole export: {COMMUNITY} is missing or cannot be read.").or_refuse()
        raise
    if asked[0] != FORMAT:
        no(f"{folder} was written in format {asked[0]}; this Folkmoot reads format {FORMAT}. Upgrade it first.").or_refuse()
    return dict(about)


def _must_be_empty() -> None:
    if Thread.objects.exists() or Member.objects.count() > 1:
        no(
            "There are threads or members here already. An export moves into an empty community only: "
            "set FOLKMOOT_DATA to a new folder (or DATABASE_URL to an empty database)."
        ).or_refuse()
    media = Path(settings.DATA) / MEDIA
    if media.is_dir() and any(media.iterdir()):
        no(f"{media} is not empty.").or_refuse()


def _clear(alias: str) -> None:
    """Undo the founding: the rows that it, and its administrator's first steps, have made."""
    with connections[alias].cursor() as cursor:
        for table in reversed(PLAN):
            if is_state(table) == (alias == "state"):
                cursor.execute(f"DELETE FROM {table.rows_of._meta.db_table}")
    if alias == "state":
        Session.objects.all().delete()


_ANSWERED = (
    "UPDATE threads_post SET answered_id = (SELECT q.author_id FROM threads_post q WHERE q.id = threads_post.parent_id)"
    " WHERE answered_id IS NULL AND parent_id IS NOT NULL"
)
"""Of an export from before posts knew whom they answer."""


class _Load:
    """Reads the files line by line, and says in which line something is wrong."""

    def __init__(self, folder: Path, about: dict[str, Any], progress: Progress) -> None:
        self.folder, self.community, self.files, self.progress = folder, about["community"], about["files"], progress
        self.counts: dict[str, int] = {}
        self.done = 0
        self.of = sum(about.get("rows", 0) for about in self.files.values())

    def table(self, table: Table) -> None:
        if table.file == COMMUNITY:
            return _insert_one(table, self.community)
        said = self.files.get(table.file)
        if said is None:
            return
        insert = _inserter(table)
        batch: list[dict[str, Any]] = []
        digest, number = hashlib.sha256(), 0
        try:
            with (self.folder / table.file).open("rb") as file:
                for line in file:
                    number += 1
                    digest.update(line)
                    batch.append(json.loads(line))
                    if len(batch) == _BATCH:
                        self._write(insert, batch)
                self._write(insert, batch)
        except (OSError, ValueError, AttributeError, DatabaseError, Refused) as trouble:
            reason = trouble.reason if isinstance(trouble, Refused) else str(trouble).strip().splitlines()[0]
            no(f"{table.file}, at or before line {number}: {reason}. Nothing was moved in.").or_refuse()
        if (number, digest.hexdigest()) != (said.get("rows"), said.get("sha256")):
            no(f"{table.file} is not as {COMMUNITY} says: it was cut short or changed. Nothing was moved in.").or_refuse()
        if table.rows_of is Post:
            with connections["default"].cursor() as cursor:
                cursor.execute(_ANSWERED)
        self.counts[table.file] = number

    def _write(self, insert: "Inserter", batch: list[dict[str, Any]]) -> None:
        insert(batch)
        self.done += len(batch)
        self.progress(self.done, self.of)
        batch.clear()


Inserter = Callable[[list[dict[str, Any]]], None]


def _inserter(table: Table) -> Inserter:
    if table.rows_of is Post:
        return _post_inserter(table)
    return _into(table.rows_of, table, connections["state" if is_state(table) else "default"])


def _into(model: type[models.Model], table: Table, connection: BaseDatabaseWrapper) -> Inserter:
    """Writes rows of one model by our own SQL: every column has a value of the line, or its default."""
    known = {name: field for name, field, _ in table.fields(private=True)}
    own = [(field.attname, field) for field in model._meta.concrete_fields]
    readers = [(name, reader(name, field, connection), _default(field, connection)) for name, field in own]
    columns = ", ".join(connection.ops.quote_name(field.column or "") for _, field in own)
    sql = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({', '.join(['%s'] * len(own))})"

    def insert(batch: list[dict[str, Any]]) -> None:
        for row in batch:
            if unknown := row.keys() - known.keys():
                no(f"{', '.join(sorted(unknown))} is no field that this Folkmoot knows").or_refuse()
        with connection.cursor() as cursor:
            cursor.executemany(
                sql, [[read(row[name]) if name in row else default() for name, read, default in readers] for row in batch]
            )

    return insert


def _default(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Callable[[], Any]:
    if field.model is Member and field.name == "password":
        return lambda: make_password(None)  # nobody can sign in until a one-time link sets one

    def default() -> Any:
        if not (field.null or field.has_default() or field.empty_strings_allowed):
            no(f"{field.attname} is missing").or_refuse()
        return field.get_db_prep_save(field.get_default(), connection)

    return default


def _post_inserter(table: Table) -> Inserter:
    """A post's text goes beside it, and is rendered anew."""
    connection = connections["default"]
    posts = _into(Post, table, connection)

    def insert(batch: list[dict[str, Any]]) -> None:
        posts(batch)
        texts = [(row["id"], *_text_of(row)) for row in batch]
        Text.objects.bulk_create([Text(post_id=pk, source=text, format=form) for pk, text, form in texts])
        Fragment.objects.bulk_create([
            Fragment(
                post_id=pk, html=markup.render_as(form, text), render_version=markup.RENDER_VERSION
            )
            for pk, text, form in texts
        ])  # fmt: skip

    return insert


def _text_of(row: dict[str, Any]) -> tuple[str, str]:
    text, form = row.get("text"), row.get("format")
    if not isinstance(text, str) or len(text.encode()) > markup.MAX_BYTES:
        no(f"text is missing, or longer than {markup.MAX_BYTES:,} bytes").or_refuse()
    if form not in Text.Format.values:
        no(f"format is one of {', '.join(Text.Format.values)}").or_refuse()
    assert isinstance(text, str)
    assert isinstance(form, str)
    return text.replace("\x00", ""), form


def _insert_one(table: Table, row: dict[str, Any]) -> None:
    try:
        _inserter(table)([row])
    except (DatabaseError, Refused, AttributeError) as trouble:
        no(f"{table.file}: {trouble}. Nothing was moved in.").or_refuse()


def _check(connection: BaseDatabaseWrapper) -> None:
    """Whether every row points at rows that are here."""
    try:
        connection.check_constraints()
    except DatabaseError as trouble:
        no(f"The files do not fit together: {str(trouble).strip().splitlines()[0]} Nothing was moved in.").or_refuse()


def _continue_ids(connection: BaseDatabaseWrapper) -> None:
    """The next new row gets the next free id (SQLite sees to that by itself)."""
    chosen = [table.rows_of for table in PLAN if is_state(table) == (connection.alias == "state")]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), chosen):
            cursor.execute(sql)


@contextmanager
def _another_ledger() -> Iterator[None]:
    """The log that the founding has begun makes way; it comes back when nothing moves in."""
    here = Path(settings.DATA) / LEDGER
    aside = here.with_name(f"{LEDGER}-before-import")
    shutil.rmtree(aside, ignore_errors=True)
    if here.exists():
        here.rename(aside)
    try:
        yield
    except BaseException:
        shutil.rmtree(here, ignore_errors=True)
        if aside.exists():
            aside.rename(here)
        raise


def _bring_files(folder: Path, about: dict[str, Any]) -> None:
    """Uploads, and the files of the log; the log waits then for its key, and for somebody to say that it goes on here."""
    for name, said in _files_of(about["files"]):
        source, target = folder / name, Path(settings.DATA) / name
        top = name.partition("/")[0]
        if not source.resolve().is_relative_to((folder / top).resolve()) or ".." in name.split("/"):
            no(f"{name} is no file of {top}. Nothing was moved in.").or_refuse()
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        with target.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != said.get("sha256"):
                no(f"{name} is not as {COMMUNITY} says. Nothing was moved in.").or_refuse()
    if (Path(settings.DATA) / LEDGER).exists():
        (Path(settings.DATA) / LEDGER / RESTORED).touch()


def _files_of(files: dict[str, dict[str, Any]]) -> Iterable[tuple[str, dict[str, Any]]]:
    found: Iterator[tuple[str, dict[str, Any]]] = (
        (n, said) for n, said in files.items() if n.startswith((f"{MEDIA}/", f"{LEDGER}/"))
    )
    return found
