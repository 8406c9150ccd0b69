"""A case that is drawn by a beacon, through the real actions: it waits for the beacon's round, and what was drawn holds."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings
from tests.draws import run
from tests.jury import Moot, jury_of

from folkmoot.juries import actions, verify_draw
from folkmoot.juries.beacon import local
from folkmoot.juries.beacon.drand import QUICKNET
from folkmoot.juries.models import Seat
from folkmoot.juries.queries.bundles import bundle_of
from folkmoot.juries.queries.cases import witnessed
from folkmoot.juries.rules import Choice
from folkmoot.ledger import keys
from folkmoot.ledger.actions import take_cosignature
from folkmoot.ledger.queries import key_file, log

BREAKS, KEEPS, CANNOT = Choice.BREAKS, Choice.KEEPS, Choice.CANNOT_JUDGE


class Quick(local.Beacon):
    """Its clock is an hour ahead, like the tests' own when they let time pass; or it says nothing."""

    speaks = False

    def answer(self, path: str, now: float) -> tuple[int, dict[str, Any]]:
        return super().answer(path, now + 3600) if self.speaks else (500, {})


@pytest.fixture
def own() -> Iterator[Quick]:
    found = Quick(secret=0x51, seed=b"s" * 32, genesis=int(time.time()) - 600, period=3)
    served = local.server(found, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{served.server_port}"
    with override_settings(DRAND_RELAYS=(address,), DRAND_CHAIN=json.dumps(found.info)):
        yield found
    served.shutdown()
    served.server_close()


def test_a_witness_in_time_stands_in_the_bundle(own, village, tmp_path):
    moot, witness, own.speaks = Moot(village), keys.new("witness.example"), True
    with override_settings(WITNESSES=(witness.witness,)):
        case = moot.alert(village.reply(village.opening(), text="You are all fools."))
        jury = jury_of(case)
        spoken = own.chain.time_of(jury.round).timestamp()
        seen = int(spoken) - 30
        take_cosignature(witness.cosign(log().note(), seen), now=datetime.fromtimestamp(seen, UTC))
        moot.pass_time(seconds=70)
        moot.judge(jury, *[BREAKS] * 5)
    made = json.loads(bundle_of(case.pk, "first", with_content=True))
    entries = {one["index"]: one["entry"].encode() for one in made["entries"]}
    jury.refresh_from_db()
    before = {index: entries[index] for index in (jury.pool.entry.index, jury.opening.index)}
    said = (log().head().origin, keys.read(key_file()).verifier, witness.witness, before)
    assert verify_draw.strength(made, int(spoken), *said).startswith("A, verifiable: witness.example")
    assert verify_draw.strength(made, int(spoken) - 21, *said).startswith("B"), "not ten seconds before"
    code, told = run(bundle_of(case.pk, "first", with_content=True), tmp_path, said[1], witness.witness)
    assert (code, "Strength C" in told) == (0, True), "a beacon of one's own is no public one"
    jury.source = QUICKNET.source
    assert witnessed(jury) is None, "that beacon's round is long past"


def test_a_case_waits_for_its_beacon_and_is_drawn_by_it(own, village, tmp_path):
    moot = Moot(village)
    case = moot.alert(village.reply(village.opening(), text="You are all fools."))
    jury = jury_of(case)
    assert jury.source == own.chain.source
    assert own.chain.time_of(jury.round).timestamp() >= moot.now.timestamp() + 60
    moot.sweep()
    jury.refresh_from_db()
    assert jury.seed == "", "its round is not there yet"
    moot.pass_time(seconds=70)
    jury.refresh_from_db()
    assert jury.seed == "", "the relay does not answer"
    own.speaks = True
    until = time.monotonic() + 30
    while not jury.seed and time.monotonic() < until:  # the relay failed, and is asked again after a second
        moot.pass_time(seconds=5)
        jury.refresh_from_db()
    assert jury.seed
    asked = list(Seat.objects.filter(jury=jury, state="summoned").select_related("member").order_by("position"))
    actions.answer(jury, by=asked[1].member, serves=False)
    moot.judge(jury, CANNOT, BREAKS, BREAKS, KEEPS, BREAKS, KEEPS, KEEPS)
    moot.judge(jury, KEEPS)
    jury.refresh_from_db()
    assert jury.tally == [3, 0, 0, 4, 0, 1]
    made = bundle_of(case.pk, "first", with_content=True)
    code, told = run(made, tmp_path, keys.read(key_file()).verifier, "--log", str(log().folder))
    assert code == 0, told
    assert "LEAVE (3 named one standard, 5 of 7 were needed)" in told
    assert "Strength C" in told, "whoever holds the key of a beacon of one's own knows every round"
