"""Twenty minutes of reading and writing: memory does not grow, descriptors stay. FOLKMOOT_SOAK_SECONDS shortens it."""

import os
import random
import re
import threading
import time

import pytest
from tests.long_site import descriptors_of, memory_of
from tests.wire import Wire

pytestmark = [pytest.mark.long, pytest.mark.no_database]
SECONDS = float(os.environ.get("FOLKMOOT_SOAK_SECONDS", 20 * 60))
WARM = 0.3
"""The share of the time in which caches fill."""

THREADS, FULL = 8, 105
"""So many threads, filled before anything is measured: a first page of a hundred posts grows no more."""

MB = 1e6


def _slope(points: list[tuple[float, float]]) -> float:
    """The median of all pairs' slopes (Theil and Sen): one odd sample says nothing."""
    slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1 :])
    return slopes[len(slopes) // 2]


def test_memory_and_descriptors_stay_flat(hard):
    openings = [hard.thread(f"Thread {n}") for n in range(THREADS)]
    for opening in openings:
        for n in range(FULL):
            assert hard.gus.write(f"{opening}reply/", text=f"Filling {n} " + "words " * 50).status == 302
    threads = [hard.gus.get(opening).location.split("#")[0] for opening in openings]
    ended, counted = threading.Event(), {"read": 0, "written": 0}

    def live(seed: int) -> None:
        chance, member, visitor = random.Random(seed), Wire(hard.base), Wire(hard.base)
        member.cookies = dict(hard.gus.cookies)
        while not ended.is_set():
            reader = chance.choice((member, visitor))
            page = chance.choice(
                [
                    *threads,
                    "/",
                    "/latest/",
                    "/greatest/?period=all",
                    "/forums/",
                    "/forums/lounge/",
                    "/members/Administrator1/",
                    "/no/such/page/",
                ]
            )
            assert reader.get(page).status in (200, 404)
            counted["read"] += 1
            if counted["read"] % 20 == 0:
                opening = openings[counted["written"] % len(openings)]
                assert member.write(f"{opening}reply/", text=f"Post {counted['written']} " + "words " * 50).status == 302
                counted["written"] += 1
            time.sleep(0.02)
        member.__exit__()
        visitor.__exit__()

    workers = [threading.Thread(target=live, args=(seed,)) for seed in range(2)]
    for worker in workers:
        worker.start()
    started, memory, open_files = time.monotonic(), [], []
    try:
        while time.monotonic() - started < SECONDS:
            time.sleep(min(5.0, SECONDS / 60))
            pids = list(hard.processes())
            assert all(worker.is_alive() for worker in workers)
            memory.append((time.monotonic() - started, sum(memory_of(pid) for pid in pids)))
            open_files.append(sum(descriptors_of(pid) for pid in pids))
    finally:
        ended.set()
        for worker in workers:
            worker.join(30)
    warm = [point for point in memory if point[0] > SECONDS * WARM]
    slope = _slope(warm) * 3600 / MB
    files = open_files[int(len(open_files) * WARM) :]
    print(
        f"{SECONDS / 60:.0f} min, {counted['read']:,} pages read, {counted['written']:,} posts: memory {warm[0][1] / MB:.1f} MB after warming up, "
        f"{warm[-1][1] / MB:.1f} MB at the end, slope {slope:+.2f} MB an hour; descriptors {min(files)} to {max(files)}"
    )
    if SECONDS >= 600:
        assert slope < 1.0
    assert sorted(files)[len(files) // 2] - min(files) <= 8
    assert max(files) - min(files) <= 40
    assert hard.is_well()
    assert re.match(r"/threads/", threads[0])
