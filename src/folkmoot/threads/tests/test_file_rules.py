"""Names and kinds of files that strangers gave, and who may have them."""

from dataclasses import dataclass

import pytest

from folkmoot.threads import rules
from folkmoot.threads.rules import files

pytestmark = pytest.mark.no_database


@dataclass
class Person:
    pk: int
    is_administrator: bool = False
    is_sealed: bool = False
    banned_at: None = None
    paused_until: None = None
    post_count: int = 9
    imported_post_count: int = 0


@dataclass
class Message:
    state: str
    author_id: int = 1


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("map.png", "map.png"), ("../../etc/passwd", "passwd"), ("C:\\a\\b.txt", "b.txt"), (".hidden", "hidden"), ("a\0\u202eb", "ab"),
        ("", "file"), ("x" * 500, "x" * (rules.FILE_NAME_MAX - 1)),
        ("y" * 500 + ".jpeg", "y" * (rules.FILE_NAME_MAX - 5) + ".jpeg"),
    ],
)  # fmt: skip
def test_a_name_is_made_safe(given, name):
    assert files.safe_name(given) == name


@pytest.mark.parametrize(
    ("begins", "kind"),
    [(b"RIFF0000WEBP", "image/webp"), (b"%PDF-1.7", "application/pdf"), (b"<svg", files.OCTETS), (b"", files.OCTETS)],
)
def test_a_kind_is_read_from_how_a_file_begins(begins, kind):
    assert files.media_type(begins) == kind


def test_a_browser_saves_it_under_its_name():
    assert files.disposition("Köln.png") == "attachment; filename=\"Koln.png\"; filename*=UTF-8''K%C3%B6ln.png"
    assert 'filename="file"' in files.disposition("地図")


def test_sizes_are_written_out():
    assert [files.size_text(n) for n in (1, 104, 12_000, 3_400_000)] == ["1 byte", "104 bytes", "12 kB", "3.4 MB"]


@pytest.mark.parametrize(
    ("who", "state", "allowed"),
    [
        (None, "visible", True), (None, "pending", False), (Person(1), "pending", True), (Person(2), "pending", False),
        (Person(3, is_administrator=True), "hidden_by_office", True), (Person(1), "hidden_by_office", False),
        (Person(3, is_administrator=True), "withdrawn", False),
    ],
)  # fmt: skip
def test_who_may_have_a_posts_files(who, state, allowed):
    assert bool(rules.may_download(who, Message(state))) is allowed
