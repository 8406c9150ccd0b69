"""`folkmoot simulate` by the real command line: it tells what came of its year, and leaves the operator's folder alone."""

import pytest

from tests.sites import Site

pytestmark = pytest.mark.no_database
SMALL = (
    "--cases",
    "8",
    "--members",
    "60",
    "--days",
    "20",
    "--faction",
    "0.4",
    "--absent",
    "0.2",
    "--abuse",
    "0.5",
    "--seed",
    "3",
)


def test_a_simulation_says_what_came_of_it_and_touches_no_community(tmp_path):
    mine, scratch = tmp_path / "mine", tmp_path / "scratch"
    for folder in (mine, scratch):
        folder.mkdir()
    (mine / "folkmoot.sqlite3").write_bytes(b"a community")
    (mine / "settings.env").write_text("DATABASE_URL=postgresql://nobody@127.0.0.1:1/nothing\n")
    site = Site(
        mine, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing", DRAND_RELAYS="https://127.0.0.1:1", TMPDIR=str(scratch)
    )
    done = site.run("simulate", *SMALL)
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in mine.iterdir()} == {
        "folkmoot.sqlite3": b"a community", "settings.env": b"DATABASE_URL=postgresql://nobody@127.0.0.1:1/nothing\n",
    }  # fmt: skip
    assert list(scratch.iterdir()) == []
    said = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert any(line.startswith("Verdicts too few to show 8") for line in said)
    for what in (
        "Half of the verdicts came within", "Nine of ten came within", "Whoever is drawn first", "As many as have seats",
        "Juries in which the faction had seats enough to hide", "Posts that broke nothing, hidden at the end",
    ):  # fmt: skip
        assert any(line.startswith(what) for line in said), what


def test_a_simulation_of_nobody_is_refused_with_a_sentence(tmp_path):
    done = Site(tmp_path / "data").run("simulate", "--members", "3")
    assert done.returncode == 2
    assert "60<=x<=100000" in done.stderr
    assert not (tmp_path / "data").exists()
