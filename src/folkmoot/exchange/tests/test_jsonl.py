"""A board of JSON lines moves in through the front function, on a real database, and is read through the front door."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.exchange import board
from folkmoot.exchange.jsonl import import_board, plain_text, read_moment
from folkmoot.exchange.models import Imported
from folkmoot.forums.models import Category, Forum
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.site.recount import drift
from folkmoot.threads.models import Anchor, OldAddress, Post, Thread
from folkmoot.threads.rules.tree import STEP

pytestmark = pytest.mark.usefixtures("community")

START = 1_182_003_540


def line(source_id: int | str, parent: int | str | None = None, thread: int | str | None = 1, **more: Any) -> dict[str, Any]:
    at = START + 60 * source_id if isinstance(source_id, int) else START
    words = {"id": source_id, "thread_id": thread, "parent_id": parent, "author": "Matthew S", "created_utc": at}
    return {**words, "body": f"Words of {source_id}.", "format": "text", **more}


@pytest.fixture
def write(tmp_path):
    def to(name: str, lines: list[dict[str, Any]]) -> Path:
        path = tmp_path / name
        data = "\n".join(json.dumps(one) for one in lines).encode()
        if name.endswith(".zst"):
            data = zstandard.compress(data)
        elif name.endswith(".gz"):
            data = gzip.compress(data)
        path.write_bytes(data)
        return path

    return to


def everything() -> list[tuple[Any, ...]]:
    rows = [
        (p.pk, p.thread_id, p.parent_id, p.number, p.place, p.depth, p.subject, p.moment) for p in Post.objects.order_by("pk")
    ]
    return rows + list(Thread.objects.order_by("pk").values_list()) + list(Imported.objects.order_by("pk").values_list())


SMALL = [line(1, author="Ann"), line(2, 1), line(3, 1, author="Ann"), line(4, 2), line(5, thread=2), line(6, 5, thread=2)]


@pytest.mark.parametrize("name", ["board.jsonl", "board.jsonl.gz", "board.jsonl.zst"])
def test_a_board_moves_in_with_every_post_in_its_place(write, name):
    titles = write("threads.jsonl", [
        {"thread_id": 1, "title": "The old bridge", "url": "http://old.example/b/1-bridge.html", "breadcrumbs": ["Bridges"]},
        {"thread_id": 2, "title": "A ferry", "breadcrumbs": ["Water", "Ferries"]},
    ])  # fmt: skip
    seen = []
    report = import_board(write(name, SMALL), threads=titles, forum_prefix="Old: ", progress=lambda *at: seen.append(at))
    assert (report.posts, report.new_posts, report.threads, report.forums, report.authors) == (6, 6, 2, 2, 2)
    assert seen == [(6, 6)]
    bridge = Thread.objects.get(subject="The old bridge")
    assert bridge.forum.name == "Old: Bridges"
    assert bridge.forum.category.name == board.CATEGORY
    assert Forum.objects.get(name="Old: Ferries").category.name == "Water"
    assert [(p.text.source, p.number, p.depth) for p in bridge.posts.order_by("place")] == [
        ("Words of 1.", 0, 0), ("Words of 2.", 1, 1), ("Words of 4.", 3, 2), ("Words of 3.", 2, 1),
    ]  # fmt: skip
    assert drift() == []
    ann, matthew = Member.objects.get(name="Ann"), Member.objects.get(name="Matthew_S")
    assert (ann.post_count, ann.shown_post_count, matthew.post_count) == (2, 2, 4)
    assert ann.claimable
    assert not ann.has_usable_password()
    assert ann.joined_at.timestamp() == START + 60
    assert OutboxEntry.objects.get(kind="BoardImported").facts == {"posts": 6, "threads": 2}
    page = Client().get("/b/1-bridge.html")
    assert page.status_code == 301
    html = Client().get(page.headers["Location"]).content.decode()
    assert "Words of 4." in html
    assert "Matthew_S" in html


def test_a_second_run_adds_nothing_and_a_later_copy_adds_what_is_new(write):
    path = write("b.jsonl", SMALL)
    import_board(path)
    before = everything()
    again = import_board(path)
    assert (again.new_posts, again.new_threads) == (0, 0)
    assert everything() == before
    later = write("b2.jsonl", [*SMALL, line(7, 4, author="Zoe"), line(8, 7), line(9, thread=3)])
    more = import_board(later, source="b")
    assert (more.new_posts, more.new_threads) == (3, 1)
    tree = [p.text.source for p in Thread.objects.order_by("pk")[0].posts.order_by("place")]
    assert tree == [f"Words of {n}." for n in (1, 2, 4, 7, 8, 3)]
    assert drift() == []


def test_an_interrupted_run_goes_on(write, monkeypatch):
    monkeypatch.setattr(board, "BATCH", 3)
    lines = [line(n, None if n % 3 == 0 else n - n % 3, thread=n // 3) for n in range(3, 33)]

    def stop(done: int, of: int) -> None:
        if done >= 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_board(write("b.jsonl", lines), progress=stop)
    assert Post.objects.count() == 12
    assert drift() == []
    report = import_board(write("b.jsonl", lines))
    assert report.new_posts == 18
    assert Post.objects.count() == 30
    assert drift() == []


def test_a_dry_run_says_what_is_odd_and_writes_nothing(write):
    path = write("b.jsonl", [
        line(1, title="x" * 200), line(2, 99), line(3, 4), line(4, 3), line(5, 1, created_utc="1970-01-01"), line(5, 1, body="Other"),
        line(6, 1), line(6, 1), line(7, 1, body=""), line(8, 1, body="a\x00b\ud800"), line(9, 1, score=3),
        line(10, 1, author="admin"),
    ] + [line(n, 1) for n in range(20, 40)])  # fmt: skip
    report = import_board(path, dry_run=True)
    odd = {"long", "orphan", "cycle", "date", "same id", "twin", "empty", "control", "field", "name"}
    assert {name: report.odd[name] for name in odd} == dict.fromkeys(odd, 1) | {"name": 2}
    assert any("Windows" in text or "orphan" in text or "not here" in text for text in report.lines())
    assert (Post.objects.count(), Member.objects.count(), Imported.objects.count()) == (0, 0, 0)
    assert Category.objects.filter(name=board.CATEGORY).count() == 0
    import_board(path)
    assert Post.objects.count() == report.posts == 31
    assert drift() == []


def test_posts_may_come_in_any_order_and_without_threads(write):
    lines = [line(n, n - 1 if n > 1 else None, thread=None) for n in range(1, 40)]
    import_board(write("b.jsonl", lines[::-1]))
    assert Thread.objects.count() == 1
    assert [p.depth for p in Post.objects.order_by("place")] == list(range(39))


def test_a_thread_a_thousand_deep_and_pages_of_a_hundred(write):
    import_board(write("b.jsonl", [line(n, n - 1 if n > 1 else None) for n in range(1, 1002)]))
    thread = Thread.objects.get()
    assert [(a.place, a.size) for a in Anchor.objects.order_by("place")] == [(1, 100)] + [
        (n * STEP, 100) for n in range(101, 1001, 100)
    ]
    assert Client().get(f"/threads/{thread.pk}/x/?page=10", follow=True).status_code == 200
    assert Post.objects.get(depth=1000).number == 1000


def test_the_states_of_the_old_board_are_kept(write):
    import_board(
        write(
            "b.jsonl", [line(1), line(2, 1, state="hidden", body="Secret words"), line(3, 1, state="deleted", body="Gone words")]
        )
    )
    html = Client().get(f"/threads/{Thread.objects.get().pk}/x/", follow=True).content.decode()
    assert "Secret words" not in html
    assert "Gone words" not in html
    assert Thread.objects.get().reply_count == 0
    assert drift() == []


def test_bytes_that_are_no_utf8_are_read_as_windows_1252(write, tmp_path):
    path = tmp_path / "b.jsonl"
    path.write_bytes(json.dumps(line(1, body="Caf@")).encode().replace(b"@", b"\xe9"))
    assert import_board(path).odd == {"bytes": 1, "name": 1}
    assert Post.objects.get().text.source == "Café"


def test_a_file_of_something_else_is_refused_before_anything_is_written(write):
    with pytest.raises(Refused, match="1 of 1 lines"):
        import_board(write("b.jsonl", [{"hello": "there"}]))
    assert Member.objects.count() == 0


def test_old_addresses_of_posts_lead_to_their_place(write):
    import_board(write("b.jsonl", [line(1), line(2, 1, urls=["https://old.example/showpost.php?p=2", "x" * 500])]))
    assert OldAddress.objects.count() == 1
    location = Client().get("/showpost.php?p=2").headers["Location"]
    assert location == f"/posts/{Post.objects.get(number=1).pk}/"


def test_two_authors_that_look_alike_stay_two(write):
    import_board(
        write("b.jsonl", [line(1, author="Bob"), line(2, 1, author="B0b"), line(3, 1, author="???"), line(4, 1, author="")])
    )
    names = set(Member.objects.values_list("name", flat=True))
    assert names == {"Bob", "B0b-2", "somebody", "former_member"}


def test_html_bodies_become_text_with_their_links():
    text = plain_text(
        '<p>See <a href="https://a.example/">this</a> &amp; that</p><script>alert(1)</script><ul><li>One<li>Two</ul>'
    )
    assert text == "See https://a.example/ this &amp; that\n\nOne\nTwo"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (START, START * 10**6), (str(START), START * 10**6), (START * 1000, START * 10**6), (START * 10**6, START * 10**6),
        ("2007-06-16T14:19:00Z", START * 10**6), ("2007-06-16 14:19", START * 10**6), ("2007-06-16T16:19:00+02:00", START * 10**6),
        ("yesterday", None), (None, None), (float("nan"), None), ("1e400", None), ({}, None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_the_field_writes_it(written, moment):
    assert read_moment(written) == moment
