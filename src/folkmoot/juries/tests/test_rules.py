"""What is decided of cases, without a database."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.base.answers import Answer
from folkmoot.juries import rules
from folkmoot.juries.rules import Ballot, Rung
from folkmoot.juries.rules.draw import SECOND_BELOW
from folkmoot.standards.rules import Charter

pytestmark = pytest.mark.no_database
VECTOR = {
    "origin": "forum.example/ledger", "case": 2001, "leaf_hash": b"\x22" * 32, "root": b"\x11" * 32, "n": 50,
    "source": "drand:52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", "round_number": 657413,
    "randomness": b"\x33" * 32,
}  # fmt: skip


def test_the_draw_is_that_of_the_design():
    assert list(islice(rules.order(rules.seed(**VECTOR), 50), 10)) == [41, 45, 19, 27, 22, 17, 33, 28, 4, 20]


@given(st.binary(min_size=32, max_size=32), st.integers(0, 300))
def test_the_order_has_everybody_once(seed, n):
    assert sorted(rules.order(seed, n)) == list(range(n))


def test_nobody_is_drawn_first_more_often_than_the_lot_allows():
    """Chi-square with 49 degrees of freedom, 0.1 % on either side: 23.98 to 85.35."""
    draws = 100_000
    first = Counter(next(rules.order(hashlib.sha256(b"%d" % i).digest(), 50)) for i in range(draws))
    square = sum((first[i] - draws / 50) ** 2 / (draws / 50) for i in range(50))
    assert 23.98 < square < 85.35


def test_a_second_jury_sits_on_about_a_case_in_twenty():
    share = sum(rules.has_second(hashlib.sha256(b"%d" % i).digest()) for i in range(20_000)) / 20_000
    assert abs(share - SECOND_BELOW / 256) < 0.01


def test_a_token_tells_whose_it_is_only_with_the_key():
    assert rules.token(b"k" * 32, 7) == rules.token(b"k" * 32, 7)
    assert len({rules.token(key, member) for key in (b"k" * 32, b"l" * 32) for member in range(50)}) == 100


def test_a_commitment_is_of_every_part_of_a_vote():
    vote = {"leaf_hash": b"\x01" * 32, "token": b"\x02" * 32, "nonce": b"\x03" * 32, "choice": 0, "standard": 3}
    others = {"leaf_hash": b"\x04" * 32, "token": b"\x04" * 32, "nonce": b"\x04" * 32, "choice": 1, "standard": 4}
    changed = [rules.commitment(**{**vote, name: value}) for name, value in others.items()]
    assert len({rules.commitment(**vote), *changed}) == 6


@dataclass(frozen=True)
class Person:
    pk: int
    banned_at: datetime | None = None
    paused_until: datetime | None = None


@dataclass(frozen=True)
class Judged:
    author_id: int = 1
    state: str = "visible"


@dataclass(frozen=True)
class At:
    position: int
    state: str
    summoned_at: datetime | None = None
    seated_at: datetime | None = None


NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BALLOTS = st.lists(
    st.builds(
        lambda choice, standard: Ballot(choice, standard if choice in (0, 1, 4) else 0), st.integers(0, 5), st.integers(1, 3)
    )
)


@given(BALLOTS, st.integers(1, 15), st.booleans())
def test_a_post_is_hidden_only_when_enough_votes_name_one_standard(ballots, needs, is_over):
    found = rules.outcome(ballots, seats=15, needs=needs, is_over=is_over)
    named = Counter(ballot.standard for ballot in ballots if ballot.choice in (0, 1, 4))
    most = max(named.values(), default=0)
    if most >= needs:
        assert found is not None
        assert found.hides
        assert named[found.standard] == most
    elif sum(ballot.choice != 5 for ballot in ballots) >= 15:
        assert found == rules.Outcome(hides=False)
    else:
        assert found == (rules.Outcome(hides=False, lapsed=True) if is_over else None)


@given(BALLOTS)
def test_a_tally_counts_every_vote_once(ballots):
    assert sum(rules.tally(ballots)) == len(ballots)


@given(BALLOTS)
def test_one_more_vote_that_it_breaks_it_never_lets_a_hidden_post_stay(ballots):
    before = rules.outcome(ballots, seats=7, needs=5, is_over=True)
    after = rules.outcome([*ballots, Ballot(0, 1)], seats=7, needs=5, is_over=True)
    assert after is not None
    assert before is not None
    assert after.hides >= before.hides


@pytest.mark.parametrize(
    ("choices", "unfounded"),
    [([3] * 5, True), ([3] * 4, False), ([3, 3, 3, 3, 2], True), ([3] * 6 + [1], False), ([5] * 7, False), ([3] * 5 + [5], True)],
)
def test_an_alert_that_nobody_agreed_with_is_unfounded_when_enough_have_judged(choices, unfounded):
    ballots = [Ballot(choice, 1 if choice == 1 else 0) for choice in choices]
    assert rules.found_no_breach(ballots, needs=5) == unfounded


def _steps(*states: str, seats: int = 2, asked: timedelta = timedelta(0), walked: int = 0) -> rules.Steps:
    places = [At(n, state, NOW - asked, NOW if state in ("seated", "voted") else None) for n, state in enumerate(states)]
    return rules.steps(places, start=0, seats=seats, now=NOW, answer=HOUR, vote=12 * HOUR, walked=walked)


@pytest.mark.parametrize(
    ("states", "seated", "summon", "walked"),
    [
        ((), [], 6, 0),
        (("summoned", "accepted", "accepted"), [], 0, 0),
        (("accepted", "summoned", "accepted"), [0], 0, 1),
        (("declined", "accepted", "accepted", "accepted"), [1, 2], 0, 3),
        (("excluded", "declined", "accepted"), [2], 3, 3),
        (("seated", "seated", "declined"), [], 0, 2),
        (("seated", "unable", "accepted"), [2], 0, 3),
        (("seated", "voted"), [], 0, 2),
    ],
)
def test_seats_go_by_rank_and_at_once_when_everybody_before_has_answered(states, seated, summon, walked):
    found = _steps(*states)
    assert (found.seat, found.summon, found.walked, found.silent) == (seated, summon, walked, [])


def test_who_does_not_answer_or_vote_in_time_is_passed_over():
    found = _steps("summoned", "accepted", "summoned", "accepted", asked=HOUR)
    assert (found.silent, found.seat, found.walked, found.summon) == ([0, 2], [1, 3], 4, 0)
    late = [
        At(0, "seated", NOW - 14 * HOUR, NOW - 12 * HOUR),
        At(1, "voted", NOW - 14 * HOUR, NOW - 12 * HOUR),
        At(2, "accepted", NOW),
    ]
    found = rules.steps(late, start=0, seats=2, now=NOW, answer=HOUR, vote=12 * HOUR, walked=2)
    assert (found.silent, found.seat, found.walked) == ([0], [2], 3)


def test_a_walk_on_which_nothing_is_to_be_done_says_so():
    assert not _steps("seated", "voted", walked=2).is_something
    assert _steps("seated", "voted", walked=1).is_something


@given(
    st.lists(
        st.sampled_from(["excluded", "declined", "silent", "unable", "seated", "voted", "accepted", "summoned"]), max_size=30
    )
)
def test_nobody_is_seated_before_everybody_of_a_better_rank_was_settled(states):
    found = _steps(*states, seats=5)
    for position in found.seat:
        assert all(states[before] != "summoned" or before in found.silent for before in range(position))
    sitting = sum(state in ("seated", "voted") for state in states)
    assert len(found.seat) <= max(5 - sitting, 0)


CHARTER = Charter()


@pytest.mark.parametrize(
    ("hides", "posts", "rung"),
    [
        (0, 10, Rung.NONE),
        (1, 10, Rung.WARNED),
        (3, 10, Rung.OUT_OF_SERVICE),
        (3, 301, Rung.WARNED),
        (5, 10, Rung.PAUSED),
        (5, 251, Rung.OUT_OF_SERVICE),
    ],
)
def test_the_ladder_scales_with_what_a_member_writes(hides, posts, rung):
    assert rules.rung(hides, posts, CHARTER) == rung


def test_a_jury_sees_letters_and_no_names():
    shown = rules.blinded(
        [
            rules.Message("Ada", "", "Ada says", "I am Ada. @Bram, hello; bramble is a plant."),
            rules.Message("Bram", "Ada", "No", "@ada: no. Ask @Cleo or ada-lovelace."),
            rules.Message("Ada", "Zed", "", "Again"),
        ]
    )
    assert [(e.letter, e.answers) for e in shown] == [("A", ""), ("B", "A"), ("A", "somebody")]
    assert (shown[0].subject, shown[0].source) == ("A says", "I am A. B, hello; bramble is a plant.")
    assert shown[1].source == "A: no. Ask @somebody or ada-lovelace."
    assert rules.blinded([]) == []


def test_the_same_exhibits_give_the_same_bytes():
    shown = rules.blinded([rules.Message("Ada", "", "S", "Ünïcödé")])
    assert rules.content(shown) == b'[{"answers":"","letter":"A","source":"\\u00dcn\\u00efc\\u00f6d\\u00e9","subject":"S"}]'


def _why(answer: Answer) -> str:
    return str(answer.reason)


def test_who_may_alert():
    ada, bram = Person(1), Person(2)
    assert rules.may_alert(bram, Judged())
    assert "Create a free account" in _why(rules.may_alert(None, Judged()))
    assert "own post" in _why(rules.may_alert(ada, Judged()))
    assert "deleted" in _why(rules.may_alert(bram, Judged(state="withdrawn")))
    assert "not shown" in _why(rules.may_alert(bram, Judged(state="hidden_by_verdict")))
    assert rules.may_alert(Person(2, paused_until=NOW), Judged()), "who may not post may still alert"


def test_alerts_are_limited():
    free = {"today": 0, "unfounded_until": None, "is_judged": False, "is_alleged": False, "charter": CHARTER}
    assert rules.may_alert_now(**free)
    assert "has judged" in _why(rules.may_alert_now(**{**free, "is_judged": True}))
    assert "already" in _why(rules.may_alert_now(**{**free, "is_alleged": True}))
    assert "Nov 29" in _why(rules.may_alert_now(**{**free, "unfounded_until": NOW}))
    assert "5 posts" in _why(rules.may_alert_now(**{**free, "today": 5}))


@pytest.mark.parametrize(
    ("state", "is_decided", "says"),
    [("summoned", False, ""), (None, False, "not summoned"), ("excluded", False, "not summoned"), ("summoned", True, "verdict"),
     ("silent", False, "over"), ("accepted", False, "already")],
)  # fmt: skip
def test_a_summons_is_answered_once_and_in_time(state, is_decided, says):
    assert says in _why(rules.may_answer(state, is_decided=is_decided))
    assert bool(rules.may_answer(state, is_decided=is_decided)) == (not says)


@pytest.mark.parametrize(
    ("state", "is_decided", "says"),
    [("seated", False, ""), (None, False, "Only who sits"), ("accepted", False, "Only who sits"), ("voted", False, "once"),
     ("unable", False, "once"), ("declined", False, "left"), ("silent", False, "passed"), ("seated", True, "already")],
)  # fmt: skip
def test_a_vote_is_cast_once_by_who_sits(state, is_decided, says):
    assert says in _why(rules.may_vote(state, is_decided=is_decided))
    assert bool(rules.may_vote(state, is_decided=is_decided)) == (not says)


@pytest.mark.parametrize(
    ("choice", "standard", "says"),
    [
        (0, 3, ""),
        (3, 0, ""),
        (4, 2, ""),
        (9, 0, "one of the six"),
        (0, 0, "which standard"),
        (4, 3, "was alleged"),
        (1, 2, "not alleged"),
    ],
)
def test_a_vote_names_the_standard_that_goes_with_it(choice, standard, says):
    assert says in _why(rules.may_say(choice, standard, alleged={3}, in_force={1, 2, 3}))


def test_who_may_appeal():
    hidden = {
        "author_id": 1,
        "alerters": {2},
        "is_hidden": True,
        "decided_at": NOW,
        "is_appealed": False,
        "now": NOW,
        "charter": CHARTER,
    }
    assert rules.may_appeal(Person(1), **hidden)
    assert not rules.may_appeal(Person(2), **hidden)
    assert not rules.may_appeal(None, **hidden)
    assert rules.may_appeal(Person(2), **{**hidden, "is_hidden": False})
    assert not rules.may_appeal(Person(1), **{**hidden, "decided_at": None})
    assert "once" in _why(rules.may_appeal(Person(1), **{**hidden, "is_appealed": True}))
    assert "stands" in _why(rules.may_appeal(Person(1), **hidden, is_final=True))
    assert "14 days" in _why(rules.may_appeal(Person(1), **{**hidden, "now": NOW + timedelta(days=14)}))


def test_who_may_be_kept_off():
    free = {"blocked": 4, "is_blocked": False, "is_self": False, "charter": CHARTER}
    assert rules.may_block(**free)
    assert "never" in _why(rules.may_block(**{**free, "is_self": True}))
    assert "already" in _why(rules.may_block(**{**free, "is_blocked": True}))
    assert "5 members" in _why(rules.may_block(**{**free, "blocked": 5}))


def test_an_epoch_is_a_day():
    assert rules.epoch(NOW) + 1 == rules.epoch(NOW + timedelta(days=1))


def test_who_may_send_an_act_to_a_jury():
    def sent(member: Person | None = Person(1), **changed: object) -> Answer:
        given = {"hit": 1, "told_at": NOW, "is_sent": False, "has_words": True, "now": NOW, "charter": CHARTER, **changed}
        return rules.may_send(member, **given)

    assert sent()
    assert "Create a free account" in _why(sent(None))
    assert "nobody else" in _why(sent(Person(2)))
    assert "already" in _why(sent(is_sent=True))
    assert "have passed" in _why(sent(now=NOW + timedelta(days=CHARTER.appeal_days)))
    assert "no post of yours" in _why(sent(has_words=False))
