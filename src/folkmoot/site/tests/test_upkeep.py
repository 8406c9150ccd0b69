"""What keeps the house: letters that are never lost, nightly backups, troubles told to officers, the house's own pages."""

import os
import shutil
import socket
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client, override_settings
from tests.sites import wait_until

from folkmoot.ledger.models import OutboxEntry
from folkmoot.site import tasks
from folkmoot.site.mail import Outbox, send_letters
from folkmoot.site.models import Community, HousePage, Letter


class _Postbox:
    """A real SMTP server, once it is started, and what it took."""

    def __init__(self, port: int) -> None:
        self.letters: list[tuple[list[str], bytes]] = []
        self.refuses = ""
        self.port = port
        self.server: Controller | None = None

    def start(self) -> None:
        self.server = Controller(self, hostname="127.0.0.1", port=self.port)
        self.server.start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server.loop.close()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 taken"


@pytest.fixture
def post():
    """A mail server, not yet started, and the settings that name it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    postbox = _Postbox(port)
    with override_settings(MAIL_URL="smtp://127.0.0.1", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=False):
        yield postbox
    postbox.stop()


def _write(text: str = "One line\n.\nand a dot") -> None:
    Outbox().send_messages([EmailMessage("Subject", text, "moot@moot.example", ["ada@moot.example"])])


def _let_time_pass() -> None:
    Letter.objects.update(next_at=datetime.now(UTC) - timedelta(seconds=1))


def test_a_letter_waits_for_a_server_that_is_down_and_is_sent_once(village, post):
    _write()
    send_letters()
    letter = Letter.objects.get()
    assert letter.tries == 1
    assert letter.next_at > datetime.now(UTC) + timedelta(seconds=50)
    assert "refused" in letter.error.lower()
    post.start()
    send_letters()
    assert post.letters == [], "it is not due yet"
    _let_time_pass()
    send_letters()
    send_letters()
    [(to, content)] = post.letters
    assert to == ["ada@moot.example"]
    assert b"One line\r\n.\r\nand a dot" in content
    assert not Letter.objects.exists()


def test_a_letter_that_is_refused_for_good_holds_up_no_other(village, post):
    post.start()
    post.refuses = "550 no such person"
    _write()
    send_letters()
    assert not Letter.objects.exists()
    assert post.letters == []
    post.refuses = ""
    _write()
    send_letters()
    assert len(post.letters) == 1


def test_a_letter_nobody_takes_is_trouble_and_ends(village, post):
    _write()
    send_letters()
    Letter.objects.update(made_at=datetime.now(UTC) - timedelta(hours=1))
    assert any("1 letter could not be sent" in sentence for sentence in tasks.troubles())
    _let_time_pass()
    Letter.objects.update(made_at=datetime.now(UTC) - timedelta(days=6))
    send_letters()
    assert not Letter.objects.exists()


@pytest.fixture
def no_backups():
    shutil.rmtree(settings.DATA / "backups", ignore_errors=True)
    yield
    shutil.rmtree(settings.DATA / "backups", ignore_errors=True)
    (settings.DATA / "troubles").unlink(missing_ok=True)


@override_settings(BACKUPS=2)
def test_the_nightly_backup_is_made_and_the_oldest_goes(village, no_backups):
    tasks.back_up_nightly()
    assert tasks.backups() == [], "the house is not an hour old"
    Community.objects.update(founded_at=datetime.now(UTC) - timedelta(days=3))
    assert "No backup was made in the 72 hours since the founding." in tasks.troubles()
    folder = settings.DATA / "backups"
    folder.mkdir()
    for day in (1, 2):
        old = folder / f"nightly-2020-01-0{day}-0330.tar.zst"
        old.write_bytes(b"old")
        os.utime(old, (1.0, 1.0))
    tasks.back_up_nightly()
    assert tasks._running is not None
    wait_until(lambda: tasks._running.poll() is not None, 30)
    tasks.back_up_nightly()
    names = [path.name for path in tasks.backups()]
    assert len(names) == 2
    assert names[0] == "nightly-2020-01-02-0330.tar.zst"
    assert tasks.backups()[1].stat().st_size > 1000
    assert not any("backup" in sentence for sentence in tasks.troubles())


def test_only_administrators_are_told_of_trouble(village, no_backups):
    Community.objects.update(founded_at=datetime.now(UTC) - timedelta(days=3))
    tasks.tell_troubles()
    said = "No backup was made in the 72 hours"
    assert said in village.signed_in(village.gus).get("/latest/").content.decode()
    for client in (Client(), village.signed_in(village.ada)):
        assert said not in client.get("/latest/").content.decode()
    Community.objects.update(founded_at=datetime.now(UTC))
    tasks.tell_troubles()
    assert said not in village.signed_in(village.gus).get("/latest/").content.decode()


def test_an_administrator_writes_the_houses_own_pages(village):
    assert "These are the terms that every community begins with" in Client().get("/terms/").content.decode()
    gus = village.signed_in(village.gus)
    assert "rubbish" in gus.post("/site/pages/terms/", {"text": "rubbish", "reason": ""}).content.decode()
    assert not HousePage.objects.exists()
    gus.post("/site/pages/terms/", {"text": "# Ours\n\n<script>x</script>", "reason": "The assembly said so."})
    page = Client().get("/terms/").content.decode()
    assert "<h2>Ours</h2>" in page
    assert "<script>x" not in page
    assert OutboxEntry.objects.get(kind="HousePageChanged").facts == {"page": "terms"}
    assert village.signed_in(village.ada).post("/site/pages/terms/", {"text": "Mine", "reason": "R"}).status_code == 403
    assert Client().get("/imprint/").status_code == 404
