"""No private page, no form and no error may be stored by anybody: every route, by every role, in every state."""

import pytest
from django.db import OperationalError
from django.test import Client
from tests.doors import addresses, people
from tests.pages import Scene

from folkmoot.threads import queries


@pytest.fixture
def scene(village):
    return Scene(village)


def _may_be_stored(answer) -> bool:
    said = answer.headers.get("Cache-Control", "")
    return "no-store" not in said and "private" not in said


def test_only_a_visitors_whole_page_may_be_stored(scene, count):
    asked, statuses = 0, set()
    for role, client in people(scene).items():
        for name, found in addresses(scene).items():
            for address in found:
                for method in ("get", "head", "post", "put"):
                    if (method, name) == ("post", "account_logout") or (role == "administrator" and method == "post"):
                        continue
                    answer = getattr(client, method)(address)
                    asked += 1
                    statuses.add(answer.status_code)
                    whole = role == "visitor" and method in ("get", "head") and answer.status_code == 200 and not answer.cookies
                    if not whole:
                        assert not _may_be_stored(answer), f"{method} {address} by {role}: {answer.status_code} {answer.headers}"
                    assert answer.status_code < 500, f"{method} {address} by {role}"
    assert {200, 302, 403, 404, 405, 422} <= statuses
    count("cache answers", asked)


def test_a_page_with_a_form_is_not_stored_even_by_visitors(scene):
    for path in ("/sign-in/", "/join/", "/forums/books/new/", f"/posts/{scene.reply.pk}/reply/"):
        assert "no-store" in Client().get(path).headers["Cache-Control"], path


def test_no_error_is_stored(scene, monkeypatch):
    visitor, strict = Client(raise_request_exception=False), Client(enforce_csrf_checks=True)
    errors = {
        404: [visitor.get("/nothing/"), visitor.get("/threads/999999/"), visitor.get("/%00/")],
        405: [visitor.put("/latest/"), visitor.get("/preview/")],
        403: [visitor.get("/waiting/"), strict.post("/sign-in/", {"login": "a"})],
        413: [visitor.post("/sign-in/", "a" * 1_000_000, content_type="application/x-www-form-urlencoded")],
        400: [visitor.generic("POST", "/sign-in/", b"a", content_type="application/x-www-form-urlencoded; charset=iso-8859-1")],
    }

    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(queries, "latest", broken)
    error: Exception = RuntimeError("broken on purpose")
    errors[500] = [visitor.get("/latest/")]
    error = OperationalError("the server is away")
    errors[503] = [visitor.get("/latest/")]
    for status, answers in errors.items():
        for answer in answers:
            assert answer.status_code == status
            assert "no-store" in answer.headers["Cache-Control"], status
    assert errors[503][0].headers["Retry-After"] == "30"
