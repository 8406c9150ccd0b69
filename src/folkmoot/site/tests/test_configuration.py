"""The configuration is typed, loud on nonsense, and documented."""

import re
from pathlib import Path

import pytest

from folkmoot.site.configuration import VARIABLES, Misconfigured, load

pytestmark = pytest.mark.no_database


def test_the_defaults_need_nothing(tmp_path):
    found = load({"FOLKMOOT_DATA": str(tmp_path)})
    assert (found.host, found.port, found.public_url, found.database_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000", "")
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(found.secret_key) >= 32
    assert load({"FOLKMOOT_DATA": str(tmp_path)}).secret_key == found.secret_key


def test_every_wrong_variable_is_named_at_once(tmp_path):
    wrong = {
        "FOLKMOOT_DATA": str(tmp_path), "PORT": "eighty", "PUBLIC_URL": "forum.example", "TRUSTED_PROXIES": "here",
        "DATABASE_URL": "mysql://x", "WORKERS": "0", "DEBUG": "maybe", "MAIL_URL": "mail", "SECRET_KEY": "short",
    }  # fmt: skip
    with pytest.raises(Misconfigured) as trouble:
        load(wrong)
    for name in wrong.keys() - {"FOLKMOOT_DATA"}:
        assert f"{name} must be" in str(trouble.value)


def test_a_secret_may_lie_in_a_file(tmp_path):
    (tmp_path / "key").write_text("k" * 40 + "\n")
    assert load({"FOLKMOOT_DATA": str(tmp_path), "SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == "k" * 40
    with pytest.raises(Misconfigured, match="SECRET_KEY_FILE"):
        load({"FOLKMOOT_DATA": str(tmp_path), "SECRET_KEY_FILE": str(tmp_path / "none")})


def test_an_address_keeps_no_slash(tmp_path):
    assert load({"FOLKMOOT_DATA": str(tmp_path), "PUBLIC_URL": "https://forum.example/"}).public_url == "https://forum.example"


def test_the_table_in_the_documentation_is_the_table_in_the_program():
    text = Path("docs/running.md").read_text()
    documented = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, flags=re.MULTILINE))
    assert documented == {v.name: v.default or "none" for v in VARIABLES}
    for variable in VARIABLES:
        assert variable.meaning in text


def test_what_the_environment_leaves_open_is_read_from_the_data_folder(tmp_path):
    (tmp_path / "settings.env").write_text('# by setup\nPUBLIC_URL=https://forum.example\nPORT="8123"\nBACKUPS=three\n')
    with pytest.raises(Misconfigured, match="BACKUPS must be a whole number"):
        load({"FOLKMOOT_DATA": str(tmp_path)})
    found = load({"FOLKMOOT_DATA": str(tmp_path), "BACKUPS": "0", "PORT": "9000"})
    assert (found.public_url, found.port, found.backups) == ("https://forum.example", 9000, 0)
