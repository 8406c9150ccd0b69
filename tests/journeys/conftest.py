"""A real site for a real browser: the demo, founded and served by the real commands."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.sites import CHROMIUM, Site


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo, founded once for all the workers of a run."""
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    data = together / "village"
    with (together / "village.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            Site(together / "founding").folkmoot("demo")
            (together / "founding").rename(data)
    return data


@pytest.fixture(scope="session")
def demo_site(village: Path) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="folkmoot-journey-") as folder:
        site = Site(Path(folder) / "data")
        shutil.copytree(village, site.data)
        site.serve()
        yield site
        site.stop()
        said = site.log.read_text()
        assert not re.search(" ERROR |Traceback", said), said[-5000:]


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

    def open_thread(self) -> Page:
        """A thread with many replies, recommendations and an edit, in which no journey starts anything new."""
        self.go("/forums/environment/")
        self.page.get_by_role("link", name="The gauge at Mill Street is off by four inches").click()
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
