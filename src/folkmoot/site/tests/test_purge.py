"""What is purged is gone: from every page, every table, the media folder and the database's own files."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.juries import actions as juries
from folkmoot.juries.models import Case
from folkmoot.ledger.models import OutboxEntry
from folkmoot.site import purge as room
from folkmoot.site.recount import drift
from folkmoot.site.tasks import expire_backups
from folkmoot.standards.models import Standard
from folkmoot.threads import actions, media
from folkmoot.threads.models import Attachment, Fragment, Post, Revision, State, Text

WORDS = ("zanzibarkumquat", "quincetimbuktu", "lycheesamarkand")
WHY = {"reason": "Court order 12 O 345/26."}


@pytest.fixture
def post(village) -> Post:
    """A reply that was edited, has a file, was answered and is in the index."""
    opening = village.opening()
    post = village.reply(opening, f"Text {WORDS[0]}", by=village.bram, subject=f"Subject {WORDS[1]}")
    actions.attach(post.pk, f"{WORDS[2]}.png", io.BytesIO(b"\x89PNG\r\n\x1a\n" + WORDS[0].encode()))
    actions.edit(post, by=village.bram, subject=f"Again {WORDS[1]}", text=f"More {WORDS[0]} " * 50)
    village.reply(post, "An answer", by=village.cleo)
    return Post.objects.select_related("thread", "author").get(pk=post.pk)


def _rows_with(word: str) -> list[str]:
    found = []
    for model in apps.get_models():
        if model._meta.managed and model._meta.label != "base.Touch":
            found += [model._meta.label for row in model._base_manager.values_list() if word in repr(row)]
    return found


def _file_bytes() -> bytes:
    files = [str(path) for path in settings.DATA.iterdir() if path.name.startswith("folkmoot.sqlite3")]
    # by another process: to close a file is to lose SQLite's locks on it here (https://www.sqlite.org/howtocorrupt.html, 2.2)
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout


def _purge(post: Post) -> list[str]:
    said: list[str] = []
    room.purge([post], say=said.append, **WHY)
    return said


def test_no_table_no_page_and_no_file_has_the_words_any_more(village, post):
    path = media.path_of(Attachment.objects.get().sha256)
    assert path.exists()
    assert all(_rows_with(word) for word in WORDS)
    if connection.vendor == "sqlite":
        assert all(word.encode() in _file_bytes() for word in WORDS)
    _purge(post)
    assert [_rows_with(word) for word in WORDS] == [[], [], []]
    assert not path.exists()
    if connection.vendor == "sqlite":
        assert not any(word.encode() in _file_bytes() for word in WORDS)
    gus = village.signed_in(village.gus)
    at = f"/threads/{post.thread_id}/the-bridge-is-closed/"
    for client in (Client(), village.signed_in(village.bram), gus):
        for page in (at, f"/posts/{post.pk}/alone/", f"/posts/{post.pk}/history/", "/search/?q=" + WORDS[0], "/members/Bram/"):
            shown = client.get(page).content.decode().replace(f'value="{WORDS[0]}"', "")
            assert not any(word in shown for word in WORDS[1:]), page
    assert "Court order 12 O 345/26." in Client().get(at).content.decode()


def test_emptying_the_rows_alone_would_leave_the_words_in_the_file(post):
    """Why the files are written anew."""
    actions.purge(post, by=None, office="operator", **WHY)
    assert [_rows_with(word) for word in WORDS] == [[], [], []]
    if connection.vendor == "sqlite":
        assert any(word.encode() in _file_bytes() for word in WORDS)


def test_it_is_an_act_of_the_operator_and_counters_agree(village, post):
    _purge(post)
    act = OutboxEntry.objects.get(kind="PostPurged")
    assert act.office == "operator"
    assert act.facts["post_id"] == post.pk
    assert drift() == []
    assert Text.objects.get(post=post).source == Fragment.objects.get(post=post).html == ""
    assert not Revision.objects.filter(post=post).exists()
    assert Post.objects.get(pk=post.pk).state == State.REMOVED


def test_nothing_brings_it_back_and_it_is_purged_once(village, post):
    actions.hide(post, by=village.gus, reason="First hidden.")
    _purge(post)
    with pytest.raises(Refused, match="There is nothing to restore"):
        actions.restore(post, by=village.gus, reason="Back.")
    with pytest.raises(Refused, match="purged already"):
        _purge(post)
    with pytest.raises(Refused):
        actions.edit(post, by=village.bram, subject="S", text="T")


def test_an_opening_post_takes_the_threads_subject_along(village):
    opening = village.opening(f"Subject {WORDS[1]}", WORDS[0])
    village.reply(opening)
    _purge(opening)
    assert _rows_with(WORDS[1]) == []
    assert WORDS[1] not in Client().get("/latest/").content.decode()
    assert Client().get(f"/posts/{opening.pk}/", follow=True).status_code in (200, 404)


def test_a_file_that_another_post_has_stays_and_is_named(village, post):
    other = village.reply(post, "The same file", by=village.ada)
    actions.attach(other.pk, "same.png", io.BytesIO(b"\x89PNG\r\n\x1a\n" + WORDS[0].encode()))
    said = _purge(post)
    assert f"Post {other.pk} has one of the same files." in "\n".join(said)
    assert media.path_of(Attachment.objects.get().sha256).exists()


def test_it_says_until_when_backups_hold_it(village, post):
    folder = settings.DATA / "backups"
    folder.mkdir(exist_ok=True)
    names = ("nightly-2026-01-01-0330.tar.zst", "nightly-2026-01-02-0330.tar.zst", "before-upgrade-2026.tar.zst", "mine.tar.zst")
    now = datetime.now(UTC)
    for days, name in enumerate(names):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, times=((now - timedelta(days=9 - days)).timestamp(),) * 2)
    try:
        said = "\n".join(_purge(post))
    finally:
        for path in folder.iterdir():
            path.unlink()
    for name, days in zip(names, (6, 7, 28), strict=False):
        day = now + timedelta(days=days)
        assert f"backups/{name} may hold it until {day:%B} {day.day}, {day.year}." in said
    assert "backups/mine.tar.zst was not made by folkmoot serve" in said
    assert f"The last of them is gone on {day:%B} {day.day}, {day.year}" in said


def test_backups_of_the_programs_own_making_are_not_kept_for_ever(village):
    folder = settings.DATA / "backups"
    folder.mkdir(exist_ok=True)
    old = (datetime.now(UTC) - timedelta(days=36)).timestamp()
    names = ("nightly-2026-01-01-0330.tar.zst", "before-upgrade-2026.tar.zst", "mine.tar.zst", "nightly-2026-02-20-0330.tar.zst")
    for name in names:
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, times=(old, old) if name != names[3] else None)
    try:
        expire_backups()
        assert sorted(path.name for path in folder.iterdir()) == sorted(names[2:])
        os.utime(folder / names[3], times=(old, old))
        expire_backups()
        assert (folder / names[3]).exists(), "the only one is kept"
    finally:
        for path in folder.iterdir():
            path.unlink()


def test_what_juries_kept_goes_too(village):
    opening = village.opening()
    bad = village.reply(opening, WORDS[0], by=village.bram)
    answer = village.reply(bad, "An answer", by=village.ada)
    standard = Standard.objects.order_by("pk")[0]
    for post, by in ((bad, village.cleo), (answer, village.fern)):
        juries.alert(post, by=by, standard=standard, text=f"It says {WORDS[0]}.")
    assert {row[:11] for row in _rows_with(WORDS[0])} >= {"juries.Case", "juries.Aler"}
    _purge(bad)
    assert [c.content[-1]["source"] for c in Case.objects.filter(post=bad)] == ["This post was removed for good."]
    assert [c.content[-1]["source"] for c in Case.objects.filter(post=answer)] == ["An answer"]
    assert _rows_with(WORDS[0]) == ["juries.Alert"], "an alert on another post is that post's"


def test_the_command_asks_first(village, post):
    def run(*arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "folkmoot", "purge", *arguments]
        return subprocess.run(command, input=answer, capture_output=True, text=True, env=os.environ, check=False)

    assert "Nothing was purged" in run(str(post.pk), "--reason", "R", answer="n\n").stderr
    assert "There is no post 9999" in run("9999", str(post.pk), "--reason", "R").stderr
    assert run(str(post.pk)).returncode == 2, "a reason is needed"
    assert "between 1 and 500" in run(str(post.pk), "--reason", "x" * 501).stderr
    assert Post.objects.get(pk=post.pk).state == State.VISIBLE
    done = run(str(post.pk), "--reason", WHY["reason"], answer="y\n")
    assert done.returncode == 0, done.stderr
    assert "is purged" in done.stdout
    assert Post.objects.get(pk=post.pk).state == State.REMOVED
