"""The decisions about threads and posts, by tables, without a database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.threads import rules
from folkmoot.threads.rules import tree

pytestmark = pytest.mark.no_database
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass
class Person:
    pk: int = 1
    banned_at: datetime | None = None
    paused_until: datetime | None = None
    is_administrator: bool = False
    is_sealed: bool = False
    post_count: int = 10
    imported_post_count: int = 0
    host_of: tuple[int, ...] = ()
    blocked_from: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass
class Forum:
    administrators_only: bool = False
    pk: int = 7


@dataclass
class Thread:
    locked_at: datetime | None = None
    lock_reason: str = ""
    lock_office: str = ""
    pinned: bool = False
    forum_id: int = 7
    lock_officer: int | None = None
    lock_by_id: int | None = None


@dataclass
class Post:
    author_id: int = 1
    state: str = "visible"
    forum_id: int = 7


ADA, BRAM, BANNED, GUS = Person(1), Person(2), Person(3, banned_at=NOW), Person(4, is_administrator=True)
LOCKED = Thread(NOW, "Answered.", "administrator")
GONE = Thread(NOW, "", "")


@pytest.mark.parametrize(
    ("who", "forum", "retired", "allowed"),
    [
        (ADA, Forum(), False, True), (None, Forum(), False, False), (BANNED, Forum(), False, False), (ADA, Forum(), True, False),
        (ADA, Forum(True), False, False), (GUS, Forum(True), False, True), (GUS, Forum(), True, False),
    ],
)  # fmt: skip
def test_may_start(who, forum, retired, allowed):
    assert bool(rules.may_start(who, forum, retired=retired)) is allowed


@pytest.mark.parametrize(
    ("who", "thread", "to", "retired", "allowed"),
    [
        (ADA, Thread(), Post(), False, True), (None, Thread(), Post(), False, False), (BANNED, Thread(), Post(), False, False),
        (ADA, LOCKED, Post(), False, False), (GUS, LOCKED, Post(), False, False), (ADA, Thread(), Post(), True, False),
        (ADA, Thread(), Post(state="withdrawn"), False, False), (ADA, Thread(), Post(state="pending"), False, False),
    ],
)  # fmt: skip
def test_may_reply(who, thread, to, retired, allowed):
    assert bool(rules.may_reply(who, thread, to, retired=retired)) is allowed


def test_a_locked_thread_refuses_with_its_reason():
    assert str(rules.may_reply(ADA, LOCKED, Post(), retired=False).reason) == "An administrator locked this thread: Answered."
    assert "author deleted" in rules.locked_sentence(GONE)
    assert rules.locked_sentence(BY_A_HOST) == "Host 2 locked this thread: Off"
    assert rules.locked_sentence(Thread(NOW, "Off topic here.", "host")) == "A host locked this thread: Off topic here."


@pytest.mark.parametrize(
    ("who", "post", "retired", "allowed"),
    [
        (ADA, Post(1), False, True), (BRAM, Post(1), False, False), (GUS, Post(1), False, False), (None, Post(1), False, False),
        (ADA, Post(1, "pending"), False, True), (ADA, Post(1, "hidden_by_office"), False, False), (ADA, Post(1), True, False),
    ],
)  # fmt: skip
def test_may_edit(who, post, retired, allowed):
    assert bool(rules.may_edit(who, post, retired=retired)) is allowed


@pytest.mark.parametrize(
    ("who", "post", "allowed"),
    [(ADA, Post(1), True), (None, Post(1), False), (BRAM, Post(1), False), (ADA, Post(1, "withdrawn"), False),
     (BANNED, Post(3), True)],
)  # fmt: skip
def test_may_withdraw(who, post, allowed):
    assert bool(rules.may_withdraw(who, post)) is allowed


@pytest.mark.parametrize(
    ("who", "post", "allowed"),
    [
        (BRAM, Post(1), True),
        (ADA, Post(1), False),
        (None, Post(1), False),
        (BANNED, Post(1), False),
        (BRAM, Post(1, "removed"), False),
    ],
)
def test_may_recommend(who, post, allowed):
    assert bool(rules.may_recommend(who, post)) is allowed


@pytest.mark.parametrize(
    ("rule", "thing", "allowed"),
    [
        (rules.may_hide, Post(), True), (rules.may_hide, Post(state="removed"), False),
        (rules.may_restore, Post(state="hidden_by_office"), True), (rules.may_restore, Post(), False),
        (rules.may_restore, Post(state="withdrawn"), False), (rules.may_restore, Post(state="hidden_by_verdict"), False),
    ],
)  # fmt: skip
def test_acts_of_office(rule, thing, allowed):
    assert bool(rule(GUS, thing)) is allowed
    for nobody in (None, ADA, BANNED, Person(5, NOW, True), HOST):
        assert not rule(nobody, thing)


@pytest.mark.parametrize(
    ("state", "has_number", "allowed"),
    [("visible", True, True), ("hidden_by_verdict", True, True), ("withdrawn", True, False), ("removed", True, False),
     ("visible", False, False)],
)  # fmt: skip
def test_may_remove(state, has_number, allowed):
    assert bool(rules.may_remove(GUS, Post(state=state), has_number=has_number)) is allowed
    for nobody in (None, ADA, BANNED, HOST):
        assert not rules.may_remove(nobody, Post(state=state), has_number=has_number)


HOST, ELSEWHERE = Person(6, host_of=(7,)), Person(8, host_of=(9,))
BY_A_HOST, BY_HOST_6 = Thread(NOW, "Off", "host", lock_officer=2, lock_by_id=3), Thread(NOW, "Off", "host", lock_by_id=6)


@pytest.mark.parametrize(
    ("rule", "thread", "administrator", "its_host", "main_host"),
    [
        (rules.may_lock, Thread(), True, True, True), (rules.may_lock, LOCKED, False, False, False),
        (rules.may_unlock, LOCKED, True, False, False), (rules.may_unlock, BY_A_HOST, True, True, False),
        (rules.may_unlock, BY_HOST_6, True, True, True), (rules.may_unlock, Thread(), False, False, False),
        (rules.may_unlock, GONE, False, False, False),
        (rules.may_pin, Thread(), True, True, False), (rules.may_pin, Thread(pinned=True), False, False, False),
        (rules.may_unpin, Thread(pinned=True), True, True, False), (rules.may_unpin, Thread(), False, False, False),
        (rules.may_move, Thread(), True, True, False), (rules.may_move, LOCKED, True, True, False),
    ],
)  # fmt: skip
def test_acts_upon_a_thread(rule, thread, administrator, its_host, main_host):
    for is_main, host in ((False, its_host), (True, main_host)):
        assert bool(rule(GUS, thread, is_main=is_main)) is administrator
        assert bool(rule(HOST, thread, is_main=is_main)) is host
        for nobody in (None, ADA, BANNED, ELSEWHERE, Person(5, NOW, True), Person(6, NOW, host_of=(7,))):
            assert not rule(nobody, thread, is_main=is_main)


@pytest.mark.parametrize(
    ("who", "to", "retired", "allowed"),
    [
        (HOST, Forum(pk=8), False, True), (HOST, Forum(pk=7), False, False), (GUS, Forum(pk=8), True, False),
        (HOST, Forum(True, 8), False, False), (GUS, Forum(True, 8), False, True), (None, Forum(True, 8), False, False),
    ],
)  # fmt: skip
def test_whereto_a_thread_may_be_moved(who, to, retired, allowed):
    assert bool(rules.may_move_to(who, Thread(), to, retired=retired)) is allowed


def test_a_blocked_member_reads_why_they_cannot_write_here():
    out = Person(1, blocked_from={"7": (1_790_000_000_000_000, "Three adverts.")})
    for answer in (
        rules.may_start(out, Forum(), retired=False), rules.may_reply(out, Thread(), Post(), retired=False),
        rules.may_edit(out, Post(1), retired=False),
    ):  # fmt: skip
        assert str(answer.reason) == "A host blocked you from this forum until Sep 21, 2026: Three adverts."
    assert rules.may_start(out, Forum(pk=8), retired=False)
    assert rules.may_withdraw(out, Post(1))
    assert rules.may_recommend(out, Post(2))


@pytest.mark.parametrize("rule", [rules.may_hide, rules.may_restore])
def test_a_host_lets_in_or_turns_away_what_waits_in_their_forum(rule):
    waiting = Post(state="pending")
    assert rule(HOST, waiting)
    assert rule(GUS, waiting)
    for nobody in (None, ADA, ELSEWHERE, Person(6, NOW, host_of=(7,))):
        assert not rule(nobody, waiting)
    assert not rule(HOST, Post())
    assert not rule(HOST, Post(state="hidden_by_office"))


NEWCOMER, SETTLED = Person(post_count=rules.NEWCOMER_POSTS - 1), Person(post_count=rules.NEWCOMER_POSTS)
WATCHED = [("words", "cheap  pills"), ("domain", "spam.example"), ("network", "203.0.113.0/24")]


@pytest.mark.parametrize(
    ("who", "facts", "because"),
    [
        (NEWCOMER, {}, ""), (NEWCOMER, {"has_link": True}, "link"), (NEWCOMER, {"forum_holds": True}, "newcomer"),
        (NEWCOMER, {"watches": [("night", "")]}, "night"), (NEWCOMER, {"watches": [("night", "")], "forum_holds": True}, "night"),
        (SETTLED, {"has_link": True, "forum_holds": True, "watches": [("night", "")]}, ""),
        (Person(post_count=0, imported_post_count=rules.NEWCOMER_POSTS), {"has_link": True}, ""),
        (SETTLED, {"watches": WATCHED}, ""), (SETTLED, {"watches": WATCHED, "words": "Buy CHEAP\n-- pills!"}, "watch"),
        (SETTLED, {"watches": WATCHED, "words": "cheaper pills"}, ""), (SETTLED, {"watches": WATCHED, "words": "ＣＨＥＡＰ pills"}, "watch"),
        (SETTLED, {"watches": WATCHED, "hosts": ["A.Spam.example"]}, "watch"),
        (SETTLED, {"watches": WATCHED, "hosts": ["notspam.example"]}, ""),
        (SETTLED, {"watches": WATCHED, "network": "203.0.113.0/24"}, "watch"), (SETTLED, {"watches": WATCHED, "network": ""}, ""),
        (GUS, {"watches": WATCHED, "hosts": ["spam.example"]}, ""), (HOST, {"watches": WATCHED, "hosts": ["spam.example"]}, ""),
        (Person(post_count=0, host_of=(7,)), {"has_link": True}, ""),
    ],
)  # fmt: skip
def test_why_a_post_waits(who, facts, because):
    asked = {"has_link": False, "forum_holds": False, "watches": [], "words": "", "hosts": [], "network": "", **facts}
    assert rules.why_wait(who, 7, **asked) == because
    assert not because or rules.WAITS[because]


def test_may_say():
    assert not rules.may_say(" ", "\n")
    assert rules.may_say("Subject", "")
    assert rules.may_say("", "Text")
    assert rules.may_say("", "x" * 100_000)
    assert "100,001" in str(rules.may_say("", "x" * 100_001).reason)
    assert not rules.may_say("", "é" * 50_001), "bytes count, not characters"
    assert not rules.may_say("x" * (rules.SUBJECT_MAX + 1), "")


@pytest.mark.parametrize("state", ["visible", "pending", "withdrawn", "hidden_by_verdict", "hidden_by_office", "removed"])
def test_may_see_text(state):
    assert rules.may_see_text(None, state) is (state == "visible")
    assert rules.may_see_text(ADA, state) is (state == "visible")
    assert rules.may_see_text(GUS, state) is (state != "withdrawn")


@given(st.integers(0, 2**60), st.one_of(st.none(), st.integers(1, 2**40)))
def test_a_place_is_between_its_neighbours(before, gap):
    after = None if gap is None else before + gap
    place = tree.place_between(before, after)
    if gap == 1:
        assert place is None
    else:
        assert place is not None
        assert before < place
        assert after is None or place < after


@given(st.integers(0, 2**40), st.one_of(st.none(), st.integers(1, 2**20)), st.integers(1, 200))
def test_spread_labels_rise_and_leave_room(low, room, count):
    high = None if room is None else low + room
    labels = tree.spread(low, high, count)
    if labels is None:
        assert room is not None
        assert room // (count + 1) < tree.ROOM
        return
    assert len(labels) == count
    edges = [low, *labels] + ([] if high is None else [high])
    assert all(b - a >= tree.ROOM for a, b in pairwise(edges))


@given(st.lists(st.integers(1, 10**6), unique=True).map(sorted), st.integers(0, 10**6))
def test_the_page_of_a_place_begins_at_or_before_it(anchors, place):
    page = tree.page_of(anchors, place)
    assert page >= 1
    if anchors and place >= anchors[0]:
        assert anchors[page - 1] <= place
        assert page == len(anchors) or place < anchors[page]


def test_a_page_is_split_when_it_is_full():
    assert tree.split_at(100, at_the_end=True, limit=100) is None
    assert tree.split_at(101, at_the_end=True, limit=100) == 100
    assert tree.split_at(101, at_the_end=False, limit=100) == 51


def test_who_is_locked_out_of_a_thread_reads_until_when():
    answer = rules.may_reply(ADA, Thread(), Post(), retired=False, out_until=datetime(2026, 12, 6, 9, 5, tzinfo=UTC))
    assert "Dec 6, 09:05 UTC" in str(answer.reason)
