"""Nobody learns who has an account, nobody is sent elsewhere, and a session changes when its owner does."""

import re
import time

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.test import Client
from tests.cast import PASSWORD
from tests.doors import every_address
from tests.pages import Scene

from folkmoot.members.models import Member, Session

ELSEWHERE = (
    "https://evil.example/", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example",
    "http:evil.example", "https:///evil.example", "http:/\\evil.example", "javascript:alert(1)", "data:text/html,x", "/%09/evil.example",
    " //evil.example", "\x00//evil.example", "//evil.example@127.0.0.1", "https://127.0.0.1:8000@evil.example", "//[::1]evil.example",
    "/\u2028/evil.example", "//evil%E3%80%82example", "．．//evil.example", "?next=//evil.example", "/..//evil.example", "%2f%2fevil.example",
)  # fmt: skip


@pytest.fixture
def scene(village):
    return Scene(village)


def _leads_elsewhere(location: str) -> bool:
    """As a browser reads it: control signs and spaces at the ends go, a backslash is a slash."""
    location = re.sub(r"[\t\r\n]", "", location.strip("\x00 \u2028")).replace("\\", "/")
    return bool(re.match(r"(//|[a-z][a-z0-9+.-]*:)", location, re.IGNORECASE))


def test_no_next_leads_elsewhere(scene, count):
    member = scene.village.signed_in(scene.village.ada)
    for n, evil in enumerate(ELSEWHERE):
        for name in ("next", "redirect", "url", "return_to", "redirect_to"):
            answer = Client(REMOTE_ADDR=f"198.51.{n}.1").post("/sign-in/", {"login": "Ada", "password": PASSWORD, name: evil})
            assert answer.status_code == 302
            assert not _leads_elsewhere(answer.headers["Location"]), (evil, answer.headers["Location"])
    for address in every_address(scene):
        if address == "/sign-out/":
            continue
        for evil in ELSEWHERE[1:5:3]:
            for client in (Client(), member):
                for answer in (
                    client.get(address.split("?")[0], {"next": evil}),
                    client.post(address, {"next": evil, "login": "Ada"}),
                ):
                    assert not _leads_elsewhere(answer.headers.get("Location", "")), (address, evil)
                    assert "evil.example" not in answer.headers.get("Location", "").split("?")[0], (address, evil)
                    count("redirects")


def test_the_sample_of_elsewhere_is_one():
    assert _leads_elsewhere("/\\evil.example")
    assert _leads_elsewhere("https:evil.example")
    assert not _leads_elsewhere("/posts/1/")


def test_an_address_with_two_slashes_is_never_a_redirect_to_a_host():
    for path in ("//evil.example/", "//evil.example/latest", "/\\evil.example", "//evil.example/%2f..", "/%5cevil.example"):
        answer = Client().get(path)
        assert not _leads_elsewhere(answer.headers.get("Location", "")), (path, answer.headers)


def test_every_way_of_signing_in_changes_the_session(scene):
    from folkmoot.members.actions import link_for

    village = scene.village
    link = link_for(village.cleo).split("/", 3)[3]
    ways = {
        "/sign-in/": {"login": "Ada", "password": PASSWORD},
        "/join/": {"username": "Hanako", "password1": "a-long-enough-password", "email": ""},
        f"/{link}": {"password": "another-long-password"},
    }
    for address, data in ways.items():
        client = Client()
        client.post(f"/posts/{scene.opening.pk}/reply/", {"text": "Kept"})
        planted = client.cookies[settings.SESSION_COOKIE_NAME].value
        token = client.cookies["form"].value if "form" in client.cookies else ""
        assert client.post(address, data).status_code == 302, address
        assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted, address
        assert not Session.objects.filter(session_key=planted).exists()
        assert "form" in client.cookies
        assert client.cookies["form"].value != token, "the form's token changes, too"
        client.post("/sign-out/")
        assert not Session.objects.filter(
            member_id__isnull=False, session_key=client.cookies[settings.SESSION_COOKIE_NAME].value
        ).exists()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.post("/sign-in/", {"login": "Ada", "password": PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "a" * 32, "a key that somebody planted is never taken"


def _same(text: str) -> str:
    return re.sub(r'value="[^"]*"', "", text)


def test_no_form_tells_whether_somebody_has_an_account(scene):
    for path, known, unknown in (
        ("/sign-in/", {"login": "Ada", "password": "wrong-password"}, {"login": "Zelda", "password": "wrong-password"}),
        ("/sign-in/", {"login": "ada@moot.example", "password": "wrong-password"}, {"login": "z@moot.example", "password": "wrong-password"}),
        ("/sign-in/", {"login": "old.hand", "password": "wrong-password"}, {"login": "Zelda", "password": "wrong-password"}),
        ("/account/forgotten/", {"email": "ada@moot.example"}, {"email": "z@moot.example"}),
        ("/account/forgotten/", {"email": "hand@old.example"}, {"email": "z@moot.example"}),
    ):  # fmt: skip
        one, other = (
            Client(REMOTE_ADDR=f"198.51.{n}.9").post(path, data, follow=True) for n, data in enumerate((known, unknown))
        )
        assert one.status_code == other.status_code, path
        assert one.redirect_chain == other.redirect_chain
        assert _same(one.content.decode()) == _same(other.content.decode()), path


def test_joining_with_a_taken_mail_address_tells_nothing(scene):
    """A name is public, so joining may say that it is taken; an address is not."""
    answers = []
    for n, email in enumerate(("ada@moot.example", "free@moot.example")):
        data = {"username": f"Newcomer{n}", "password1": "a-long-enough-password", "email": email}
        answer = Client(REMOTE_ADDR=f"203.0.{n}.9").post("/join/", data)
        page = _same(answer.content.decode())
        answers.append((answer.status_code, answer.headers.get("Location"), page))
    assert answers[0] == answers[1] == (302, "/", "")
    assert Member.objects.get(name="Newcomer0").email == ""
    assert Member.objects.get(name="Newcomer1").email == "free@moot.example"


def test_changing_to_a_taken_mail_address_tells_nothing(scene):
    answers = []
    for n, email in enumerate(("bram@moot.example", "free@moot.example")):
        client = Client(REMOTE_ADDR=f"203.0.{n}.9")
        client.force_login((scene.village.ada, scene.village.dara)[n])
        client.post("/account/again/", {"password": PASSWORD})
        answer = client.post("/account/mail/", {"email": email, "action_add": ""}, follow=True)
        page = re.sub(r"(Ada|Dara|ada|dara|bram|free)\b", "X", _same(answer.content.decode()))
        page = re.sub(r'<div class="notice notice--mark.*?</div>\n?', "", page)  # what offices have told Ada
        page = re.sub(r'&nbsp;<strong class="tag tag--new">.*?</strong>', "", page)  # how many notifications Ada has
        answers.append((answer.status_code, answer.redirect_chain, page))
    assert answers[0] == answers[1]


def test_a_wrong_password_costs_the_same_whether_the_name_exists(scene, monkeypatch):
    """Counted in password hashes, not in seconds: one each, whoever is asked for."""
    asked: list[float] = []
    hasher = hashers.get_hasher()
    real = type(hasher).encode

    def encode(self: object, password: str, salt: str, *rest: object) -> str:
        asked.append(time.monotonic())
        return str(real(self, password, salt, *rest))

    monkeypatch.setattr(type(hasher), "encode", encode)
    counts = {}
    for n, login in enumerate(("Ada", "ada@moot.example", "Zelda", "z@moot.example", "old.hand", "Eli")):
        asked.clear()
        Client(REMOTE_ADDR=f"192.0.{n}.9").post("/sign-in/", {"login": login, "password": "wrong-password"})
        counts[login] = len(asked)
    assert len(set(counts.values())) == 1, counts
