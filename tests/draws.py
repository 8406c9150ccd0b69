"""Decided cases for the verifier: written into a real ledger by whoever holds its key, honest or not.

An attack changes what is said at one step, and all that comes later is made to fit as well as its author can: `rows` (who was walked,
and what became of them), `said` (the entries of the case), `verdict`, `shown` (the bundle, before it is written).
"""

import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from folkmoot.juries import rules, verify_draw
from folkmoot.juries.rules.bundle import Case, Content, Counted, Opening, Vote, Walked, Witnessed, bundle
from folkmoot.juries.rules.pool import Exclusions, Pool, pack
from folkmoot.ledger import keys
from folkmoot.ledger.log import Log, Tree
from folkmoot.ledger.rules import entries, merkle, notes
from folkmoot.ledger.rules.notes import Checkpoint

ORIGIN = "forum.example/ledger"
QUICKNET = "drand:52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
OPENED = datetime(2026, 11, 29, 8, tzinfo=UTC)
ROUND = (int(OPENED.timestamp()) + 17 * 60 - 1692803367) // 3 + 1
"""Of quicknet, a minute after the case was told at a quarter past."""

KEY = keys.new(ORIGIN)
WITNESS = keys.new("witness.example")
KEPT = (0, 3), (1, 3), (0, 3), (2, 0), (0, 3), (3, 0), (1, 3)
"""Seven votes: five that it breaks standard 3."""

SAME = "the same source"
"""Stands for this case's source, or its place, in what is written before it."""

Attack = Callable[[Any], object]


def cosigned(note: str, key: keys.Key, when: datetime) -> str:
    """As https://c2sp.org/tlog-cosignature says."""
    stamp = int(when.timestamp())
    signature = key.private.sign(f"cosignature/v1\ntime {stamp}\n{notes.split(note)[0]}".encode())
    return note + notes.signature_line(key.origin, _key_id(key), stamp.to_bytes(8, "big") + signature)


def witness_line(key: keys.Key) -> str:
    encoded = notes.base64.b64encode(b"\x04" + key.public).decode()
    return f"{key.origin}+{_key_id(key).hex()}+{encoded}"


def _key_id(key: keys.Key) -> bytes:
    return hashlib.sha256(key.origin.encode() + b"\n\x04" + key.public).digest()[:4]


SCRIPT = Path(verify_draw.__file__)


@cache
def pythons() -> dict[str, str]:
    """Every Python that runs, by its version: those on the path, and those beside the one that runs the tests."""
    folders = [Path(folder) for folder in os.get_exec_path()] + sorted(Path(sys.base_prefix).parent.glob("*/bin"))
    found = {}
    for path in [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("python3*"))]:
        if re.fullmatch(r"python3(\.\d+)?", path.name):
            said = subprocess.run([path, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True)
            version = tuple(map(int, said.stdout.split())) if said.returncode == 0 else (0, 0)
            if version >= (3, 9):
                found.setdefault(f"{version[0]}.{version[1]}", str(path))
    return found


def run(raw: bytes, folder: Path, *more: str) -> tuple[int, str]:
    """What the script says, which must be the same for every Python."""
    (folder / "bundle.json").write_bytes(raw)
    given = [str(folder / "bundle.json"), *more]
    running = [
        subprocess.Popen([python, "-I", "-S", SCRIPT, *given], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for python in pythons().values()
    ]
    said = {(process.communicate()[0], process.returncode) for process in running}
    assert len(said) == 1, said
    text, code = said.pop()
    assert "Traceback" not in text
    return code, text


@dataclass
class Row:
    """A position of the walk."""

    position: int
    index: int
    token: bytes
    excluded: Opening | None = None
    seated: bool = False
    refused: bool = False
    vote: tuple[int, int] | None = None
    nonce: bytes = b""
    second: bool = False


@dataclass
class Draw:
    folder: Path
    n: int = 60
    seats: int = 7
    to_hide: int = 5
    source: str = "chain"
    votes: Sequence[tuple[int, int] | None] = KEPT
    declines: Sequence[int] = (2, 5)
    withdraws: Sequence[int] = (4,)
    stops: int = 10_000
    second: bool = False
    cosigned_at: datetime | None = None
    content: str = "A: You are all fools."
    case_facts: dict[str, Any] = field(default_factory=dict)
    pool_age: timedelta = timedelta(hours=5)
    pool_from: int = 0
    link: int = 0
    chosen: bytes = b""
    unpublished: bool = False
    filled: int = 13
    lot: bool | None = None
    sits: int = 0
    spaced: str = ""
    pool: Pool | None = None
    before: Sequence[tuple[str, datetime, dict[str, Any]]] = ()
    witness: keys.Key = WITNESS
    crowd: int = 0
    waits: timedelta | None = None
    later: Sequence[tuple[str, dict[str, Any]]] = ()
    picks: Callable[["Draw", set[int]], set[int]] = lambda draw, mine: mine
    rows_attack: Attack | None = None
    said_attack: Attack | None = None
    verdict_attack: Attack | None = None
    shown_attack: Attack | None = None
    seed_number: int = 1

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed_number)
        self.lot = self.second if self.lot is None else self.lot
        self.written: list[bytes] = []
        self.case_index = self.pool_index = self.chain_index = -1
        self.log = Log(self.folder)

    def make(self) -> bytes:
        self._open()
        self.rows = self.walk(0, self.votes, self.declines, self.withdraws, self.stops)
        if self.rows_attack:
            self.rows_attack(self)
        self.said = self.say(self.rows)
        if self.said_attack:
            self.said_attack(self)
        self._write_said(self.said)
        self.verdict = self._verdict(self.rows, second=False)
        if self.verdict_attack:
            self.verdict_attack(self)
        self.write("VerdictReached", OPENED + timedelta(hours=4, minutes=7), **self.verdict)
        if self.second:
            more = self.walk(len(self.rows), KEPT, (), (), 10_000, second=True)
            said = self.say(more)
            self.rows += more
            self._write_said(said)
            facts = self._verdict(self.rows, second=True)
            self.write("VerdictReached", OPENED + timedelta(hours=6), **facts)
        for kind, facts in self.later:
            place = facts.get("case", 0)
            case = place if place > 0 else self.case_index + place
            self.write(kind, OPENED + timedelta(hours=6), **facts | {"case": case})
        if self.waits:
            self.noise(1, OPENED + self.waits)
        return self.publish()

    def write(self, kind: str, at: datetime, *, office: str = "jury", **facts: Any) -> int:
        reason = self.chance.randbytes(32).hex()
        raw = entries.entry(kind=kind, office=office, officer=1, facts=facts, reason_hash=reason, people_hash="", told_at=at)
        self.written.append(raw.replace(b":", b": ", 1) if kind == self.spaced else raw)
        return len(self.written) - 1

    def noise(self, count: int, at: datetime) -> None:
        for number in range(count):
            self.write("ThreadLocked", at, office="administrator", thread_id=number, forum_id=1)

    def _open(self) -> None:
        self.noise(3 + self.crowd, OPENED - timedelta(hours=9))
        self.pool = self.pool or Pool(pack(self.chance.randbytes(32) for _ in range(self.n)))
        chosen = self.chance.sample(range(self.pool.size), min(11, self.pool.size // 4))
        self.openings = {self.pool[i]: self.chance.randbytes(16) for i in chosen}
        filled = [self.chance.randbytes(48) for _ in range(self.filled - len(chosen))]
        self.exclusions = Exclusions([salt + token for token, salt in self.openings.items()] + filled)
        self.salt = self.chance.randbytes(16)
        tries = count()
        start = list(self.written)
        while True:  # until the lot gives a second jury or none, as asked for, and excludes position 3 where that is likely
            self.written = list(start)
            self._commit(next(tries))
            first = zip(range(6), rules.order(self.seed, self.pool.size), strict=False)
            excluded = {position for position, index in first if self.pool[index] in self.openings}
            if rules.has_second(self.seed) == self.lot and excluded == ({3} if self.pool.size < 1000 else set()):
                return

    def _commit(self, number: int) -> None:
        self.signature, chain_facts = b"", {}
        if self.source == "chain":
            links = [hashlib.sha256(b"secret %d" % number).digest()]
            for _ in range(100):
                links.append(hashlib.sha256(links[-1]).digest())
            self.randomness, round_number = links[-2 - self.link], self.link
            source = f"chain:{links[-1].hex()}"
            chain_facts = {"anchor": links[-1].hex(), "links": 100}
            self.chain_index = self.write("ChainPublished", OPENED - timedelta(hours=8), **chain_facts)
        else:
            self.signature = b"a signature of the beacon" + bytes(19) + number.to_bytes(4, "big")
            self.randomness, round_number, source = hashlib.sha256(self.signature).digest(), ROUND, self.source
        self.noise(2, OPENED - timedelta(hours=6))
        self.pool_index = self.write(
            "PoolPublished", OPENED + timedelta(minutes=15) - self.pool_age, epoch=4, rule=1, n=self.pool.size,
            root=self.pool.root.hex(),
        )  # fmt: skip
        for kind, at, more in self.before:
            same = {"source": source, "case": len(self.written) + 1}
            self.write(kind, at, **{k: same[k] if v == SAME else v for k, v in more.items()})
        facts = {
            "pool": self.pool_index, "seats": self.seats, "to_hide": self.to_hide, "source": source, "round": round_number,
            "excluded_n": self.exclusions.size, "excluded_root": self.exclusions.root.hex(),
            "content_hash": hashlib.sha256(self.salt + self.content.encode()).hexdigest(), "appeals": None, "reopens": None,
        }  # fmt: skip
        if self.chosen:  # chance by the operator, who draws by it and shows it
            self.randomness = hashlib.sha256(self.chosen + number.to_bytes(4, "big")).digest()
        if self.unpublished:
            facts["source"] = f"chain:{hashlib.sha256(self.randomness).hexdigest()}"
        self.facts = facts | self.case_facts
        self.case_index = self.write("CaseOpened", OPENED, **self.facts)
        self.leaf = merkle.leaf_hash(self.written[-1])
        self.early_size = len(self.written)
        self.seed = rules.seed(
            origin=ORIGIN, case=self.case_index, leaf_hash=self.leaf, root=self.pool.root, n=self.pool.size,
            source=self.facts["source"], round_number=self.facts["round"], randomness=self.randomness,
        )  # fmt: skip

    def walk(
        self,
        first: int,
        votes: Sequence[tuple[int, int] | None],
        declines: Sequence[int],
        withdraws: Sequence[int],
        stops: int,
        *,
        second: bool = False,
    ) -> list[Row]:
        rows, sitting, left = [], 0, iter(votes)
        for position, index in enumerate(rules.order(self.seed, self.pool.size)):
            if position < first:
                continue
            if sitting == (self.sits or self.seats) or position == stops:
                break
            token = self.pool[index]
            row = Row(position, index, token, second=second)
            rows.append(row)
            if token in self.openings:
                salt = self.openings[token]
                row.excluded = Opening(salt=salt, leaf=self.exclusions.place(salt + token))
            elif position in declines:
                row.refused = True
            elif position in withdraws:
                row.seated = row.refused = True
            else:
                row.seated, row.vote, row.nonce = True, next(left), self.chance.randbytes(32)
                sitting += row.vote is None or row.vote[0] != 5
        return rows

    def commitment(self, row: Row) -> str:
        choice, standard = row.vote or (0, 0)
        made = rules.commitment(leaf_hash=self.leaf, token=row.token, nonce=row.nonce, choice=choice, standard=standard)
        return made.hex()

    def say(self, rows: Sequence[Row]) -> list[tuple[str, datetime, dict[str, Any]]]:
        said, seated = [], 0
        for row in rows:
            place = {"case": self.case_index, "position": row.position, "index": row.index, "second": row.second}
            if row.seated:
                seated += 1
                said.append(("SeatTaken", OPENED + timedelta(hours=1 + (seated > self.seats and not self.sits)), place))
            if row.refused:
                said.append(("SeatRefused", OPENED + timedelta(hours=1), place | {"declined": not row.seated}))
            if row.vote:
                facts = {
                    "case": self.case_index,
                    "position": row.position,
                    "commitment": self.commitment(row),
                    "second": row.second,
                }
                said.append(("VoteCast", OPENED + timedelta(hours=2), facts))
        said.sort(key=lambda one: (one[1], hashlib.sha256(entries.canonical(one[2])).digest()))
        return said

    def _write_said(self, said: Sequence[tuple[str, datetime, dict[str, Any]]]) -> None:
        for number, (kind, at, facts) in enumerate(said):
            self.write(kind, at, **facts)
            self.noise(number % 3 == 0, at)

    def _verdict(self, rows: Sequence[Row], *, second: bool) -> dict[str, Any]:
        said_of = [(entry, json.loads(entry)["facts"]) for entry in self.written]
        leaves = [
            merkle.leaf_hash(entry) for entry, facts in said_of
            if facts.get("case") == self.case_index and facts["second"] == second and "post_id" not in facts
        ]  # fmt: skip
        votes = [row.vote for row in rows if row.vote and row.second == second]
        tally = [sum(vote[0] == choice for vote in votes) for choice in range(6)]
        named = [vote[1] for vote in votes if vote[1]]
        standard = max(named, key=named.count, default=0)
        hidden = named.count(standard) >= self.to_hide
        names = ("breaks", "just_breaks", "just_keeps", "keeps", "breaks_another", "cannot_judge")
        return {
            "case": self.case_index, "case_id": 17, "post_id": 421, "revision": 2, "second": second, "hidden": hidden,
            "lapsed": not hidden and len(votes) - tally[5] < self.seats, "standard": standard if hidden else 0,
            "walked": len(rows), "entry_count": len(leaves), "entries_hash": hashlib.sha256(b"".join(sorted(leaves))).hexdigest(),
            **dict(zip(names, tally, strict=True)),
        }  # fmt: skip

    def publish(self) -> bytes:
        head = Checkpoint(ORIGIN, 0, merkle.EMPTY)
        head = self.log.append(head, self.written[: self.early_size], KEY.sign)
        early, early_tree = self.log.note(), Tree(self.log.read, head.size)
        early_tree.root()
        head = self.log.append(head, self.written[self.early_size :], KEY.sign)
        witnessed = None
        if self.cosigned_at:
            witnessed = Witnessed(checkpoint=cosigned(early, self.witness, self.cosigned_at), log=early_tree)
        said = [json.loads(entry) for entry in self.written]
        mine = {
            index for index, one in enumerate(said) if one["office"] == "jury" and one["facts"].get("case") == self.case_index
        }
        mine = self.picks(self, mine | {self.pool_index, self.case_index, self.chain_index} - {-1})
        self.case = Case(
            checkpoint=self.log.note(), log=Tree(self.log.read, head.size), entries={index: self.written[index] for index in mine}, randomness=self.randomness,
            signature=self.signature, pool=self.pool, exclusions=self.exclusions,
            walked=[Walked(position=r.position, index=r.index, token=r.token, excluded=r.excluded) for r in self.rows],
            votes=[
                Vote(position=r.position, choice=r.vote[0], standard=r.vote[1], nonce=r.nonce) for r in self.rows if r.vote
            ],
            counted=Counted(alerts=1, replies=1, blocked_jurors=5, rest_hours=24, case_hours=72),
            content=Content(salt=self.salt, text=self.content), witnessed=witnessed,
        )  # fmt: skip
        raw = bundle(self.case)
        if self.shown_attack:
            shown = json.loads(raw)
            self.shown_attack(shown)
            raw = entries.canonical(shown)
        return raw
