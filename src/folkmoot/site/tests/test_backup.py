"""A backup holds every row; a restore brings every row back."""

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import zstandard
from django.conf import settings
from django.db import connection, connections
from tests.sites import Site

from folkmoot.site import backup as room
from folkmoot.site.configuration import load
from folkmoot.site.upgrade import roll_back

FOLKMOOT = [sys.executable, "-m", "folkmoot"]


def _hashes(path: Path) -> dict[str, str]:
    return room.row_hashes(path)


@pytest.mark.no_database
def test_every_row_of_a_served_community_comes_back(tmp_path):
    environ = {**os.environ, "FOLKMOOT_DATA": str(tmp_path / "one")}
    for name in ("DATABASE_URL", "SECRET_KEY"):
        environ.pop(name, None)
    subprocess.run(
        [*FOLKMOOT, "init", "--name", "X", "--promise", "Y", "--zone", "UTC", "--template", "hobby", "--admin", "Administrator1"],
        env=environ,
        check=True,
        capture_output=True,
    )
    kept = tmp_path / "one/media/ab/abcd"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"An attachment")
    subprocess.run([*FOLKMOOT, "backup", str(tmp_path / "x.tar.zst")], env=environ, check=True, capture_output=True)
    assert (tmp_path / "x.tar.zst").stat().st_mode & 0o077 == 0, "it holds the secret key"
    again = {**environ, "FOLKMOOT_DATA": str(tmp_path / "two")}
    subprocess.run([*FOLKMOOT, "restore", str(tmp_path / "x.tar.zst")], env=again, check=True, capture_output=True)
    for name in ("folkmoot.sqlite3", "state.sqlite3"):
        assert _hashes(tmp_path / "one" / name) == _hashes(tmp_path / "two" / name)
    assert (tmp_path / "two/media/ab/abcd").read_bytes() == b"An attachment"
    assert (tmp_path / "one/secret_key").read_text() == (tmp_path / "two/secret_key").read_text()
    said = subprocess.run(
        [*FOLKMOOT, "restore", str(tmp_path / "x.tar.zst")], env=again, check=False, capture_output=True, text=True
    )
    assert said.returncode == 1
    assert "not empty" in said.stderr


@pytest.mark.no_database
def test_a_broken_file_is_refused(tmp_path):
    (tmp_path / "bad").write_bytes(b"not a backup at all")
    with pytest.raises(room.Impossible, match="not a whole backup"):
        room.restore(tmp_path / "new", tmp_path / "bad", database_url="", progress=print)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.no_database
@pytest.mark.parametrize("python", ["3.11.2", "newer"])
@pytest.mark.parametrize("evil", ["../beside", "/folkmoot-beside", "link", "device"])
def test_a_backup_that_reaches_out_of_its_folder_is_refused(tmp_path, monkeypatch, python, evil):
    """Also by the Python of Debian 12, whose tarfile knows no filter."""
    if python == "3.11.2":
        monkeypatch.delattr(tarfile, "data_filter")
    entry = tarfile.TarInfo(evil)
    entry.type = {"link": tarfile.SYMTYPE, "device": tarfile.CHRTYPE}.get(evil, tarfile.REGTYPE)
    entry.linkname = "/etc/passwd" if evil == "link" else ""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(entry)
    (tmp_path / "evil.tar.zst").write_bytes(zstandard.compress(packed.getvalue()))
    with pytest.raises(room.Impossible, match="not a whole backup"):
        room.restore(tmp_path / "new", tmp_path / "evil.tar.zst", database_url="", progress=print)
    assert {path.name for path in tmp_path.iterdir()} == {"evil.tar.zst", "new"}
    assert list((tmp_path / "new").iterdir()) == []
    assert not Path("/folkmoot-beside").exists()


@pytest.mark.no_database
def test_the_python_of_debian_12_restores(tmp_path, monkeypatch):
    site = Site(tmp_path / "one")
    site.init()
    site.folkmoot("backup", str(tmp_path / "x.tar.zst"))
    monkeypatch.delattr(tarfile, "data_filter")
    room.restore(tmp_path / "two", tmp_path / "x.tar.zst", database_url="", progress=print)
    assert _hashes(tmp_path / "one" / "folkmoot.sqlite3") == _hashes(tmp_path / "two" / "folkmoot.sqlite3")


@pytest.mark.no_database
@pytest.mark.parametrize("way", ["restore", "roll back"])
def test_nothing_is_written_beside_the_data_folder(tmp_path, way):
    """As docs/running.md lays it out, what is around the data folder belongs to root."""
    site = Site(tmp_path / "one" / "data")
    site.data.parent.mkdir()
    site.init()
    site.folkmoot("backup", str(tmp_path / "x.tar.zst"))
    again = tmp_path / "two" / "data"
    again.mkdir(parents=True)
    around = site.data.parent if way == "roll back" else again.parent
    before = around.stat().st_mtime_ns
    if way == "restore":
        assert site.run("restore", str(tmp_path / "x.tar.zst"), FOLKMOOT_DATA=str(again)).returncode == 0
    else:
        roll_back(load({"FOLKMOOT_DATA": str(site.data)}), tmp_path / "x.tar.zst", say=print)
    assert around.stat().st_mtime_ns == before
    assert not list(site.data.glob(".folkmoot-*"))
    assert not list(again.glob(".folkmoot-*"))


@pytest.mark.no_database
@pytest.mark.parametrize(
    "command", [["check"], ["admin"], ["recount"], ["search", "rebuild"], ["upgrade"], ["backup", "x.tar.zst"]]
)
def test_a_command_in_the_wrong_folder_says_so_and_leaves_nothing_there(tmp_path, command):
    site = Site(tmp_path / "wrong", folder=tmp_path)
    done = site.run(*command)
    assert done.returncode == 1
    assert "holds no community" in done.stderr
    assert list(tmp_path.iterdir()) == []


def _rows() -> dict[str, list[tuple[object, ...]]]:
    tables = [t for t in connection.introspection.table_names() if not t.startswith("django_tasks")]
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def test_the_tests_own_database_is_backed_up_and_restored(village, tmp_path):
    opening = village.opening()
    village.reply(opening)
    before = _rows()
    configuration = load()
    room.backup(configuration, tmp_path / "b.tar.zst", progress=print)
    if not configuration.database_url:
        room.restore(tmp_path / "again", tmp_path / "b.tar.zst", database_url="", progress=print)
        for name in ("folkmoot.sqlite3", "state.sqlite3"):
            assert _hashes(settings.DATA / name) == _hashes(tmp_path / "again" / name)
        return
    import psycopg

    server, _, name = configuration.database_url.rpartition("/")
    fresh = f"{name}_again"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {fresh}")
    try:
        room.restore(tmp_path / "again", tmp_path / "b.tar.zst", database_url=f"{server}/{fresh}", progress=print)
        connections.close_all()
        connection.settings_dict["NAME"], kept = fresh, connection.settings_dict["NAME"]
        try:
            assert _rows() == before
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = kept
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {fresh} WITH (FORCE)")
