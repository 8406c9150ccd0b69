"""A backup taken while people post, restored into a fresh folder: every row of the copy, and every post from before."""

import random
import tarfile
import threading
import time

import pytest
import zstandard
from tests.long_site import Hard
from tests.wire import Wire

from folkmoot.site.backup import row_hashes

pytestmark = [pytest.mark.long, pytest.mark.no_database]
PADDING = 700
"""Posts of a hundred kilobytes each, so that the speed can be told."""


def test_a_backup_under_load_comes_back_row_by_row(hard, tmp_path):
    opening, chance = hard.thread(), random.Random(5)
    for _ in range(PADDING):
        text = chance.randbytes(49_000).hex()
        assert hard.gus.write(f"{opening}reply/", text=text).status == 302
    ended, posted = threading.Event(), []

    def write() -> None:
        wire = Wire(hard.base)
        wire.cookies = dict(hard.gus.cookies)
        while not ended.is_set():
            answer = wire.write(f"{opening}reply/", text=f"While it is copied {len(posted)}")
            assert answer.status == 302
            posted.append(answer.location)
        wire.__exit__()

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(1)
    before = list(posted)
    file, started = tmp_path / "backup.tar.zst", time.monotonic()
    hard.folkmoot("backup", str(file))
    backing = time.monotonic() - started
    during = len(posted) - len(before)
    ended.set()
    writer.join(30)
    unpacked = tmp_path / "unpacked"
    with (
        file.open("rb") as raw,
        zstandard.ZstdDecompressor().stream_reader(raw) as packed,
        tarfile.open(fileobj=packed, mode="r|") as tar,
    ):
        tar.extractall(unpacked, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # noqa: S202
    started = time.monotonic()
    again = Hard(tmp_path / "again")
    again.folkmoot("restore", str(file))
    restoring = time.monotonic() - started
    size = sum((unpacked / name).stat().st_size for name in ("folkmoot.sqlite3", "state.sqlite3"))
    for name in ("folkmoot.sqlite3", "state.sqlite3"):
        assert row_hashes(unpacked / name) == row_hashes(again.data / name)
    ids = {f"/posts/{pk}/" for (pk,) in again.rows("SELECT id FROM threads_post")}
    lost = [address for address in before if address not in ids]
    gigabytes = size / 1e9
    print(
        f"{size / 1e6:.0f} MB: backed up in {backing:.1f} s ({backing / gigabytes:.0f} s a GB) with {during} posts meanwhile, "
        f"restored in {restoring:.1f} s ({restoring / gigabytes:.0f} s a GB); {len(before)} posts from before, {len(lost)} lost"
    )
    assert lost == []
    assert during > 0, "people could post while it was copied"
    assert again.is_well()
    assert (backing + restoring) / gigabytes <= 60 * 2
