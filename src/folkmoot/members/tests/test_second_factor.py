"""The second step of signing in: offered to all, required of officers, and the way back for whoever lost the device."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.conf import settings
from django.test import Client
from tests.cast import PASSWORD
from tests.pages import SECRET, Scene
from tests.questions import Questions, address, doors, others
from tests.routes import route_names

from folkmoot.ledger.models import OutboxEntry
from folkmoot.members import actions, rules
from folkmoot.members.models import Member, PrivateRead, Session

WHY = {"reason": "The phone fell into the river."}


NOW = 1_800_000_010


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    """So that no code ends while it is asked for."""
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: NOW))


def _code(secret: str = SECRET, steps: int = 0) -> str:
    return auth.format_hotp_value(auth.hotp_value(secret, NOW // 30 + steps))


def _give(member: Member) -> None:
    Authenticator.objects.create(user=member, type="totp", data={"secret": SECRET})


def _begin(name: str = "Ada") -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"login": name, "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/code/"
    return client


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def _sealed(village) -> Member:
    Member.objects.filter(pk=village.gus.pk).update(office_since=datetime.now(UTC) - timedelta(days=8))
    return Member.objects.get(pk=village.gus.pk)


def test_it_is_set_up_signs_in_and_is_turned_off(village):
    client = village.signed_in(village.ada)
    assert "It is off." in client.get("/account/second-step/").content.decode()
    page = client.get("/account/second-step/on/").content.decode()
    assert '<svg class="qr"' in page
    assert "data:" not in page
    secret = client.session["mfa.totp.secret"]
    assert " ".join(re.findall("....", secret)) in page
    wrong = client.post("/account/second-step/on/", {"code": "abc"}).content.decode()
    assert "That is not the code" in wrong
    assert " ".join(re.findall("....", secret)) in wrong, "a wrong code leaves the secret as the app has it"
    done = client.post("/account/second-step/on/", {"code": _code(secret)})
    assert done.headers["Location"] == "/account/second-step/codes/"
    once = client.get("/account/second-step/codes/").content.decode()
    codes = [code.replace(" ", "") for code in re.findall(r"<code>(\d{4} \d{4})</code>", once)]
    assert len(codes) == 10
    again = client.get("/account/second-step/codes/").content.decode()
    assert not re.search(r"\d{4} \d{4}", again)
    assert "10 of 10 are left" in again

    other = _begin()
    assert not _is_in(other)
    assert other.post("/sign-in/code/", {"code": "000000"}).status_code == 200
    assert other.post("/sign-in/code/", {"code": _code(secret, 1)}).status_code == 302
    assert _is_in(other)
    third = _begin()
    assert third.post("/sign-in/code/", {"code": codes[0]}).status_code == 302
    assert _is_in(third)
    fourth = _begin()
    assert "it has been used" in fourth.post("/sign-in/code/", {"code": codes[0]}).content.decode()

    assert client.post("/account/second-step/off/").status_code == 302
    assert not Authenticator.objects.exists()
    assert Client().post("/sign-in/", {"login": "Ada", "password": PASSWORD}).headers["Location"] == "/"


def test_a_code_works_once_for_as_long_as_it_would(village):
    _give(village.ada)
    for steps in (-1, 0, 1):
        assert _begin().post("/sign-in/code/", {"code": _code(steps=steps)}).status_code == 302
        assert _begin().post("/sign-in/code/", {"code": _code(steps=steps)}).status_code == 200
    for steps in (-3, 3):
        assert _begin().post("/sign-in/code/", {"code": _code(steps=steps)}).status_code == 200


def test_guessing_ends_soon(village):
    _give(village.ada)
    client = _begin()
    for _ in range(5):
        client.post("/sign-in/code/", {"code": "000000"})
    answer = client.post("/sign-in/code/", {"code": _code()})
    assert answer.status_code == 200
    assert "Too many failed" in answer.content.decode()
    assert not _is_in(client)


def test_a_one_time_link_asks_for_the_code_too(village):
    _give(village.ada)
    link = actions.link_for(village.ada).split("/", 3)[3]
    client = Client()
    answer = client.post(f"/{link}", {"password": "another-long-password"})
    assert answer.headers["Location"] == "/sign-in/code/"
    assert not _is_in(client)
    assert client.post("/sign-in/code/", {"code": _code()}).status_code == 302
    assert _is_in(client)


def test_a_code_counts_as_giving_the_password_once_more(village):
    _give(village.ada)
    client = Client()
    client.force_login(village.ada)
    assert client.get("/account/second-step/off/").headers["Location"].startswith("/account/again/")
    assert "Give a code instead" in client.get("/account/again/?next=/account/second-step/off/").content.decode()
    again = "/account/again/code/?next=/account/second-step/off/"
    assert "Give your password instead" in client.get(again).content.decode()
    assert client.post(again, {"code": _code()}).headers["Location"] == "/account/second-step/off/"
    assert client.get("/account/second-step/off/").status_code == 200


def test_an_officer_has_seven_days(village):
    gus = village.signed_in(village.gus)
    page = gus.get("/site/office/").content.decode()
    assert "Your office needs a second step when you sign in." in page
    assert "second step" not in village.signed_in(village.ada).get("/latest/").content.decode()
    _sealed(village)
    refused = gus.get("/site/office/")
    assert refused.status_code == 403
    assert rules.SEALED in refused.content.decode()
    assert 'href="/account/second-step/"' in refused.content.decode()
    _give(village.gus)
    assert gus.get("/site/office/").status_code == 200
    assert "Your office needs" not in gus.get("/site/office/").content.decode()


def test_a_sealed_officer_opens_no_door_of_the_office(village):
    """Every route that treats an officer as another than a member is closed; all doors that take a form, too."""
    scene = Scene(village)
    member, officer = village.signed_in(village.ada), village.signed_in(village.gus)
    Authenticator.objects.filter(user=village.gus).delete()
    for client in (member, officer):
        client.raise_request_exception = False
    pages = [(page.name, page.address) for page in scene.pages()]
    only = {(name, path) for name, path in pages if "Only administrators" in member.get(path).content.decode()}
    of_office = {(name, path) for name, path in only if officer.get(path).status_code in (200, 302)}
    assert len(of_office) > 25
    _sealed(village)
    for name, path in sorted(of_office):
        answer = officer.get(path)
        assert answer.status_code == 403, name
        assert rules.SEALED in answer.content.decode(), name
    asked = set()
    questions = Questions(scene)
    for door in doors(scene):
        if door.role == "administrator" and not door.name.startswith("juries:"):  # to be drawn is no office
            before = others()
            answer = questions.post(officer, address(scene, door.name, door.where), door)
            assert answer.status_code in (403, 422), door.name
            assert others() == before, f"{door.name} lets a sealed officer change something"
            asked.add(door.name)
    assert asked | {"site:office", "site:shelves", "site:members", "site:claims", "threads:waiting", "legal:notices"} >= {
        n for n, _ in of_office
    }
    assert asked <= set(route_names())
    hidden = f"/posts/{scene.hidden.pk}/alone/"
    assert officer.get(hidden).content.count(b"Answer number 3") == member.get(hidden).content.count(b"Answer number 3") == 0
    assert "Waiting for an administrator" not in officer.get("/latest/").content.decode()
    assert officer.get("/account/second-step/on/").status_code == 200


def test_the_demo_asks_for_none(village, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", True)
    gus = _sealed(village)
    assert not gus.is_sealed
    assert gus.seals_at is None


def test_another_administrator_takes_it_away_with_a_reason_and_the_member_is_told(village):
    _give(village.cleo)
    old = village.signed_in(village.cleo)
    gus = village.signed_in(village.gus)
    assert gus.post("/members/Ada/second-step/", WHY).status_code == 403
    assert gus.post("/members/Gus/second-step/", WHY).status_code == 403
    assert gus.post("/members/Cleo/second-step/", {"reason": " "}).status_code == 200
    assert Authenticator.objects.exists()
    assert gus.post("/members/Cleo/second-step/", WHY).status_code == 302
    assert not Authenticator.objects.exists()
    assert not _is_in(old), "whoever had the device is signed out"
    act = OutboxEntry.objects.get(kind="SecondFactorReset")
    assert act.office == "administrator"
    client = Client()
    client.post("/sign-in/", {"login": "Cleo", "password": PASSWORD})
    page = client.get("/account/").content.decode()
    assert "or changed how you sign in" in page
    assert "an administrator took the second step of your sign-in away. Reason: The phone fell into the river." in page


def test_the_operator_who_is_alone_has_a_command(village):
    _give(village.gus)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "folkmoot", "reset-second-step", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)

    assert "There is no member Nobody" in run("Nobody", "--reason", "R").stderr
    assert run("Gus").returncode == 2
    assert run("gus", "--reason", WHY["reason"]).returncode == 0
    assert not Authenticator.objects.exists()
    assert OutboxEntry.objects.get(kind="SecondFactorReset").office == "operator"
    assert PrivateRead.objects.get(member=village.gus).office == "operator"
    assert not Session.objects.filter(member_id=village.gus.pk).exists()
    assert "has no second step" in run("Gus", "--reason", "R").stderr


def test_the_command_for_administrators_begins_the_days_of_grace_once(village):
    actions.administrator_link("Ada")
    ada = Member.objects.get(pk=village.ada.pk)
    assert ada.office_since is not None
    assert not ada.is_sealed
    _sealed(village)
    actions.administrator_link("Gus")
    assert Member.objects.get(pk=village.gus.pk).is_sealed
