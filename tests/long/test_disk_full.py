"""The disk fills up: a clear answer that keeps the words, reading goes on, and writing resumes without a hand."""

import html
import re
import subprocess
import time
from pathlib import Path

import pytest
from tests.long_site import Hard
from tests.wire import PASSWORD, Wire

pytestmark = [pytest.mark.long, pytest.mark.no_database]
MEGABYTES = 40
NO_MORE = (302, 429, 503)
"""An attempt that cannot be counted is one too many."""


@pytest.fixture
def small(tmp_path):
    """A small disk of memory. (`make test-long` leaves this file out, and says so, where nobody may mount one.)"""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "folkmoot-test", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def _fill(filler: Path) -> None:
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def test_a_full_disk_loses_nothing_and_mends_itself(small):
    hard = Hard(small / "data", WORKERS="2").found()
    try:
        opening = hard.thread()
        thread = re.sub(r"#.*", "", hard.gus.get(opening).location)
        kept: dict[str, str] = {}

        def post(words: str) -> int:
            answer = hard.gus.write(f"{opening}reply/", text=words)
            if answer.status == 302:
                kept[words] = answer.location
            else:
                assert answer.status == 503, (answer.status, answer.body[:400])
                assert answer.headers["retry-after"]
                assert words in html.unescape(answer.body), "the words are shown"
                assert "no-store" in answer.headers["cache-control"]
            return answer.status

        for n in range(20):
            assert post(f"Before {n}") == 302
        for turn in range(3):
            _fill(small / "filler")
            refused = sum(post(f"Full {turn} {n} " + "long words " * 2000) == 503 for n in range(30))
            assert refused > 10, "the disk was full"
            visitor = Wire(hard.base)
            for path in (thread, "/", "/latest/", "/forums/lounge/", "/sign-in/", f"{opening}reply/"):
                assert visitor.get(path).status == 200, path
                assert hard.gus.get(path).status in (200, 302), path
            assert visitor.post("/sign-in/", login="Administrator1", password=PASSWORD).status in NO_MORE
            assert visitor.post("/join/", username=f"Newcomer{turn}", password1=PASSWORD, email="").status in NO_MORE
            visitor.__exit__()
            (small / "filler").unlink()
            freed = time.monotonic()
            while post(f"After {turn}") != 302:
                time.sleep(0.2)
                assert time.monotonic() - freed < 20
            print(f"disk full, turn {turn}: {refused} of 30 answered 503, writing again after {time.monotonic() - freed:.1f} s")
        rows = dict(hard.rows("SELECT x.source, p.id FROM threads_post p JOIN threads_text x ON x.post_id = p.id"))
        lost = [words for words, address in kept.items() if f"/posts/{rows.get(words.rstrip())}/" != address]
        print(f"{len(kept)} acknowledged, {len(lost)} lost")
        assert lost == []
        said = hard.run("check").stdout.splitlines()
        assert [line for line in said if "disk is nearly full" not in line] in ([], ["All is well."]), said
    finally:
        hard.gus.__exit__()
        hard.stop()
