"""The administrators' office: what waits, and the shelves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.forums import actions as forums
from folkmoot.forums.models import Category, Forum
from folkmoot.forums.rules import FORUMS_STATED
from folkmoot.ledger.models import OutboxEntry
from folkmoot.site.models import Letter

WHY = {"reason": "We grew."}


@pytest.fixture
def gus(village) -> Client:
    return village.signed_in(village.gus)


def test_the_office_is_for_administrators_and_says_so(village, gus):
    for client in (Client(), village.signed_in(village.ada)):
        for path in ("/site/office/", "/site/shelves/", "/site/shelves/forum/", "/site/forums/books/"):
            answer = client.get(path)
            assert answer.status_code == 403
            assert "Only administrators can do this." in answer.content.decode()
    assert gus.get("/site/office/").status_code == 200
    assert "/site/office/" in gus.get("/").content.decode()
    assert "/site/office/" not in village.signed_in(village.ada).get("/").content.decode()


def test_the_office_counts_what_waits_and_since_when(village, gus):
    assert "Newcomers" not in gus.get("/site/office/").content.decode()
    village.reply(village.opening(), "Look: https://new.example", by=village.dara)
    now = datetime.now(UTC)
    Letter.objects.create(
        sender="a@b.example", recipients="c@d.example", message=b"x", made_at=now - timedelta(days=2), next_at=now
    )
    page = gus.get("/site/office/").content.decode()
    assert '<dt>Posts of newcomers</dt><dd><a href="/waiting/">1</a>, since' in page
    assert "<dt>Letters on their way</dt><dd>1, since" in page
    assert "<dt>Claims to old accounts</dt><dd>None</dd>" in page
    assert "<dt>Newest nightly backup</dt><dd>None yet</dd>" in page


def test_a_category_and_a_forum_are_opened_and_changed_on_the_record(village, gus):
    assert gus.post("/site/shelves/category/", {"name": "Far Away", **WHY}).status_code == 302
    category = Category.objects.get(name="Far Away")
    assert category.slug == "far-away"
    assert Category.objects.order_by("order").last() == category
    opened = gus.post("/site/shelves/forum/", {"category": category.pk, "name": "Moon", "purpose": "Up there.", **WHY})
    assert opened.status_code == 302
    moon = Forum.objects.get(slug="moon")
    assert Client().get("/forums/moon/").status_code == 200
    assert Client().get("/forums/").content.decode().count("Moon") >= 1
    change = {"category": village.forum.category_id, "name": "The Moon", "purpose": "Nearer.", "order": 7, **WHY}
    assert gus.post("/site/forums/moon/", change).status_code == 302
    moon.refresh_from_db()
    assert (moon.slug, moon.name, moon.order, moon.category_id) == ("moon", "The Moon", 7, village.forum.category_id)
    told = OutboxEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(told)[-3:] == ["CategoryOpened", "ForumOpened", "ForumChanged"]


def test_a_forum_is_retired_by_moving_it_to_a_retired_category(village, gus):
    opening = village.opening()
    attic = forums.open_category(by=village.gus, name="Attic", **WHY)
    assert gus.post("/site/categories/attic/", {"name": "Attic", "order": 40, "is_retired": "on", **WHY}).status_code == 302
    change = {"category": attic.pk, "name": "General Discussion", "purpose": "It was.", "order": 0, **WHY}
    assert gus.post("/site/forums/general-discussion/", change).status_code == 302
    ada = village.signed_in(village.ada)
    assert ada.get(f"/posts/{opening.pk}/alone/").status_code == 200
    assert "This forum is retired" in ada.post(f"/posts/{opening.pk}/reply/", {"text": "Still here"}).content.decode()
    assert "General Discussion" not in Client().get("/").content.decode().split("</header>")[0]


def test_what_is_refused_keeps_what_was_typed(village, gus):
    typed = {"category": village.forum.category_id, "name": "the lounge", "purpose": "A long purpose.", **WHY}
    answer = gus.post("/site/shelves/forum/", typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "A forum has this name already." in page
    assert "A long purpose." in page
    main = village.forum.category
    answer = gus.post(f"/site/categories/{main.slug}/", {"name": main.name, "order": 0, "is_retired": "on", **WHY})
    assert "The main category cannot be retired" in answer.content.decode()
    assert gus.post("/site/categories/issues/", {"name": main.name, "order": 1, **WHY}).status_code == 422
    assert gus.post("/site/shelves/category/", {"name": main.name.upper(), **WHY}).status_code == 422
    assert gus.post("/site/forums/books/", {**typed, "order": 1}).status_code == 422
    assert gus.post("/site/forums/books/", {**typed, "name": "Books", "order": -1}).status_code == 422
    assert gus.post("/site/forums/books/", {**typed, "name": "Books", "order": 1, "category": "99999"}).status_code == 422


def test_more_forums_than_stated_are_possible_and_said(village, gus):
    said = "There are more forums than this software is made for."
    for n in range(FORUMS_STATED - Forum.objects.count()):
        forums.open_forum(village.forum.category, by=village.gus, name=f"Forum {n}", purpose="One more.", **WHY)
    assert said not in gus.get("/site/shelves/").content.decode() or Forum.objects.count() > FORUMS_STATED
    forums.open_forum(village.forum.category, by=village.gus, name="One too many", purpose="All the same.", **WHY)
    assert Forum.objects.count() > FORUMS_STATED
    assert said in gus.get("/site/shelves/").content.decode()


def test_only_administrators_change_the_shelves(village):
    for act in (
        lambda: forums.open_category(by=village.ada, name="Mine", **WHY),
        lambda: forums.change_category(Category.objects.first(), by=village.ada, name="Mine", order=0, is_retired=False, **WHY),
    ):
        with pytest.raises(Refused, match="Only administrators"):
            act()
