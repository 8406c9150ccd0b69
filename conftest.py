"""Real databases, real commits. Each test begins with an empty, migrated community database.

`FOLKMOOT_TEST_POSTGRES` (a server's address without a database, set by tests/run.py) puts the tests on PostgreSQL.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
POSTGRES = os.environ.get("FOLKMOOT_TEST_POSTGRES", "")
_memory = Path("/dev/shm")  # noqa: S108  (quick, and gone with the machine)
DATA = Path(tempfile.mkdtemp(prefix=f"folkmoot-test-{WORKER}-", dir=_memory if os.access(_memory, os.W_OK) else None))
for _name in ("DATABASE_URL", "MAIL_URL", "PUBLIC_URL", "PORT", "HOST", "TRUSTED_PROXIES", "DEBUG"):
    os.environ.pop(_name, None)
os.environ["FOLKMOOT_DATA"] = str(DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "folkmoot.site.settings"
os.environ["SECRET_KEY"] = "only-for-the-tests-" * 3
if POSTGRES:
    import psycopg

    _database = f"folkmoot_{WORKER}_{os.getpid()}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as _server:
        _server.execute(f"CREATE DATABASE {_database}")
    os.environ["DATABASE_URL"] = f"{POSTGRES}/{_database}"

import django  # noqa: E402
import hypothesis  # noqa: E402

# No deadline: how long an example takes says only how busy the machine is. By chance anew in `make test-long` alone: what
# `make test` says of a commit must not depend on luck.
hypothesis.settings.register_profile("house", deadline=None, derandomize="FOLKMOOT_BY_CHANCE" not in os.environ)
hypothesis.settings.load_profile("house")

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from tests.databases import empty  # noqa: E402

from folkmoot.site.migrate import migrate  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
setup_test_environment()


@pytest.fixture(scope="session", autouse=True)
def _databases() -> Iterator[None]:
    migrate()
    call_command("collectstatic", interactive=False, verbosity=0)
    if not POSTGRES:
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    yield
    connections.close_all()
    if POSTGRES:
        with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE {_database} WITH (FORCE)")
    shutil.rmtree(DATA, ignore_errors=True)


@pytest.fixture(autouse=True)
def _empty(_databases: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test committed is gone for the next."""
    yield
    if not {"no_database", "own_site"} & set(request.keywords):
        empty()


@pytest.fixture
def village() -> Any:
    """The small cast in a founded community: see tests/cast.py."""
    from tests.cast import Village

    return Village()


@pytest.fixture
def door() -> Iterator[Any]:
    """A front door of its own, as a web process has one: see tests/front_door.py."""
    from tests.front_door import close_doors, entrance

    yield entrance()
    close_doors()


@pytest.fixture
def thread(village: Any) -> str:
    """The address of a page that is worth compressing."""
    opening = village.opening("A long one", "Many words. " * 300)
    return f"/threads/{opening.thread_id}/a-long-one/"


@pytest.fixture
def db() -> None:
    """An empty, migrated database: what every test has anyway."""


@pytest.fixture
def community() -> None:
    from folkmoot.site.actions import found

    found(name="The Moot", promise="We settle it ourselves.", zone="America/New_York", template="political")


# What the run prints at its end: counted where the tests run, gathered where they are reported.
_counts: Counter[str] = Counter()


@pytest.fixture
def count(record_property: Any) -> Any:
    """Count something that the run must show: `count("page laws", 12)`."""
    return lambda name, number=1: record_property("count", (name, number))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        _counts[report.outcome] += 1
        if "no_database" in report.keywords:
            _counts["asked once"] += report.passed
        for name, value in report.user_properties:
            if name == "count":
                _counts[value[0]] += value[1]
    elif report.skipped:
        _counts["skipped"] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    path = os.environ.get("FOLKMOOT_COUNTS")
    if path and WORKER == "main":
        import json

        Path(path).write_text(json.dumps(_counts))
