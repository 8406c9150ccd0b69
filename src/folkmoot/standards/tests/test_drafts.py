"""A draft from the day it is put forward to the day that it is in force, or is not."""

import html
import threading
from functools import partial

import pytest
from django.db import connections
from django.test import Client
from tests.moot import Moot, fresh

from folkmoot.base.answers import Refused
from folkmoot.base.time import DAY, now_moment
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member, Visit
from folkmoot.standards import actions, queries, rolls, rules
from folkmoot.standards.models import Ballot, Draft, Edition, Standard, Wording
from folkmoot.standards.rules import CHARTER, Choice, Kind, Stage
from folkmoot.standards.tasks import sweep
from folkmoot.threads.models import Thread


@pytest.fixture
def moot(village) -> Moot:
    return Moot(village)


def _acts() -> list[str]:
    kinds = OutboxEntry.objects.filter(office__in=("member", "members")).order_by("pk")
    return list(kinds.values_list("kind", flat=True))


def test_other_words_go_the_whole_way_and_every_step_is_on_the_ledger(moot):
    draft = moot.at_the_ballot()
    assert draft.voters == 12
    for member in moot.voters[:7]:
        actions.vote(draft, by=member, choice=Choice.YES)
    actions.vote(draft, by=moot.voters[7], choice=Choice.NO)
    draft = moot.decided(draft)
    assert (draft.stage, draft.tally) == (Stage.RATIFIED, rules.Tally(7, 1, 0))
    edition = draft.edition
    assert edition.number == 2
    assert edition.in_force % DAY == 0
    assert DAY <= edition.in_force - draft.ended_at <= 2 * DAY
    assert queries.edition_at(now_moment()).number == 1
    said = {w.standard.number: w.text for w in Wording.objects.select_related("standard").filter(edition=edition)}
    assert len(said) == Wording.objects.filter(edition__number=1).count()
    assert said[3] == "Argue with the post."
    assert "comes into force" in Client().get("/standards/").content.decode()
    assert sweep(edition.in_force) == 1
    assert sweep(edition.in_force) == 0
    assert _acts() == [
        "DraftPutForward", "RollClosed", "BallotOpened", "BallotsOpened", "DraftRatified", "EditionInForce",
    ]  # fmt: skip
    assert not rolls.has_key(draft.roll)


def test_the_page_tells_the_change_the_count_and_every_vote(moot):
    draft = moot.at_the_ballot()
    receipts = [actions.vote(draft, by=m, choice=Choice.YES).commitment for m in moot.voters[:3]]
    address = f"/standards/drafts/{draft.pk}/"
    before = Client().get(address).content.decode()
    assert not any(receipt in before for receipt in receipts)
    assert Client().get(f"{address}ballots.json").status_code == 404
    moot.decided(draft)
    said = html.unescape(Client().get(address).content.decode())
    assert "<del>" in said
    assert "<ins>" in said
    assert "3 yes" in said
    assert all(receipt in said for receipt in receipts)


def test_whoever_has_the_file_can_count_again(moot):
    draft = moot.at_the_ballot()
    choices = [Choice.YES, Choice.YES, Choice.NO, Choice.ABSTAIN]
    for member, choice in zip(moot.voters, choices, strict=False):
        actions.vote(draft, by=member, choice=choice)
    moot.decided(draft)
    told = Client().get(f"/standards/drafts/{draft.pk}/ballots.json").json()
    tokens = [bytes.fromhex(line) for line in "".join(rolls.lines(draft.roll)).split()]
    assert tokens == sorted(tokens)
    assert (len(tokens), rules.root(tokens).hex()) == (told["voters"], told["roll_root"])
    openings = [rules.Opening(bytes.fromhex(o["token"]), bytes.fromhex(o["nonce"]), o["choice"]) for o in told["openings"]]
    assert [o.token for o in openings] == sorted(o.token for o in openings)
    assert all(tokens[o["index"]].hex() == o["token"] for o in told["openings"])
    made_again = [rules.commitment(draft.pk, opening) for opening in openings]
    assert [c.hex() for c in made_again] == [o["commitment"] for o in told["openings"]]
    assert rules.root(made_again).hex() == told["ballots_root"]
    assert rules.openings_hash(openings) == told["openings_hash"]
    assert told["tally"] == rules.tally(o.choice for o in openings)._asdict() == {"yes": 2, "nays": 1, "abstentions": 1}
    facts = OutboxEntry.objects.get(kind="BallotsOpened").facts
    assert facts == {"draft_id": draft.pk, "count": 4, "root": told["ballots_root"], "openings_hash": told["openings_hash"]}
    assert OutboxEntry.objects.get(kind="RollClosed").facts["root"] == told["roll_root"]


def test_a_vote_is_changed_until_the_end_and_each_time_has_a_new_receipt(moot):
    draft = moot.at_the_ballot()
    first = actions.vote(draft, by=moot.village.cleo, choice=Choice.YES)
    assert actions.vote(draft, by=moot.village.cleo, choice=Choice.YES).commitment == first.commitment
    second = actions.vote(draft, by=moot.village.cleo, choice=Choice.NO)
    assert second.commitment != first.commitment
    assert Ballot.objects.count() == 1
    Draft.objects.update(closes_at=now_moment())
    with pytest.raises(Refused, match="closed"):
        actions.vote(draft, by=moot.village.cleo, choice=Choice.YES)
    assert moot.decided(draft).tally == rules.Tally(0, 1, 0)


def test_no_row_says_whose_a_vote_is_and_the_key_is_nobody_elses(moot):
    draft = moot.at_the_ballot()
    ballot = actions.vote(draft, by=moot.village.cleo, choice=Choice.YES)
    assert {f.name for f in Ballot._meta.get_fields()} == {"token", "draft", "index", "nonce", "choice", "commitment"}
    assert rolls.place(draft.roll, moot.village.cleo.pk).index == ballot.index
    assert rolls._key(draft.roll).stat().st_mode & 0o777 == 0o600
    moot.decided(draft)
    assert rolls.place(draft.roll, moot.village.cleo.pk) is None


def test_who_is_not_on_the_roll_is_told_what_they_lack(moot):
    village = moot.village
    Member.objects.filter(pk=village.eli.pk).update(banned_at=None, imported_post_count=50)
    Visit.objects.create(member_id=village.eli.pk, day=Visit.objects.values_list("day", flat=True)[0])
    draft = moot.at_the_ballot()
    address = f"/standards/drafts/{draft.pk}/"
    village.eli.refresh_from_db()
    assert "You have written on 0 days; 10 are needed." in village.signed_in(village.eli).get(address).content.decode()
    answer = village.signed_in(village.eli).post(f"{address}vote/", {"choice": "1"})
    assert answer.status_code == 403
    assert "You have written on 0 days; 10 are needed." in answer.content.decode()
    assert "for 0 days; 30 are needed." in village.signed_in(village.dara).get(address).content.decode()
    assert not Ballot.objects.exists()


def test_the_roll_is_frozen_a_ban_takes_no_vote_and_a_latecomer_has_none(moot):
    draft = moot.discussed()
    Member.objects.filter(pk=moot.village.cleo.pk).update(banned_at=moot.village.eli.banned_at)
    draft = moot.at_the_ballot(draft)
    actions.vote(draft, by=moot.village.cleo, choice=Choice.NO)
    assert moot.decided(draft).nays == 1


def test_a_star_changes_nothing(moot):
    Member.objects.filter(pk=moot.village.bram.pk).update(star_since="2026-01-01")
    Member.objects.filter(pk=moot.village.fern.pk).update(star_since=None)
    draft = moot.at_the_ballot()
    for member in (moot.village.bram, moot.village.fern):
        actions.vote(draft, by=member, choice=Choice.YES)
    assert moot.decided(draft).tally == rules.Tally(2, 0, 0)
    assert draft.voters == 12


def test_seconds_are_others_once_each_and_can_be_taken_back(moot):
    draft = moot.seconded(moot.draft(), by=9)
    with pytest.raises(Refused, match="not its author"):
        actions.second(draft, by=moot.village.ada)
    actions.second(draft, by=moot.village.bram)
    assert fresh(draft).second_count == 9
    sweep(now_moment())
    assert fresh(draft).stage == Stage.SECONDING
    actions.unsecond(draft, by=moot.village.bram)
    actions.unsecond(draft, by=moot.village.bram)
    assert fresh(draft).second_count == 8
    with pytest.raises(Refused, match="member for 0 days"):
        actions.second(draft, by=moot.village.dara)
    moot.discussed(draft)
    with pytest.raises(Refused, match="no longer being seconded"):
        actions.unsecond(draft, by=moot.village.cleo)


def test_a_seconded_draft_waits_while_nobody_may_vote(moot):
    Visit.objects.all().delete()
    draft = moot.seconded(moot.draft())
    assert sweep(now_moment()) == 0
    assert fresh(draft).stage == Stage.SECONDING
    assert not list(rolls._key("x").parent.glob("*"))


def test_an_author_withdraws_until_the_ballot_opens(moot):
    draft = moot.draft()
    with pytest.raises(Refused, match="Only its author"):
        actions.withdraw(draft, by=moot.village.bram)
    actions.withdraw(draft, by=moot.village.ada)
    assert fresh(draft).stage == Stage.WITHDRAWN
    other = moot.at_the_ballot()
    with pytest.raises(Refused, match="until its ballot opens"):
        actions.withdraw(other, by=moot.village.ada)
    third = moot.discussed()
    actions.withdraw(third, by=moot.village.ada)
    assert not rolls.has_key(third.roll)


def test_too_few_votes_decide_nothing_and_too_few_for_it_reject_it(moot):
    draft = moot.at_the_ballot()
    actions.vote(draft, by=moot.village.bram, choice=Choice.YES)
    assert moot.decided(draft).stage == Stage.NO_QUORUM  # 1 of 12 is below 10 %
    draft = moot.at_the_ballot(moot.draft())
    for member, choice in zip(moot.voters, (Choice.YES, Choice.NO), strict=False):
        actions.vote(draft, by=member, choice=choice)
    assert moot.decided(draft).stage == Stage.REJECTED
    assert Edition.objects.count() == 1


def test_numbers_of_the_charter_need_more_and_change_no_standard(moot):
    draft = moot.at_the_ballot(moot.draft(Kind.NUMBERS, values={"seats": 9, "hide_needs": 6, "quorum": CHARTER.quorum}))
    assert draft.values == {"seats": 9, "hide_needs": 6}
    for member in moot.voters[:3]:
        actions.vote(draft, by=member, choice=Choice.YES)
    draft = moot.decided(draft)  # 3 of 12 are 25 %
    assert draft.stage == Stage.RATIFIED
    assert (draft.edition.numbers.seats, draft.edition.numbers.hide_needs) == (9, 6)
    sweep(draft.edition.in_force)
    assert _acts()[-2:] == ["EditionInForce", "CharterChanged"]
    two_of_three = moot.at_the_ballot(moot.draft(Kind.NUMBERS, values={"quorum": 20}))
    for member, choice in zip(moot.voters, (Choice.YES, Choice.YES, Choice.NO), strict=False):
        actions.vote(two_of_three, by=member, choice=choice)
    assert moot.decided(two_of_three).stage == Stage.RATIFIED  # 66.7 % is more than 66 %


def test_nonsense_and_the_core_and_nothing_at_all_are_refused_with_their_reason(moot):
    for more, reason in (
        ({"kind": Kind.NUMBERS, "values": {"seats": 15}}, "more than half of its seats"),
        ({"kind": Kind.NUMBERS, "values": {"seats": CHARTER.seats}}, "changes nothing"),
        ({"number": 1}, "part of the core, which no vote takes away: A member who is in danger"),
        ({"kind": Kind.REMOVAL, "number": 2}, "part of the core"),
        ({"kind": Kind.REMOVAL, "number": 77}, "not in force"),
    ):
        with pytest.raises(Refused, match=reason):
            moot.draft(more.pop("kind", Kind.WORDS), **more)
    assert not Draft.objects.exists()
    assert not Thread.objects.filter(subject__startswith="Draft").exists()


def test_a_draft_that_no_longer_fits_is_set_aside_with_a_sentence(moot):
    first, second = moot.at_the_ballot(), moot.at_the_ballot(moot.draft(title="Other", by=moot.village.bram))
    for draft in (first, second):
        for member in moot.voters[:6]:
            actions.vote(draft, by=member, choice=Choice.YES)
    assert moot.decided(first).stage == Stage.RATIFIED
    second = moot.decided(second)
    assert (second.stage, second.outcome) == (Stage.SET_ASIDE, "Standard 3 was changed meanwhile, so this draft no longer fits.")
    assert Edition.objects.count() == 2
    assert "no longer fits" in Client().get(f"/standards/drafts/{second.pk}/").content.decode()


def test_a_new_standard_gets_the_next_number_and_one_that_ends_keeps_its_own(moot):
    last = Standard.objects.count()
    end = moot.at_the_ballot(moot.draft(Kind.REMOVAL, number=last - 4))
    new = moot.at_the_ballot(moot.draft(Kind.NEW, title="Be kind", text="To one another."))
    for draft in (end, new):
        for member in moot.voters[:6]:
            actions.vote(draft, by=member, choice=Choice.YES)
        moot.decided(draft)
    book = queries.rulebook(queries.newest_edition())
    assert last - 4 not in book.standards
    assert book.standards[last + 1] == rules.Words("Be kind", "To one another.")
    assert queries.newest_edition().number == 3
    assert len(set(Edition.objects.values_list("in_force", flat=True))) == 3


def test_a_ballot_whose_key_is_lost_decides_nothing(moot):
    draft = moot.at_the_ballot()
    for member in moot.voters[:6]:
        actions.vote(draft, by=member, choice=Choice.YES)
    rolls.destroy_key(draft.roll)
    assert moot.decided(draft).stage == Stage.SET_ASIDE
    assert Edition.objects.count() == 1


def test_a_clock_that_jumps_skips_no_step_and_decides_once(moot):
    draft = moot.discussed()
    far = draft.ballot_at + 100 * DAY
    assert sweep(far) == 1
    draft = fresh(draft)
    assert (draft.stage, draft.closes_at) == (Stage.BALLOT, far + CHARTER.ballot_days * DAY)
    assert sweep(now_moment()) == 0
    assert sweep(draft.closes_at) == 1
    assert sweep(draft.closes_at + DAY) == 0
    assert _acts().count("BallotsOpened") == 1


def test_a_key_that_outlived_its_ballot_is_destroyed_by_the_next_sweep(moot):
    draft = moot.at_the_ballot()
    key = rolls._key(draft.roll).read_bytes()
    moot.decided(draft)
    rolls._write(rolls._key(draft.roll), key)
    other = moot.discussed(moot.draft())
    sweep(now_moment())
    assert rolls.kept_keys() == [other.roll]


def _at_once(asks):
    """Each in a thread and with connections of its own, all let go together; returns how many were done."""
    gate, done = threading.Barrier(len(asks)), []

    def run(ask):
        gate.wait()
        try:
            if ask():
                done.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[ask]) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done)


def test_of_many_submits_at_once_one_vote_is_left_and_one_sweep_decides(moot):
    draft = moot.at_the_ballot()
    choices = [Choice.YES, Choice.NO] * 4
    asks = [partial(actions.vote, draft, by=moot.village.cleo, choice=choice) for choice in choices]
    assert _at_once(asks) == 8
    assert Ballot.objects.filter(draft=draft).count() == 1
    closes_at = fresh(draft).closes_at
    assert _at_once([partial(actions.decide, draft.pk, closes_at) for _ in range(4)]) == 1
    assert fresh(draft).tally.cast == 1
    assert _acts().count("BallotsOpened") == 1


def test_of_many_seconds_at_once_each_counts_once_and_one_roll_is_closed(moot):
    draft = moot.draft()
    others = [m for m in moot.voters if m.pk != draft.author_id][:5]
    _at_once([partial(actions.second, draft, by=member) for member in others * 2])
    assert fresh(draft).second_count == 5
    moot.seconded(draft)
    assert _at_once([partial(sweep, now_moment()) for _ in range(3)]) == 1
    assert _acts().count("RollClosed") == 1
    assert rolls.kept_keys() == [fresh(draft).roll]


def test_a_member_has_three_open_drafts_at_most_and_a_form_makes_one(moot):
    made = moot.draft(key="one")
    assert moot.draft(key="one").pk == made.pk
    moot.draft()
    moot.draft()
    with pytest.raises(Refused, match="You have 3 drafts that are still open"):
        moot.draft()
