"""A community served by the real commands, in a folder of its own, and a browser without a window."""

import atexit
import http.client
import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg

CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), "chromium")
FOLKMOOT = [sys.executable, "-m", "folkmoot"]
_OWN = ("DATABASE_URL", "SECRET_KEY", "PORT", "PUBLIC_URL", "DJANGO_SETTINGS_MODULE")


class Site:
    """A data folder and what serves it; `base` is its address while it is served."""

    def __init__(self, data: Path, *, program: list[str] | None = None, folder: Path | None = None, **environ: str) -> None:
        self.data = data
        self.program, self.folder = program or FOLKMOOT, folder
        self.environ = {name: value for name, value in os.environ.items() if name not in _OWN}
        self.environ |= {"FOLKMOOT_DATA": str(data), "WORKERS": "1", **environ}
        self.base = ""
        self.log = data.with_suffix(".log")
        """What it said while it was served."""
        self.process: subprocess.Popen[str] | None = None

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.program, *arguments],
            cwd=self.folder,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def folkmoot(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def init(self) -> str:
        """A founded community; returns the path of its first administrator's link. Founded once a process, then copied."""
        if self.program is not FOLKMOOT or "SECRET_KEY" in self.environ:  # which signs the link
            return self._found()
        model, link = _founded(on_postgres="DATABASE_URL" in self.environ)
        shutil.copytree(model.data, self.data, dirs_exist_ok=True)
        if database := self.environ.get("DATABASE_URL"):
            _copy_database(model.environ["DATABASE_URL"], database)
        return link

    def _found(self) -> str:
        """By the real command; returns the path of its first administrator's link."""
        said = self.folkmoot(
            "init", "--name", "X", "--promise", "Y", "--zone", "UTC", "--template", "political", "--admin", "Administrator1"
        )
        return "/" + str(re.findall(r"https?://[^/]+/(\S+)", said)[0])

    def serve(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*self.program, "serve"], cwd=self.folder, env=self.environ, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Open http" in line:
                self.base = line.split()[1].rstrip("/")
                return
        raise AssertionError("folkmoot serve said no address")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the supervisor; returns its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        code = self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        return code

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, http.client.HTTPException):
            return False

    def wait(self, seconds: float = 20) -> float:
        """Wait until the site answers; returns how long that took."""
        return wait_until(self.answers, seconds)

    def processes(self) -> dict[int, str]:
        """What runs for this data folder: process id to command line."""
        found = {}
        for path in Path("/proc").iterdir():
            try:
                if path.name.isdigit() and f"FOLKMOOT_DATA={self.data}\0" in (path / "environ").read_text() + "\0":
                    found[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
            except (OSError, UnicodeDecodeError):
                continue
        return {pid: line for pid, line in found.items() if line}


@cache
def _founded(*, on_postgres: bool) -> tuple[Site, str]:
    """A community of which others are copies, and its administrator's link; gone with the process."""
    here = ExitStack()
    atexit.register(here.close)
    folder = here.enter_context(tempfile.TemporaryDirectory(prefix="folkmoot-founded-"))
    model = Site(Path(folder) / "data")
    if on_postgres:
        model.environ |= here.enter_context(own_database("founded"))
    return model, model._found()


def _copy_database(model: str, copy: str) -> None:
    server_at, name = copy.rsplit("/", 1)
    with psycopg.connect(f"{server_at}/postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE {name}")
        server.execute(f"CREATE DATABASE {name} TEMPLATE {model.rsplit('/', 1)[1]}")


@contextmanager
def own_database(name: str) -> Iterator[dict[str, str]]:
    """The environment of a site on this run's kind of database: on PostgreSQL one of its own, gone afterwards."""
    server_at = os.environ.get("FOLKMOOT_TEST_POSTGRES", "")
    if not server_at:
        yield {}
        return
    name = f"folkmoot_{name}_{uuid4().hex}"
    with psycopg.connect(f"{server_at}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield {"DATABASE_URL": f"{server_at}/{name}"}
    finally:
        with psycopg.connect(f"{server_at}/postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Browser:
    """Cookies, forms and their hidden fields, by the standard library."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.site.base + path, timeout=10) as answer:
            self.path = urllib.parse.urlsplit(answer.url).path
            return str(answer.read().decode())

    def form(self, path: str, **fields: str) -> dict[str, str]:
        """The form of a page as it would be sent, with these fields filled in."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.get(path)))
        return {**hidden, **fields}

    def post(self, path: str, form: dict[str, str]) -> str:
        request = urllib.request.Request(
            self.site.base + path, urllib.parse.urlencode(form).encode(), {"Referer": self.site.base + path}
        )
        try:
            with self.opener.open(request, timeout=10) as answer:
                self.path = urllib.parse.urlsplit(answer.url).path
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()[:2000]}") from None


def wait_until(true: object, seconds: float) -> float:
    """Wait until `true()`; returns how long that took."""
    assert callable(true)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if true():
            return time.monotonic() - started
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {true}")
