"""How strong a draw is called by `verify_draw.py`, which must never be more than it is; and what it reads."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.draws import KEY, OPENED, ORIGIN, QUICKNET, ROUND, WITNESS, Draw, run, witness_line

from folkmoot.juries import verify_draw
from folkmoot.ledger import keys
from folkmoot.ledger.rules import entries

pytestmark = pytest.mark.no_database
IN_TIME = OPENED + timedelta(minutes=15, seconds=2)


def strength_of(folder, given=WITNESS, **how):
    code, told = run(Draw(folder / "ledger", **how).make(), folder, KEY.verifier, *([witness_line(given)] if given else []))
    assert code == 0, told
    return told.split("Strength ")[1]


def test_only_a_witness_in_time_makes_a_draw_verifiable(tmp_path):
    found = strength_of(tmp_path, source=QUICKNET, cosigned_at=IN_TIME)
    assert found.startswith("A, verifiable: witness.example cosigned")


SPOKEN = datetime.fromtimestamp(verify_draw.GENESIS + (ROUND - 1) * verify_draw.PERIOD, UTC)
WEAKER = {
    "a beacon without a witness": ("B", {"source": QUICKNET}),
    "a backdated beacon case, cosigned afterwards": ("B", {"source": QUICKNET, "cosigned_at": SPOKEN + timedelta(hours=1)}),
    "a cosignature ten seconds before the round": ("B", {"source": QUICKNET, "cosigned_at": SPOKEN - timedelta(seconds=10)}),
    "a cosignature without a time": ("B", {"source": QUICKNET, "cosigned_at": datetime.fromtimestamp(0, UTC)}),
    "a witness whose key was not given": ("B", {"source": QUICKNET, "cosigned_at": IN_TIME, "given": None}),
    "a chain, though cosigned": ("C", {"cosigned_at": IN_TIME}),
    "a beacon of the community's own": ("C", {"source": "drand:" + "ab" * 32, "cosigned_at": IN_TIME}),
}


@pytest.mark.parametrize("name", WEAKER)
def test_a_weaker_draw_is_called_no_more_than_it_is(name, tmp_path):
    strength, how = WEAKER[name]
    found = strength_of(tmp_path, **how)
    assert found.startswith(strength)
    assert "A, verifiable" not in found


def test_eleven_seconds_are_enough(tmp_path):
    assert strength_of(tmp_path, source=QUICKNET, cosigned_at=SPOKEN - timedelta(seconds=11)).startswith("A")


def test_a_witness_who_saw_another_case_is_noticed(tmp_path):
    def fork(shown):
        other = Draw(tmp_path / "other", source=QUICKNET, cosigned_at=IN_TIME, seed_number=2)
        shown["witnessed"] = json.loads(other.make())["witnessed"]

    raw = Draw(tmp_path / "ledger", source=QUICKNET, shown_attack=fork).make()
    code, told = run(raw, tmp_path, KEY.verifier, witness_line(WITNESS))
    assert code == 1
    assert "What was cosigned does not hold this pool and case" in told


def test_a_false_cosignature_is_noticed(tmp_path):
    raw = Draw(tmp_path / "ledger", source=QUICKNET, cosigned_at=SPOKEN + timedelta(hours=1)).make()
    early, late = (int(at.timestamp()).to_bytes(8, "big") for at in (IN_TIME, SPOKEN + timedelta(hours=1)))
    shown = json.loads(raw)
    note = shown["witnessed"]["checkpoint"]
    line = note.splitlines()[-1].split(" ")[2]
    forged = base64.b64encode(base64.b64decode(line).replace(late, early)).decode()
    shown["witnessed"]["checkpoint"] = note.replace(line, forged)
    code, told = run(entries.canonical(shown), tmp_path, KEY.verifier, witness_line(WITNESS))
    assert code == 1
    assert "The signature of witness.example is false" in told


def test_an_operator_who_is_their_own_witness_is_none(tmp_path):
    raw = Draw(tmp_path / "ledger", source=QUICKNET, cosigned_at=IN_TIME, witness=KEY).make()
    code, told = run(raw, tmp_path, KEY.verifier, witness_line(KEY))
    assert code == 0
    assert "Strength B" in told


def test_a_ledger_of_several_tiles_is_read_whole_and_a_missing_file_is_said(tmp_path):
    draw = Draw(tmp_path / "ledger", crowd=700)
    raw = draw.make()
    log = ["--log", str(tmp_path / "ledger")]
    assert run(raw, tmp_path, KEY.verifier, *log)[0] == 0
    tile = tmp_path / "ledger" / "tile" / "entries" / "001"
    whole = tile.read_bytes()
    tile.write_bytes(whole.replace(b"ThreadLocked", b"ThreadPinned", 1))
    code, told = run(raw, tmp_path, KEY.verifier, *log)
    assert (code, "do not give the tree" in told) == (1, True)
    tile.unlink()
    code, told = run(raw, tmp_path, KEY.verifier, *log)
    assert (code, "A file is missing" in told) == (1, True)


def test_a_ledger_that_is_a_fork_is_refused(tmp_path):
    raw = Draw(tmp_path / "ledger").make()
    Draw(tmp_path / "fork", seed_number=2, crowd=100).make()
    code, told = run(raw, tmp_path, KEY.verifier, "--log", str(tmp_path / "fork"))
    assert (code, "do not give the tree" in told) == (1, True)


def test_keys_may_be_files_and_the_wrong_number_of_words_shows_how(tmp_path):
    raw = Draw(tmp_path / "ledger").make()
    (tmp_path / "log.key").write_text(KEY.verifier + "\n")
    assert run(raw, tmp_path, str(tmp_path / "log.key"))[0] == 0
    code, told = run(raw, tmp_path)
    assert (code, "BUNDLE LOG_KEY [WITNESS_KEY]" in told) == (1, True)


def test_the_scripts_ed25519_is_that_of_everybody():
    for number in range(20):
        text, key = b"%d" % number, keys.new(ORIGIN)
        signature = key.private.sign(text)
        assert verify_draw.is_signed(key.public, text, signature)
        assert not verify_draw.is_signed(key.public, text + b".", signature)
        for at in (0, 31, 32, 63):
            forged = bytearray(signature)
            forged[at] ^= 1
            try:
                assert not verify_draw.is_signed(key.public, text, bytes(forged))
            except SystemExit as refused:
                assert "is none" in str(refused)  # noqa: PT017  (an R that is no point)
        again = signature[:32] + (int.from_bytes(signature[32:], "little") + verify_draw.L).to_bytes(32, "little")
        assert not verify_draw.is_signed(key.public, text, again), "a signature has one form"
