"""Every address of the site, pages or not, and the fields of their forms: for questions that are asked of all of them."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.signals import got_request_exception
from django.test import Client

from tests.cast import sign_in
from tests.pages import Scene
from tests.routes import route_names

_SAMPLES = {
    "slug": "general-discussion", "name": "Ada", "post_id": "2", "thread_id": "1", "revision_id": "1", "secret": "none", "number": "0",
    "uid": "MQ", "token": "none", "key": "no-such-key", "uidb36": "1", "claim_id": "1", "notice_id": "1", "removal_id": "1", "draft_id": "1", "election_id": "1", "review_id": "1", "seat_id": "1", "revocation_id": "1", "reason_id": "1", "watch_id": "1", "block_id": "1", "case_id": "1", "jury_id": "1", "kind": "first", "path": "tile/0/000",
}  # fmt: skip


def addresses(scene: Scene) -> dict[str, list[str]]:
    """By route name: the pages' own addresses, and one made up for a route that is no page."""
    found: dict[str, list[str]] = {name: [] for name in route_names()}
    for page in scene.pages():
        found[page.name].append(page.address)
    for name, route in route_names().items():
        if not found[name]:
            found[name].append(_sample(route))
    return found


def every_address(scene: Scene) -> list[str]:
    return [address for one in addresses(scene).values() for address in one]


def _sample(route: str) -> str:
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda m: _SAMPLES[m[1]], route)
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: _SAMPLES.get(m[1], "1"), route)
    return route.replace("^", "").replace("$", "").replace("\\.", ".").rstrip("\\Z")


def people(scene: Scene) -> dict[str, Client]:
    """One browser for each role. A page that breaks is an answer of 500 to them, as to everybody."""
    village = scene.village
    found = {"visitor": Client(raise_request_exception=False)}
    for role, member in {
        "member": village.ada, "newcomer": village.dara, "banned": village.eli, "star": village.fern, "administrator": village.gus,
    }.items():  # fmt: skip
        found[role] = sign_in(Client(raise_request_exception=False), member)
    return found


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    """Name to the value that the page gives it."""
    chosen: set[str] = field(default_factory=set)
    """Fields whose values the page offers; another is no honest one."""


def forms(address: str, page: str) -> list[Form]:
    """The forms of a page that send by POST."""
    found = []
    for attributes, inside in re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL):
        if not re.search(r'method="post"', attributes, re.IGNORECASE):
            continue
        action = re.search(r'action="([^"]*)"', attributes)
        form = Form(html.unescape(action[1]) if action else address.split("?")[0])
        for tag, select in re.findall(r"(<(?:input|textarea|button)[^>]*>|<select[^>]*>(.*?)</select>)", inside, re.DOTALL):
            value = re.search(r'<option value="([^"]*)" selected' if select else r'\bvalue="([^"]*)"', tag)
            name = re.search(r'\bname="([^"]+)"', tag)
            if name:
                form.fields[name[1]] = html.unescape(value[1]) if value else ""
                form.chosen |= {name[1]} if select else set()
        found.append(form)
    return found


class Broken:
    """What broke in Django while this was listening: a test that sees a 500 names the error, too."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def __enter__(self) -> "Broken":
        got_request_exception.connect(self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        got_request_exception.disconnect(self._hear)

    def _hear(self, sender: Any, request: Any = None, **more: Any) -> None:
        import sys

        self.errors.append(f"{request.method} {request.get_full_path()[:200]}: {sys.exc_info()[1]!r}"[:600])
