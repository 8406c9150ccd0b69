"""One word from the address to the public record: docs/words.md says which, and which not."""

import ast
import re
from collections import defaultdict

import pytest

from tests.house.reading import DOCS, HOUSE, files, name, syntax, table, words
from tests.routes import route_names

pytestmark = pytest.mark.no_database
WORDS = DOCS / "words.md"
INSTEAD = {
    word.strip(" `"): ours for ours, _, theirs in table(WORDS, "The table") for word in theirs.split(",") if word.strip()
}  # fmt: skip


def _honest() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for room, said, _ in table(WORDS, "Honest uses"):
        found[room.strip("`")] |= {word.strip(" `") for word in said.split(",")}
    return found


def _foreign(text_words: list[str], room: str, *, in_code: bool) -> set[str]:
    """The words that we do not say, in any form, less the honest uses of the room."""
    honest = _honest()
    allowed = honest[room] | (set() if in_code else honest["*"])
    found = set()
    for word in text_words:
        stems = {word, word.removesuffix("s"), word.removesuffix("d"), word.removesuffix("ed"), word.removesuffix("ing")}
        if stems & INSTEAD.keys() and word not in allowed and not stems & allowed:
            found.add(word)
    return found


def _sentence(where: str, found: set[str]) -> str:
    return "; ".join(f"{where} says `{word}`: we say {_ours(word)} (docs/words.md)" for word in sorted(found))


def _ours(word: str) -> str:
    return next(ours for theirs, ours in INSTEAD.items() if word.startswith(theirs))


def _names(path) -> list[tuple[int, str]]:
    """Every name that the file itself gives: functions, classes, arguments, variables, fields."""
    found = []
    for node in ast.walk(syntax(path)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.append((node.lineno, node.name))
        elif isinstance(node, ast.arg):
            found.append((node.lineno, node.arg))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append((node.lineno, node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.append((node.lineno, node.attr))
    return found


@pytest.mark.parametrize("path", files(".py", tests=True), ids=name)
def test_no_name_in_the_code_is_a_word_that_we_do_not_say(path):
    room = path.relative_to(HOUSE).parts[0]
    for line, given in _names(path):
        if not given.isupper():  # a setting that a library named
            found = _foreign(words(given), room, in_code=not given.startswith("test_"))
            assert not found, f"line {line}: " + _sentence(f"{name(path)}, `{given}`,", found)
    found = _foreign(words(path.stem), room, in_code=True)
    assert not found, _sentence(f"the name of {name(path)}", found)


@pytest.mark.parametrize("path", files(".html"), ids=name)
def test_no_page_says_a_word_that_we_do_not_say(path):
    room = path.relative_to(HOUSE).parts[0]
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = _foreign([word.lower() for word in re.findall(r"[A-Za-z]+", text)], room, in_code=False)
    assert not found, _sentence(name(path), found)


def test_no_address_has_a_word_that_we_do_not_say():
    for route_name, route in route_names().items():
        room = route_name.split(":")[0] if ":" in route_name else "members"
        said = re.sub(r"<[^>]*>|\(\?P.*?\)", " ", route)
        found = _foreign(words(said) + words(route_name.split(":")[-1]), room, in_code=True)
        assert not found, _sentence(route, found)


def test_every_honest_use_names_a_room_and_a_word_of_the_table():
    rooms = {p.name for p in HOUSE.iterdir() if p.is_dir()} | {"*"}
    for room, said in _honest().items():
        assert room in rooms, f"docs/words.md: there is no room {room}"
        for word in said:
            stems = {word, word.removesuffix("s"), word.removesuffix("d")} | ({"moderator"} if word == "mod" else set())
            assert stems & INSTEAD.keys(), f"docs/words.md: `{word}` needs no honest use; nobody forbids it"
