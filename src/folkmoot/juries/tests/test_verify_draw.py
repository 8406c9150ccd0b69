"""`verify_draw.py`, run as anybody runs it: a file alone, by every Python from 3.9 on that the machine has, without this package."""

import re
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from tests.draws import KEPT, KEY, OPENED, ORIGIN, QUICKNET, ROUND, SAME, SCRIPT, WITNESS, Draw, pythons, run, witness_line

from folkmoot.juries import verify_draw
from folkmoot.juries.rules.bundle import Opening
from folkmoot.ledger import keys
from folkmoot.ledger.rules import notes

pytestmark = pytest.mark.no_database
MOST_LINES = 200
"""Of code: without blank lines, comments and docstrings."""


def test_every_python_of_the_machine_is_asked(count):
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in pythons()
    count("Pythons that ran the verifier", len(pythons()))


def test_the_script_is_short_and_needs_nothing():
    text = SCRIPT.read_text(encoding="utf-8")
    code = [line for line in text.split('"""', 2)[2].splitlines() if line.strip() and not re.match(r'\s*("""|#)', line)]
    assert len(code) <= MOST_LINES
    assert not re.search(r"^\s*assert\b", text, re.MULTILINE), "an assert is gone with python -O"
    imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))
    assert imported <= sys.stdlib_module_names


HONEST: dict[str, dict[str, Any]] = {
    "hidden": {},
    "hidden early": {"votes": [(0, 3)] * 4 + [(4, 3), None, None]},
    "left": {"votes": [(2, 0), (3, 0), (0, 3), (1, 3), (0, 3), (0, 3), (4, 5)]},
    "nobody found a breach": {"votes": [(3, 0)] * 7},
    "two could not judge": {"votes": [(5, 0), (5, 0), *KEPT]},
    "time ran out": {"stops": 8, "votes": [(0, 3)] * 7},
    "by the beacon": {"source": QUICKNET},
    "with a second jury": {"source": QUICKNET, "second": True},
    "by the chain, with a second jury": {"second": True},
    "a jury of appeal": {"seats": 11, "to_hide": 6, "votes": [(0, 3)] * 5 + [(2, 0)] * 6, "filled": 13},
    "a small jury": {"n": 20, "seats": 5, "to_hide": 4, "votes": [(1, 2)] * 5, "declines": (), "withdraws": ()},
    "the whole pool walked": {"n": 12, "seats": 7, "declines": (0, 1, 2, 3, 4, 5, 6, 7), "withdraws": ()},
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_case_holds(name, tmp_path, count):
    draw = Draw(tmp_path / "ledger", **HONEST[name])
    code, said = run(draw.make(), tmp_path, KEY.verifier, "--log", str(tmp_path / "ledger"))
    assert code == 0, said
    assert ("HIDE" if draw.verdict["hidden"] else "LEAVE") in said
    count("honest cases accepted")


@dataclass
class Against:
    """An attack: what is done, and the words by which it must be refused."""

    words: str
    how: dict[str, Any] = field(default_factory=dict)
    raw: Any = None
    key: str = KEY.verifier
    log: bool = False


def rows(change):
    return {"rows_attack": lambda draw: change(draw.rows)}


def said(change):
    return {"said_attack": change}


def verdict(**facts):
    return {"verdict_attack": lambda draw: draw.verdict.update(facts)}


def shown(change, **more):
    return {"shown_attack": change, **more}


def facts_of(draw, kind, position):
    return next(facts for k, _, facts in draw.said if k == kind and facts["position"] == position)


def without(draw, kind, position):
    draw.said = [one for one in draw.said if (one[0], one[2]["position"]) != (kind, position)]


def voter(draw):
    return next(row for row in draw.rows if row.vote)


def swap(rows):
    a, b = [row for row in rows if row.vote][:2]
    a.index, b.index, a.token, b.token = b.index, a.index, b.token, a.token


def skip(draw):
    """The first of the walk is passed over; who comes after the last moves up."""
    draw.rows = draw.walk(1, KEPT, (2, 5), (), 10_000)
    for row in draw.rows:
        row.position -= 1


def exclude(rows):
    row = next(row for row in rows if row.vote)
    row.excluded, row.seated, row.vote = Opening(salt=b"s" * 16, leaf=0), False, None


def forget(rows):
    rows[3].excluded = None


def forget_vote(draw):
    next(row for row in draw.rows if row.vote and row.vote[0] > 1).vote = None


def refuse_far(draw):
    facts = {"case": draw.case_index, "position": 40, "index": 1, "second": False, "declined": True}
    draw.said.append(("SeatRefused", OPENED + timedelta(hours=1), facts))


def flip(draw):
    """The votes are said to be others, in openings and tally alike."""
    for row in draw.rows:
        row.vote = (2, 0) if row.vote else None


def edit(kind, old, new):
    """An entry in the bundle is another than in the ledger."""

    def change(bundle):
        entry = next(one for one in bundle["entries"] if f'"t":"{kind}"' in one["entry"])
        assert old in entry["entry"]
        entry["entry"] = entry["entry"].replace(old, new)

    return shown(change)


def elsewhere(bundle):
    for name, value in (("randomness", "ab" * 32), ("signature", "")):
        bundle[name] = value


def other_signature(bundle):
    bundle["signature"] = "ab" * 48
    bundle["randomness"] = verify_draw.sha(b"\xab" * 48).hex()


def sign_falsely(bundle):
    """The tree is consistent, and somebody else signed it in the ledger's name."""
    text = bundle["checkpoint"].split("\n\n")[0] + "\n"
    line = notes.signature_line(ORIGIN, notes.key_id(ORIGIN, KEY.public), keys.new(ORIGIN).private.sign(text.encode()))
    bundle["checkpoint"] = f"{text}\n{line}"


RENAMED = keys.new("other.example/ledger")


def sign_by_another_name(bundle):
    bundle["checkpoint"] += RENAMED.signature(bundle["checkpoint"].split("\n\n")[0] + "\n")


def again(draw, kind):
    draw.said.append(next(one for one in draw.said if one[0] == kind))


def seat_excluded(draw):
    row = next(row for row in draw.rows if row.excluded)
    facts = {"case": draw.case_index, "position": row.position, "index": row.index, "second": False}
    draw.said.append(("SeatTaken", OPENED + timedelta(hours=1), facts))


def give_back(draw):
    row = voter(draw)
    facts = {"case": draw.case_index, "position": row.position, "index": row.index, "second": False, "declined": True}
    draw.said.append(("SeatRefused", OPENED + timedelta(hours=2), facts))


def vote_refused(draw):
    row = next(row for row in draw.rows if row.refused and not row.seated)
    row.vote, row.nonce = (0, 3), b"n" * 32
    facts = {"case": draw.case_index, "position": row.position, "commitment": draw.commitment(row), "second": False}
    draw.said.append(("VoteCast", OPENED + timedelta(hours=2), facts))


def count_fewer(draw):
    draw.verdict["entry_count"] -= 1


def opened(*, same_source=False, **more):
    """Another case, before this one. (Of the source it is known only when it is written: see `Draw.write`.)"""
    facts = {
        "pool": 0,
        "seats": 7,
        "to_hide": 5,
        "source": SAME if same_source else "chain:" + "cd" * 32,
        "round": 0,
        "appeals": None,
        "reopens": None,
    }
    return "CaseOpened", OPENED - timedelta(hours=3), facts | more


def decided(place):
    """A verdict about the same revision: of this case (0), or of the one that was opened just before it (-1)."""
    return {"case": place, "post_id": 421, "revision": 2, "second": False, "walked": 0}


LATE = ("VoteCast", {"position": 0, "commitment": "00" * 32, "second": False})
REFUSED_BEFORE = (
    "SeatRefused",
    OPENED - timedelta(hours=1),
    {"case": SAME, "position": 2, "index": 0, "second": False, "declined": True},
)
ATTACKS = {
    "two jurors swapped": Against("another order", rows(swap)),
    "a juror's entry of another place": Against("its entry lies", said(lambda d: facts_of(d, "SeatTaken", voter(d).position).update(index=1))),
    "a juror skipped": Against("another order", {"rows_attack": skip}),
    "a position left out of the bundle": Against("another order", shown(lambda b: b["walked"].pop())),
    "a false exclusion": Against("was not listed", rows(exclude)),
    "another round in the case": Against("not what stands in the ledger", {"source": QUICKNET, **edit("CaseOpened", f'"round":{ROUND}', f'"round":{ROUND + 1}')}),
    "another round's signature": Against("another order", shown(other_signature, source=QUICKNET)),
    "a false beacon": Against("not the hash of the", shown(elsewhere, source=QUICKNET)),
    "a false link": Against("not link 0", shown(elsewhere)),
    "a draw by chance that the operator chose, called the beacon's": Against("not the hash of the", {"source": QUICKNET, "chosen": b"mine"}),
    "a draw by chance that the operator chose, called a link": Against("not link 0", {"chosen": b"mine"}),
    "a draw by a chain that the operator keeps to himself": Against("this link", {"chosen": b"mine", "unpublished": True}),
    "a key of the ledger's under another name": Against("no bundle of form 1", key=RENAMED.verifier, how=shown(sign_by_another_name)),
    "an edited case": Against("not what stands in the ledger", edit("CaseOpened", '"to_hide":5', '"to_hide":4')),
    "an edited post": Against("What was judged", shown(lambda b: b["content"].update(text="A: You are all wise."))),
    "a flipped vote": Against("did not cast", said(flip)),
    "a flipped opening": Against("did not cast", shown(lambda b: b["votes"][0].update(choice=3, standard=0))),
    "a late commitment": Against("after its verdict", {"later": [LATE]}),
    "a commitment outside the verdict's list": Against("closed other entries", {"verdict_attack": count_fewer}),
    "an unproved refusal": Against("left out", said(lambda d: without(d, "SeatRefused", 2))),
    "a missing opening of a vote": Against("opened are the votes", shown(lambda b: b["votes"].pop())),
    "a missing opening of an exclusion": Against("was not listed", shown(lambda b: b["excluded"].pop())),
    "an exclusion that is not opened": Against("left out", rows(forget)),
    "a wrong tally": Against("another tally", verdict(breaks=4, just_breaks=1)),
    # ours
    "a dropped vote": Against("opened are the votes", said(lambda d: without(d, "VoteCast", voter(d).position))),
    "a verdict turned over": Against("the verdict is another", verdict(hidden=False, standard=0)),
    "a verdict by another standard": Against("the verdict is another", verdict(standard=4)),
    "two standards added up": Against("the verdict is another", {"votes": [(0, 3)] * 3 + [(4, 5)] * 4, **verdict(hidden=True, standard=3)}),
    "a leave before all have voted": Against("the verdict is another", {"votes": [(2, 0)] * 4 + [None] * 3, **verdict(lapsed=False)}),
    "a minority that hides": Against("no majority", {"to_hide": 3}),
    "a vote that is kept out of openings and tally": Against("opened are the votes", said(forget_vote)),
    "a refusal from before the case": Against("after its verdict", {"before": [REFUSED_BEFORE], **said(lambda d: without(d, "SeatRefused", 2))}),
    "a refusal of somebody who was not walked": Against("did not walk", said(refuse_far)),
    "two votes of one juror": Against("twice", said(lambda d: again(d, "VoteCast"))),
    "two seats of one juror": Against("twice", said(lambda d: again(d, "SeatTaken"))),
    "a vote without a seat": Against("had no seat", said(vote_refused)),
    "a vote whose juror is said to have left": Against("had no seat", said(give_back)),
    "an excluded juror seated": Against("its entry lies", said(seat_excluded)),
    "a juror too many": Against("sat on 7 seats", {"sits": 8, "votes": [*KEPT, (0, 3)]}),
    "a walk cut short": Against("another order", {"verdict_attack": lambda d: d.verdict.update(walked=d.verdict["walked"] - 1)}),
    "a vote that there is not": Against("is no vote", {"votes": [(0, 0), *KEPT[1:]]}),
    "an exclusion opened twice": Against("opened twice", shown(lambda b: b["excluded"].append(b["excluded"][0]))),
    "another member's token": Against("not the one at its place", shown(lambda b: b["walked"][0].update(token="ab" * 32))),
    "a pool of three days ago": Against("36 hours", {"pool_age": timedelta(hours=80)}),
    "a pool that is no pool": Against("36 hours", {"case_facts": {"pool": 0}}),
    "another ledger's key": Against("not signed", key=keys.new(ORIGIN).verifier),
    "a witness's key for the ledger's": Against("not signed", key=witness_line(WITNESS)),
    "a key that is none": Against("no public key", key=KEY.verifier[:-8] + "AAAAAAA="),
    "a forged checkpoint": Against("is false", shown(lambda b: b.update(checkpoint=b["checkpoint"].replace(ORIGIN + "\n", ORIGIN + "\n1", 1)))),
    "a ledger of one's own, with the signature of another": Against("is false", shown(sign_falsely)),
    "a checkpoint without a signature": Against("not signed", shown(lambda b: b.update(checkpoint=b["checkpoint"].split("\n\n")[0] + "\n\n"))),
    "a link that is beyond the chain": Against("this link", {"case_facts": {"round": 100}}),
    "a link before the first": Against("this link", {"case_facts": {"round": -1}}),
    "a chain that was not published": Against("this link", {"picks": lambda d, mine: mine - {d.chain_index}}),
    "a round from before the case": Against("between case and verdict", {"source": QUICKNET, "case_facts": {"round": ROUND - 400}}),
    "a second jury without its lot": Against("no second jury", {"second": True, "lot": False}),
    "votes of a second jury without a verdict": Against("no verdict of it", {"later": [("VoteCast", LATE[1] | {"second": True})], "lot": True}),
    "an entry of another case": Against("other entries than of one decided case", {"later": [("VoteCast", LATE[1] | {"case": 1})], "picks": lambda d, mine: mine | {len(d.written) - 1}}),
    "an entry in another form": Against("not written", {"spaced": "SeatTaken"}),
    "a number that is not whole": Against("not written", said(lambda d: facts_of(d, "SeatTaken", voter(d).position).update(index=1.0))),
    "a key twice in the bundle": Against("not written", raw=lambda raw: raw.replace(b'{"checkpoint"', b'{"checkpoint":"","checkpoint"', 1)),
    "a bundle cut short": Against("not in its form", raw=lambda raw: raw[:-100]),
    "no bundle at all": Against("not in its form", raw=lambda raw: b"<html>Not found</html>"),
    "a bundle nested without end": Against("not in its form", raw=lambda raw: b"[" * 100_000),
    # seen only with the whole ledger
    "an entry of the case that the bundle keeps back": Against("has not", {"later": [LATE], "picks": lambda d, mine: mine - {len(d.written) - 1}}, log=True),
    "a second case about the same revision": Against("Judged more than once", {"before": [opened()], "later": [("VerdictReached", decided(-1))]}, log=True),
    "two verdicts of one case": Against("has not", {"later": [("VerdictReached", decided(0))], "picks": lambda d, mine: mine - {len(d.written) - 1}}, log=True),
    "a second appeal": Against("Judged more than once", {"case_facts": {"appeals": 0}, "before": [opened(appeals=0)], "later": [("VerdictReached", decided(-1))]}, log=True),
    "an old pool when a newer one is there": Against("old pool", {"before": [("PoolPublished", OPENED - timedelta(hours=3), {"n": 40, "root": "ab" * 32})]}, log=True),
    "a case that is opened and forgotten": Against("never decided", {"before": [opened()], "waits": timedelta(hours=97)}, log=True),
    "a link out of turn": Against("its turn was 0", {"link": 3}, log=True),
    "a link used twice": Against("its turn was 1", {"before": [opened(same_source=True)]}, log=True),
    "more exclusions than there are reasons": Against("there are reasons for 13", {"filled": 30}, log=True),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused(name, tmp_path, count):
    against = ATTACKS[name]
    raw = Draw(tmp_path / "ledger", **against.how).make()
    raw = against.raw(raw) if against.raw else raw
    log = ["--log", str(tmp_path / "ledger")] if against.log else []
    code, told = run(raw, tmp_path, against.key, *log)
    assert code == 1
    assert against.words in told.split("DOES NOT HOLD.")[-1], told
    count("tampered cases refused")
