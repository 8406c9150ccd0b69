"""Where chance comes from: the chain, and relays on 127.0.0.1 that speak drand's JSON, well or badly."""

import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings
from django.test import override_settings

from folkmoot.juries import beacon
from folkmoot.juries.beacon import chain, drand, local
from folkmoot.juries.beacon.drand import QUICKNET, Refused, Relays
from folkmoot.site.configuration import Misconfigured, load

pytestmark = pytest.mark.no_database
NOW = datetime(2026, 11, 29, 8, 0, 1, tzinfo=UTC)
ROUNDS = {
    1000: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
    657413: "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
}
"""What quicknet really said."""

SPOKEN = 7
"""A round of the local beacon whose time has come."""


@pytest.fixture
def own() -> local.Beacon:
    return local.Beacon(secret=0x1234567, seed=b"s" * 32, genesis=int(time.time()) - 60, period=3)


class _Bad(BaseHTTPRequestHandler):
    """A relay that answers as `server.how` says."""

    def do_GET(self) -> None:
        own, how = self.server.own, self.server.how
        self.server.asked.append(self.path)
        said = {"round": SPOKEN, "signature": own.signature(SPOKEN).hex()}
        said["randomness"] = hashlib.sha256(own.signature(SPOKEN)).hexdigest()
        other = own.signature(SPOKEN + 1)
        stranger = local.Beacon(secret=99, seed=own.seed, genesis=own.genesis, period=3)
        said |= {
            "another round": {"round": SPOKEN + 1, "signature": other.hex(), "randomness": hashlib.sha256(other).hexdigest()},
            "another round's signature": {"signature": other.hex(), "randomness": hashlib.sha256(other).hexdigest()},
            "a stranger's signature": {"signature": stranger.signature(SPOKEN).hex(), "randomness": None},
            "no point": {"signature": "ff" * 48, "randomness": None},
            "the point at infinity": {"signature": "c0" + "00" * 47, "randomness": None},
            "a short signature": {"signature": "ab"},
            "no hex": {"signature": "zz" * 48},
            "another value": {"randomness": "ab" * 32},
            "a round that is true": {"round": True},
            "no signature": {"signature": None},
        }.get(how, {})
        body = {"a page": b"<html>", "a list": b"[]", "nested": b"[" * 4000, "huge": b"x" * 10_000_000, "nothing": b""}.get(
            how, json.dumps(said).encode()
        )
        if how == "slow":
            self.server.end.wait(10)
        self.send_response({"late": 425, "gone": 404, "moved": 302, "broken": 500}.get(how, 200))
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()
        for at in range(0, len(body), 1 if how == "dripping" else len(body)):
            self.wfile.write(body[at : at + 1] if how == "dripping" else body)
            if how == "dripping" and self.server.end.wait(0.1):
                return

    def log_message(self, format: str, *args: object) -> None:
        pass


class Relay(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, own: local.Beacon, how: str) -> None:
        super().__init__(("127.0.0.1", 0), _Bad)
        self.own, self.how, self.asked, self.end = own, how, [], threading.Event()
        self.address = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up in the middle is no trouble."""


@pytest.fixture
def relay(own: local.Beacon) -> Iterator[object]:
    open_now: list[Relay] = []

    def serve(how: str = "honest") -> Relay:
        found = Relay(own, how)
        threading.Thread(target=found.serve_forever, args=(0.01,), daemon=True).start()
        open_now.append(found)
        return found

    yield serve
    for one in open_now:
        one.end.set()
        one.shutdown()
        one.server_close()


def test_what_quicknet_really_said_is_believed_and_nothing_else():
    for number, signature in ROUNDS.items():
        raw = bytes.fromhex(signature)
        assert drand.is_signed(QUICKNET, number, raw)
        assert not drand.is_signed(QUICKNET, number + 1, raw)
        assert not drand.is_signed(QUICKNET, number, raw[:-1] + bytes([raw[-1] ^ 1]))
    assert hashlib.sha256(bytes.fromhex(ROUNDS[1000])).hexdigest().startswith("fe290beca10872ef")


def test_quicknets_hash_is_that_of_its_key_and_its_times():
    seed = bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e")
    assert drand.chain_hash(QUICKNET.public_key, QUICKNET.genesis, QUICKNET.period, seed, "quicknet") == QUICKNET.hash


def test_rounds_come_by_the_clock():
    assert QUICKNET.time_of(1) == datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC)
    for number in (1, 2, 657413, 34_000_000):
        at = QUICKNET.time_of(number)
        assert QUICKNET.first_round(at) == number
        assert QUICKNET.first_round(at + timedelta(milliseconds=1)) == number + 1
    assert QUICKNET.first_round(datetime(2020, 1, 1, tzinfo=UTC)) == 1


def test_a_relay_gives_a_round(own, relay):
    found = drand.fetch(relay().address, own.chain, SPOKEN)
    assert found == (hashlib.sha256(own.signature(SPOKEN)).digest(), own.signature(SPOKEN))


BAD = {
    "late": "status 425", "gone": "status 404", "moved": "status 302", "broken": "status 500",
    "another round": "another round", "another round's signature": "signature", "a stranger's signature": "signature",
    "no point": "signature", "the point at infinity": "signature", "a short signature": "signature", "no hex": "no round",
    "another value": "not the hash", "a round that is true": "another round", "no signature": "no round",
    "a page": "no round", "a list": "no round", "nested": "no round", "nothing": "no round", "huge": "more than 4096 bytes",
    "slow": "does not answer", "dripping": "does not answer",
}  # fmt: skip


@pytest.mark.parametrize("how", BAD)
def test_a_bad_answer_is_refused_and_the_next_relay_asked(how, own, relay, monkeypatch, count):
    monkeypatch.setattr(drand, "SECONDS", 0.6)
    bad, good = relay(how), relay()
    began = time.monotonic()
    with pytest.raises(Refused, match=BAD[how]):
        drand.fetch(bad.address, own.chain, SPOKEN)
    assert time.monotonic() - began < 5
    relays = Relays((bad.address, good.address), own.chain)
    found = relays.value(SPOKEN)
    assert found is not None
    assert found.signature == own.signature(SPOKEN)
    assert list(relays.troubles) == [bad.address]
    assert not any("elsewhere" in path for path in bad.asked), "a redirect was followed"
    count("bad relays refused")


def test_a_relay_that_nobody_serves_is_refused(own, relay):
    gone = relay()
    gone.shutdown()
    gone.server_close()
    with pytest.raises(Refused, match="does not answer"):
        drand.fetch(gone.address, own.chain, SPOKEN)


def test_who_fails_is_asked_more_and_more_seldom(own, relay):
    now = [0.0]
    bad = relay("broken")
    relays = Relays((bad.address,), own.chain, lambda: now[0])
    for second in range(2000):
        now[0] = float(second)
        assert relays.value(SPOKEN) is None
    assert 10 <= len(bad.asked) <= 16
    bad.how, now[0] = "honest", 10_000.0
    assert relays.value(SPOKEN) is not None
    assert relays.value(SPOKEN) is not None
    assert relays.troubles == {}


def test_a_community_draws_by_the_beacon_that_it_names(own, relay):
    found, now = relay(), datetime.now(UTC)  # its beacon began a minute ago
    with override_settings(DRAND_RELAYS=(found.address,), DRAND_CHAIN=json.dumps(own.info)):
        source, number = beacon.source_now(now, {})
        assert source == f"drand:{own.chain.hash}"
        assert timedelta(0) <= own.chain.time_of(number) - now - beacon.AHEAD < timedelta(seconds=3)
        assert beacon.value(source, number, now) is None
        assert f"speaks at {own.chain.time_of(number):%H:%M:%S}" in beacon.why(source, number, now)
        assert found.asked == []
        later = own.chain.time_of(SPOKEN)
        assert beacon.value(source, SPOKEN, later).signature == own.signature(SPOKEN)
        assert "No relay" in beacon.why(source, SPOKEN, later)
        assert beacon.value(QUICKNET.source, 5, now) is None
    assert beacon.value(source, SPOKEN, later) is not None, "what was had once is not forgotten"
    assert beacon.value(source, SPOKEN + 1, later + timedelta(hours=1)) is None
    assert "asked no more" in beacon.why(source, SPOKEN, later)


def test_a_community_without_a_beacon_draws_by_its_own_chain():
    beacon.chain_file().unlink(missing_ok=True)
    source, number = beacon.source_now(NOW, {})
    assert number == 0
    assert beacon.chain_file().stat().st_mode & 0o077 == 0
    for k in (0, 1, 2, chain.LINKS - 1):
        assert beacon.source_now(NOW, {source: k}) == (source, k)
        value = beacon.value(source, k, NOW)
        link = value.randomness
        for _ in range(k + 1):
            link = hashlib.sha256(link).digest()
        assert source == f"chain:{link.hex()}"
        assert value.signature == b""
        assert beacon.randomness(source, k) == value.randomness
    assert beacon.links_of(source) == chain.LINKS
    assert beacon.value(source, chain.LINKS, NOW) is None
    second, number = beacon.source_now(NOW, {source: chain.LINKS})
    assert number == 0
    assert second != source
    assert beacon.value(source, 3, NOW) is not None, "an older case may still wait for its link"
    beacon.chain_file().unlink()
    assert beacon.value(source, 4, NOW) is None
    assert beacon.links_of(source) == 0
    assert "put the file back" in beacon.why(source, 3, NOW)


def test_a_file_that_holds_no_chains_is_not_written_over(tmp_path):
    (tmp_path / chain.FILE).write_text("something else\n")
    with pytest.raises(ValueError, match="no file of chains"):
        chain.begin(tmp_path / chain.FILE)


def test_a_beacon_of_ones_own_is_served_and_stays_the_same(tmp_path):
    """Run as its operator runs it."""
    command = [sys.executable, "-u", "-m", "folkmoot.juries.beacon.local", str(tmp_path / "key"), "127.0.0.1", "0"]
    first = local.kept(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    assert local.kept(tmp_path / "key").info == first.info
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        relays, chain_line = process.stdout.readline(), process.stdout.readline()
        process.kill()
    assert relays.startswith("DRAND_RELAYS=http://127.0.0.1:")
    assert drand.read_chain(chain_line.removeprefix("DRAND_CHAIN=")) == first.chain


def test_a_beacon_of_ones_own_speaks_as_drand_does():
    own = local.new()
    served = local.server(own, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{served.server_port}"
    try:
        assert drand.is_signed(own.chain, 1, drand.fetch(address, own.chain, 1).signature)
        for path, status in (
            ("/info", 200),
            (f"/{own.chain.hash}/info", 200),
            ("/public/999999999999999", 425),
            ("/public/0", 404),
            ("/x", 404),
        ):
            connection = HTTPConnection("127.0.0.1", served.server_port)
            connection.request("GET", path)
            assert connection.getresponse().status == status
            connection.close()
    finally:
        served.shutdown()
        served.server_close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hash": "ab" * 32}, "whose hash"), ({"period": 4}, "whose hash"), ({"genesis_time": 5}, "whose hash"),
        ({"public_key": "ab" * 48}, "whose hash"), ({"schemeID": "pedersen-bls-chained"}, "scheme"),
        ({"metadata": None}, "/info"), ({"groupHash": 3}, "/info"),
    ],
)  # fmt: skip
def test_a_chain_that_makes_no_sense_is_refused(own, tmp_path, change, words):
    with pytest.raises(Misconfigured, match=words):
        load({"FOLKMOOT_DATA": str(tmp_path), "DRAND_CHAIN": json.dumps(own.info | change)})


def test_relays_and_a_chain_are_read_from_the_environment(own, tmp_path):
    given = {
        "FOLKMOOT_DATA": str(tmp_path),
        "DRAND_RELAYS": "https://a.example, http://127.0.0.1:8471/",
        "DRAND_CHAIN": json.dumps(own.info),
    }
    found = load(given)
    assert found.drand_relays == ("https://a.example", "http://127.0.0.1:8471")
    assert drand.read_chain(found.drand_chain) == own.chain
    for wrong in ({"DRAND_RELAYS": "api.drand.sh"}, {"DRAND_CHAIN": "quicknet"}):
        with pytest.raises(Misconfigured, match=next(iter(wrong))):
            load(given | wrong)


def test_the_chain_is_in_no_backup():
    from folkmoot.site.backup import _NOT_KEPT

    assert beacon.chain_file().relative_to(settings.DATA).parts[0] in _NOT_KEPT
