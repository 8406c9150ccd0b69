"""The same questions are asked of every route that takes a POST; a new one fails until it stands in tests/questions.py."""

import pytest

from tests.pages import Scene
from tests.questions import Questions, address, doors, takes_post
from tests.routes import route_names


@pytest.fixture
def scene(village):
    return Scene(village)


def test_every_route_that_takes_a_post_has_a_door(scene):
    found = {name for name in route_names() if takes_post(scene, name)}
    known = {door.name for door in doors(scene)}
    assert found - known == set(), "Give these routes a Door in tests/questions.py, so that the standard questions are asked"
    assert known - found == set(), "These take no POST (any more): take their Door away"


def test_the_standard_questions_of_every_post(scene, count):
    questions = Questions(scene)
    for door in doors(scene):
        questions.ask(door)
    assert not questions.troubles, "\n".join(questions.troubles)
    count("standard questions", questions.asked)


def test_the_longest_reason_fits_its_row_or_is_refused(scene):
    """PostgreSQL refuses a text that is longer than its column: the form must have said so before."""
    gus, cleo = (scene.village.signed_in(member) for member in (scene.village.gus, scene.village.cleo))
    for door in doors(scene):
        if "reason" in door.data:
            for length in (300, 500, 501, 5000):
                answer = (cleo if door.name == "panel:review" else gus).post(
                    address(scene, door.name, door.where), {**door.data, "reason": "é" * length}
                )
                assert answer.status_code in (200, 302, 403, 422), f"{door.name} breaks on a reason of {length} characters"
