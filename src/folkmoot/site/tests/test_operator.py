"""`folkmoot setup` and `folkmoot upgrade`, by the real command line, in folders of their own."""

import configparser
import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from tests.sites import Site, own_database

from folkmoot.site.backup import row_hashes
from folkmoot.site.setup import mail_url

pytestmark = pytest.mark.own_site
POSTGRES = os.environ.get("FOLKMOOT_TEST_POSTGRES", "")


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """A founded community that is not served."""
    with own_database("operator") as environ:
        site = Site(tmp_path / "data", **environ)
        site.init()
        yield site


def _django(site: Site, *arguments: str) -> None:
    environ = {**site.environ, "DJANGO_SETTINGS_MODULE": "folkmoot.site.settings"}
    subprocess.run([sys.executable, "-m", "django", *arguments], env=environ, check=True, capture_output=True)


def _rows(site: Site) -> object:
    if not POSTGRES:
        return row_hashes(site.data / "folkmoot.sqlite3")
    with psycopg.connect(site.environ["DATABASE_URL"]) as database:
        return {
            table: database.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t').fetchone()
            for (table,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        }


def test_setup_founds_and_lays_ready_what_the_machine_needs(tmp_path):
    site = Site(tmp_path / "data")
    told = [
        "setup", "--name", "Mill 100% Street", "--promise", "Ours.", "--zone", "Europe/Berlin", "--template", "neighbourhood", "--admin", "Ines",
        "--domain", "forum.example", "--mail-server", "mail.example:587", "--mail-name", "moot", "--mail-password", "p@ss/word",
        "--mail-from", "moot@forum.example", "--test-mail", "",
    ]  # fmt: skip
    said = site.folkmoot(*told)
    assert "https://forum.example/account/link/" in said
    settings = (site.data / "settings.env").read_text()
    assert "PUBLIC_URL=https://forum.example\n" in settings
    assert "PORT=8000\n" in settings, "the proxy knows no other"
    assert "MAIL_URL=submission://moot:p%40ss%2Fword@mail.example:587\n" in settings
    assert (site.data / "settings.env").stat().st_mode & 0o777 == 0o600
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string((site.data / "deploy" / "folkmoot.service").read_text())
    assert unit["Unit"]["Description"] == "Folkmoot: Mill 100%% Street"
    program, serve = unit["Service"]["ExecStart"].rsplit(" ", 1)
    assert serve == "serve"
    assert os.access(program.strip('"'), os.X_OK), program
    assert unit["Service"]["UMask"] == "0077"
    assert unit["Service"]["Environment"] == f'"FOLKMOOT_DATA={site.data}"'
    assert "forum.example {" in (site.data / "deploy" / "Caddyfile").read_text()
    with (site.data / "settings.env").open("a") as file:
        file.write("WORKERS=3\n")
    again = site.folkmoot(*told)
    assert "stands already" in again
    assert "WORKERS=3" in (site.data / "settings.env").read_text(), "what the operator added stays"
    assert site.run("check").stdout == "All is well.\n"


@pytest.mark.parametrize("domain", ["https://forum.example", "forum.example/moot", "forum example", "a{b}"])
def test_a_domain_that_is_none_is_refused_before_anything_is_written(tmp_path, domain):
    site = Site(tmp_path / "data")
    done = site.run("setup", "--name", "X", "--promise", "Y", "--zone", "UTC", "--template", "blank", "--admin", "Ines", "--domain", domain, "--mail-server", "")  # fmt: skip
    assert done.returncode == 1
    assert "is no domain" in done.stderr
    assert not site.data.exists()


def test_a_mail_server_becomes_one_address():
    assert mail_url("mail.example:465", "a", "b") == "smtps://a:b@mail.example:465"
    assert mail_url("mail.example:25", "", "") == "smtp://mail.example:25"


def test_a_test_letter_that_cannot_be_sent_says_why(tmp_path):
    site = Site(tmp_path / "data")
    done = site.run(
        "setup", "--name", "X", "--promise", "Y", "--zone", "UTC", "--template", "blank", "--admin", "Ines", "--domain", "", "--mail-server",
        "127.0.0.1:9", "--mail-from", "a@b.example", "--test-mail", "me@b.example", "--mail-name", "n", "--mail-password", "p",
    )  # fmt: skip
    assert done.returncode == 0
    assert "The test letter could not be sent: [Errno 111] Connection refused" in done.stdout


def test_an_upgrade_brings_the_data_up_to_date(site):
    _django(site, "migrate", "site", "0001")
    assert "lacks 2 migrations" in site.run("check").stdout
    assert "All is well." in site.folkmoot("upgrade")
    assert site.run("check").stdout == "All is well.\n"
    assert len(list((site.data / "backups").glob("before-upgrade-*"))) == 1


def test_an_upgrade_that_fails_leaves_everything_as_it_was(site):
    _django(site, "migrate", "site", "0001", "--fake")  # its tables stand already, so that it fails half way
    before = _rows(site)
    done = site.run("upgrade")
    assert done.returncode == 1
    assert "was rolled back; the data are as they were" in done.stderr
    assert "already exists" in done.stderr
    assert _rows(site) == before


def test_an_upgrade_wants_the_community_stopped(site):
    site.serve()
    try:
        done = site.run("upgrade")
        assert done.returncode == 1
        assert "is being served. Stop it first" in done.stderr
    finally:
        site.stop()
