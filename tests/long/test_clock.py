"""The machine's clock jumps by an hour and by a day, forwards and back: nothing is lost, nobody is signed out."""

import re
import time
from pathlib import Path

import pytest
from tests.long_site import Hard
from tests.wire import Wire

pytestmark = [pytest.mark.long, pytest.mark.no_database]
JUMPS = ("+0", "+3600", "-3600", "+86400", "-86400", "+0", "-30", "+0")


@pytest.fixture
def jumping(tmp_path):
    """A site whose every process reads its clock with an offset from a file (libfaketime)."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    assert found, "apt install libfaketime"
    clock = tmp_path / "clock"
    clock.write_text("+0")
    # The library's sleep until a monotonic time is broken (EINVAL), and that is how Python sleeps.
    (tmp_path / "sitecustomize.py").write_text("import select, time\ntime.sleep = lambda s: select.select([], [], [], s)\n")
    site = Hard(
        tmp_path / "data", LD_PRELOAD=str(found[0]), FAKETIME_TIMESTAMP_FILE=str(clock), FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1", PYTHONPATH=str(tmp_path), WORKERS="2",
    ).found()  # fmt: skip
    site.clock = clock
    yield site
    site.gus.__exit__()
    site.stop()


def test_a_clock_that_jumps_loses_no_post_and_signs_nobody_out(jumping):
    opening = jumping.thread()
    people = [Wire(jumping.base, address="") for _ in range(4)]
    for n, wire in enumerate(people):
        assert wire.join(f"Member{n}").status == 302
    kept, moments = [], {}
    for jump in JUMPS:
        jumping.clock.write_text(jump)
        time.sleep(0.3)
        for n, wire in enumerate([jumping.gus, *people]):
            assert wire.get("/account/").status == 200, f"member {n} was signed out by a jump of {jump}"
            for m in range(10):
                answer = wire.write(f"{opening}reply/", text=f"Jump {jump}, member {n}, post {m}, {len(kept)}")
                assert answer.status == 302, (jump, answer.status)
                kept.append(re.findall(r"\d+", answer.location)[0])
        moments[jump] = int(
            str(jumping.rows("SELECT moment FROM threads_post ORDER BY id DESC LIMIT 1")[0][0])
        ) // 1_000_000 - int(time.time())
        assert jumping.gus.get("/latest/").status == 200
        assert jumping.gus.get(jumping.gus.get(opening).location.split("#")[0]).status == 200
    for wire in people:
        wire.__exit__()
    rows = jumping.rows("SELECT id, moment, number FROM threads_post WHERE number > 0")
    print(
        f"clock jumps seen by the posts, in seconds: {moments}; {len(kept)} acknowledged, {len(set(kept) - {str(r[0]) for r in rows})} lost"
    )
    assert abs(moments["+86400"] - 86400) < 60, "the clock did jump"
    assert {str(pk) for pk, _, _ in rows} == set(kept)
    assert len({moment for _, moment, _ in rows}) == len(rows)
    assert sorted(int(str(number)) for _, _, number in rows) == list(range(1, len(rows) + 1))
    assert jumping.is_well()
