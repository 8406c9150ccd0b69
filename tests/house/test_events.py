"""What a room can tell: every act has its sentence for the public record, every event says which pages it touches."""

import ast
import importlib
import string
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from folkmoot.base.events import Act, Event
from folkmoot.ledger.models import OutboxEntry
from folkmoot.ledger.queries import acts, entry_of, pieces_of
from folkmoot.ledger.rules.entries import MOST_BYTES, PEOPLE, WORDS
from folkmoot.site.record import choices
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


@pytest.mark.parametrize("act", ACTS, ids=lambda a: a.__name__)
def test_an_act_tells_the_ledger_ids_and_numbers_and_no_names(act):
    """The log is public and for ever. Whom an act concerns goes into it as a salted hash, which `PEOPLE` sees to."""
    for field in fields(act):
        if field.name in ("by", "office", "reason"):
            continue
        is_plain = field.type in (int, bool, "int", "bool", "int | None", int | None)
        assert is_plain or field.name in WORDS, (
            f"{act.__name__}.{field.name}: an act tells ids, numbers, yes and no. Words go into its reason, which can be redacted."
        )
        concerns = {"member", "author", "juror", "alerter", "host"} & set(field.name.split("_"))
        assert not concerns or field.name in PEOPLE, (
            f"{act.__name__}.{field.name} says whom it concerns: add it to PEOPLE in ledger/rules/entries.py"
        )


def test_every_act_has_a_name_and_a_deed_of_its_own():
    assert len({a.__name__ for a in ACTS}) == len(ACTS), "the ledger tells kinds of acts apart by their names"
    assert {a.__name__ for a in ACTS} == set(acts()), "the ledger tells every act in its own sentence"
    deeds = [deed for _, deed in choices({})["kinds"]]
    assert len(set(deeds)) == len(deeds), "two acts begin alike in the ledger's list of deeds"
    assert all(deeds)


@pytest.mark.parametrize("act", ACTS, ids=lambda a: a.__name__)
def test_every_act_can_be_told_and_written(act):
    facts = {f.name: 7 for f in fields(act) if f.name not in ("by", "office", "reason")}
    row = OutboxEntry(
        kind=act.__name__, office="administrator", officer=1, facts=facts, reason_hash="0" * 64, told_at=datetime(2026, 1, 1, tzinfo=UTC)
    )  # fmt: skip
    assert len(entry_of(row)) < MOST_BYTES
    said = "".join(piece.words for piece in pieces_of(row))
    assert said.startswith("Administrator 1 ")
    assert "{" not in said


PRIVATE = {"JurorsSummoned", "PartiesTold"}
"""What only members' own pages show, which are never stored."""


@pytest.mark.parametrize("event", [e for e in EVENTS if e.__name__ not in PRIVATE], ids=lambda e: e.__name__)
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
