"""The standards and the charter, as a visitor reads them."""

import html
from importlib import import_module

from django.apps import apps
from django.test import Client

from folkmoot.standards.founding import STANDARDS
from folkmoot.standards.models import Edition, Standard, Wording
from folkmoot.standards.rules.charter import NUMBERS


def test_a_visitor_reads_every_standard_and_why_the_core_stands(village):
    said = html.unescape(Client().get("/standards/").content.decode())
    for number, (title, text, core) in enumerate(STANDARDS["political"], 1):
        assert f'id="standard-{number}"' in said
        assert title in said
        assert text in said
        assert core in said


def test_the_charter_says_every_number(village):
    said = html.unescape(Client().get("/standards/charter/").content.decode())
    for name, number in NUMBERS.items():
        assert f'id="{name}"><td>{number.says}</td>' in said


def test_before_the_founding_there_are_none(db):
    assert Client().get("/standards/").status_code == 404
    assert Client().get("/standards/charter/").status_code == 404


def test_a_community_of_before_this_room_gets_the_blank_set_once_people_are_there(village):
    found = import_module("folkmoot.standards.migrations.0002_founded_before").found
    for model in (Wording, Standard, Edition):
        model.objects.all().delete()
    found(apps, None)
    assert list(Wording.objects.order_by("standard__number").values_list("title", flat=True)) == [
        t for t, _, _ in STANDARDS["blank"]
    ]
    assert "Edition 1" in Client().get("/standards/").content.decode()


def test_an_empty_database_gets_none_from_the_migration(db):
    import_module("folkmoot.standards.migrations.0002_founded_before").found(apps, None)
    assert not Edition.objects.exists()
