"""What an operator installs: the wheel, in a place where the sources are not. A forgotten template or stylesheet shows here."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.sites import Browser, Site
from tests.wire import PASSWORD

pytestmark = pytest.mark.no_database
ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "folkmoot"
UV = [str(ROOT / ".venv" / "bin" / "uv"), "--quiet", "--no-config"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*UV, "build", "--wheel", "--out-dir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_all_that_the_program_reads_and_no_test(wheel):
    with zipfile.ZipFile(wheel) as packed:
        inside = {name for name in packed.namelist() if ".dist-info/" not in name}
    here = {
        f"folkmoot/{path.relative_to(SOURCES)}"
        for path in SOURCES.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == {name for name in here if "/tests/" not in name}


def test_a_community_is_founded_and_served_from_the_wheel_alone(wheel, tmp_path):
    """In an environment of its own, in a folder away from the sources."""
    place = tmp_path / "place"
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    subprocess.run([*UV, "venv", "--python", sys.executable, str(place)], check=True, env=environ)
    python = str(place / "bin" / "python")
    subprocess.run([*UV, "pip", "install", "--python", python, str(wheel)], check=True, env=environ)
    site = Site(tmp_path / "data", program=[str(place / "bin" / "folkmoot")], folder=tmp_path)
    where = subprocess.run(
        [python, "-c", "import folkmoot; print(folkmoot.__file__)"],
        cwd=tmp_path,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert where.startswith(str(place)), "these are the sources, not what was installed"
    link = site.init()
    site.serve()
    try:
        browser = Browser(site)
        home = browser.get("/")
        for sheet in re.findall(r'(?:href|src)="(/static/[^"]+)"', home):
            assert browser.get(sheet), sheet
        browser.post(link, browser.form(link, password=PASSWORD))
        browser.post("/forums/lounge/new/", browser.form("/forums/lounge/new/", subject="From a wheel", text="It rolls."))
        page = browser.get(browser.path)
        assert "It rolls." in page
        for script in re.findall(r'src="(/static/[^"]+)"', page):
            assert browser.get(script), script
        assert browser.get("/terms/")
    finally:
        site.stop()
    assert site.folkmoot("check") == "All is well.\n"
