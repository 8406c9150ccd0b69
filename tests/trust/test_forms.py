"""What a form may change, and what becomes of one that is not taken."""

import html
import json
import re
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test import Client
from tests.doors import every_address, forms, people
from tests.pages import Scene

from folkmoot.threads import actions

PROOF = ("/notifications/stop/", "/ledger/cosignatures")
"""No cookie counts there, and programs post to them: the address is a secret of the member's own letter; what comes is signed."""

TYPED = 'What I "typed" <b>&amp;</b>\nin two lines'


@pytest.fixture
def scene(village):
    return Scene(village)


def _is_shown(page: str) -> bool:
    return any(html.unescape(words).strip() == TYPED for words in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL))


def test_a_form_without_its_token_is_refused_everywhere_and_what_was_typed_is_shown(scene, count):
    strict = Client(enforce_csrf_checks=True)
    for client in (Client(enforce_csrf_checks=True), strict):
        if client is strict:
            client.force_login(scene.village.gus)
        for address in every_address(scene):
            if address.startswith(PROOF):
                continue
            answer = client.post(address, {"text": TYPED, "password": "Secret-word-1", "password1": "Secret-word-2"})
            page = answer.content.decode()
            assert answer.status_code == 403, address
            assert _is_shown(page), address
            assert "Secret-word" not in page
            count("forms without a token")


def test_every_form_of_ours_that_is_not_taken_shows_its_words(scene):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(scene.village.gus)
    for field in ("subject", "text", "about", "reason", "where", "promise", "welcome", "star_text", "username", "email", "login"):
        assert _is_shown(strict.post("/account/", {field: TYPED}).content.decode()), field


def test_a_full_disk_is_a_503_that_keeps_the_words(scene, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "reply", full)
    client = Client(raise_request_exception=False)
    client.force_login(scene.village.ada)
    answer = client.post(f"/posts/{scene.opening.pk}/reply/", {"text": TYPED, "key": "k"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert _is_shown(answer.content.decode())


def _rows() -> dict[str, dict[Any, dict[str, Any]]]:
    return {
        model._meta.label: {
            row["pk"]: row for row in model.objects.values("pk", *(f.attname for f in model._meta.concrete_fields))
        }
        for model in apps.get_models()
        if model._meta.app_label in ROOMS and model._meta.label not in STATE
    }


ROOMS = {c.label for c in apps.get_app_configs() if c.name.startswith("folkmoot.")}
STATE = {m._meta.label for m in apps.get_models() if any(b.__name__ == "StateModel" for b in m.__mro__)}
NAMED = {f"{m._meta.model_name}_id": m._meta.label for m in apps.get_models() if m._meta.app_label in ROOMS}
_CHANCE = re.compile(r"moment|_at$|_on$|^password$|^code$|hash|salt|token|key|^last_login$|^transaction$")


def _world(before: dict[str, dict[Any, Any]]) -> str:
    """All rows, every id of a new one called new (PostgreSQL gives no number twice), without what chance or the clock made."""
    found: dict[str, list[str]] = {}
    for label, rows in _rows().items():
        model = apps.get_model(label)
        of = {f.attname: f.related_model._meta.label for f in model._meta.concrete_fields if f.related_model}
        of |= {"pk": label, model._meta.pk.attname: of.get(model._meta.pk.attname, label)}
        lines = []
        for row in rows.values():
            kept = {n: "new" if n in of and v and v not in before.get(of[n], {v}) else v for n, v in row.items()}
            if isinstance(kept.get("facts"), dict):  # of an act of authority: ids, by the names of what they are of
                facts = {n: "new" if v and v not in before.get(NAMED.get(n, ""), {v}) else v for n, v in kept["facts"].items()}
                kept["facts"] = facts
            lines.append(json.dumps({n: v for n, v in kept.items() if not _CHANCE.search(n)}, default=str, sort_keys=True))
        found[label] = sorted(lines)
    return json.dumps(found, indent=0)


class _Undo(Exception):
    pass


_network = count()


def batched(names: list[str], size: int) -> list[list[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


def _send(client: Client, address: str, data: dict[str, str], before: dict[str, dict[Any, Any]]) -> str:
    """What the world is after this was sent; it is undone."""
    world = ""
    try:
        with transaction.atomic():
            client.post(address, data, REMOTE_ADDR=f"10.{next(_network) % 250}.{next(_network) // 250}.1")  # no limit is met
            world = _world(before)
            raise _Undo
    except _Undo:
        return world


def test_no_form_takes_a_field_that_it_does_not_show(scene, count):
    """Every model's every field, sent with every form by every role, changes nothing more than the form alone."""
    names = {
        n for m in apps.get_models() if m._meta.app_label in ROOMS for f in m._meta.concrete_fields for n in (f.name, f.attname)
    }
    names |= {
        "is_staff",
        "is_superuser",
        "is_active",
        "is_administrator",
        "by",
        "pk",
        "user",
        "member",
        "star",
        "banned",
        "moderator",
    }
    values = {
        "office": "administrator",
        "state": "visible",
        "is_administrator": "true",
        "claimable": "",
        "name": "Root",
        "locked_at": "",
    }
    before, asked, changed, known = _rows(), 0, 0, set()
    nothing = _world(before)
    for role, client in people(scene).items():
        for address in every_address(scene):
            page = client.get(address)
            if page.status_code != 200 or "html" not in page.headers.get("Content-Type", ""):
                continue
            for form in forms(address, page.content.decode()):
                kind = (role, re.sub(r"\d+", "N", form.action))
                if form.action == "/sign-out/" or kind in known:
                    continue
                known.add(kind)
                typed = {n: v or "honest words 1" for n, v in form.fields.items() if n not in ("preview", "csrfmiddlewaretoken")}
                honest = {n: form.fields[n] if n in form.chosen else v for n, v in typed.items()}
                extra = {n: values.get(n, "7") for n in names if n not in form.fields}
                alone = _send(client, form.action, honest, before)
                for some in batched(sorted(extra), 80):  # a form of more than a hundred fields is refused
                    sent = {**{n: extra[n] for n in some}, **honest}
                    assert _send(client, form.action, sent, before) == alone, f"{form.action} by {role}: {some}"
                    asked += 1
                changed += alone != nothing
    assert changed > 20, "the honest forms do change something"
    assert connection.in_atomic_block is False
    count("forms with every field", asked)
