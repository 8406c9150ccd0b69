"""The ledger through a full disk, a backup, a restore, a move, and under the eyes of somebody else."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connections
from django.test import override_settings

from folkmoot.ledger import actions, keys, queries, watch
from folkmoot.ledger.log import Broken, Log, verify
from folkmoot.ledger.models import Cosignature, Head, OutboxEntry
from folkmoot.site.cli import cli
from folkmoot.site.configuration import _witnesses
from tests.sites import Site, own_database
from tests.test_ledger_by_go import act, served

ACT = """
import django; django.setup()
from tests.test_ledger_by_go import act
from folkmoot.ledger import actions
act({first}, {end})
{then}
"""


def _child(work):
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            code = work()
        except BaseException as why:
            print(f"the child: {why!r}", flush=True)
            code = 99
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_on_a_full_disk_acts_wait_and_are_written_when_there_is_room(community):
    """Files may be 20,000 bytes long: somewhere in the tile of entries the disk says no."""
    act(0, 40)
    actions.drain()
    head = actions.log().head()
    act(40, 200)

    def on_a_full_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        OutboxEntry.objects.count()  # what is open already goes on
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            actions.drain()
        except OSError:
            return 7
        return 0

    assert _child(on_a_full_disk) == 7
    assert actions.log().head() == head
    verify(actions.log().read, head)
    assert OutboxEntry.objects.filter(index=None).count() == 160
    act(200, 210)
    assert _child(lambda: 0 if actions.drain() >= 10 else 1) == 0
    assert queries.check() == []
    assert actions.log().head().size == 210


@pytest.mark.own_site
def test_a_restored_backup_waits_for_its_key_and_for_somebody_to_say_so(tmp_path):
    with own_database("ledger") as first, own_database("ledger") as second:
        site = Site(tmp_path / "one", PUBLIC_URL="https://Moot.example", **first)
        assert "The ledger is moot.example/ledger." in site.folkmoot(
            "init", "--name", "X", "--promise", "Y", "--zone", "UTC", "--template", "blank", "--admin", "Gus"
        )  # fmt: skip
        _python(site, ACT.format(first=0, end=5, then="actions.drain()"))
        site.folkmoot("backup", str(tmp_path / "b.tar.zst"))
        _python(site, ACT.format(first=5, end=9, then="actions.drain()"))
        published = (site.data / "ledger/checkpoint").read_text()
        verifier = keys.read(site.data / keys.FILE).verifier

        again = Site(tmp_path / "two", PUBLIC_URL="https://moot.example", **second)
        assert "put ledger_key back" in again.folkmoot("restore", str(tmp_path / "b.tar.zst"))
        assert not (again.data / keys.FILE).exists(), "a key in a backup signs what its finder likes"
        old = keys.signed_by((again.data / "ledger/checkpoint").read_text(), verifier)
        verify(Log(again.data / "ledger").read, old)
        assert old.size == 5
        waits = again.run("ledger", "reconcile", "--reason", "The disk died.", "--yes")
        assert (waits.returncode, "key is missing" in waits.stderr) == (1, True), waits
        shutil.copy(site.data / keys.FILE, again.data / keys.FILE)
        _python(again, ACT.format(first=20, end=22, then="actions.drain()"))
        assert "8 entries give the hash" in again.folkmoot("ledger", "verify")
        entries = [entry.decode() for entry in Log(again.data / "ledger").entries(0, 8)]
        assert ['"LedgerRestored"' in entry for entry in entries] == [False] * 5 + [True] + [False] * 2

        # whoever has the checkpoint of before finds out
        kept = tmp_path / "kept"
        kept.write_text(published)
        source = Log(again.data / "ledger").read
        with pytest.raises(Broken, match="THE LEDGER WAS CHANGED"):
            _watch(source, verifier, kept)
        assert kept.read_text() == published


def _watch(source, verifier, kept):
    """`watch.watch`, of files instead of an address."""
    note, head = watch.head_of(source, verifier)
    return watch.compare(source, note, head, verifier, kept)


def _python(site: Site, text: str) -> None:
    environ = {**site.environ, "DJANGO_SETTINGS_MODULE": "folkmoot.site.settings", "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", text], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_somebody_else_watches_a_ledger(community, tmp_path):
    act(0, 3)
    actions.drain()
    key, kept = keys.read(actions.key_file()), tmp_path / "kept"
    run = CliRunner().invoke
    with served() as address:
        asked = ["ledger", "monitor", address, "--key", key.verifier, "--kept", str(kept)]
        assert "3 entries. This checkpoint is kept" in run(cli, asked).output
        act(3, 300)
        actions.drain()
        assert "300 entries, 297 more" in run(cli, asked).output
        assert "300 entries of 127.0.0.1:8000/ledger give" in run(cli, ["ledger", "verify", "--address", address, "--key", key.verifier]).output  # fmt: skip
        _witness(asked, tmp_path / "witness_key")
        other = keys.new(key.origin)
        refused = run(cli, ["ledger", "monitor", address, "--key", other.verifier, "--kept", str(tmp_path / "other")])
        assert (refused.exit_code, "not signed with this key" in refused.output) == (1, True)
        _rewrite(key)
        told = run(cli, asked)
        assert (told.exit_code, "THE LEDGER WAS CHANGED: it had 302 entries" in told.output) == (1, True)
        assert (tmp_path / "kept.forked").exists()
    assert run(cli, ["ledger", "monitor", "ftp://x", "--key", key.verifier, "--kept", str(kept)]).exit_code == 1


def _witness(asked: list[str], key_file: Path) -> None:
    """Whoever watches signs what they saw."""
    run = CliRunner().invoke
    made = run(cli, ["ledger", "witness-key", "witness.example", str(key_file)]).output
    assert key_file.stat().st_mode & 0o077 == 0
    assert run(cli, ["ledger", "witness-key", "other.example", str(key_file)]).exit_code == 1
    act(300, 301)
    actions.drain()
    stranger = run(cli, [*asked, "--cosign", str(key_file)])
    assert (stranger.exit_code, "did not take the cosignature" in stranger.output) == (1, True)
    with override_settings(WITNESSES=_witnesses(made.partition("WITNESSES=")[2])):
        act(301, 302)
        actions.drain()
        assert "Kept." in run(cli, [*asked, "--cosign", str(key_file)]).output
        assert "Kept." not in run(cli, [*asked, "--cosign", str(key_file)]).output, "it has seen this one"
    assert Cosignature.objects.get().size == 302


def test_a_witness_whom_a_busy_ledger_turns_away_signs_the_same_checkpoint_again(community, tmp_path):
    act(0, 3)
    actions.drain()
    answers, folder = [503, 200], actions.log().folder

    class Busy(BaseHTTPRequestHandler):
        """The files of the log; a cosignature is taken the second time that it comes."""

        def do_GET(self) -> None:
            self._say(200, (folder / self.path.removeprefix("/ledger/")).read_bytes())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._say(answers.pop(0), b"Kept.")

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            pass

    keys.keep(keys.new("witness.example"), tmp_path / "witness_key")
    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address, key = f"http://127.0.0.1:{server.server_port}", keys.read(actions.key_file()).verifier
        more = ["--key", key, "--kept", str(tmp_path / "kept"), "--cosign", str(tmp_path / "witness_key"), "--every", "5"]
        command = [sys.executable, "-u", "-m", "folkmoot", "ledger", "monitor", address, *more]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as witness:
            assert witness.stdout is not None
            told = [next(witness.stdout) for _ in range(3)]
            witness.terminate()
        server.shutdown()
    assert "3 entries" in told[0]
    assert "It is tried again" in told[1]
    assert told[2] == "Kept.\n", "although nothing was added meanwhile"


def _rewrite(key: keys.Key) -> None:
    """An operator with the key makes the whole log anew, without the first act."""
    shutil.rmtree(actions.log().folder)
    Head.objects.all().delete()
    OutboxEntry.objects.update(index=None)
    OutboxEntry.objects.filter(pk=1).update(officer=2)
    actions.log().publish(key.sign(actions.Checkpoint(key.origin, 0, actions.merkle.EMPTY)))
    actions.drain()


def test_a_key_is_changed_by_a_command(community):
    act(0, 2)
    actions.drain()
    before = keys.read(actions.key_file()).verifier
    done = CliRunner().invoke(cli, ["ledger", "rotate-key", "--reason", "A lost laptop."])
    after = keys.read(actions.key_file()).verifier
    assert done.exit_code == 0, done.output
    assert after in done.output
    assert after != before
    assert CliRunner().invoke(cli, ["ledger", "verify"]).output.endswith("is the act that the database has.\n")
    Path(settings.DATA / "ledger/tile/entries/000.p/3").write_bytes(b"")
    assert CliRunner().invoke(cli, ["ledger", "verify"]).exit_code == 1
