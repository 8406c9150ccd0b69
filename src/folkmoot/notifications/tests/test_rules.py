"""Who is told of what, by tables, without a database."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.notifications import rules
from folkmoot.notifications.rules import Kind, Told

pytestmark = pytest.mark.no_database
AUTHOR, STARTER, ANSWERED, NAMED, WATCHER = 1, 2, 3, 4, 5


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("@Ada and @bram, @Ada again", ["ada", "bram"]),
        ("mail me: ada@example.org, or https://x.example/@ada", []),
        ("`@ada` and\n```\n@bram\n```\n@cleo.", ["cleo"]),
        ("```\n@never closed", []),
        ("(@dara_1) @José!", ["dara_1", "josé"]),
        (" ".join(f"@member{n}" for n in range(20)), [f"member{n}" for n in range(10)]),
    ],
)
def test_whom_a_text_names(source, names):
    assert rules.mentioned(source) == names


def _told(**changed):
    given = {
        "author": AUTHOR, "thread_author": STARTER, "answered": ANSWERED, "mentions": frozenset({NAMED}), "is_opening": False,
        "thread_levels": {}, "forum_levels": {}, **changed,
    }  # fmt: skip
    return rules.told_of_post(**given)


def test_each_is_told_one_thing_the_most_personal():
    assert _told() == {STARTER: Told(Kind.THREAD), ANSWERED: Told(Kind.REPLY), NAMED: Told(Kind.MENTION)}
    everything = dict.fromkeys((STARTER, ANSWERED, NAMED, WATCHER), "watch")
    assert _told(thread_levels=everything, forum_levels=everything)[ANSWERED].kind == Kind.REPLY
    assert _told(mentions=frozenset({ANSWERED}))[ANSWERED].kind == Kind.REPLY
    assert AUTHOR not in _told(
        thread_author=AUTHOR, answered=AUTHOR, mentions=frozenset({AUTHOR}), thread_levels={AUTHOR: "watch"}
    )


@pytest.mark.parametrize(
    ("thread", "forum", "is_opening", "told"),
    [
        ({}, {WATCHER: "watch"}, False, Told(Kind.FORUM)),
        ({}, {WATCHER: "first"}, False, None),
        ({}, {WATCHER: "first"}, True, Told(Kind.FORUM)),
        ({WATCHER: "watch"}, {}, False, Told(Kind.THREAD)),
        ({WATCHER: "first"}, {}, False, Told(Kind.THREAD, counts=False)),
        ({WATCHER: "none"}, {WATCHER: "watch"}, False, None),
        ({WATCHER: "watch"}, {WATCHER: "none"}, False, Told(Kind.THREAD)),
        ({}, {}, False, None),
    ],
)
def test_who_follows(thread, forum, is_opening, told):
    assert _told(thread_levels=thread, forum_levels=forum, is_opening=is_opening, answered=None).get(WATCHER) == told


def test_whoever_wants_nothing_of_a_thread_is_not_even_answered():
    assert ANSWERED not in _told(thread_levels={ANSWERED: "none"})
    assert STARTER not in _told(forum_levels={STARTER: "none"})


@given(st.dictionaries(st.integers(1, 6), st.sampled_from(["watch", "first", "none"])), st.booleans())
def test_nobody_is_told_of_their_own_post_nor_what_they_do_not_want(levels, is_opening):
    found = _told(thread_levels=levels, is_opening=is_opening, answered=None if is_opening else ANSWERED)
    assert AUTHOR not in found
    assert not any(level == "none" and member in found for member, level in levels.items())


def test_what_is_told_together():
    keys = [rules.key_of(kind, 1, thread_id=2, forum_id=3) for kind in (Kind.REPLY, Kind.THREAD, Kind.FORUM, Kind.RECOMMENDED)]
    assert keys == ["reply:1", "thread:2", "forum:3", "recommended:1"]


@pytest.mark.parametrize(
    ("every", "now", "sent", "due"),
    [
        ("daily", (30, 8, 0), (29, 8, 3), True),
        ("daily", (30, 7, 59), (29, 8, 3), False),
        ("daily", (30, 9, 0), (30, 8, 3), False),
        ("weekly", (30, 9, 0), (29, 8, 3), True),  # a Monday
        ("weekly", (29, 9, 0), (20, 8, 3), False),
    ],
)
def test_when_a_digest_is_due(every, now, sent, due):
    assert rules.is_digest_due(every, datetime(2026, 11, *now), datetime(2026, 11, *sent)) is due
