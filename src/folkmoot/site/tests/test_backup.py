"""A backup holds every row; a restore brings every row back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from folkmoot.site import backup as room
from folkmoot.site.configuration import load

FOLKMOOT = [sys.executable, "-m", "folkmoot"]


def _hashes(path: Path) -> dict[str, str]:
    return room.row_hashes(path)


@pytest.mark.no_database
def test_every_row_of_a_served_community_comes_back(tmp_path):
    environ = {**os.environ, "FOLKMOOT_DATA": str(tmp_path / "one")}
    for name in ("DATABASE_URL", "SECRET_KEY"):
        environ.pop(name, None)
    subprocess.run(
        [*FOLKMOOT, "init", "--name", "X", "--promise", "Y", "--zone", "UTC", "--template", "hobby"],
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
    assert not (tmp_path / "new").exists()


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
