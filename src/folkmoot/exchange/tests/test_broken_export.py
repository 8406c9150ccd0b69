"""An export that a hand has changed, or that is not whole, is refused with its place; no HTML is ever taken from a file."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.databases import empty

from folkmoot.base.answers import Refused
from folkmoot.exchange.whole import export_site, import_site
from folkmoot.exchange.whole.plan import COMMUNITY, PLAN
from folkmoot.threads.models import Fragment, Post


def _spoil(folder: Path, name: str, change: Any) -> None:
    """Change a file of an export, and what is said of it, as a hand would."""
    path = folder / name
    text = change(path.read_text())
    path.write_text(text)
    if name != COMMUNITY:
        about = json.loads((folder / COMMUNITY).read_text())
        about["files"][name] = {"rows": len(text.splitlines()), "sha256": hashlib.sha256(text.encode()).hexdigest()}
        (folder / COMMUNITY).write_text(json.dumps(about))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("posts.jsonl", lambda t: t + "{", "line 2"),
        ("posts.jsonl", lambda t: t.replace('"number":0', '"number":"0"'), 'number cannot be "0"'),
        ("posts.jsonl", lambda t: t.replace('"number":0', '"score":0'), "score is no field"),
        ("posts.jsonl", lambda t: t.replace('"format":"markdown"', '"format":"html"'), "format is one of"),
        ("posts.jsonl", lambda t: t.replace('"author_id":2', '"author_id":999'), "do not fit together"),
        ("posts.jsonl", lambda t: t.replace('"author_id":2', '"author_id":null'), "author_id cannot be null"),
        ("posts.jsonl", lambda t: re.sub(r'"author_id":2,', "", t), "author_id is missing"),
        ("posts.jsonl", lambda t: t + t, "posts.jsonl, at or before line 2"),
        ("threads.jsonl", lambda t: t.replace("bridge", "b" * 200), "subject cannot be"),
        ("members.jsonl", lambda t: re.sub(r'"joined_at":"[^"]*"', '"joined_at":"yesterday"', t), "joined_at cannot be"),
        ("community.json", lambda t: t.replace('"folkmoot_export": 1', '"folkmoot_export": 2'), "format 2"),
        ("community.json", lambda t: t[:-20], "no whole export"),
        ("community.json", lambda t: t.replace("sha256", "md5"), "cut short or changed"),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused_with_its_place_and_nothing_moves_in(village, tmp_path, name, change, said):
    village.opening()
    export_site(tmp_path / "out", private=True)
    empty()
    _spoil(tmp_path / "out", name, change)
    with pytest.raises(Refused, match=re.escape(said)):
        import_site(tmp_path / "out")
    assert not any(model._default_manager.exists() for model in (table.rows_of for table in PLAN))


def test_no_html_is_taken_from_a_file(village, tmp_path):
    village.opening("A thread", "Words")
    export_site(tmp_path / "out", private=True)
    empty()
    _spoil(tmp_path / "out", "posts.jsonl", lambda t: t.replace('"text":"Words"', '"text":"<script>alert(1)</script>\\u0000"'))
    import_site(tmp_path / "out")
    assert "<script" not in Fragment.objects.get().html
    assert Post.objects.get().text.source == "<script>alert(1)</script>"
