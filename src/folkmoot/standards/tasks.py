"""What the worker does by the clock: a draft goes on when its time has come, one step a sweep."""

from django.db.models import F, Q

from folkmoot.base.ticks import every
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.standards import actions, queries, rolls
from folkmoot.standards.models import Draft, Edition, Election
from folkmoot.standards.rules import OPEN, Stage


@every(15)
def go_on() -> None:
    sweep(now_moment())


def sweep(now: int) -> int:
    """Do what is due; returns how many steps that were. Idempotent: each step looks again, holding the row."""
    drafts = Draft.objects.filter(election=None).order_by("pk")
    done = _elections(now)
    for pk in drafts.filter(stage=Stage.BALLOT, closes_at__lte=now).values_list("pk", flat=True):
        done += actions.decide(pk, now)
    for pk in drafts.filter(stage=Stage.DISCUSSION, ballot_at__lte=now).values_list("pk", flat=True):
        done += actions.open_ballot(pk, now)
    standing = drafts.filter(stage=Stage.SECONDING)
    enough = Q(seconds_needed=None, second_count__gte=queries.charter(now).seconds) | Q(second_count__gte=F("seconds_needed"))
    for pk in standing.filter(enough).values_list("pk", flat=True):
        done += _close_roll(pk, now)
    for pk in standing.filter(seconds_until__lte=now).values_list("pk", flat=True):
        done += actions.lapse(pk, now)
    for pk in Edition.objects.filter(is_to_be_told=True, in_force__lte=now).order_by("pk").values_list("pk", flat=True):
        done += actions.come_into_force(pk, now)
    _destroy_keys()
    return done


def _elections(now: int) -> int:
    running, done = Election.objects.filter(ended_at=None), 0
    for pk in running.filter(closes_at__lte=now).values_list("pk", flat=True):
        done += actions.decide_election(pk, now)
    for pk in running.filter(closes_at=None, ballot_at__lte=now).values_list("pk", flat=True):
        done += actions.open_election(pk, now)
    for pk in running.filter(ballot_at=None, stands_until__lte=now).values_list("pk", flat=True):
        done += _close_standing(pk, now)
    return done


def _close_standing(election_id: int, now: int) -> bool:
    """A roll for each candidate, with a key of its own: so nothing tells that two votes are of one voter."""
    charter = queries.charter(now)
    enough = Draft.objects.filter(election=election_id, stage=Stage.SECONDING, second_count__gte=charter.seconds)
    voters = queries.eligible(to_datetime(now), charter, posting_days=charter.voter_days) if enough.exists() else []
    made = {pk: rolls.make(voters) for pk in enough.values_list("pk", flat=True)} if voters else {}
    if done := actions.close_standing(election_id, made, now):
        return done
    for roll in made.values():
        rolls.forget(roll.name)
    return False


def _destroy_keys() -> None:
    """Of drafts that have ended, where a process was killed before it could."""
    for name in Draft.objects.filter(roll__in=rolls.kept_keys()).exclude(stage__in=OPEN).values_list("roll", flat=True):
        rolls.destroy_key(name)


def _close_roll(draft_id: int, now: int) -> bool:
    """Before the transaction, because looking for a million voters takes seconds. Without any the draft waits for them."""
    charter = queries.charter(now)
    voters = queries.eligible(to_datetime(now), charter, posting_days=charter.voter_days)
    if not voters:
        return False
    roll = rolls.make(voters)
    if done := actions.close_roll(draft_id, roll, now):
        return done
    rolls.forget(roll.name)
    return False
