"""What `make test` does: say at once what is missing, set it up, then ask everything and print the counts.

python -m tests.run test | test-real | test-long | lint | format | shots | missing
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import find_postgres, running_postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
REAL = ROOT.parent / "shared" / "data"
FLOORS = {"axe": 340, "page laws": 2490}
"""The least that a run must have asked; below it, the run fails."""
QUICK = "not real and not long and not journey"


def main() -> int:
    os.chdir(ROOT)
    which = sys.argv[1] if len(sys.argv) > 1 else "test"
    if which == "missing":
        return missing()
    return {"test": test, "test-real": real, "test-long": long, "lint": lint, "format": reformat, "shots": shots}[which]()


def test() -> int:
    set_up()
    with ThreadPoolExecutor() as beside:
        rules = beside.submit(branches)
        if lint():
            return closing(0, 1)
    troubles = rules.result()
    with running_postgres() as server:
        sqlite = pytest("tests on SQLite", "-m", QUICK, "-n", "2")
        postgres = pytest("tests on PostgreSQL", "-m", f"{QUICK} and not no_database", "-n", "2", postgres=server)
    journeys = pytest("journeys in Chromium", "-m", "journey", "-n", "2")
    troubles += [f"{name}: {run['failed']} failed" for name, run in runs.items() if run["failed"]]
    once = sqlite.get("asked once", 0)
    on_sqlite = sqlite["passed"] - once
    if on_sqlite != postgres["passed"]:
        troubles.append(f"SQLite ran {on_sqlite} tests, PostgreSQL {postgres['passed']}: they must be equal")
    for run in (sqlite, postgres, journeys):
        if run["skipped"]:
            troubles.append(f"{run['skipped']} tests were skipped")
    for name, floor in FLOORS.items():
        asked = sqlite.get(name, 0) + journeys.get(name, 0)
        say(f"{name}: {asked} (at least {floor})")
        if asked < floor:
            troubles.append(f"{name}: only {asked} of at least {floor}")
    say(
        f"tests on SQLite: {on_sqlite}, on PostgreSQL: {postgres['passed']}, without a database: {once}, "
        f"journeys: {journeys['passed']}, skipped: 0"
    )
    return finish(troubles)


def real() -> int:
    if not REAL.is_dir():
        say("THE REAL BOARDS ARE NOT HERE: nothing was asked of them.")
        return 0
    pytest("the real boards", "-m", "real")
    return finish([f"{name}: {run['failed']} failed" for name, run in runs.items() if run["failed"]])


def long() -> int:
    if missing({**_lacks(), **_lacks_for_long()}) == CANNOT:
        return CANNOT
    left_out: list[str] = []
    if not REAL.is_dir():
        say("THE HOSTILE CORPUS IS NOT HERE: nothing was asked of it.")
        left_out += ["--ignore", "tests/long/test_corpus.py"]
    if not _may_mount():
        say("THE FULL DISK IS NOT ASKED: only root may mount a small one.")
        left_out += ["--ignore", "tests/long/test_disk_full.py"]
    install({**_lacks(), **_lacks_for_long()})
    pytest("long tests", "-m", "long", "-s", *left_out)  # -s: each prints its figures
    with running_postgres() as server:
        pytest("votes at the deadline on PostgreSQL", "-m", "long", "-s", "tests/test_deadline.py", postgres=server)
    pytest("properties, by chance anew", "-m", f"{QUICK} and no_database", by_chance=True)
    return finish([f"{name}: {run['failed']} failed" for name, run in runs.items() if run["failed"]])


def lint() -> int:
    data = tempfile.mkdtemp(prefix="folkmoot-lint-")
    environ = {**os.environ, "FOLKMOOT_DATA": data, "DJANGO_SETTINGS_MODULE": "folkmoot.site.settings"}
    environ.pop("DATABASE_URL", None)
    steps = (
        ("lint", ["ruff", "check", "--quiet", "."]),
        ("format", ["ruff", "format", "--check", "--quiet", "."]),
        ("types", ["mypy"]),
        ("doors open downward", ["lint-imports", "--no-cache"]),
        ("migrations", ["python", "-m", "django", "makemigrations", "--check", "--dry-run"]),
    )
    failed = 0
    for name, command in steps:
        with timed(name):
            done = subprocess.run([BIN / command[0], *command[1:]], env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            failed += 1
            print(done.stdout + done.stderr, flush=True)
            say(f"{name} FAILED")
    shutil.rmtree(data, ignore_errors=True)
    return failed


def branches() -> list[str]:
    """Every branch of every rule, asked without a database. Which files and how many: pyproject.toml."""
    tests = sorted(map(str, ROOT.glob("src/folkmoot/*/tests/test_*rules*.py")))
    with timed("every branch of the rules"), tempfile.TemporaryDirectory(prefix="folkmoot-coverage-") as folder:
        environ = {**os.environ, "COVERAGE_FILE": f"{folder}/data"}
        for command in (["run", "-m", "pytest", "-q", "-m", "no_database", *tests], ["report"]):
            done = subprocess.run([BIN / "coverage", *command], env=environ, capture_output=True, text=True, check=False)
            if done.returncode:
                print(done.stdout + done.stderr, flush=True)
                return ["a branch of a rule is not asked in its test_rules.py, or one of them fails: see above"]
    return []


def reformat() -> int:
    subprocess.run([BIN / "ruff", "check", "--quiet", "--fix", "."], check=False)
    return subprocess.run([BIN / "ruff", "format", "--quiet", "."], check=False).returncode


def shots() -> int:
    set_up()
    return subprocess.run([BIN / "python", "-m", "tests.shots"], check=False).returncode


runs: dict[str, dict[str, int]] = {}


def pytest(name: str, *arguments: str, postgres: str = "", by_chance: bool = False) -> dict[str, int]:
    """Run pytest; returns its counts: passed, failed, skipped, and what tests counted themselves."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file, timed(name):
        environ = {**os.environ, "FOLKMOOT_COUNTS": file.name, "FOLKMOOT_TEST_POSTGRES": postgres}
        if by_chance:
            environ["FOLKMOOT_BY_CHANCE"] = "1"
        done = subprocess.run([BIN / "python", "-m", "pytest", "-q", "--durations=12", *arguments], env=environ, check=False)
        counted = json.loads(Path(file.name).read_text() or "{}")
    run = {"passed": 0, "failed": 0, "skipped": 0, **counted}
    run["failed"] += run.pop("error", 0)
    if done.returncode and not run["failed"]:
        run["failed"] = 1
    runs[name] = run
    return run


CANNOT = 3
"""Exit code: something is missing, and this user may not install it."""


def missing(packages: dict[str, str] | None = None) -> int:
    """Say at once what the system lacks. Asked before anything is set up, by any Python: nothing here is our own."""
    packages = _lacks() if packages is None else packages
    if packages:
        say("missing: " + ", ".join(f"{package} ({what})" for package, what in packages.items()))
    if packages and (os.geteuid() != 0 or shutil.which("apt-get") is None):
        say(f"Please install: apt install {' '.join(packages)}")
        return CANNOT
    return 0


def _lacks() -> dict[str, str]:
    """Debian package to what it is for."""
    found = {}
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        found["chromium"] = "a real browser"
    if find_postgres() is None:
        found["postgresql"] = "a PostgreSQL server, 15 or newer"
    if not shutil.which("lynx"):
        found["lynx"] = "a text browser"
    if shutil.which("go") is None:
        found["golang-go"] = "Go, whose own code reads the ledger"
    if not Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog").is_dir():
        found["golang-golang-x-mod-dev"] = "that code"
    return found


def _lacks_for_long() -> dict[str, str]:
    there = list(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return {} if there else {"libfaketime": "a clock that jumps"}


def _may_mount() -> bool:
    """Whether this user may mount a disk of memory: root may, but not in every container."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=64k", "folkmoot-test", folder]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
        return True


def set_up() -> None:
    """Debian's Chromium and a PostgreSQL server: installed where that is allowed, else named at once."""
    if missing() == CANNOT:
        sys.exit(CANNOT)
    install(_lacks())


def install(packages: dict[str, str]) -> None:
    """Install these Debian packages (name to what it is for) where that is allowed, else name them and stop."""
    if not packages:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"Please install: apt install {' '.join(packages)}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with timed("installing " + " ".join(packages)):
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=environ)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
            check=True,
            env=environ,
            stdout=subprocess.DEVNULL,
        )


def finish(troubles: list[str]) -> int:
    for trouble in troubles:
        say(f"FAILED: {trouble}")
    failed = sum(run["failed"] for run in runs.values())
    return closing(sum(run["passed"] for run in runs.values()), max(failed, len(troubles)))


def closing(passed: int, failed: int) -> int:
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def say(text: str) -> None:
    print(f"== {text}", flush=True)


@contextmanager
def timed(name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"{name}: {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
