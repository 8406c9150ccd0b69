"""A real board of 50,007 posts goes out and in again: every row the same, and the same pages (see ../shared/data/README.md)."""

import hashlib
import random
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.databases import empty

from folkmoot.exchange.jsonl import import_board
from folkmoot.exchange.whole import export_site, import_site
from folkmoot.exchange.whole.plan import PLAN
from folkmoot.site.recount import drift
from folkmoot.threads.models import Anchor, Fragment, Post, Text, Thread

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [pytest.mark.real, pytest.mark.usefixtures("community")]
MAX_SECONDS = 120
SAMPLE = 150


def _plain(value: Any) -> Any:
    """Bytes are bytes, and an object is the same in any order of its keys."""
    if isinstance(value, dict):
        return sorted(value.items())
    return bytes(value) if isinstance(value, memoryview) else value


def _row_hashes() -> dict[str, str]:
    found = {}
    for model in [*(table.rows_of for table in PLAN), Text, Fragment]:
        digest = hashlib.sha256()
        for row in model._default_manager.order_by("pk").values_list().iterator(chunk_size=2000):
            digest.update(repr([_plain(value) for value in row]).encode())
        found[model._meta.label] = digest.hexdigest()
    return found


def _pages(addresses: list[str]) -> list[bytes]:
    client = Client()
    return [client.get(address, follow=True).content for address in addresses]


def test_a_real_board_goes_out_and_comes_in_row_by_row_and_page_by_page(tmp_path, count):
    import_board(REAL / "iac-50k-posts.jsonl.zst", threads=REAL / "iac-50k-threads.jsonl.zst")
    chance = random.Random(2012)
    anchors = {}
    for thread_id in Anchor.objects.order_by("pk").values_list("thread_id", flat=True):
        anchors[thread_id] = anchors.get(thread_id, 0) + 1
    threads = chance.sample(list(Thread.objects.order_by("pk").values_list("pk", flat=True)), SAMPLE)
    sample = [f"/threads/{pk}/x/?page={chance.randint(1, anchors.get(pk, 1))}" for pk in threads]
    sample += [f"/posts/{pk}/" for pk in chance.sample(list(Post.objects.order_by("pk").values_list("pk", flat=True)), SAMPLE)]
    sample += ["/latest/", "/forums/", "/latest.atom"]
    rows, pages = _row_hashes(), _pages(sample)

    started = time.monotonic()
    export_site(tmp_path / "out", private=True)
    out = time.monotonic() - started
    empty()
    started = time.monotonic()
    import_site(tmp_path / "out")
    into = time.monotonic() - started
    print(
        f"{connection.vendor}: out within {out:.1f} s, {50_007 / out:,.0f} posts a second; in within {into:.1f} s, {50_007 / into:,.0f}"
    )
    assert out + into < MAX_SECONDS
    assert _row_hashes() == rows
    assert _pages(sample) == pages
    assert drift() == []
    count("pages compared after a move", len(sample))
