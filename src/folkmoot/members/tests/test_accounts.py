"""Joining, signing in, forgetting a password: through the front door."""

import re

from django.conf import settings
from django.core import mail
from django.test import Client
from tests.cast import PASSWORD

from folkmoot.members.addresses import network_of
from folkmoot.members.models import Member, Session


def _join(client: Client, name: str, **more: str):
    return client.post("/join/", {"username": name, "password1": "a-long-enough-password", "email": "", **more})


def test_joining_needs_a_name_and_a_password(community):
    client = Client()
    assert _join(client, "Hana").status_code == 302
    member = Member.objects.get(name="Hana")
    assert (member.name_key, member.email, member.office) == ("hana", "", "")
    assert client.get("/account/").status_code == 200


def test_a_look_alike_is_refused_and_nothing_typed_is_lost(village):
    html = _join(Client(), "Adа", email="x@y.example").content.decode()
    assert "one alphabet" in html or "looks like it" in html
    html = _join(Client(), "A_da", email="x@y.example").content.decode()
    assert "looks like it" in html
    assert 'value="A_da"' in html
    assert 'value="x@y.example"' in html
    assert Member.objects.filter(email="x@y.example").count() == 0


def test_signing_in_by_name_or_address_whatever_the_case(village):
    for login in ("ada", "ADA", "ada@moot.example"):
        client = Client()
        assert client.post("/sign-in/", {"login": login, "password": PASSWORD}).status_code == 302
        assert client.get("/account/").status_code == 200


def test_a_wrong_name_and_a_wrong_password_are_told_alike(village):
    answers = []
    for login in ("Ada", "Nobody-at-all"):
        html = Client().post("/sign-in/", {"login": login, "password": "wrong-password-here"}).content.decode()
        answers.append(re.sub(r'value="[^"]*"', "", html))
    assert answers[0] == answers[1]


def test_the_session_changes_at_signing_in_and_ends_with_the_password(village):
    client = Client()
    opening = village.opening()
    client.post(f"/posts/{opening.pk}/reply/", {"text": "Words before signing in"})
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-in/", {"login": "Ada", "password": PASSWORD})
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()
    html = client.get(f"/posts/{opening.pk}/reply/").content.decode()
    assert "Words before signing in" in html
    member = Member.objects.get(name="Ada")
    member.set_password("quite-another-password")
    member.save()
    assert client.get("/account/").status_code == 302


def test_no_way_to_learn_who_has_an_account(village):
    pages = []
    for address in ("ada@moot.example", "nobody@moot.example"):
        answer = Client().post("/account/forgotten/", {"email": address}, follow=True)
        pages.append(answer.content)
    assert pages[0] == pages[1]
    assert [letter.subject for letter in mail.outbox[-2:]] == ["A new password", "No account has this mail address"]


def test_a_forgotten_password_by_mail(village):
    Client().post("/account/forgotten/", {"email": "ada@moot.example"})
    body = mail.outbox[-1].body
    assert mail.outbox[-1].subject == "A new password"
    assert body.startswith("Somebody, probably you, forgot the password of Ada.")
    assert body.endswith("The Moot\nhttp://127.0.0.1:8000/"), "a letter says whose it is"
    address = re.search(r"http://127\.0\.0\.1:8000(/account/forgotten/\S+)", body)[1]
    client = Client(headers={"host": "evil.example"})
    page = client.get(address, follow=True)
    assert page.status_code == 200
    client.post(page.request["PATH_INFO"], {"password1": "brand-new-password-1", "password2": "brand-new-password-1"})
    assert Client().post("/sign-in/", {"login": "Ada", "password": "brand-new-password-1"}).status_code == 302


def test_guessing_is_slowed_down(village):
    client = Client()
    said = [client.post("/sign-in/", {"login": "Ada", "password": f"wrong-{n}"}).content.decode() for n in range(8)]
    assert "Too many failed" in said[-1] or "again later" in said[-1]


def test_joining_is_limited_by_network(community):
    answers = [_join(Client(REMOTE_ADDR=f"203.0.113.{n}"), f"newcomer{n}") for n in range(25)]
    assert [answer.status_code for answer in answers[:20]] == [302] * 20
    refused = next(answer for answer in answers[20:] if answer.status_code == 429)
    page = refused.content.decode()
    assert "<h1>Please wait a little</h1>" in page
    assert "newcomer2" in page, "what was typed is shown again"
    assert PASSWORD not in page
    assert refused.headers["Cache-Control"] == "no-store"
    assert _join(Client(REMOTE_ADDR="198.51.100.7"), "somebody.else").status_code == 302


def test_limits_count_by_network():
    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2ff::1") == "2001:db8:1:200::/56"
    assert network_of("") == "unknown"


def test_nobody_is_sent_elsewhere(village):
    for evil in ("https://evil.example/", "//evil.example/", "/\\evil.example", "http:///evil.example", "javascript:alert(1)"):
        answer = Client().post("/sign-in/", {"login": "Ada", "password": PASSWORD, "next": evil})
        assert answer.headers["Location"] == "/", evil
    answer = Client().post("/sign-in/", {"login": "Ada", "password": PASSWORD, "next": "/mine/"})
    assert answer.headers["Location"] == "/mine/"


def test_every_form_wants_its_token(village):
    opening = village.opening()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(village.bram)
    for path in (
        f"/posts/{opening.pk}/reply/",
        f"/posts/{opening.pk}/recommend/",
        "/account/",
        "/preview/",
        "/forums/books/new/",
    ):
        answer = strict.post(path, {"subject": "Kept subject", "text": "Kept text"})
        assert answer.status_code == 403, path
    assert "Kept text" in strict.post("/forums/books/new/", {"subject": "Kept subject", "text": "Kept text"}).content.decode()
