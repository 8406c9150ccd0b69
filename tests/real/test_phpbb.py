"""A genuine phpBB 3.3 board moves in whole, number by number of its answer key (see ../shared/data/README.md)."""

import html
import re
import tarfile
import time
from pathlib import Path

import pytest
import zstandard
from django.test import Client

from folkmoot.base import markup
from folkmoot.exchange.bbcode import parse
from folkmoot.exchange.models import Imported, ImportedExtra
from folkmoot.exchange.phpbb import import_board
from folkmoot.exchange.phpbb.tables import tables_of
from folkmoot.exchange.report import Report
from folkmoot.forums.models import Category, Forum
from folkmoot.members.models import Member
from folkmoot.site.recount import drift
from folkmoot.threads.models import Attachment, Post, State, Text, Thread

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [pytest.mark.real, pytest.mark.usefixtures("community")]

_LEFT = re.compile(r"\[/?(?:b|i|u|quote|url|img|list|code|size|color|attachment|\*)\b[^\]]*\]|</?[A-Z_]+[ />]|<[rtse]>|\x1a|\x1e")


@pytest.fixture(scope="module")
def dump(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("phpbb")
    with (
        (REAL / "phpbb3-mariadb-only.tar.zst").open("rb") as raw,
        zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(raw) as packed,
        tarfile.open(fileobj=packed, mode="r|") as tar,
    ):
        tar.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # noqa: S202
    return folder


def key_of(folder: Path) -> dict[str, int]:
    lines = (folder / "expected-row-counts-mariadb.txt").read_text().splitlines()
    return {name.removeprefix("phpbb_"): int(number) for name, number in (line.split() for line in lines)}


def moved(folder: Path, **options) -> Report:
    return import_board(folder / "phpbb-3.3.15-mariadb.sql", files=folder / "files", **options)


def test_the_board_moves_in_number_by_number(dump, count):
    key = key_of(dump)
    trial = moved(dump, dry_run=True)
    assert Imported.objects.count() == 0
    started = time.monotonic()
    report = moved(dump)
    print(f"moved in within {time.monotonic() - started:.0f} s")
    assert (trial.new_posts, trial.new_threads, trial.files) == (report.new_posts, report.new_threads, report.files)
    assert Post.objects.count() == key["posts"] == 3_860
    assert Thread.objects.count() + report.odd["moved"] == key["topics"] == 118
    assert report.odd["moved"] == 5
    guests = Member.objects.filter(claimable=False).exclude(imported_post_count__gt=0).count()
    assert guests == 7
    assert Member.objects.filter(claimable=True).count() + report.odd["bot"] == key["users"] == 460
    assert Forum.objects.filter(category__name__in=["Your first category", "Politics & Society", "Elsewhere"]).count() == 15
    assert 15 + 3 + report.odd["link"] == key["forums"]
    extras = {kind: ImportedExtra.objects.filter(kind=kind).count() for kind in ("poll", "vote", "private message")}
    assert extras == {"poll": 7, "vote": key["poll_votes"], "private message": key["privmsgs"]}
    assert sum(len(extra.payload["options"]) for extra in ImportedExtra.objects.filter(kind="poll")) == key["poll_options"]
    assert Post.objects.filter(imported_edit_count__gt=0).count() == report.edited == 204
    assert Post.objects.filter(state=State.HIDDEN_BY_OFFICE, state_reason="Hidden on the old board: off-topic").count() == 19
    assert not Post.objects.filter(state=State.HIDDEN_BY_OFFICE, state_by=None).exists()
    assert Post.objects.filter(state=State.PENDING, number=None).count() == 11
    assert Post.objects.filter(state=State.VISIBLE).count() == 3_830
    assert Attachment.objects.count() == key["attachments"] == 32
    assert {(a.size, a.media_type) for a in Attachment.objects.all()} == {(104, "image/png")}
    assert Member.objects.filter(banned_at__isnull=False).count() == key["banlist"] == 1
    assert Thread.objects.filter(pinned=True).count() == 6
    assert Thread.objects.filter(locked_at__isnull=False).count() == 6
    deleted = Member.objects.get(name="Accipiter")
    assert (deleted.posts.count(), deleted.claimable) == (12, False)
    assert not Member.objects.exclude(password__startswith="!").exists()
    assert Category.objects.filter(name="Politics & Society").exists()
    assert drift() == []
    again = moved(dump)
    assert (again.new_posts, again.new_threads, again.new_files) == (0, 0, 0)
    assert (Post.objects.count(), Attachment.objects.count(), ImportedExtra.objects.count()) == (3_860, 32, 274)
    _every_page_opens(count)
    _every_old_address_leads_somewhere(dump, count)
    _no_mark_is_left(dump, count)
    _replies_answer_what_they_quote()


def _every_page_opens(count) -> None:
    client, seen, files = Client(), 0, 0
    for thread in Thread.objects.order_by("pk"):
        response = client.get(f"/threads/{thread.pk}/x/", follow=True)
        assert response.status_code == 200, thread.pk
        seen += response.content.count(b'<article class="post')
        files += response.content.count(b'<li><a href="/attachments/')
    assert seen == 3_860 - 11
    assert files == 32
    count("pages of the real phpBB board", Thread.objects.count())


def _every_old_address_leads_somewhere(dump, count) -> None:
    client, asked = Client(), 0
    rows = Imported.objects.values_list("kind", "source_id", "object_id")
    ways = {
        "forum": "/viewforum.php?f={}&sid=0123abc", "category": "/viewforum.php?f={}", "thread": "/viewtopic.php?sid=1&t={}&f=3",
        "post": "/viewtopic.php?p={}", "attachment": "/download/file.php?id={}&mode=view",
        "member": "/memberlist.php?mode=viewprofile&u={}",
    }  # fmt: skip
    waiting = set(Post.objects.filter(number=None).values_list("pk", flat=True))
    for kind, source_id, pk in rows:
        if source_id.startswith("guest:"):
            continue
        old = client.get(ways[kind].format(source_id))
        assert old.status_code == 301, (kind, source_id)
        if kind == "post":
            assert old.headers["Location"] == f"/posts/{pk}/"
        if kind != "post" or pk % 7 == 0 or pk in waiting:
            new = client.get(old.headers["Location"], follow=True)
            new.close()
            assert new.status_code == (404 if kind == "post" and pk in waiting else 200), (kind, source_id)
        asked += 1
    assert sum(kind == "thread" for kind, _, _ in rows) == 118
    assert sum(kind in ("forum", "category") for kind, _, _ in rows) == 18
    count("old addresses of the real phpBB board", asked)


def _no_mark_is_left(dump, count) -> None:
    """But those that are an author's own unpaired ones: text on the old board as they are here."""
    known = dict(Imported.objects.filter(kind=Imported.Kind.POST).values_list("object_id", "source_id"))
    with tables_of(dump / "phpbb-3.3.15-mariadb.sql", Report()) as tables:
        stored = {str(row["post_id"]): (row["post_text"], row["bbcode_uid"]) for row in tables.rows("posts")}
    left = []
    for text in Text.objects.all():
        shown = re.sub(r"<pre>.*?</pre>", "", markup.render(text.source), flags=re.S)
        if found := _LEFT.findall(html.unescape(re.sub(r"</?[a-z][^>]*>", "", shown))):
            left.append(text.post_id)
            words = parse(*stored[known[text.post_id]]).text()
            assert all(mark in words for mark in found), (text.post_id, found)
    print(f"{len(left)} bodies hold marks that are text, on the old board as here")
    assert len(left) == 11
    assert not Text.objects.filter(source__contains="viewtopic.php?p=").exists()
    count("bodies of the real phpBB board", Text.objects.count())


def _replies_answer_what_they_quote() -> None:
    answering = Post.objects.filter(number__gt=0).exclude(parent__number=0).count()
    print(f"{answering} replies stand below the post that they quote")
    assert answering > 2_000
