"""Every room is furnished alike: a file's name says its one job."""

import pytest

from tests.house.reading import DOCS, HOUSE, ROOMS, ROOT, name, table

pytestmark = pytest.mark.no_database
FURNITURE = {
    "rules", "events", "models", "actions", "queries", "forms", "listeners", "tasks", "views", "api", "urls", "admin",
    "templates", "static", "tests", "migrations", "apps", "__init__",
}  # fmt: skip
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services", "core"}
MOST_LINES = 400
_PLACES = ("src", "tests", "bench", "conftest.py")


def _own_furniture() -> dict[str, set[str]]:
    rows = table(DOCS / "decisions" / "own-furniture.md", "The list")
    own: dict[str, set[str]] = {}
    for room, names, _ in rows:
        own.setdefault(room.strip("`"), set()).update(n.strip("` ") for n in names.split(","))
    return own


def _files(*suffixes: str):
    for place in _PLACES:
        path = ROOT / place
        yield from ([path] if path.is_file() else (p for p in sorted(path.rglob("*")) if p.suffix in suffixes))


def test_a_room_holds_only_the_furniture_of_the_house():
    own = _own_furniture()
    troubles = []
    for room in ROOMS:
        for path in sorted((HOUSE / room).iterdir()):
            if path.name == "__pycache__" or path.suffix == ".pyc":
                continue
            if path.stem not in FURNITURE | own.get(room, set()):
                troubles.append(
                    f"{name(path)} is no furniture of the house. Put its content where it belongs ({', '.join(sorted(FURNITURE))}), "
                    "or list it with its reason in docs/decisions/own-furniture.md."
                )
    assert not troubles, "\n".join(troubles)


def test_the_list_of_own_furniture_is_true():
    for room, names in _own_furniture().items():
        here = {path.stem for path in (HOUSE / room).iterdir()}
        assert names <= here, f"docs/decisions/own-furniture.md lists {names - here} in {room}: they are gone, take them off"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_that_hears_or_works_by_the_clock_says_so_when_it_is_loaded(room):
    """Nothing else imports these files in a running site: unsaid, what they register is never called."""
    said = (HOUSE / room / "apps.py").read_text(encoding="utf-8") if (HOUSE / room / "apps.py").exists() else ""
    for file in ("listeners", "tasks"):
        if (HOUSE / room / f"{file}.py").exists() or (HOUSE / room / file).is_dir():
            assert f"import folkmoot.{room}.{file}" in said, f"{room}/apps.py: import folkmoot.{room}.{file} in ready()"


def test_no_file_is_named_after_nothing():
    found = [name(p) for p in _files(".py", ".css", ".html") if {p.stem, p.parent.name} & FORBIDDEN]
    assert found == [], "What has no name has no room: find the word for what these files do, and name them after it"


def test_no_file_is_longer_than_400_lines():
    lengths = {name(p): len(p.read_text(encoding="utf-8").splitlines()) for p in _files(".py", ".css", ".html")}
    long = {p: n for p, n in lengths.items() if n > MOST_LINES}
    assert long == {}, "At 400 lines a file becomes a folder of the same name: a file per verb or noun, re-exported by __init__"


def test_a_rooms_tests_are_named_as_tests():
    found = [name(p) for p in HOUSE.glob("*/tests/*.py") if not p.name.startswith("test_")]
    assert found == [], "A room's tests are test_rules.py and test_<verb or page>.py; what they share lies in tests/"
