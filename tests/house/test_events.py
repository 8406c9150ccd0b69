"""What a room can tell: every act has its sentence for the public record, every event says which pages it touches."""

import ast
import importlib
import string
from dataclasses import fields

import pytest

from folkmoot.base.events import Act, Event
from tests.house.reading import HOUSE, files, furniture, is_furniture, name, syntax

pytestmark = pytest.mark.no_database
for _path in furniture("events"):
    importlib.import_module("folkmoot." + ".".join(_path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__"))


def _kinds(kind: type[Event]) -> list[type[Event]]:
    own = [one for one in kind.__subclasses__() if one.__module__.startswith("folkmoot.")]
    return [*own, *(deeper for one in own for deeper in _kinds(one))]


EVENTS = sorted({e for e in _kinds(Event) if e is not Act}, key=lambda e: (e.__module__, e.__name__))
ACTS = [e for e in EVENTS if issubclass(e, Act) and not e.__name__.startswith("Of")]
"""`OfPost`, `OfThread` only hold what several events have in common."""


@pytest.mark.parametrize("act", ACTS, ids=lambda a: a.__name__)
def test_every_act_has_a_sentence_of_its_own_fields(act):
    sentence = getattr(act, "sentence", "")
    assert sentence, f"{act.__name__} needs a sentence for the public record, such as '{{office}} locked thread {{thread_id}}'"
    named = {part for _, part, _, _ in string.Formatter().parse(sentence) if part is not None}
    allowed = {f.name for f in fields(act)} - {"by", "reason"}
    assert named <= allowed, (
        f"{act.__name__}: {named - allowed} may not stand in its sentence: only the office and its own ids and numbers"
    )
    assert "office" in named, f"{act.__name__}: the sentence begins with {{office}}, for it is an office that acts"


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.__name__)
def test_every_event_says_which_pages_it_touches(event):
    sample = {f.name: "x" if f.type in (str, "str") else 1 for f in fields(event)}
    tags = event(**sample).touches()
    assert tags, f"{event.__name__} touches no page: return the tags of every stored page that shows what it changed"
    assert all(isinstance(tag, str) and 0 < len(tag) <= 80 for tag in tags)


@pytest.mark.parametrize("event", [e for e in EVENTS if not e.__name__.startswith("Of")], ids=lambda e: e.__name__)
def test_every_event_is_told(event):
    for path in files(".py"):
        if not is_furniture(path, "events"):
            named = {
                getattr(n, "attr", getattr(n, "id", ""))
                for n in ast.walk(syntax(path))
                if isinstance(n, (ast.Attribute, ast.Name))
            }
            if event.__name__ in named:
                return
    pytest.fail(f"{event.__name__} is told nowhere: tell it in the action, or take it away")


def test_an_act_is_told_with_who_in_which_office_and_why():
    acts = {a.__name__ for a in ACTS}
    for path in files(".py"):
        for node in ast.walk(syntax(path)):
            called = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if called in acts:
                given = {k.arg for k in node.keywords}
                assert {"by", "office", "reason"} <= given, (
                    f"{name(path)}, line {node.lineno}: {called} needs by=, office= and reason="
                )
