"""The house, read as text: its rooms, files, syntax trees and words."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "folkmoot"
DOCS = ROOT / "docs"
ROOMS = sorted(p.name for p in HOUSE.iterdir() if p.is_dir() and p.name != "__pycache__")


def files(*suffixes: str, tests: bool = False, migrations: bool = False) -> list[Path]:
    """Files of the rooms; their tests and migrations only when asked for."""
    found = [p for p in HOUSE.rglob("*") if p.suffix in suffixes and "__pycache__" not in p.parts]
    return sorted(
        p for p in found if (tests or "tests" not in p.parts) and (migrations or "migrations" not in p.parts)
    )  # fmt: skip


def name(path: Path) -> str:
    """`threads/actions/write.py`: a file as the tests name it."""
    return str(path.relative_to(HOUSE if path.is_relative_to(HOUSE) else ROOT))


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def is_furniture(path: Path, kind: str) -> bool:
    """Whether a file is a room's `rules.py`, or stands in its folder `rules/`."""
    _, *rest = path.relative_to(HOUSE).parts
    return bool(rest) and (rest[0] == f"{kind}.py" or (rest[0] == kind and len(rest) > 1))


def furniture(kind: str) -> list[Path]:
    return [path for path in files(".py") if is_furniture(path, kind)]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Each module that a file imports, with `from a import b` read as `a.b` too."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a file that is no docstring."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(syntax(path))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def words(identifier: str) -> list[str]:
    """`PostHidden` and `post_hidden` are `post`, `hidden`."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)]


def table(path: Path, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of a Markdown file."""
    text = path.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)
    assert len(text) == 2, f"{path.name} has no section `{heading}`"
    rows = re.findall(r"^\|(.+)\|$", re.split(r"^## ", text[1], flags=re.MULTILINE)[0], flags=re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows[2:]]
