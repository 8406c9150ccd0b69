"""The load level set by hand: who is let in, and what never closes."""

import pytest
from django.test import Client

from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.site import actions, rules
from folkmoot.stars import actions as stars


@pytest.fixture
def people(village) -> dict[str, Client]:
    stars.give_star(village.fern, by=village.gus, reason="She paid.")
    member, star = village.signed_in(village.ada), village.signed_in(Member.objects.get(pk=village.fern.pk))
    return {"visitor": Client(), "member": member, "star": star, "administrator": village.signed_in(village.gus)}


@pytest.mark.parametrize(
    ("level", "let_in"),
    [
        (0, {"visitor", "member", "star", "administrator"}),
        (1, {"member", "star", "administrator"}),
        (2, {"star", "administrator"}),
        (3, {"administrator"}),
    ],
)
def test_each_level_lets_fewer_in(village, people, level, let_in):
    thread = f"/threads/{village.opening().thread_id}/one/"
    actions.set_load_level(level, by=village.gus, reason="Election night.")
    for path in ("/", "/latest/", thread, "/latest.atom", "/help/"):
        answers = {name: client.get(path, follow=True).status_code for name, client in people.items()}
        assert answers == {name: 200 if name in let_in else 503 for name in people}, path
    for client in people.values():
        assert client.get("/healthz").status_code == 200
        assert client.get("/sign-in/").status_code in (200, 302)


def test_who_is_not_let_in_is_told_when_to_come_again(village, people):
    actions.set_load_level(1, by=village.gus, reason="Election night.")
    page = people["visitor"].get("/latest/")
    assert page["Retry-After"] == "300"
    assert page["Cache-Control"] == "no-store"
    assert "only members can read just now" in page.content.decode()


def test_posting_is_shed_last_and_a_refused_one_keeps_its_words(village, people):
    opening = village.opening()
    words = {"subject": "", "text": "The polls have closed."}
    actions.set_load_level(2, by=village.gus, reason="Election night.")
    assert people["member"].post(f"/posts/{opening.pk}/reply/", words).status_code == 302
    actions.set_load_level(3, by=village.gus, reason="Election night.")
    refused = people["member"].post(f"/posts/{opening.pk}/reply/", words)
    assert refused.status_code == 503
    assert "The polls have closed." in refused.content.decode()


def test_an_administrator_sets_it_on_the_record_and_back(village, people):
    gus = people["administrator"]
    assert gus.post("/site/load/", {"level": "3", "reason": "We mend something."}).status_code == 302
    assert people["star"].get("/").status_code == 503
    assert gus.post("/site/load/", {"level": "4", "reason": "No."}).status_code == 422
    assert gus.post("/site/load/", {"level": "0", "reason": ""}).status_code == 422
    assert gus.post("/site/load/", {"level": "0", "reason": "Mended."}).status_code == 302
    assert people["visitor"].get("/").status_code == 200
    assert people["member"].post("/site/load/", {"level": "1", "reason": "No."}).status_code == 403
    kept = OutboxEntry.objects.filter(kind="LoadLevelSet").order_by("pk")
    assert [entry.facts["level"] for entry in kept] == [3, 0]


def test_payment_does_not_open_what_is_closed_to_all():
    assert not rules.may_come_in(3, is_member=True, goes_first=True, is_officer=False, posts=True)
