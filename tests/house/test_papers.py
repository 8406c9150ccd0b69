"""Documentation that fails when it is untrue."""

import hashlib
import re
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from django.urls import is_valid_path
from packaging.requirements import Requirement

from tests.house.reading import DOCS, ROOMS, ROOT, files, name, table
from tests.routes import route_names

pytestmark = pytest.mark.no_database
PAPERS = ["README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
AGPL = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
"""SHA-256 of agpl-3.0.txt as gnu.org publishes it."""

COMPATIBLE = (
    "MIT", "BSD", "ISC", "Apache", "Python Software Foundation", "PSF", "MPL-2.0", "Mozilla Public License 2.0", "LGPL",
    "GNU Lesser General Public License", "GPL-3.0-or-later", "AGPL", "Unlicense", "0BSD", "Zlib",
)  # fmt: skip
"""Licences whose code may be part of a program under the AGPL, version 3 or later."""


def _markdown():
    return sorted(DOCS.rglob("*.md")) + [ROOT / paper for paper in PAPERS if paper.endswith(".md")]


def test_the_papers_are_here():
    missing = [paper for paper in PAPERS if not (ROOT / paper).exists()]
    assert missing == [], "A house that people rely on has these papers"


def test_the_licence_is_the_whole_and_unchanged_text():
    found = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert found == AGPL, "LICENSE is the text of the AGPL, version 3, to the letter; what we add stands in README.md"


def _dependencies(of: str, seen: set[str]) -> set[str]:
    """Every package that comes with the program, and with those."""
    for line in distribution(of).requires or []:
        wanted = Requirement(line)
        if wanted.name not in seen and (wanted.marker is None or wanted.marker.evaluate({"extra": "binary"})):
            try:
                distribution(wanted.name)
            except PackageNotFoundError:
                continue
            seen.add(wanted.name)
            _dependencies(wanted.name, seen)
    return seen


@pytest.mark.parametrize("package", sorted(_dependencies("folkmoot", set())))
def test_a_dependencys_licence_goes_with_the_agpl(package):
    about = distribution(package).metadata
    said = [about.get("License-Expression") or "", (about.get("License") or "")[:200]]
    said += [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    named = " ".join(said)
    assert any(licence in named for licence in COMPATIBLE), (
        f"{package} says {named.strip() or 'nothing'} of its licence. Only what goes with the AGPL may be a dependency; "
        "if it does, add its licence to COMPATIBLE with a look at its text."
    )


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("*.md")), ids=name)
def test_a_decision_fits_on_a_page(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 40, f"{name(path)} has {len(lines)} lines, at most 40: what was decided, why, what was measured"
    assert lines[0].startswith("# "), f"{name(path)} begins with its title"


def test_the_tour_leads_through_files_and_names_that_exist():
    text = (DOCS / "tour.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:src|tests|docs)/[\w./-]+)`", text)
    named += [f"src/folkmoot/{path}" for path in re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w./-]+\.\w+)`", text)]
    assert len(named) >= 12, "docs/tour.md follows one reply through the rooms, file by file"
    missing = [path for path in named if not (ROOT / path).exists()]
    assert missing == [], "docs/tour.md names files that are gone: walk the way again and write down where it leads now"
    source = "\n".join(p.read_text(encoding="utf-8") for p in files(".py", ".html"))
    for called in re.findall(r"`([A-Za-z_.]+)\(", text):
        assert called.split(".")[-1] in source, f"docs/tour.md calls {called}, which is gone"


def test_every_paper_that_is_named_exists():
    for path in [*_markdown(), *files(".py", ".html", ".css", tests=True)]:
        for paper in re.findall(r"\bdocs/[\w/-]+\.(?:md|png)", path.read_text(encoding="utf-8")):
            assert (ROOT / paper).exists(), f"{name(path)} names {paper}, which is not there: write it, or name another"
        links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text(encoding="utf-8"))
        for link in links if path.suffix == ".md" else ():
            assert (path.parent / link).exists(), f"{name(path)} links to {link}, which is not there"


def test_every_room_has_its_page_and_no_page_has_lost_its_room():
    pages = {p.stem for p in (DOCS / "rooms").glob("*.md")}
    missing = [room for room in ROOMS if room not in pages]
    assert missing == [], "Write docs/rooms/<room>.md: what it is, its rows, actions and pages, and its traps"
    assert pages - set(ROOMS) == set(), "These pages describe rooms that are gone"


def _addresses(cell: str) -> list[str]:
    return re.findall(r"`(/[^`]*)`", cell)


def test_the_readme_promises_only_addresses_that_exist():
    """`/threads/<id>/…` in the table stands for the route with that shape."""
    shapes = {_shape(route) for route in route_names().values()}
    rows = table(ROOT / "README.md", "What works today")
    promised = [address for row in rows for address in _addresses(row[0])]
    assert len(promised) > 15
    for address in promised:
        path = address.split("?")[0]
        known = _shape(path) in shapes or ("<" not in path and is_valid_path(path))
        assert known, f"README.md promises {address}: there is no such route"


def _shape(route: str) -> str:
    plain = re.sub(r"\(\?P<\w+>.*?\)", "<>", route.replace("/^", "/").rstrip("$"))
    return re.sub(r"<[^>]*>", "<>", plain)


def test_every_command_that_the_papers_name_exists():
    from folkmoot.site.cli import cli

    known = set(cli.commands)
    for path in _markdown():
        code = "\n".join(re.findall(r"`[^`]+`|^    .+$", path.read_text(encoding="utf-8"), re.MULTILINE))
        for command in re.findall(r"(?:^|[\s/`])folkmoot ([a-z][a-z-]+)\b", code):
            assert command in known, f"{name(path)} names `folkmoot {command}`: there is no such command"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for path in _markdown():
        for target in re.findall(r"`make ([a-z.][\w./-]*)`", path.read_text(encoding="utf-8")):
            assert re.search(rf"(^|\s){re.escape(target)}(\s.*)?:", makefile, re.MULTILINE), (
                f"{name(path)} names `make {target}`: no such target"
            )
