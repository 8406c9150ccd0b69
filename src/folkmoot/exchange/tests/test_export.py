"""The way out and in again: the same addresses, the same text, the same rows; and a public export says nothing secret."""

import hashlib
import json
import re
import shutil
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from tests.databases import empty
from tests.pages import Scene

from folkmoot.base import time
from folkmoot.base.answers import Refused
from folkmoot.exchange.jsonl import import_board
from folkmoot.exchange.whole import export_site, import_site
from folkmoot.exchange.whole.plan import PLAN
from folkmoot.exchange.whole.write import MEDIA, is_state
from folkmoot.hosts import actions as hosts
from folkmoot.members.models import Member
from folkmoot.search import actions as search
from folkmoot.site import actions as site
from folkmoot.site.demo import found_village
from folkmoot.site.models import Community
from folkmoot.site.recount import drift
from folkmoot.threads import actions
from folkmoot.threads.models import Fragment, Post, ReadingPlace, Thread


@pytest.fixture
def scene(village):
    scene = Scene(village)
    site.feature(scene.thread, by=village.gus, reason="It is dark.")
    return scene


@pytest.fixture
def still(monkeypatch):
    """`5 min ago` must not become `6 min ago` between two crawls."""
    now = time.now_moment()
    monkeypatch.setattr("folkmoot.members.reader.time.now_moment", lambda: now)
    monkeypatch.setattr("folkmoot.site.views.pages.now_moment", lambda: now)
    monkeypatch.setattr("folkmoot.threads.views.read.now_moment", lambda: now)


def _hash(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _move(folder: Path, *, private: bool) -> None:
    """Export, forget everything, move in again, as the command does it."""
    export_site(folder, private=private)
    empty()
    import_site(folder)
    search.rebuild(lambda done, of: None)


def _page(client: Client, address: str) -> tuple[bytes, list[str]]:
    answer = client.get(address)
    body = answer.getvalue()
    body = re.sub(rb'name="(csrfmiddlewaretoken|key)" value="[^"]*"', b"", body)
    if "/second-step/" in address:  # the secret of a second factor is another each time
        body = re.sub(rb'<code>[A-Z2-7 ]*</code>|href="otpauth:[^"]*"|<path d="[^"]*"', b"", body)
    to = answer.headers.get("Location", "")
    found = re.findall(r'href="(/[^"#]*)', body.decode(errors="replace")) + ([to] if to.startswith("/") else [])
    found = [a.split("#")[0].replace("&amp;", "&") for a in found if not a.startswith(("/static/", "/sign-out/"))]
    return f"{answer.status_code} {to}\n".encode() + body, found


def _crawl(who: str | None, starts: list[str]) -> dict[str, bytes]:
    """Everything that this member or a visitor finds by following links."""
    client = Client()
    if who:
        client.force_login(Member.objects.get(name=who))
    pages: dict[str, bytes] = {}
    queue = list(starts)
    while queue:
        address = queue.pop(0)
        if address not in pages:
            pages[address], found = _page(client, address)
            queue += found
    return pages


def _starts(scene: Scene) -> list[str]:
    posts = [f"/posts/{pk}/{more}" for pk in Post.objects.values_list("pk", flat=True) for more in ("", "alone/", "history/", "recommendations/")]  # fmt: skip
    return ["/", "/sitemap.xml", "/greatest/?period=all", *posts, *(page.address for page in scene.pages())]


def _differ(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(one.keys() ^ other.keys()) + sorted(
        address for address in one.keys() & other.keys() if one[address] != other[address]
    )


def _stays_at_home(address: str) -> bool:
    """What a public export does not tell: alerts, which are counted in the figures, and the pools that bundles prove."""
    return address.startswith("/juries/") and ("figures" in address or address.endswith(".json"))


def test_every_page_of_the_scene_is_the_same_after_a_private_move(scene, still, tmp_path, count):
    starts = _starts(scene)
    for who in ("Ada", "Gus"):
        _crawl(who, [f"/threads/{scene.thread.pk}/"])  # what they have read is moved, too
    export_site(tmp_path / "out", private=True)
    before = {who: _crawl(who, starts) for who in (None, "Ada", "Gus")}
    empty()
    import_site(tmp_path / "out")
    search.rebuild(lambda done, of: None)
    for who, pages in before.items():
        assert _differ(pages, _crawl(who, starts)) == [], who
        count("pages compared after a move", len(pages))
    assert sum(map(len, before.values())) > 500
    assert drift() == []


def test_every_page_a_visitor_reads_is_the_same_after_a_public_move(scene, still, tmp_path, count):
    """All but three private doors: a one-time link ends with its password, a claim and a notice are their senders' own."""
    doors = ("/account/link/", "/account/claims/", "/legal/notices/")
    starts = [address for address in _starts(scene) if not address.startswith(doors)]
    before = _crawl(None, starts)
    _move(tmp_path / "out", private=False)
    different = _differ(before, _crawl(None, starts))
    assert [a for a in different if not _stays_at_home(a)] == []
    assert len(before) > 150
    count("pages compared after a move", len(before))
    assert drift() == []


@pytest.mark.long
def test_every_page_of_the_whole_village_is_the_same_after_a_move(still, tmp_path, count):
    found_village(lambda line: None)
    starts = ["/", "/sitemap.xml", "/greatest/?period=all"]
    export_site(tmp_path / "out", private=True)
    before = {who: _crawl(who, starts) for who in (None, "Gus")}
    for private in (True, False):
        if not private:
            export_site(tmp_path / "public", private=False)
        empty()
        import_site(tmp_path / ("out" if private else "public"))
        search.rebuild(lambda done, of: None)
        for who in (None, "Gus") if private else (None,):
            different = _differ(before[who], _crawl(who, starts))
            assert [a for a in different if private or not _stays_at_home(a)] == [], who
            count("pages compared after a move", len(before[who]))
    assert drift() == []


def test_an_export_of_the_moved_community_is_the_same_to_the_byte(scene, tmp_path):
    for private in (True, False):
        export_site(tmp_path / "one", private=private)
        export_site(tmp_path / "two", private=private)
        assert _hash(tmp_path / "one") == _hash(tmp_path / "two")
        empty()
        import_site(tmp_path / "one")
        export_site(tmp_path / "three", private=private)
        assert _hash(tmp_path / "one") == _hash(tmp_path / "three")


def test_every_row_comes_back(scene, tmp_path):
    def rows() -> dict[str, list[Any]]:
        models = [table.rows_of for table in PLAN] + [Fragment]
        return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}

    village = scene.village
    village.signed_in(village.ada).get(f"/threads/{scene.thread.pk}/the-bridge-is-closed/")
    site.change_house_page("terms", by=village.gus, text="Ours.", reason="The assembly said so.")
    hosts.begin_night_watch(by=village.gus, hours=1, reason="A flood.")
    before = rows()
    assert [label for label, found in before.items() if not found and label not in ("threads.OldAddress", "exchange.Imported", "exchange.OldBoard", "exchange.ImportedExtra", "account.EmailAddress")] == []  # fmt: skip
    _move(tmp_path / "out", private=True)
    for label, found in rows().items():
        strip = [{k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()} for row in found]
        assert strip == [{k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()} for row in before[label]], (
            label
        )


def test_a_board_that_moved_in_moves_on(village, tmp_path):
    words = {"thread_id": "t1", "author": "Ann", "title": "A ferry", "body": "Ann &amp; Bob.\n\nhttps://a.example/x"}
    lines = [{**words, "id": "p1", "created_at": 1e9, "urls": ["https://old.example/t?p=1"]}, {**words, "id": "p2", "parent_id": "p1", "created_at": 2e9, "state": "hidden", "urls": ["/secret-words"]}]  # fmt: skip
    path = tmp_path / "b.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    import_board(path)
    export_site(tmp_path / "public", private=False)
    assert [row["address"] for row in _lines(tmp_path / "public/old_addresses.jsonl")] == ["/t?p=1"]
    _move(tmp_path / "out", private=True)
    assert Client().get("/t?p=1").headers["Location"] == f"/posts/{Post.objects.get(number=0).pk}/"
    assert import_board(path).new_posts == 0


def test_life_goes_on_after_a_move(scene, tmp_path):
    last = Post.objects.order_by("-pk")[0].pk
    password = scene.village.ada.password
    _move(tmp_path / "out", private=True)
    ada, thread = Member.objects.get(name="Ada"), Thread.objects.get(pk=scene.thread.pk)
    assert ada.password == password
    opening = actions.start_thread(thread.forum, by=ada, subject="After", text="The move")
    assert opening.pk == last + 1
    bram = Member.objects.get(name="Bram")
    actions.recommend(actions.reply(opening, by=bram, subject="", text="Well done"), by=ada)
    client = Client()
    client.force_login(bram)
    assert client.get(f"/threads/{opening.thread_id}/after/").status_code == 200
    assert ReadingPlace.objects.filter(member_id=bram.pk, thread_id=opening.thread_id).exists()
    client.post("/account/", {"about": "Moved", "zone": "", "theme": ""})
    assert drift() == []


SECRET = "zanzibar-kumquat"


def test_a_public_export_holds_nothing_that_a_visitor_may_not_read(scene, tmp_path):
    """Every place that can hold words holds the secret; each is hidden, withdrawn, waiting or private."""
    village = scene.village
    hidden = village.reply(scene.opening, SECRET, subject=SECRET)
    actions.edit(hidden, by=village.bram, subject=SECRET, text=f"{SECRET} again")
    actions.hide(hidden, by=village.gus, reason="No.")
    withdrawn = village.opening(SECRET, SECRET, by=village.bram)
    village.reply(withdrawn, "An answer", by=village.cleo)
    actions.edit(withdrawn, by=village.bram, subject=SECRET, text=f"{SECRET} again")
    actions.withdraw(withdrawn, by=village.bram)
    thread = village.opening(SECRET, SECRET, by=village.bram)
    site.feature(thread.thread, by=village.gus, reason=SECRET)
    actions.hide(thread, by=village.gus, reason="No.")
    waiting = village.opening(SECRET, f"https://{SECRET}.example", by=village.dara)
    village.reply(scene.opening, f"https://{SECRET}.example", by=village.dara)
    refused = village.reply(scene.opening, f"https://{SECRET}.example", by=village.dara)
    actions.hide(refused, by=village.gus, reason=SECRET)
    Member.objects.filter(name="Ada").update(email=f"{SECRET}@moot.example", password=SECRET)
    export_site(tmp_path / "public", private=False)
    export_site(tmp_path / "private", private=True)
    said = {path.name: path.read_text() for path in (tmp_path / "public").iterdir() if path.is_file()}
    assert said.pop("reasons.jsonl").count(SECRET) == 2, "the reason of an act is public: it stands in the ledger"
    assert [name for name, text in said.items() if SECRET in text] == []
    assert "@moot.example" not in "".join(said.values())
    assert [row["id"] for row in _lines(tmp_path / "public/threads.jsonl") if row["id"] == waiting.thread_id] == []
    assert {row["id"] for row in _lines(tmp_path / "public/posts.jsonl")} == set(
        Post.objects.exclude(number=None).exclude(state="pending").values_list("pk", flat=True)
    )
    private = {path.name: path.read_text() for path in (tmp_path / "private").iterdir() if path.is_file()}
    holding = {"posts.jsonl", "revisions.jsonl", "threads.jsonl", "featured.jsonl", "members.jsonl", "reasons.jsonl"} | {
        "cases.jsonl",
        "notices.jsonl",
    }
    assert {name for name, text in private.items() if SECRET in text} == holding
    rows = {row["id"]: row for row in _lines(tmp_path / "private/posts.jsonl")}
    assert (rows[withdrawn.pk]["subject"], rows[withdrawn.pk]["text"]) == ("", ""), "withdrawn words are nobody's"
    empty()
    import_site(tmp_path / "public")
    assert drift() == []


def test_after_a_public_move_nobody_can_sign_in_until_a_link_sets_a_password(scene, tmp_path):
    _move(tmp_path / "out", private=False)
    assert not any(member.has_usable_password() for member in Member.objects.all())
    assert Member.objects.exclude(email="").count() == 0
    assert Member.objects.get(name="Gus").is_administrator


def test_a_private_export_is_readable_by_its_owner_only(village, tmp_path):
    export_site(tmp_path / "out", private=False)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o755
    export_site(tmp_path / "out", private=True)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert len(modes) == len(PLAN)
    assert set(modes.values()) == {0o600}


def test_what_is_written_meanwhile_is_not_in_it_and_nobody_waits(village, tmp_path):
    """A consistent snapshot: while the export runs, another connection writes a post and hides one."""
    opening = village.opening()
    first = village.reply(opening, "In it")

    def write() -> None:
        try:
            village.reply(opening, "Too late")
            actions.hide(first, by=village.gus, reason="Meanwhile.")
        finally:
            connections.close_all()

    wrote = []

    def meanwhile(done: int, of: int) -> None:
        if not wrote:
            thread = threading.Thread(target=write)
            thread.start()
            thread.join(15)
            wrote.append(not thread.is_alive())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("folkmoot.exchange.whole.write._EVERY", 1)
        export_site(tmp_path / "out", private=True, progress=meanwhile)
    assert wrote == [True]
    assert Post.objects.filter(state="visible").count() == 2
    posts = _lines(tmp_path / "out/posts.jsonl")
    assert [(row["text"], row["state"]) for row in posts] == [("Until Monday.", "visible"), ("In it", "visible")]
    empty()
    import_site(tmp_path / "out")
    assert drift() == []


def test_an_interrupted_export_leaves_the_older_one(village, tmp_path):
    export_site(tmp_path / "out", private=True)
    before = _hash(tmp_path / "out")
    village.opening()

    def interrupt(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_site(tmp_path / "out", private=True, progress=interrupt)
    assert _hash(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    export_site(tmp_path / "out", private=True)
    assert len(_lines(tmp_path / "out/posts.jsonl")) == 1


def test_a_folder_of_something_else_is_never_replaced(village, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").write_bytes(b"cat")
    with pytest.raises(Refused, match=r"something else: cat\.jpg"):
        export_site(tmp_path / "photos", private=False)
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match="is a file"):
        export_site(tmp_path / "file", private=False)
    export_site(tmp_path / "out", private=False)
    (tmp_path / "out/notes.txt").write_text("mine")
    with pytest.raises(Refused, match=r"notes\.txt"):
        export_site(tmp_path / "out", private=False)


def test_nothing_is_exported_before_the_founding(db, tmp_path):
    with pytest.raises(Refused, match="no community yet"):
        export_site(tmp_path / "out", private=False)
    assert list(tmp_path.iterdir()) == []


def test_media_go_along_in_a_private_export(village, tmp_path):
    folder = settings.DATA / MEDIA
    (folder / "a").mkdir(parents=True)
    (folder / "a/map.png").write_bytes(b"river")
    try:
        export_site(tmp_path / "public", private=False)
        assert not (tmp_path / "public" / MEDIA).exists()
        export_site(tmp_path / "out", private=True)
        empty()
        folder.mkdir()
        (folder / "left.png").write_bytes(b"here")
        with pytest.raises(Refused, match="not empty"):
            import_site(tmp_path / "out")
        shutil.rmtree(folder)
        import_site(tmp_path / "out")
        assert (folder / "a/map.png").read_bytes() == b"river"
        empty()
        (tmp_path / "out/media/a/map.png").write_bytes(b"rive")
        with pytest.raises(Refused, match="not as"):
            import_site(tmp_path / "out")
        assert not folder.exists()
        assert not Community.objects.exists()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_it_moves_into_a_founded_and_empty_community_only(village, tmp_path):
    village.thread()
    export_site(tmp_path / "out", private=True)
    with pytest.raises(Refused, match="threads or members here already"):
        import_site(tmp_path / "out")
    empty()
    site.found(name="New", promise="", zone="UTC", template="hobby")
    import_site(tmp_path / "out")
    assert Community.objects.get().name == "The Moot"
    assert drift() == []


def test_an_export_is_read_in_order_and_its_ids_are_the_rows(village, tmp_path):
    posts = [village.opening()]
    posts += [village.reply(posts[-1]) for _ in range(5)]
    counts = export_site(tmp_path / "out", private=False)
    rows = _lines(tmp_path / "out/posts.jsonl")
    assert [row["id"] for row in rows] == [post.pk for post in posts]
    assert rows[1]["parent_id"] == posts[0].pk
    assert counts["posts.jsonl"] == 6
    assert not any(is_state(table) for table in PLAN if table.public)
    assert connection.in_atomic_block is False
