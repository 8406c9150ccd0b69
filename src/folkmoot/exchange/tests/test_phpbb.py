"""A small phpBB board of our own moves in through the front function, and is read through the front door."""

import bz2
import gzip
from pathlib import Path

import pytest
import zstandard
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.exchange import board
from folkmoot.exchange.models import Imported, ImportedExtra, OldBoard
from folkmoot.exchange.phpbb import import_board
from folkmoot.forums.models import Forum
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.members.rules import ABOUT_MAX
from folkmoot.site.recount import drift
from folkmoot.threads import actions, media
from folkmoot.threads.models import Attachment, Post, State, Text, Thread

SQL = Path(__file__).with_name("moot.sql")
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
pytestmark = pytest.mark.usefixtures("community")


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("3_aaaa", "3_cccc", "3_dddd", "3_eeee", "3_ffff", "3_hhhh"):
        (folder / name).write_bytes(b"Some words of " + name.encode())
    (folder / "3_bbbb").write_bytes(PNG)
    (tmp_path / "secret").write_text("not to be had")
    return folder


@pytest.fixture
def gus() -> Member:
    members.administrator_link("Gus")
    return Member.objects.get(name="Gus")


def post(old_id: int) -> Post:
    return Post.objects.select_related("parent", "thread", "author", "text").get(
        pk=Imported.objects.get(kind="post", source_id=str(old_id)).object_id
    )


def shown(thread: Thread, client: Client | None = None) -> str:
    return (client or Client()).get(f"/threads/{thread.pk}/x/", follow=True).content.decode()


def test_threads_and_posts_move_in_with_their_states(files):
    report = import_board(SQL, files=files)
    assert (report.posts, report.new_posts, report.new_threads, report.forums) == (10, 10, 3, 2)
    assert report.odd["moved"] == 2
    assert report.odd["stray"] == 1
    assert drift() == []
    bridge = post(10).thread
    assert (bridge.subject, bridge.pinned, bridge.view_count) == ('The "old" bridge &lt;', True, 77)
    assert [(p.number, p.depth, p.state) for p in bridge.posts.exclude(number=None).order_by("place")] == [
        (0, 0, "visible"), (1, 1, "visible"), (2, 1, "visible"), (3, 2, "hidden_by_office"), (4, 1, "withdrawn"), (5, 1, "visible"),
    ]  # fmt: skip
    hidden, gone, waits = post(12), post(13), post(14)
    assert (hidden.state, hidden.state_reason, hidden.parent) == (
        State.HIDDEN_BY_OFFICE, "Hidden on the old board: Rude & long", post(11),
    )  # fmt: skip
    assert hidden.state_at is not None
    assert hidden.state_at.timestamp() == 1100000300
    assert hidden.state_by is not None
    assert hidden.state_by.email == "boss@old.example"
    assert (gone.state, gone.text.source, gone.subject) == (State.WITHDRAWN, "", "")
    assert (waits.state, waits.number, waits.place, waits.parent) == (State.PENDING, None, None, post(10))
    html = shown(bridge)
    assert "A host of the old board locked this thread. Nobody can reply." in html
    assert "Rude &amp; long" in html
    for secret in ("Off topic", "spam.example", "I take it back"):
        assert secret not in html
    whole = post(40).thread
    assert (whole.state, whole.listed) == (State.PENDING, False)
    assert Client().get(f"/threads/{whole.pk}/", follow=True).status_code == 404


def test_what_waited_is_let_in_below_the_post_that_it_answers(files, gus):
    import_board(SQL, files=files)
    before = post(10).thread.last_number
    actions.restore(post(14), by=gus, reason="Not spam.")
    assert post(14).number == before + 1
    actions.restore(post(40), by=gus, reason="Fine.")
    assert Client().get(f"/threads/{post(40).thread_id}/", follow=True).status_code == 200
    assert drift() == []


def test_edits_of_the_old_board_are_counted_and_its_lost_wordings_said_to_be_lost(files):
    import_board(SQL, files=files)
    edited = post(10)
    assert (edited.edit_count, edited.imported_edit_count, edited.edited_moment) == (3, 3, 1_100_000_900 * 10**6)
    assert "Last edited Tue Nov 9, 2004" in shown(edited.thread)
    history = Client().get(f"/posts/{edited.pk}/history/").content.decode()
    assert "it was edited 3 times, last on Tue Nov 9, 2004" in history
    Member.objects.filter(pk=edited.author_id).update(claimable=False)
    actions.edit(edited, by=edited.author, subject="Once more", text="New words", seen_edits=3)
    assert drift() == []
    history = Client().get(f"/posts/{edited.pk}/history/").content.decode()
    assert "Version 4" in history
    assert "As first written" not in history
    assert "it was edited 3 times, last on Tue Nov 9, 2004" in history
    import_board(SQL, files=files)
    assert post(10).text.source == "New words"


def test_members_guests_and_bans(files):
    report = import_board(SQL, files=files)
    assert report.odd["bot"] == 2
    people = {m.name: m for m in Member.objects.all()}
    boss = Member.objects.get(email="boss@old.example")
    assert set(people) == {boss.name, "O_Brien_b", "Bea", "Sleeper", "Passer-by", "Gone_Girl", "former_member"}
    assert not boss.is_administrator
    assert people["Bea"].joined_at.timestamp() == 1000000002
    assert all(not m.has_usable_password() for m in people.values())
    assert {name for name, m in people.items() if not m.claimable} == {"Passer-by", "Gone_Girl", "former_member"}
    assert "guest or a deleted member" in Client().get("/members/Passer-by/").content.decode()
    assert len(people["Passer-by"].about) < ABOUT_MAX
    assert (people["Sleeper"].email, people["Sleeper"].ban_reason) == ("", "Spam")
    assert {name for name, m in people.items() if m.banned_at} == {"Sleeper"}


def test_forums_keep_their_shelves_and_what_was_not_public_stays_out(files):
    report = import_board(SQL, files=files)
    forums = {f.name: f for f in Forum.objects.filter(pk__in=Imported.objects.filter(kind="forum").values("object_id"))}
    assert set(forums) == {"Bridges", "Fords"}
    assert forums["Bridges"].category.name == forums["Fords"].category.name == "Town & Country"
    assert forums["Bridges"].purpose == "About [b]bridges[/b] & fords."
    assert forums["Fords"].purpose == "Wet feet. A part of Bridges."
    assert forums["Fords"].administrators_only
    assert not forums["Bridges"].administrators_only
    assert report.odd["closed"] == 3
    assert not Text.objects.filter(source__contains="secret of the staff").exists()
    assert not Attachment.objects.filter(name="staff.txt").exists()
    later = import_board(SQL, files=files, closed_forums=True)
    assert (later.new_posts, later.new_threads) == (1, 1)
    assert Forum.objects.filter(name__in=["Staff", "Below staff", "Locked away"]).count() == 3
    assert drift() == []


def test_texts_of_both_storages_say_the_same_as_markdown(files):
    import_board(SQL, files=files)
    old, new, bea = post(60), post(61), Member.objects.get(name="Bea")
    fords = Forum.objects.get(name="Fords")
    assert post(10).text.source == (
        f"See [viewtopic.php?f=2&t=6](/threads/{old.thread_id}/), [that](/posts/{new.pk}/), [fords](/forums/{fords.slug}/)"
        f" and [Bea](/members/{bea.name}/).\nGone: <http://old.example/board/viewtopic.php?t=999>\n"
        "**Bold** \\*not bold\\* \\<script>alert(1)\\</script>\n\\# no heading\n1\\. no list\nclick (javascript:alert(1))"
    )
    plan = Attachment.objects.get(media_type="image/png")
    assert post(11).text.source == (
        f"> [O'Brien \\<b>](/posts/{post(10).pk}/) wrote:\n>\n> no list\n\nYes. [plan.png](/attachments/{plan.pk}/plan%20%26%20gnp.exe)"
    )
    assert old.text.source == (
        f"> O'Brien \\<b> wrote:\n>\n> 1\\. no list\n\nOld **bold** and [b]not a mark[/b] & \\<i>\n"
        f"[viewtopic.php?t=1&start=1](/threads/{post(10).thread_id}/) :)\n\n1. one\n2. two\n\n"
        "```\nif (a < b) {\n    [b]x[/b]\n}\n```"
    )
    assert new.text.source.startswith(f"> [admin](/posts/{old.pk}/) wrote:\n>\n> Old bold and")
    assert (new.parent, post(15).parent) == (old, post(10))
    html = shown(post(10).thread)
    assert "<script" not in html
    assert "javascript:" in html
    assert 'href="javascript:' not in html


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("viewtopic.php?t=1", "thread 10"), ("viewtopic.php?f=2&t=1&sid=0123", "thread 10"), ("viewtopic.php?sid=1&t=1&f=9", "thread 10"),
        ("viewtopic.php?f=2&amp;t=1", "thread 10"), ("viewtopic.php?t=2", "thread 10"), ("viewtopic.php?t=3", "thread 10"),
        ("viewtopic.php?p=11", "post 11"), ("viewtopic.php?f=2&t=1&p=11&hilit=x", "post 11"), ("viewtopic.php?p=9999&t=6", "thread 60"),
        ("viewtopic.php?t=1&start=2", "post 11"), ("viewtopic.php?t=6&start=1", "post 61"), ("viewforum.php?f=2", "/forums/bridges/"),
        ("viewforum.php?sid=a&f=1", "/categories/town-country/"), ("memberlist.php?mode=viewprofile&u=4", "/members/Bea/"),
        ("memberlist.php?u=4&mode=viewprofile&sid=1", "/members/Bea/"), ("index.php", "/"), ("index.php?sid=1", "/"),
        ("viewtopic.php?t=999", ""), ("viewtopic.php?t=5", ""), ("viewtopic.php?t=abc", ""), ("viewtopic.php", ""),
        ("viewtopic.php?t=" + "9" * 40, ""), ("viewforum.php?f=4", ""), ("viewforum.php?f=5", ""), ("memberlist.php?u=1", ""),
        ("download/file.php?id=5", ""), ("viewtopic.php?" + "&".join(f"a{n}=1" for n in range(90)) + "&t=1", ""),
        ("viewtopic.php?t=1%00", ""), ("viewtopic.php?t=1&start=-5", "thread 10"),
    ],
)  # fmt: skip
def test_an_old_address_leads_to_where_its_thing_stands_now(files, address, leads):
    import_board(SQL, files=files)
    answer = Client().get(f"/board/{address}")
    if not leads:
        assert answer.status_code == 404
        return
    kind, _, number = leads.partition(" ")
    expected = {"thread": lambda: f"/threads/{post(int(number)).thread_id}/", "post": lambda: f"/posts/{post(int(number)).pk}/"}
    assert (answer.status_code, answer.headers["Location"]) == (301, expected[kind]() if number else leads)
    assert Client().get(f"/board/{address}", follow=True).status_code == 200
    assert Client().post(f"/board/{address}").status_code == 404


def test_old_addresses_of_two_boards_are_told_apart_by_their_paths(files, tmp_path):
    import_board(SQL, files=files)
    assert Client().get("/elsewhere/viewtopic.php?t=1").status_code == 301
    other = tmp_path / "other.sql"
    other.write_text(SQL.read_text().replace("'/board'", "'/second'"))
    import_board(other)
    assert set(OldBoard.objects.values_list("source", "path")) == {
        ("old.example/board", "/board/"), ("old.example/second", "/second/"),
    }  # fmt: skip
    first, second = (Client().get(f"/{path}/viewtopic.php?t=1").headers["Location"] for path in ("board", "second"))
    assert first != second
    assert Client().get("/elsewhere/viewtopic.php?t=1").status_code == 404


def test_an_address_like_phpbbs_is_nothing_where_no_such_board_moved_in():
    assert Client().get("/viewtopic.php?t=1").status_code == 404
    assert Client().get("/index.php").status_code == 404


def test_attachments_keep_their_files_and_lose_their_tricks(files, gus):
    report = import_board(SQL, files=files)
    assert report.odd["file"] == 1
    names = dict(Attachment.objects.values_list("name", "post_id"))
    assert names == {"passwd": post(11).pk, "plan & gnp.exe": post(11).pk, "hidden.txt": post(12).pk}
    plan = Attachment.objects.get(name="plan & gnp.exe")
    assert (plan.media_type, plan.size, plan.note) == ("image/png", len(PNG), "A <b>plan</b>")
    html = shown(post(11).thread)
    assert html.count('<li><a href="/attachments/') == 2
    assert "hidden.txt" not in html
    old = Client().get("/board/download/file.php?id=2&mode=view&sid=7")
    assert (old.status_code, old.headers["Location"]) == (301, f"/attachments/{plan.pk}/")
    hidden = Attachment.objects.get(name="hidden.txt")
    assert Client().get("/board/download/file.php?id=4").headers["Location"] == f"/attachments/{hidden.pk}/"
    assert Client().get(f"/attachments/{hidden.pk}/").status_code == 404
    office = Client()
    office.force_login(gus)
    saved = office.get(f"/attachments/{hidden.pk}/", follow=True)
    assert (saved.status_code, saved.headers["Cache-Control"]) == (200, "no-store")
    saved.close()
    assert not any(
        "secret" in path.read_bytes().decode("latin-1") for path in media.path_of(plan.sha256).parent.rglob("*") if path.is_file()
    )


def test_files_may_come_later(files, tmp_path):
    assert import_board(SQL).odd["file"] == 5
    assert Attachment.objects.count() == 0
    assert "(/board/download/file.php" not in post(11).text.source
    later = import_board(SQL, files=files)
    assert (later.new_posts, later.new_files) == (0, 3)
    plan = Attachment.objects.get(media_type="image/png")
    assert f"(/attachments/{plan.pk}/" in post(11).text.source
    assert import_board(SQL, files=files).new_files == 0
    assert drift() == []


def test_polls_votes_and_private_messages_are_kept_for_their_rooms(files):
    report = import_board(SQL, files=files)
    assert report.extras == {"poll": 1, "vote": 3, "private message": 1}
    poll = ImportedExtra.objects.get(kind="poll").payload
    assert (poll["question"], [o["text"] for o in poll["options"]]) == ("Keep it?", ["Yes & no", "Never"])
    message = ImportedExtra.objects.get(kind="private message").payload
    assert (message["subject"], message["text"], message["to"]) == ("Hush & hush", "A **secret**", ["4", "group 5"])
    assert "192.0.2" not in "".join(str(extra.payload) for extra in ImportedExtra.objects.all())
    import_board(SQL, files=files)
    assert ImportedExtra.objects.count() == 5


def test_a_dry_run_writes_nothing_and_counts_the_same(files):
    trial = import_board(SQL, files=files, dry_run=True)
    assert (Post.objects.count(), Member.objects.count(), ImportedExtra.objects.count(), OldBoard.objects.count()) == (0, 0, 0, 0)
    real = import_board(SQL, files=files)
    assert (trial.posts, trial.new_posts, trial.new_threads, trial.forums, trial.members, trial.extras, trial.states) == (
        real.posts, real.new_posts, real.new_threads, real.forums, real.members, real.extras, real.states,
    )  # fmt: skip
    assert any("waiting to be let in" in line for line in real.lines())


def test_an_interrupted_run_goes_on_to_the_same_board(files, monkeypatch):
    monkeypatch.setattr(board, "BATCH", 1)

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_board(SQL, files=files, progress=stop)
    assert 0 < Post.objects.count() < 10
    assert drift() == []
    import_board(SQL, files=files)
    assert Post.objects.count() == 10
    assert f"(/posts/{post(61).pk}/)" in post(10).text.source
    assert drift() == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, zstandard.compress])
def test_a_packed_dump_of_any_prefix_is_read(tmp_path, pack):
    text = SQL.read_text().replace("old_", "x9")
    (tmp_path / "dump").write_bytes(pack(text.encode()))
    assert import_board(tmp_path / "dump").new_posts == 10


def test_a_dump_of_two_boards_asks_which(tmp_path):
    (tmp_path / "two.sql").write_text(SQL.read_text() + SQL.read_text().replace("old_", "new_"))
    with pytest.raises(Refused, match="--prefix: new_, old_"):
        import_board(tmp_path / "two.sql")
    assert import_board(tmp_path / "two.sql", prefix="new_").new_posts == 10


def test_a_file_that_is_no_board_is_refused(tmp_path):
    (tmp_path / "x.sql").write_text("CREATE TABLE posts (id int); INSERT INTO posts VALUES (1);")
    with pytest.raises(Refused, match="holds no phpBB board"):
        import_board(tmp_path / "x.sql")


def test_a_board_of_version_3_0_knows_approval_instead_of_visibility(tmp_path):
    text = (
        SQL.read_text()
        .replace("`post_visibility`,`post_delete_time`", "`post_approved`,`post_delete_time`")
        .replace(",2,1100000", ",1,1100000")
    )
    (tmp_path / "old.sql").write_text(text)
    import_board(tmp_path / "old.sql")
    assert {p.state for p in Post.objects.all()} == {State.VISIBLE, State.PENDING}


def test_a_text_that_is_too_long_is_kept_without_its_marks(tmp_path):
    long = "<r><B><s>[b]</s>" + "word " * 25_000 + "<e>[/b]</e></B></r>"
    (tmp_path / "x.sql").write_text(SQL.read_text().replace("<t>From 1970, by nobody</t>", long))
    report = import_board(tmp_path / "x.sql")
    assert report.odd["large"] == 1
    assert post(16).text.format == Text.Format.PLAIN
    assert post(16).text.source.startswith("word word")
