"""The way out holds everything, says so, and nothing leaves the house by oversight."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from folkmoot.exchange.whole.plan import COMMUNITY, LEFT_OUT, PLAN

pytestmark = pytest.mark.no_database
DOC = (Path(__file__).resolve().parents[2] / "docs" / "export-format.md").read_text(encoding="utf-8")
MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
IN_POSTS = {"text__source", "text__format"}


def test_every_model_is_exported_or_named_as_left_out():
    exported, left_out = {table.model for table in PLAN}, set(LEFT_OUT)
    assert MODELS.keys() - exported - left_out == set(), (
        "Decide in exchange/whole/plan.py whether these rows leave the house: in PLAN with each field, public or private, "
        "or in LEFT_OUT with the reason; and tell it in docs/export-format.md"
    )
    assert (exported | left_out) - MODELS.keys() == set(), "These models are gone: take them out of exchange/whole/plan.py"
    assert exported & left_out == set()


@pytest.mark.parametrize("table", PLAN, ids=lambda table: table.file)
def test_every_field_of_an_exported_model_is_public_or_private(table):
    named = {path for _, _, path in table.fields(private=True)} - IN_POSTS
    columns = {field.attname for field in MODELS[table.model]._meta.concrete_fields}
    assert columns - named == set(), (
        f"Decide in exchange/whole/plan.py whether these fields of {table.model} are public (a visitor may read them) or private"
    )
    assert named - columns == set(), f"{table.model} has these fields no more: take them out of exchange/whole/plan.py"
    names = table.names(private=True)
    assert len(names) == len(set(names))
    assert set(table.words.split()) <= set(table.public.split())
    assert bool(table.words) == bool(table.state)


def _told(file: str) -> dict[str, tuple[bool, str]]:
    """The fields in the document's table of a file: name to whether it is private, and its meaning."""
    section = re.search(rf"^## `?{re.escape(file)}`?.*?\n(.*?)(?=^## |\Z)", DOC, re.MULTILINE | re.DOTALL)
    assert section, f"docs/export-format.md has no section {file}"
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|$", section[1], re.MULTILINE)
    return {name: ("private" in kind, meaning.strip()) for name, kind, meaning in rows}


@pytest.mark.parametrize("table", PLAN, ids=lambda table: table.file)
def test_the_document_tells_every_field_in_its_order(table):
    told = _told(table.file)
    assert list(told) == table.names(private=True), f"docs/export-format.md, {table.file}"
    assert {name for name, (private, _) in told.items() if private} == set(table.private.split()), table.file
    assert all(meaning for _, meaning in told.values()), f"{table.file}: a field without its meaning"


def test_the_document_tells_no_file_that_is_none_and_why_rows_are_left_out():
    files = set(re.findall(r"^## `([\w.]+)`", DOC, re.MULTILINE))
    assert files == {table.file for table in PLAN}
    for label in LEFT_OUT:
        assert f"`{label}`" in DOC, f"docs/export-format.md does not say that {label} is left out"
    assert f"`{COMMUNITY}`" in DOC
