"""Somebody independent signs what the ledger published, with the time."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings
from tests.draws import cosigned, witness_line

from folkmoot.base.answers import Refused
from folkmoot.ledger import actions, keys
from folkmoot.ledger.models import Cosignature
from folkmoot.ledger.queries import key_file, log
from folkmoot.members import actions as members

WITNESS, STRANGER = keys.new("witness.example"), keys.new("stranger.example")
KNOWN = override_settings(WITNESSES=(WITNESS.witness,))


@pytest.fixture
def note(village):
    """A checkpoint of two acts or more."""
    for member in (village.ada, village.bram):
        members.ban(member, by=village.gus, reason="For a while.")
    actions.drain()
    return log().note()


@pytest.mark.no_database
def test_a_cosignature_is_the_one_that_the_script_checks():
    note, when = WITNESS.sign(keys.Checkpoint("o.example/ledger", 3, b"r" * 32)), 1_800_000_000
    assert WITNESS.witness == witness_line(WITNESS)
    assert WITNESS.cosign(note, when) == cosigned(note, WITNESS, datetime.fromtimestamp(when, UTC))
    assert keys.cosigned_by(WITNESS.cosign(note, when), WITNESS.witness) == when
    assert keys.cosigned_by(note, WITNESS.witness) is None
    assert keys.cosigned_by(WITNESS.cosign(note, when), STRANGER.witness) is None
    assert keys.cosigned_by(WITNESS.cosign(note, when), WITNESS.verifier) is None, "not the key of a witness"
    assert (
        keys.cosigned_by(WITNESS.cosign(note, when).replace("o.example/ledger\n3", "o.example/ledger\n4"), WITNESS.witness)
        is None
    )


@KNOWN
def test_what_a_witness_saw_is_kept_once(note):
    now = int(time.time())
    kept = actions.take_cosignature(WITNESS.cosign(note, now), now=datetime.now(UTC))
    assert (kept.witness, kept.size) == (WITNESS.witness, log().head().size)
    assert kept.signed_at.timestamp() == now
    later = actions.take_cosignature(WITNESS.cosign(note, now + 1), now=datetime.now(UTC))
    assert later == kept
    assert later.signed_at == kept.signed_at, "the first time is the one that tells"


@KNOWN
def test_nothing_else_is_kept(note):
    now, at = datetime.now(UTC), int(time.time())
    key = keys.read(key_file())
    ahead = key.sign(log().head()._replace(size=log().head().size + 1))
    other = key.sign(log().head()._replace(size=1))
    for wrong, why in (
        (STRANGER.cosign(note, at), "No witness"),
        (note, "No witness"),
        (WITNESS.cosign(note, at - 120), "clocks"),
        (WITNESS.cosign(note, 2**62), "clocks"),
        (WITNESS.cosign(ahead, at), "no checkpoint"),
        (WITNESS.cosign(other, at), "no checkpoint"),
        (WITNESS.cosign(STRANGER.sign(log().head()), at), "no checkpoint"),
        ("", "no checkpoint"),
    ):
        with pytest.raises(Refused, match=why):
            actions.take_cosignature(wrong, now=now)
    assert not Cosignature.objects.exists()


def test_a_witness_gives_it_back_by_the_address(note):
    signed = WITNESS.cosign(note, int(time.time()))
    client = Client(enforce_csrf_checks=True)
    assert client.post("/ledger/cosignatures", signed, content_type="text/plain").status_code == 403
    with KNOWN:
        for wrong in (b"", b"\xff\x00", signed.encode() * 40, note.encode()):
            answer = client.post("/ledger/cosignatures", wrong, content_type="text/plain")
            assert answer.status_code == 403
        answer = client.post("/ledger/cosignatures", signed, content_type="text/plain")
        assert (answer.status_code, answer.content) == (200, b"Kept.\n")
        assert client.get("/ledger/cosignatures").status_code == 405
    assert Cosignature.objects.get().signed_at > datetime.now(UTC) - timedelta(minutes=1)
