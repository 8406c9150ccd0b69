"""The same form twenty times at once: one post, and the same answer to all."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from tests.wire import Answer, Wire

pytestmark = [pytest.mark.long, pytest.mark.no_database]
TIMES, POSTS = 20, 200


def test_a_form_sent_twenty_times_at_once_makes_one_post(hard):
    opening = hard.thread()
    wires = [Wire(hard.base, timeout=120) for _ in range(TIMES)]
    for wire in wires:
        wire.cookies = dict(hard.gus.cookies)
    gate = threading.Barrier(TIMES)

    def send(wire: Wire, path: str, words: str, key: str) -> Answer:
        gate.wait()
        return wire.write(path, subject=words, text=words, key=key)

    different = []
    with ThreadPoolExecutor(TIMES) as pool:
        for n in range(POSTS):
            path = "/forums/lounge/new/" if n % 4 == 0 else f"{opening}reply/"
            key, words = str(uuid4()), f"Post number {n}"
            answers = [f.result() for f in [pool.submit(send, wire, path, words, key) for wire in wires]]
            said = {(answer.status, answer.location) for answer in answers}
            if len(said) != 1 or not re.match(r"/posts/\d+/$", next(iter(said))[1]):
                different.append((n, said))
    for wire in wires:
        wire.__exit__()
    rows = hard.rows("SELECT subject, COUNT(*) FROM threads_post WHERE subject LIKE 'Post number %' GROUP BY subject")
    print(
        f"{POSTS} forms, each sent {TIMES} times at once: {sum(int(str(c)) for _, c in rows)} posts, {len(different)} with different answers"
    )
    assert different == []
    assert sorted(rows) == sorted((f"Post number {n}", 1) for n in range(POSTS))
    assert hard.is_well()
