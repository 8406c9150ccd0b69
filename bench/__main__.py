"""`make bench`: found a site, seed it, serve it, load it, weigh it, and write down what was found.

Everything is bounded in time and stays on 127.0.0.1; what is ended was started here. QUICK=1 tries it all in a minute.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.run import install, say, timed
from tests.sites import Site

from bench import load, machine, replies, report, results, weight
from bench.cpu import Cost
from bench.results import Run, Scenario
from bench.seeding import PASSWORD, Places, Seeded
from bench.words import RARE

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"


@dataclass(frozen=True, slots=True)
class Plan:
    posts: int
    rounds: int
    seconds: int
    reply_seconds: int
    reply_rounds: int
    asked: int
    """Pages asked in process, each."""


NEEDED = {"wrk": "the load", "chromium": "a real browser"}
FULL = Plan(posts=50_000, rounds=3, seconds=7, reply_seconds=8, reply_rounds=2, asked=400)
QUICK = Plan(posts=5_000, rounds=1, seconds=1, reply_seconds=1, reply_rounds=1, asked=60)


def main() -> int:
    os.chdir(ROOT)
    quick = os.environ.get("QUICK", "") not in ("", "0")
    install({package: what for package, what in NEEDED.items() if shutil.which(package) is None})
    if not load.NGINX:
        say(
            "nginx is not here, so nothing is compared with it (apt install nginx; it is not done for you: it would start serving)"
        )
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        run = _run(Path(folder), QUICK if quick else FULL, quick=quick)
    results.write(run, RESULTS / ("quick.json" if quick else "latest.json"))
    for line in report.table(run):
        print(line)
    if not quick:
        report.write(run, ROOT / "docs")
    say(
        f"written: bench/results/{'quick' if quick else 'latest'}.json"
        + ("" if quick else ", docs/performance.md and its pictures")
    )
    troubles = report.troubles(run)
    for trouble in troubles:
        say(f"FAILED: {trouble}")
    return 1 if troubles else 0


GZIP = {"Accept-Encoding": "gzip"}
"""As every browser asks: a visitor's page is then sent as it is stored."""

ANEW = "?anew=1"
"""No page knows this parameter, so Django makes the page anew each time: what an empty store costs, uncompressed."""


class Meter:
    """What the site's processes take for a request, and how busy somebody else kept the machine meanwhile."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.others = self.all = 0.0

    @contextmanager
    def running(self, shots: list[results.Shot]) -> Iterator[None]:
        """Adds to the shot taken meanwhile what it cost."""
        processes = sorted(self.site.processes())
        before = time.monotonic(), machine.spent(processes), machine.idle(), _own()
        yield
        took, cost, idle, own = (
            now - then
            for now, then in zip((time.monotonic(), machine.spent(processes), machine.idle(), _own()), before, strict=True)
        )
        answered = shots[-1].per_second * took
        shots[-1] = replace(shots[-1], cpu_ms=cost * 1e3 / answered if answered else 0.0)
        self.all += took * (os.cpu_count() or 1)
        self.others += max(took * (os.cpu_count() or 1) - idle - cost - own, 0.0)

    @property
    def said(self) -> str:
        return f"{self.others / self.all:.0%} of the processors" if self.all else ""


def _run(folder: Path, plan: Plan, *, quick: bool) -> Run:
    site = Site(folder / "data", WORKERS=str(os.cpu_count()))
    site.init()
    described = machine.describe(folder)
    with timed(f"seeding {plan.posts:,} posts"):
        told = json.loads(_python(site, "bench.seeding", "--posts", str(plan.posts)))
    places = Places(**told["places"])
    run = Run(f"{datetime.now(UTC):%Y-%m-%d}", quick, described, Seeded(**told["seeded"]))
    if (ROOT / "src" / "folkmoot" / "search").is_dir():
        with timed("making the search index"):
            site.run("search", "rebuild")
    site.serve()
    try:
        site.wait()
        cookies = [replies.sign_in(site, name, PASSWORD) for name in places.names]
        meter = Meter(site)
        _pages(site, run, plan, places, cookies[0], meter)
        acknowledged = _replies(site, run, plan, places, cookies, meter)
        run.machine["taken by others meanwhile"] = meter.said
        run.memory = machine.memory_of(sorted(site.processes()))
        with timed("a browser's first views"):
            run.weights = weight.weigh(site.base, {
                "a thread of 25 posts, visitor": (places.thread, ""),
                "a thread of 25 posts, member": (places.thread, cookies[0]),
                "100 replies, visitor": (places.long_thread, ""),
            })  # fmt: skip
    finally:
        site.stop()
    run.replies = replies.account_for(site.data, acknowledged)
    run.check = site.run("check").stdout.strip()
    with timed("pages in process"):
        _costs(site, run, plan, places)
    run.machine["load after"] = machine.load()
    return run


def _pages(site: Site, run: Run, plan: Plan, places: Places, cookie: str, meter: Meter) -> None:
    member = {"Cookie": cookie}
    asked: list[tuple[str, str, str, dict[str, str], str]] = [
        ("front", "front page, visitor", "/", GZIP, ""),
        ("front-made", "front page, visitor, made anew", "/" + ANEW, {}, ""),
        ("forum", "a forum's threads, visitor", places.forum, GZIP, ""),
        ("forum-made", "a forum's threads, visitor, made anew", places.forum + ANEW, {}, ""),
        ("forum-member", "a forum's threads, member", places.forum, member, ""),
        ("thread", "thread of 25 posts, visitor", places.thread, GZIP, "nginx-gzip"),
        ("thread-made", "thread of 25 posts, visitor, made anew", places.thread + ANEW, {}, "nginx"),
        ("thread-member", "thread of 25 posts, member", places.thread, member, ""),
        ("long", "thread page of 101 posts, visitor", places.long_thread, GZIP, "nginx-long-gzip"),
        ("long-made", "thread page of 101 posts, visitor, made anew", places.long_thread + ANEW, {}, "nginx-long"),
        ("long-member", "thread page of 101 posts, member", places.long_thread, member, ""),
        ("search", "search of a word in a tenth of the posts", f"/search/?q={RARE}", {}, ""),
    ]
    addresses = {key: (site.base + path, headers) for key, _, path, headers, _ in asked}
    sizes: dict[str, int] = {}
    for key, (address, headers) in list(addresses.items()):
        try:
            sizes[key] = len(load.fetch(address, headers))
        except OSError as error:
            if key != "search":
                raise
            say(f"no search yet ({error})")
            run.notes.append("There was no search yet.")
            del addresses[key]
    statics = {"nginx": load.fetch(*addresses["thread-made"]), "nginx-long": load.fetch(*addresses["long-made"])}
    with load.nginx(statics) as base:
        for key, what in (("nginx", "thread of 25 posts"), ("nginx-long", "thread page of 101 posts")):
            for suffix, kind, headers in (("", "plain", {}), ("-gzip", "gzipped beforehand", GZIP)):
                if base:
                    addresses[key + suffix] = (f"{base}/{key}", headers)
                    sizes[key + suffix] = len(load.fetch(f"{base}/{key}", headers))
                    asked.append((key + suffix, f"nginx, {what} as a file, {kind}", "", headers, ""))
        shots: dict[str, list[results.Shot]] = {key: [] for key in addresses}
        for turn in range(plan.rounds):
            with timed(f"round {turn + 1} of {plan.rounds}: {len(addresses)} pages"):
                for key, (address, headers) in addresses.items():
                    with nullcontext() if key.startswith("nginx") else meter.running(shots[key]):
                        shots[key].append(load.wrk(address, seconds=plan.seconds, headers=headers))
    run.scenarios += [
        Scenario(key, title, shots[key], sizes[key], beside) for key, title, _, _, beside in asked if key in addresses
    ]


def _replies(site: Site, run: Run, plan: Plan, places: Places, cookies: list[str], meter: Meter) -> list[str]:
    """One client and eight; the form fetched for each reply (as a person does), and once."""
    acknowledged: list[str] = []
    seed = 0
    for each_time in (True, False):
        for count in (1, 8):
            shots: list[results.Shot] = []
            with timed(f"replies, {count} at once"):
                for _ in range(plan.reply_rounds):
                    seed += 1
                    some = cookies[1 : count + 1]
                    with meter.running(shots):
                        shot, said = replies.reply(
                            site, some, places.openings, seconds=plan.reply_seconds, form_each_time=each_time, seed=seed
                        )
                        shots.append(shot)
                    acknowledged += said
            title = f"replies, {count} client{'s' if count > 1 else ''}, the form fetched {'each time' if each_time else 'once'}"
            key = f"reply-{count}" + ("" if each_time else "-once")
            run.scenarios.append(Scenario(key, title, shots, note="p50, p99: of the POST alone"))
    return acknowledged


def _own() -> float:
    """Seconds of processor time of this process and of what it has started and waited for (wrk)."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def _costs(site: Site, run: Run, plan: Plan, places: Places) -> None:
    asked = ["--count", str(plan.asked)]
    for who, more in (("visitor", []), ("member", ["--member", places.names[0]])):
        said = json.loads(_python(site, "bench.cpu", places.long_thread, places.thread, "/", *asked, *more))
        for title, cost in zip(("thread page of 101 posts", "thread of 25 posts", "front page"), said, strict=True):
            run.costs[f"{title}, {who}"] = Cost(**cost)


def _python(site: Site, module: str, *arguments: str) -> str:
    """Run a module of the benchmark against the site's folder; returns the last line that it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], env=site.environ, stdout=subprocess.PIPE, text=True, check=True, timeout=600
    )
    return done.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main())
