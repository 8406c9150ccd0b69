"""How a tree is read out of what an old board says, whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.exchange import rules
from folkmoot.exchange.records import SourcePost
from folkmoot.exchange.report import Report
from folkmoot.exchange.rules import arrange, old_path, own_subject, shared_prefix

pytestmark = pytest.mark.no_database


def post(source_id: str, parent: str = "", moment: int | None = None) -> SourcePost:
    return SourcePost(id=source_id, author="a", body=source_id, thread_id="t", parent_id=parent, moment=moment)


def arranged(*posts: SourcePost) -> tuple[list[tuple[str, int, int]], Report]:
    """(id, number, depth) in preorder, and what was odd."""
    report = Report()
    found = arrange(posts, fallback=5, note=report.note)
    return [(a.post.id, a.number, a.depth) for a in found], report


def test_a_tree_stands_in_preorder_and_is_numbered_by_arrival():
    found, report = arranged(post("a", "", 1), post("b", "a", 2), post("c", "a", 3), post("d", "b", 4), post("e", "c", 5))
    assert found == [("a", 0, 0), ("b", 1, 1), ("d", 3, 2), ("c", 2, 1), ("e", 4, 2)]
    assert not report.odd


def test_a_reply_to_a_post_that_is_not_here_answers_the_opening():
    found, report = arranged(post("a", "", 1), post("b", "gone", 2))
    assert found == [("a", 0, 0), ("b", 1, 1)]
    assert report.odd == {"orphan": 1}


def test_a_flat_board_answers_the_opening_and_that_is_not_odd():
    found, report = arranged(post("a", "", 1), post("b", "", 2), post("c", "", 3))
    assert found == [("a", 0, 0), ("b", 1, 1), ("c", 2, 1)]
    assert not report.odd


def test_of_posts_that_answer_each_other_in_a_circle_the_earliest_answers_the_opening():
    found, report = arranged(post("a", "", 1), post("b", "d", 2), post("c", "b", 3), post("d", "c", 4))
    assert found == [("a", 0, 0), ("b", 1, 1), ("c", 2, 2), ("d", 3, 3)]
    assert report.odd == {"cycle": 1}


def test_a_thread_without_an_opening_is_opened_by_its_earliest_post():
    found, report = arranged(post("b", "gone", 2), post("c", "b", 3))
    assert found == [("b", 0, 0), ("c", 1, 1)]
    assert report.odd == {"headless": 1}


def test_nobody_arrives_before_the_post_that_they_answer():
    found, _ = arranged(post("c", "b", 2), post("a", "", 3), post("b", "a", 4))
    assert found == [("a", 0, 0), ("b", 1, 1), ("c", 2, 2)]


def test_a_lost_date_is_that_of_the_post_answered():
    found = arrange([post("a", "", 7), post("b", "a")], fallback=9, note=Report().note)
    assert [a.moment for a in found] == [7, 7]
    assert arrange([post("a")], fallback=9, note=Report().note)[0].moment == 9


ids = st.sampled_from([*"abcdefgh", "gone", ""])


@given(st.lists(st.tuples(ids, st.one_of(st.none(), st.integers(1, 5))), min_size=1, max_size=8))
def test_every_post_finds_a_place_whatever_the_source_claims(claims):
    posts = [post("abcdefgh"[i], parent, moment) for i, (parent, moment) in enumerate(claims)]
    found = arrange(posts, fallback=5, note=Report().note)
    assert {a.post.id for a in found} == {p.id for p in posts}
    assert sorted(a.number for a in found) == list(range(len(posts)))
    assert found[0].number == 0
    assert found[0].parent is None
    for at, a in enumerate(found[1:], 1):
        assert a.parent is not None
        assert a.parent < at
        assert found[a.parent].number < a.number
        assert a.depth == found[a.parent].depth + 1


@pytest.mark.parametrize(
    ("titles", "prefix"),
    [
        ([f"4Forums.com -  War {n}" for n in range(12)], "4Forums.com -  "),
        ([f"Old Moot | {n} - bridges" for n in range(12)], "Old Moot | "),
        ([f"Bridge {n}" for n in range(12)], ""),
        (["Old Moot - one", "Old Moot - two"], ""),
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_title(titles, prefix):
    assert shared_prefix(titles) == prefix


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("http://old.example/a/b.html?t=3#p4", "/a/b.html?t=3"),
        ("viewtopic.php?t=7", "/viewtopic.php?t=7"),
        ("/t/bridge/12", "/t/bridge/12"),
        ("https://old.example", "/"),
    ],
)
def test_an_old_address_is_kept_as_we_shall_be_asked_for_it(address, path):
    assert old_path(address) == path


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        ("Re: A ferry", ""),
        ("a ferry", ""),
        ("RE: Aw: A ferry", ""),
        ("Re: Not a ferry", "Not a ferry"),
        ("", ""),
        ("Reach", "Reach"),
    ],
)
def test_a_subject_that_only_repeats_the_title_says_nothing(subject, own):
    assert own_subject(subject, "A ferry") == own


def _waits(source_id: str, parent: str = "", moment: int | None = None) -> SourcePost:
    return SourcePost(id=source_id, author="a", body="x", thread_id="t", parent_id=parent, moment=moment, state="pending")


def test_replies_that_wait_stand_apart_below_what_they_will_answer():
    posts = [post("1", moment=1), post("2", "1", 2), _waits("3", "2", 3), _waits("4", "none")]
    arrived, waiting = rules.waiting_apart(posts)
    assert ([p.id for p in arrived], [p.id for p in waiting]) == (["1", "2"], ["3", "4"])
    tree = arrange(arrived, fallback=5, note=lambda *_: None)
    assert [(w.post.id, w.parent, w.moment) for w in rules.arrange_waiting(waiting, tree)] == [("3", 1, 3), ("4", 0, 1)]
    assert rules.waiting_apart([_waits("1")])[1] == [], "an opening post that waits still opens its thread"


def test_a_date_that_no_old_posts_can_have_is_none():
    now = rules.EARLIEST + 10**12
    assert rules.plausible(rules.EARLIEST // 10**6 + 5, now=now) == rules.EARLIEST + 5 * 10**6
    assert [rules.plausible(seconds, now=now) for seconds in (None, 0, 5, now)] == [None] * 4
