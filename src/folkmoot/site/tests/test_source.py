"""The running version's source is one click away, as the AGPL asks."""

import io
import zipfile

from django.conf import settings
from django.test import Client

from folkmoot.site import source


def test_the_footer_leads_to_the_source_that_runs(village):
    assert 'href="/source.zip"' in Client().get("/latest/").content.decode()
    answer = Client().get("/source.zip")
    assert answer.status_code == 200
    assert "Cookie" not in answer.headers.get("Vary", "") or not answer.cookies
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert packed.testzip() is None
    names = packed.namelist()
    assert {"folkmoot/src/folkmoot/site/source.py", "folkmoot/LICENSE", "folkmoot/pyproject.toml"} <= set(names)
    assert not any("__pycache__" in name or "secret" in name.rsplit("/", 1)[-1] for name in names)
    assert packed.read("folkmoot/src/folkmoot/site/source.py") == (source.PACKAGE / "site/source.py").read_bytes()
    assert Client().get("/source.zip", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_it_is_made_once_and_the_same_each_time(village):
    first = source.archive()
    body = first.read_bytes()
    source.archive.cache_clear()
    first.unlink()
    assert source.archive().read_bytes() == body
    assert [path.name for path in (settings.DATA / "source").iterdir()] == [first.name]
