"""The files of posts: saved, never shown; had by whoever may read the post, and by nobody else."""

import io
from email.message import Message

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import fresh

from folkmoot.site.recount import drift
from folkmoot.threads import actions, media, rules
from folkmoot.threads.models import Attachment, Post

HTML = b"<html><script>alert(1)</script>"


def attach(post: Post, name: str = "plan.html", data: bytes = HTML) -> Attachment:
    return Attachment.objects.get(pk=actions.attach(post.pk, name, io.BytesIO(data)))


def get(client: Client, file: Attachment, **headers: str):
    response = client.get(f"/attachments/{file.pk}/", follow=True, headers=headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return response, body


def test_a_file_stands_under_its_post_and_is_saved_never_shown(village):
    post = village.opening()
    file = attach(post)
    html = Client().get(f"/threads/{post.thread_id}/x/", follow=True).content.decode()
    assert f'<li><a href="/attachments/{file.pk}/plan.html"><bdi>plan.html</bdi></a> 31 bytes</li>' in html
    response, body = get(Client(), file)
    assert body == HTML
    told = response.headers
    assert told["Content-Type"] == "application/octet-stream"
    assert told["Content-Disposition"] == "attachment; filename=\"plan.html\"; filename*=UTF-8''plan.html"
    assert told["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Content-Length"] == "31"
    assert told["Cache-Control"] == "no-cache"
    assert get(village.signed_in(village.ada), file)[0].headers["Cache-Control"] == "no-store"
    again, body = get(Client(), file, if_none_match=told["ETag"])
    assert (again.status_code, body) == (304, b"")
    assert again.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    head = Client().head(f"/attachments/{file.pk}/plan.html")
    head.close()
    assert (head.status_code, head.headers["Content-Length"]) == (200, "31")
    assert Client().post(f"/attachments/{file.pk}/plan.html").status_code == 405
    assert drift() == []


def test_another_name_leads_to_the_files_own(village):
    file = attach(village.opening(), "my plan.txt")
    response = Client().get(f"/attachments/{file.pk}/invoice.exe")
    assert (response.status_code, response.headers["Location"]) == (302, f"/attachments/{file.pk}/my%20plan.txt")
    assert Client().get("/attachments/99999999999999999999/x").status_code == 404


def test_a_file_is_seen_as_far_as_its_post(village):
    opening = village.opening()
    reply = village.reply(opening)
    file = attach(reply)
    people = {
        "visitor": Client(), "author": village.signed_in(village.bram), "member": village.signed_in(village.ada),
        "administrator": village.signed_in(village.gus),
    }  # fmt: skip

    def seen_by() -> set[str]:
        return {who for who, client in people.items() if get(client, file)[0].status_code == 200}

    assert seen_by() == set(people)
    actions.hide(reply, by=village.gus, reason="No.")
    assert seen_by() == {"administrator"}
    assert get(people["administrator"], file)[0].headers["Cache-Control"] == "no-store"
    for client in people.values():
        assert "plan.html" not in client.get(f"/threads/{opening.thread_id}/x/", follow=True).content.decode()
    actions.restore(fresh(reply), by=village.gus, reason="Yes.")
    actions.hide(opening, by=village.gus, reason="No.")
    assert seen_by() == set(people)
    waiting = village.reply(fresh(reply), "See https://new.example", by=village.dara)
    file = attach(waiting)
    people["author"] = village.signed_in(village.dara)
    assert seen_by() == {"author", "administrator"}
    assert get(people["author"], file)[0].headers["Cache-Control"] == "no-store"
    alone = village.opening("New", "See https://new.example", by=village.dara)
    file = attach(alone)
    assert seen_by() == {"author", "administrator"}
    actions.hide(alone, by=village.gus, reason="Spam.")
    assert seen_by() == {"administrator"}


def test_a_deleted_posts_files_are_gone_unless_another_post_has_them(village):
    one, two = village.opening(), village.opening("Another")
    mine, same, other = attach(one), attach(two), attach(one, data=b"only mine")
    assert mine.sha256 == same.sha256
    actions.withdraw(one, by=village.ada)
    assert list(Attachment.objects.all()) == [same]
    assert media.path_of(same.sha256).is_file()
    assert not media.path_of(other.sha256).exists()
    assert get(Client(), mine)[0].status_code == 404
    assert drift() == []


def test_a_lost_file_is_not_found(village):
    file = attach(village.opening(), data=b"to be lost")
    media.path_of(file.sha256).unlink()
    assert get(Client(), file)[0].status_code == 404


def test_a_file_that_breaks_off_leaves_nothing_behind(village):
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("the disk is gone")
            return super().read(10)

    post = village.opening()
    with pytest.raises(OSError, match="gone"):
        actions.attach(post.pk, "x", Broken(b"x" * 100))
    assert not list(settings.MEDIA.glob(".part-*"))
    assert fresh(post).attachment_count == 0


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Windows\\x.exe", "x.exe"), ("a\0b.txt", "ab.txt"), ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
        ("photo\u202egnp.exe", "photognp.exe"), ("..", "file"), ("", "file"), (".htaccess", "htaccess"), ("  a   b  ", "a b"),
        ("x" * 300 + ".png", "x" * 146 + ".png"), ("e\u0301.txt", "é.txt"), ("a\u2028b", "ab"), ("Grafik ü & \"x\".png", "Grafik ü & \"x\".png"),
    ],
)  # fmt: skip
def test_a_name_loses_its_tricks(given, name):
    assert rules.safe_name(given) == name


@pytest.mark.no_database
@given(st.text(max_size=200))
def test_no_name_breaks_a_header_or_an_address(given):
    name = rules.safe_name(given)
    assert name
    assert len(name) <= rules.FILE_NAME_MAX
    assert rules.safe_name(name) == name
    header = rules.disposition(name)
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_filename() is not None
    assert "/" not in name


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF89a", "image/gif"), (b"RIFF1234WEBP", "image/webp"),
        (b"%PDF-1.7", "application/pdf"), (b"PK\x03\x04", "application/zip"), (b"<svg", "application/octet-stream"),
        (HTML, "application/octet-stream"), (b"", "application/octet-stream"),
    ],
)  # fmt: skip
def test_a_file_is_what_it_begins_as(begins, kind):
    assert rules.media_type(begins) == kind


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (12_345, "12 kB"), (3_400_000, "3.4 MB")]
)
def test_a_size_is_said_as_people_say_it(size, text):
    assert rules.size_text(size) == text
