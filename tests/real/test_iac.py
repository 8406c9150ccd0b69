"""The Internet Argument Corpus sample moves in whole: a real political board of 50,007 posts (see ../shared/data/README.md)."""

import time
from pathlib import Path

import pytest
from django.db.models import Count, Max
from django.test import Client

from folkmoot.exchange.jsonl import import_board
from folkmoot.members.models import Member
from folkmoot.site.recount import drift
from folkmoot.threads.models import Anchor, OldAddress, Post, Thread

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [pytest.mark.real, pytest.mark.usefixtures("community")]
MAX_SECONDS = 120


def test_every_post_of_the_board_is_in_its_place_and_every_page_opens(count):
    posts, threads = REAL / "iac-50k-posts.jsonl.zst", REAL / "iac-50k-threads.jsonl.zst"
    started = time.monotonic()
    report = import_board(posts, threads=threads)
    seconds = time.monotonic() - started
    print(f"moved in within {seconds:.0f} s")
    assert seconds < MAX_SECONDS
    assert (Post.objects.count(), Thread.objects.count(), Member.objects.count()) == (50_007, 1_549, 1_347)
    assert (report.largest, Thread.objects.order_by("-last_number")[0].posts.count()) == (1_172, 1_172)
    assert Post.objects.annotate(direct=Count("replies")).order_by("-direct")[0].direct == 116
    assert Post.objects.aggregate(deepest=Max("depth")) == {"deepest": 324}
    assert not Thread.objects.filter(subject__startswith="4Forums").exists()
    assert drift() == []
    client, opened, seen = Client(), 0, 0
    for thread in Thread.objects.order_by("pk"):
        pages = max(Anchor.objects.filter(thread=thread).count(), 1)
        for page in range(1, pages + 1):
            response = client.get(f"/threads/{thread.pk}/x/?page={page}", follow=True)
            assert response.status_code == 200, (thread.pk, page)
            seen += response.content.count(b'<article class="post')
            opened += 1
    print(f"{opened} pages opened, {seen} posts on them")
    assert seen == 50_007
    count("pages of the real board", opened)
    assert import_board(posts, threads=threads).new_posts == 0
    old = OldAddress.objects.order_by("pk")[0]
    assert Client().get(old.address).status_code == 301
