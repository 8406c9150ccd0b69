"""Addresses are a contract: the list is frozen in routes.txt, and a change of it is seen in the review."""

from pathlib import Path

import pytest

from tests.routes import route_names

pytestmark = pytest.mark.no_database
FROZEN = Path(__file__).with_name("routes.txt")


def test_the_routes_are_those_of_the_frozen_list():
    now = {f"{name} {route}" for name, route in route_names().items()}
    then = set(FROZEN.read_text(encoding="utf-8").splitlines())
    assert not now - then, f"New routes: add these lines to tests/house/routes.txt, in order: {sorted(now - then)}"
    assert not then - now, f"An address that people have kept must go on working (a redirect will do): {sorted(then - now)}"


def test_the_frozen_list_is_in_order():
    lines = FROZEN.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines), "Sort tests/house/routes.txt, so that two branches rarely touch the same line"
