"""A real site for a real browser: the demo, founded and served by the real commands."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), "chromium")


class Site:
    """A served data folder; `base` is its address."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environ = {**os.environ, "FOLKMOOT_DATA": str(data), "WORKERS": "1"}
        for name in ("DATABASE_URL", "SECRET_KEY", "PORT", "PUBLIC_URL", "DJANGO_SETTINGS_MODULE"):
            self.environ.pop(name, None)
        self.base = ""
        self.process: subprocess.Popen[str] | None = None

    def folkmoot(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "folkmoot", *arguments], env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serve(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "folkmoot", "serve"], env=self.environ, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Open http" in line:
                self.base = line.split()[1].rstrip("/")
                return
        raise AssertionError("folkmoot serve said no address")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            assert self.process.stdout is not None
            self.process.stdout.close()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait(self, seconds: float = 20) -> float:
        """Wait until the site answers; returns how long that took."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if self.answers():
                return time.monotonic() - started
            time.sleep(0.05)
        raise AssertionError(f"{self.base} does not answer")


@pytest.fixture(scope="session")
def demo_site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="folkmoot-journey-") as folder:
        site = Site(Path(folder) / "data")
        site.folkmoot("demo")
        site.serve()
        yield site
        site.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """One person with one browser, without scripts unless asked."""

    def __init__(self, browser: Browser, site: Site, *, width: int = 1280, dark: bool = False, scripts: bool = False) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", java_script_enabled=scripts
        )
        self.page: Page = self.context.new_page()
        self.elsewhere: list[str] = []
        self.page.on("request", lambda r: None if r.url.startswith((site.base, "data:")) else self.elsewhere.append(r.url))

    def go(self, path: str) -> Page:
        self.page.goto(self.site.base + path)
        return self.page

    def be(self, name: str) -> None:
        self.go("/sign-in/")
        self.page.click(f"button[value={name}]")

    def close(self) -> None:
        self.context.close()
        assert self.elsewhere == [], "a page asked somebody else"


@pytest.fixture
def visit(browser: Browser, demo_site: Site) -> Iterator[Any]:
    open_visits: list[Visit] = []

    def begin(**options: Any) -> Visit:
        open_visits.append(Visit(browser, demo_site, **options))
        return open_visits[-1]

    yield begin
    for one in open_visits:
        one.close()
