"""The day on which a member last looked in: written once a day, in `state`, and lost without harm."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from folkmoot.members import tasks
from folkmoot.members.models import Visit


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(tasks, "_FLUSH_SECONDS", 0.0)


def _today() -> date:
    return datetime.now(UTC).date()


def test_a_members_page_notes_the_day_and_a_visitors_none(village):
    Client().get("/latest/")
    assert not Visit.objects.exists()
    village.signed_in(village.ada).get("/latest/")
    assert list(Visit.objects.values_list("member_id", "day")) == [(village.ada.pk, _today())]


def test_a_day_is_written_once_and_never_in_the_main_database(village):
    browser = village.signed_in(village.ada)
    writes = []
    for _ in range(3):
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["state"]) as state:
            browser.get("/help/")
        writes.append(sum("members_visit" in q["sql"] and "INSERT" in q["sql"] for q in state.captured_queries))
        assert not any("INSERT" in q["sql"] or "UPDATE" in q["sql"] for q in main.captured_queries)
    assert writes == [1, 0, 0]


def test_a_later_day_takes_the_place_of_an_earlier_one_and_never_the_other_way(village):
    browser = village.signed_in(village.ada)
    Visit.objects.create(member_id=village.ada.pk, day=_today() - timedelta(days=3))
    browser.get("/help/")
    assert Visit.objects.get().day == _today()
    ahead = _today() + timedelta(days=1)
    Visit.objects.update(day=ahead)
    browser.get("/help/")
    tasks.note_visit(village.ada.pk, None)
    assert Visit.objects.get().day == ahead


def test_visits_are_gathered_and_written_together(village, monkeypatch):
    village.signed_in(village.gus).get("/help/")
    monkeypatch.setattr(tasks, "_FLUSH_SECONDS", 600.0)
    for member in (village.ada, village.bram):
        village.signed_in(member).get("/help/")
    assert Visit.objects.count() == 1
    monkeypatch.setattr(tasks, "_FLUSH_SECONDS", 0.0)
    village.signed_in(village.gus).get("/help/")
    assert set(Visit.objects.values_list("member_id", flat=True)) == {village.ada.pk, village.bram.pk, village.gus.pk}
