"""Every field has a limit, in the database's model and in the form."""

import importlib

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from tests.house.reading import HOUSE, furniture

pytestmark = pytest.mark.no_database
UNLIMITED_ROWS = {
    "standards.Edition.charter": "numbers by their names, made by rules.charter",
    "juries.Case.content": "a post and three before it, each with a limit of its own",
    "threads.Unsent.typed": "the fields of a form, together cut at rules.may_keep_unsent",
    "juries.Jury.excluded": "96 hex digits for each member who is left out of a draw",
    "juries.Jury.counted": "two numbers",
    "juries.Jury.tally": "six numbers",
    "standards.Draft.charter": "the same",
    "standards.Draft.values": "the same, some of them",
    "exchange.ImportedExtra.payload": "what an old board had, as it had it; nobody here writes it, and no page shows it",
    "threads.Fragment.html": "rendered from Text.source, which has a limit",
    "ledger.OutboxEntry.facts": "an act's own fields: ids and numbers",
    "ledger.Reason.people": "an act's own fields: ids of members",
    "members.Session.session_data": "Django's own; at most what a visitor wrote in one form before joining",
    "members.Member.host_of": "ids of forums",
    "members.Member.blocked_from": "for each forum a moment, and a reason that has a limit",
    "threads.ReadingPlace.pages": "one number for each page of a thread",
}
UNLIMITED_FIELDS = {
    "AlertForm.text": "counted by the charter's number, which keeps the text when it is too long",
    "ArticleForm.text": "the same, together with the quoted paragraphs",
    "WriteForm.text": "counted in bytes by rules.may_say, which keeps the text when it refuses it",
}
MOST = 100_000


def _rows():
    for model in apps.get_models():
        if model.__module__.startswith("folkmoot."):
            for field in model._meta.local_concrete_fields:
                if isinstance(field, (models.CharField, models.TextField, models.BinaryField, models.JSONField)):
                    yield f"{model._meta.label}.{field.name}", getattr(field, "max_length", None)


def test_every_column_of_text_has_a_limit():
    found = {name: limit for name, limit in _rows() if limit is None or not 0 < limit <= MOST}
    assert found.keys() - UNLIMITED_ROWS.keys() == set(), (
        "Give these columns a max_length (a named number in the room's rules.py)"
    )
    assert UNLIMITED_ROWS.keys() - found.keys() == set(), "These have a limit now: take them off the list"


def _forms():
    for path in furniture("forms"):
        module = importlib.import_module(
            "folkmoot." + ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")
        )
        for form in vars(module).values():
            if isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == module.__name__:
                yield form


def _fields(form):
    try:
        return form().fields
    except (TypeError, KeyError):  # it wants to know for whom
        return form.base_fields


def test_every_field_of_a_form_has_a_limit():
    found = set()
    for form in _forms():
        for name, field in _fields(form).items():
            if isinstance(field, forms.CharField):
                limits = [v.limit_value for v in field.validators if type(v).__name__ == "MaxLengthValidator"]
                if not limits or max(limits) > MOST:
                    found.add(f"{form.__name__}.{name}")
    assert found - UNLIMITED_FIELDS.keys() == set(), "Give these fields a max_length: the form refuses what the row cannot hold"
    assert UNLIMITED_FIELDS.keys() - found == set(), "These have a limit now: take them off the list"


def test_allauth_uses_our_forms_to_join_and_sign_in():
    assert {import_string(path) for path in settings.ACCOUNT_FORMS.values()} <= set(_forms())


def test_a_request_has_a_limit():
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 4 * MOST
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS <= 100
