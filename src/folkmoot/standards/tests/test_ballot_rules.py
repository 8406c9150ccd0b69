"""What a count means, and what a vote commits to."""

import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.base.answers import YES, no
from folkmoot.base.time import DAY
from folkmoot.ledger.rules import merkle
from folkmoot.standards import rules
from folkmoot.standards.rules import CHARTER, Change, Choice, Kind, Opening, Rulebook, Stage, Tally, Words

pytestmark = pytest.mark.no_database
COUNTS = st.integers(0, 10**7)


@given(choices=st.lists(st.sampled_from(Choice)))
def test_every_vote_is_counted_once_in_any_order(choices):
    found = rules.tally(choices)
    assert found == rules.tally(reversed(choices))
    assert found.cast == len(choices)
    assert found == Tally(choices.count(Choice.YES), choices.count(Choice.NO), choices.count(Choice.ABSTAIN))


@given(yes=COUNTS, nays=COUNTS, abstentions=COUNTS, others=COUNTS, quorum=st.integers(1, 90))
def test_a_quorum_is_so_many_percent_of_the_roll_exactly(yes, nays, abstentions, others, quorum):
    found = Tally(yes, nays, abstentions)
    voters = found.cast + others
    reached = found.cast > 0 and Fraction(found.cast, voters) >= Fraction(quorum, 100)
    assert rules.has_quorum(found, voters, quorum) == reached


@given(yes=COUNTS, nays=COUNTS, abstentions=COUNTS, majority=st.integers(50, 95))
def test_a_majority_is_more_than_so_many_percent_of_those_who_chose_a_side(yes, nays, abstentions, majority):
    found = Tally(yes, nays, abstentions)
    carried = yes + nays > 0 and Fraction(yes, yes + nays) > Fraction(majority, 100)
    assert rules.is_carried(found, majority) == carried
    if carried:
        assert yes > nays
        assert rules.is_carried(found._replace(yes=yes + 1), majority)
        assert rules.is_carried(found._replace(abstentions=abstentions + 1), majority)
    else:
        assert not rules.is_carried(found._replace(nays=nays + 1), majority)


def test_a_tie_carries_nothing_and_no_vote_is_no_quorum():
    assert not rules.is_carried(Tally(5, 5, 0), 50)
    assert rules.is_carried(Tally(6, 5, 0), 50)
    assert not rules.is_carried(Tally(2, 1, 0), 67)
    assert not rules.has_quorum(Tally(), 0, 1)
    assert rules.has_quorum(Tally(1, 0, 0), 10, 10)
    assert not rules.has_quorum(Tally(1, 0, 0), 11, 10)


def test_the_bytes_of_token_and_commitment_are_those_of_the_document():
    token = rules.token(b"k" * 32, 7)
    assert token.hex() == "6be55a95f716946e249d347f614d3efc881c70dd9316b4a0930151724affdab1"
    opening = Opening(token, b"n" * 32, Choice.YES)
    by_hand = hashlib.sha256(b"folkmoot/ballot/v1\n" + bytes(7) + b"\x03" + token + b"n" * 32 + b"\x01").digest()
    assert rules.commitment(3, opening) == by_hand


@given(st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.sampled_from(Choice)), max_size=9))
def test_every_commitment_is_proved_in_the_root(votes):
    leaves = [rules.commitment(1, Opening(token, token, choice)) for token, choice in votes]
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    root = rules.root(leaves)
    for index, leaf in enumerate(hashes):
        assert merkle.includes(merkle.inclusion(merkle.of_hashes(hashes), index, len(hashes)), leaf, index, len(hashes), root)


def test_another_choice_or_draft_or_voter_is_another_commitment():
    opening = Opening(b"t" * 32, b"n" * 32, 1)
    others = [
        rules.commitment(1, opening), rules.commitment(2, opening), rules.commitment(1, opening._replace(choice=0)),
        rules.commitment(1, opening._replace(token=b"u" * 32)), rules.commitment(1, opening._replace(nonce=b"m" * 32)),
    ]  # fmt: skip
    assert len(set(others)) == 5
    assert rules.openings_hash([opening]) != rules.openings_hash([opening._replace(choice=0)])


def test_a_vote_is_taken_of_whoever_is_on_the_roll_while_it_is_open():
    assert rules.may_vote(is_open=True, is_on_roll=True, why_not="")
    assert rules.may_vote(is_open=False, is_on_roll=True, why_not="").reason == "This ballot is closed."
    assert rules.may_vote(is_open=True, is_on_roll=False, why_not="").reason == "You were not on the roll when it was closed."
    assert rules.may_vote(is_open=True, is_on_roll=False, why_not="Because.").reason.endswith(" Because.")


BOOK = Rulebook({1: Words("Law", "Obey.", "The law."), 2: Words("Civil", "Be civil."), 3: Words("True", "Be true.")}, CHARTER)


@pytest.mark.parametrize(
    ("change", "now", "reason"),
    [
        (Change(Kind.NEW, title="New"), BOOK, ""),
        (Change(Kind.WORDS, 2, "Civil", "Be kind."), BOOK, ""),
        (Change(Kind.REMOVAL, 2), BOOK, ""),
        (Change(Kind.WORDS, 1, "Law", "Ignore."), BOOK, "Standard 1 is part of the core, which no vote takes away: The law."),
        (Change(Kind.REMOVAL, 9), BOOK, "Standard 9 is not in force."),
        (
            Change(Kind.REMOVAL, 2), BOOK._replace(standards={2: Words("Civil", "Changed.")}),
            "Standard 2 was changed meanwhile, so this draft no longer fits.",
        ),
        (Change(Kind.NUMBERS, values={"seats": 9}), BOOK, ""),
        (
            Change(Kind.NUMBERS, values={"seats": 9}), BOOK._replace(charter=CHARTER.changed({"seats": 8})),
            "“A jury has” was changed meanwhile, so this draft no longer fits.",
        ),
        (
            Change(Kind.NUMBERS, values={"seats": 12}), BOOK,
            "A jury needs more than half of its seats, and no more than there are.",
        ),
    ],
)  # fmt: skip
def test_a_change_fits_what_it_was_written_against(change, now, reason):
    assert rules.unfit(change, BOOK, now) == reason


def test_a_change_that_changes_nothing_is_known():
    assert rules.changes_nothing(Change(Kind.WORDS, 2, "Civil", "Be civil."), BOOK)
    assert not rules.changes_nothing(Change(Kind.WORDS, 2, "Civil", "Be kind."), BOOK)
    assert not rules.changes_nothing(Change(Kind.REMOVAL, 2), BOOK)
    assert rules.changes_nothing(Change(Kind.NUMBERS, values={"seats": CHARTER.seats}), BOOK)
    assert not rules.changes_nothing(Change(Kind.NUMBERS, values={"seats": 9}), BOOK)


def test_a_change_touches_nothing_else():
    assert rules.applied(Change(Kind.NUMBERS, values={"seats": 9}), BOOK) == BOOK._replace(charter=CHARTER.changed({"seats": 9}))
    assert set(rules.applied(Change(Kind.REMOVAL, 2), BOOK).standards) == {1, 3}
    made = rules.applied(Change(Kind.NEW, 4, "New", "Words."), BOOK)
    assert made.standards == {**BOOK.standards, 4: Words("New", "Words.")}


def test_numbers_of_the_charter_need_more_votes():
    assert rules.thresholds(Kind.WORDS, CHARTER) == (10, 50)
    assert rules.thresholds(Kind.NUMBERS, CHARTER) == (25, 66)


@given(decided=st.integers(0, 10**17))
def test_an_edition_is_in_force_at_a_midnight_after_a_whole_day(decided):
    at = rules.in_force_at(decided)
    assert at % DAY == 0
    assert DAY <= at - decided < 2 * DAY


@pytest.mark.parametrize("stage", Stage)
def test_each_stage_lets_do_what_belongs_to_it(stage):
    yes = rules.may_second(Stage.SECONDING, is_author=False, standing=rules.may_vote(is_open=True, is_on_roll=True, why_not=""))
    assert yes
    assert bool(rules.may_second(stage, is_author=False, standing=yes)) == (stage == Stage.SECONDING)
    assert not rules.may_second(stage, is_author=True, standing=yes)
    assert bool(rules.may_withdraw(stage, is_author=True)) == (stage in (Stage.SECONDING, Stage.DISCUSSION))
    assert not rules.may_withdraw(stage, is_author=False)


def test_a_member_has_few_open_drafts():
    yes = rules.may_vote(is_open=True, is_on_roll=True, why_not="")
    assert rules.may_put_forward(yes, 2)
    assert "3 drafts" in rules.may_put_forward(yes, 3).reason
    closed = rules.may_vote(is_open=False, is_on_roll=True, why_not="")
    assert rules.may_put_forward(closed, 3) == closed


@given(regulars=st.integers(0, 10**6), percent=st.integers(1, 50))
def test_a_recall_needs_its_share_of_the_regulars_rounded_up_and_three_at_least(regulars, percent):
    needed = rules.recall_seconds(regulars, CHARTER.changed({"recall": percent}))
    assert needed >= 3
    assert needed * 100 >= regulars * percent
    assert needed == 3 or (needed - 1) * 100 < regulars * percent


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, ""),
        ({"is_running": False}, "Nobody holds this seat"),
        ({"is_under_way": True}, "under way already"),
        ({"lost_at": 0, "now": 30 * DAY - 1}, "was not carried"),
        ({"lost_at": 0, "now": 30 * DAY}, ""),
    ],
)
def test_when_a_recall_may_be_put_forward(facts, says):
    answer = rules.may_recall(**{"is_running": True, "is_under_way": False, "lost_at": None, "now": 0, **facts})
    assert bool(answer) == (not says)
    assert says in str(answer.reason)


def test_only_regulars_second_a_recall_and_who_may_not_serve_hears_that_first():
    assert rules.may_second_recall(YES, wrote=True, forum="Books")
    assert "Only who wrote in Books" in str(rules.may_second_recall(YES, wrote=False, forum="Books").reason)
    assert rules.may_second_recall(no("Too new."), wrote=False, forum="Books").reason == "Too new."


@given(yes=COUNTS, nays=COUNTS, abstentions=COUNTS, others=COUNTS)
def test_an_outcome_is_a_quorum_first_and_then_a_majority(yes, nays, abstentions, others):
    found = Tally(yes, nays, abstentions)
    voters = found.cast + others
    outcome = rules.outcome(found, voters, 10, 50)
    assert (outcome is Stage.NO_QUORUM) == (not rules.has_quorum(found, voters, 10))
    assert (outcome is Stage.RATIFIED) == (rules.has_quorum(found, voters, 10) and yes > nays)


def test_what_concerns_an_office_fits_every_edition():
    book = Rulebook({}, CHARTER)
    for kind in rules.OF_AN_OFFICE:
        assert rules.unfit(Change(kind), book, book) == ""
