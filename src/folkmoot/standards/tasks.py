"""What the worker does by the clock: a draft goes on when its time has come, one step a sweep."""

from folkmoot.base.ticks import every
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.standards import actions, queries, rolls
from folkmoot.standards.models import Draft, Edition
from folkmoot.standards.rules import OPEN, Stage


@every(15)
def go_on() -> None:
    sweep(now_moment())


def sweep(now: int) -> int:
    """Do what is due; returns how many steps that were. Idempotent: each step looks again, holding the row."""
    drafts = Draft.objects.order_by("pk")
    done = 0
    for pk in drafts.filter(stage=Stage.BALLOT, closes_at__lte=now).values_list("pk", flat=True):
        done += actions.decide(pk, now)
    for pk in drafts.filter(stage=Stage.DISCUSSION, ballot_at__lte=now).values_list("pk", flat=True):
        done += actions.open_ballot(pk, now)
    charter = queries.charter(now)
    for pk in drafts.filter(stage=Stage.SECONDING, second_count__gte=charter.seconds).values_list("pk", flat=True):
        done += _close_roll(pk, now)
    for pk in Edition.objects.filter(is_to_be_told=True, in_force__lte=now).order_by("pk").values_list("pk", flat=True):
        done += actions.come_into_force(pk, now)
    _destroy_keys()
    return done


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
