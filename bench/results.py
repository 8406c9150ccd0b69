"""What a run found, as it is kept in bench/results/latest.json."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.cpu import Cost
from bench.seeding import Seeded


@dataclass(frozen=True, slots=True)
class Shot:
    """One burst of load: requests (or acknowledged replies) a second, milliseconds, and how many went wrong."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int = 0
    cpu_ms: float = 0.0
    """Processor time that everything serve started took for one of them; 0 where it was not asked."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row of the table: the same page asked again and again, or one way to reply."""

    key: str
    title: str
    shots: Sequence[Shot]
    bytes: int = 0
    """Of the answer's body, as wrk got it."""
    beside: str = ""
    """The key of nginx serving the same bytes in the same run."""
    note: str = ""

    @property
    def middle(self) -> Shot:
        """The median of the rounds, figure by figure."""
        return Shot(
            statistics.median(s.per_second for s in self.shots), statistics.median(s.p50_ms for s in self.shots),
            statistics.median(s.p99_ms for s in self.shots), sum(s.errors for s in self.shots), statistics.median(s.cpu_ms for s in self.shots),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of all processes that serve started, after the load. `pss` shares out what several of them map;
    `own` is what is left of it without file mappings (the database file, programs, libraries)."""

    processes: int
    rss: float
    pss: float
    own: float


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes that a browser with an empty cache got over the wire, headers included."""

    title: str
    html: int
    css: int
    script: int
    other: int
    requests: int

    @property
    def total(self) -> int:
        return self.html + self.css + self.script + self.other


@dataclass(slots=True)
class Run:
    taken_on: str
    quick: bool
    machine: dict[str, str]
    seeded: Seeded
    scenarios: list[Scenario] = field(default_factory=list)
    costs: dict[str, Cost] = field(default_factory=dict)
    memory: Memory | None = None
    weights: list[Weight] = field(default_factory=list)
    replies: dict[str, int] = field(default_factory=dict)
    """acknowledged, missing, doubled: counted in the database after the load."""
    check: str = ""
    """What `folkmoot check` said after the load."""
    notes: list[str] = field(default_factory=list)

    def scenario(self, key: str) -> Scenario | None:
        return next((s for s in self.scenarios if s.key == key), None)

    def ratio(self, scenario: Scenario) -> float | None:
        """Requests a second as a share of nginx's with the same bytes in the same run."""
        beside = self.scenario(scenario.beside)
        return scenario.middle.per_second / beside.middle.per_second if beside and beside.middle.per_second else None


def write(run: Run, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_rounded(asdict(run)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> Run:
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Run(**{
        **kept,
        "seeded": Seeded(**kept["seeded"]),
        "scenarios": [Scenario(**{**s, "shots": [Shot(**shot) for shot in s["shots"]]}) for s in kept["scenarios"]],
        "costs": {name: Cost(**cost) for name, cost in kept["costs"].items()},
        "memory": Memory(**kept["memory"]) if kept["memory"] else None,
        "weights": [Weight(**weight) for weight in kept["weights"]],
    })  # fmt: skip


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value
