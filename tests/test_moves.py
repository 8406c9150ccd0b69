"""A community moves by the real commands: from SQLite to this run's kind of database, and back, while it is served."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from tests.sites import Browser, Site, own_database

pytestmark = pytest.mark.own_site
PASSWORD = "a-long-enough-password"
SECRET = "the-same-key-for-all-of-them-" * 2


@contextmanager
def _site(data: Path, *, sqlite: bool) -> Iterator[Site]:
    with nullcontext({}) if sqlite else own_database("moves") as environ:
        site = Site(data, SECRET_KEY=SECRET, **environ)
        try:
            yield site
        finally:
            site.stop()


def _hash(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _plain(html: str, site: Site) -> str:
    """Without its own address, and the post counts, which a worker refreshes when it starts."""
    return re.sub(r"\(\d+ posts\)", "", html.replace(site.base, ""))


def test_a_served_community_moves_between_databases_and_back(tmp_path):
    with (
        _site(tmp_path / "one", sqlite=True) as one,
        _site(tmp_path / "two", sqlite=False) as two,
        _site(tmp_path / "three", sqlite=True) as three,
    ):
        one.link = one.init()
        one.serve()
        gus = Browser(one)
        gus.post(one.link, gus.form(one.link, password=PASSWORD))
        gus.post("/forums/lounge/new/", gus.form("/forums/lounge/new/", subject="Moving house", text="Mind the *stairs*"))
        thread = gus.path
        post = "/posts/1/reply/"
        gus.post(post, gus.form(post, subject="", text="Careful: ünïcödé 🚚"))
        said = one.folkmoot("export", "--private", str(tmp_path / "a"))
        assert "2 posts by 1 members" in said
        assert "rows" in said, "it shows its progress"
        assert "moved in" in two.folkmoot("import", "folkmoot", str(tmp_path / "a"))
        two.folkmoot("export", "--private", str(tmp_path / "b"))
        three.folkmoot("import", "folkmoot", str(tmp_path / "b"))
        three.folkmoot("export", "--private", str(tmp_path / "c"))
        assert _hash(tmp_path / "a") == _hash(tmp_path / "b") == _hash(tmp_path / "c")
        again = two.run("import", "folkmoot", str(tmp_path / "a"))
        assert again.returncode == 1
        assert "empty community" in again.stderr
        two.serve()
        reader = Browser(two)
        before = Browser(one).get(thread)
        assert _plain(reader.get(thread), two) == _plain(before, one)
        reader.post("/sign-in/", reader.form("/sign-in/", login="Administrator1", password=PASSWORD))
        form = reader.form("/forums/lounge/new/", subject="Arrived", text="The next id is free")
        assert "Arrived" in reader.post("/forums/lounge/new/", form)
        assert "/threads/2/" in reader.path
        assert two.folkmoot("check") == "All is well.\n"
