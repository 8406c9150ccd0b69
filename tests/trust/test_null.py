"""A relation that is missing closes doors and opens none: every nullable column emptied, every page asked again."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from tests.doors import Broken, every_address, people
from tests.pages import Scene

SECRET = "zanzibar-kumquat"
PARTS = 4
"""The columns are dealt out, for tests run side by side."""


@pytest.fixture
def scene(village):
    scene = Scene(village)
    hidden = village.reply(scene.opening, SECRET, by=village.bram, subject=SECRET)
    from folkmoot.threads import actions

    actions.hide(hidden, by=village.gus, reason="Not here.")
    return scene


def _nullable() -> list[tuple[type[models.Model], Any]]:
    return [
        (model, field)
        for model in apps.get_models()
        if model.__module__.startswith("folkmoot.") and model._meta.managed
        for field in model._meta.concrete_fields
        if field.null and not any(b.__name__ == "StateModel" for b in model.__mro__)
    ]


class Asked:
    """Everything that the database is asked meanwhile."""

    def __init__(self) -> None:
        self.sql = ""

    def __enter__(self) -> "Asked":
        self._wrapped = connection.execute_wrapper(self._note)
        self._wrapped.__enter__()
        return self

    def __exit__(self, *trouble: Any) -> None:
        self._wrapped.__exit__(*trouble)

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.sql += sql
        return execute(sql, params, many, context)


class _Undo(Exception):
    pass


@pytest.mark.parametrize("part", range(PARTS))
def test_a_missing_value_breaks_no_page_and_opens_none(scene, count, part):
    found = [a for a in every_address(scene) if "/sign-out/" not in a]
    who = people(scene)
    roles = ("visitor", "member", "administrator")
    usual, reads = {}, {}
    for role in roles:
        for a in found:
            with Asked() as asked:
                usual[role, a] = who[role].get(a).status_code
            reads[role, a] = asked.sql
    nullable = _nullable()
    assert len(nullable) > 10
    asked_again = 0
    with Broken() as broken:
        for model, field in nullable[part::PARTS]:
            try:
                with transaction.atomic():
                    model.objects.update(**{field.attname: None})
                    for (role, address), status in usual.items():
                        if model._meta.db_table not in reads[role, address]:
                            continue  # no value of this table can change it
                        asked_again += 1
                        answer = who[role].get(address)
                        what = f"{model.__name__}.{field.name} is null: {address} by {role} was {status}, is {answer.status_code}"
                        assert answer.status_code < 500, f"{what} {broken.errors[-1:]}"
                        if field.is_relation and role != "administrator":
                            assert status < 400 or answer.status_code >= 400 or answer.status_code == 302, what
                            assert SECRET.encode() not in answer.getvalue(), what
                    raise _Undo
            except IntegrityError:
                count("columns that the database keeps from being emptied")
            except _Undo:
                count("columns emptied")
    assert asked_again > 10 * len(nullable[part::PARTS])
