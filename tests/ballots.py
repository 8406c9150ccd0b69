"""Steps of the histories at random (tests/history.py): drafts, recalls, elections and their ballots."""

import contextlib
from collections.abc import Callable

from folkmoot.base.answers import Refused
from folkmoot.base.time import DAY, now_moment
from folkmoot.hosts import actions as hosts
from folkmoot.hosts.models import HostSeat
from folkmoot.members.models import Member
from folkmoot.panel import actions as panel
from folkmoot.panel import tasks as seats
from folkmoot.panel.models import PanelSeat, Review
from folkmoot.standards import actions as standards
from folkmoot.standards import rolls
from folkmoot.standards.models import Draft, Edition, Election
from folkmoot.standards.rules import OPEN, Kind, Stage
from tests.town import Town


def _recall(town: Town, n: int) -> None:
    seat = HostSeat.objects.filter(ended_at=None, appointed_at__isnull=False).order_by("-pk").first()
    if seat is not None:
        hosts.put_forward_recall(seat, by=town.member(n), forum=town.forum(n), reason="For a reason.")


def _put_forward(town: Town, n: int) -> None:
    words = {"reason": f"Reason {n}", "title": f"Standard {n}", "text": f"Words {n}"}
    kind, number = ((Kind.NEW, 0), (Kind.WORDS, 3), (Kind.REMOVAL, 4))[n % 3]
    standards.put_forward(kind, by=town.member(n), forum=town.forum(n), number=number, **words)


def _of_a_draft(act: Callable[..., object]) -> Callable[[Town, int], None]:
    def step(town: Town, n: int) -> None:
        draft = Draft.objects.order_by("-pk").first()
        if draft is not None:
            act(draft, by=draft.author if act is standards.withdraw else town.member(n))

    return step


def _draft_goes_on(town: Town, n: int) -> None:
    """By one step, whatever the clock says."""
    far = now_moment() + 400 * DAY
    draft = Draft.objects.filter(stage__in=OPEN, election=None).order_by("pk").first()
    if draft is None:
        for edition in Edition.objects.filter(is_to_be_told=True).order_by("pk"):
            standards.come_into_force(edition.pk, edition.in_force)
    elif draft.stage == Stage.SECONDING:
        Draft.objects.filter(pk=draft.pk).update(second_count=99)
        standards.close_roll(draft.pk, rolls.make(member.pk for member in town.people), now_moment())
    elif draft.stage == Stage.DISCUSSION:
        standards.open_ballot(draft.pk, far)
        for k, member in enumerate(town.people):
            standards.vote(draft, by=member, choice=(n + k) % 3)
    else:
        standards.decide(draft.pk, 2 * far)


def _stand(town: Town, n: int) -> None:
    election = Election.objects.filter(ended_at=None).first() or standards.begin_election(1 + n % 3, now_moment())
    panel.stand(election, by=town.member(n), reason=f"Fair {n}", forum=town.forum(n))


def _election_goes_on(town: Town, n: int) -> None:
    election, far = Election.objects.filter(ended_at=None).first(), now_moment() + 400 * DAY
    if election is None:
        seats.sweep(now_moment() + n * 30 * DAY)
    elif election.ballot_at is None:
        Draft.objects.filter(election=election).update(second_count=99 * (n % 3))
        voters = [member.pk for member in town.people]
        made = {pk: rolls.make(voters) for pk in election.drafts.values_list("pk", flat=True)}
        standards.close_standing(election.pk, made, far)
    elif election.closes_at is None:
        standards.open_election(election.pk, 2 * far)
        for k, member in enumerate(town.people):
            choices = {draft.pk: (n + k + draft.pk) % 3 for draft in election.drafts.filter(stage=Stage.BALLOT)}
            standards.vote_in_election(election, by=member, choices=choices)
    else:
        standards.decide_election(election.pk, 4 * far)
        PanelSeat.objects.filter(officer=None).update(begins_at=now_moment())
        seats.sweep(now_moment())


def _review(town: Town, n: int) -> None:
    """Eli is banned, as long as nobody lifts it."""
    panel.ask(by=town.village.eli, text=f"Wrong {n}")


def _judge(town: Town, n: int) -> None:
    review = Review.objects.filter(outcome="").first()
    for member in Member.objects.filter(on_panel=True) if review else ():
        with contextlib.suppress(Refused):
            panel.judge(review, by=member, undoes=n % 2 == 0, reason=f"So {n}")


BALLOTS: dict[str, Callable[[Town, int], object]] = {
    "put a draft forward": _put_forward,
    "second a draft": _of_a_draft(standards.second),
    "take a second back": _of_a_draft(standards.unsecond),
    "withdraw a draft": _of_a_draft(standards.withdraw),
    "let a draft go on": _draft_goes_on,
    "let it go on again": _draft_goes_on,
    "stand for the panel": _stand,
    "let an election go on": _election_goes_on,
    "let the election go on again": _election_goes_on,
    "let the election end": _election_goes_on,
    "ask for a review": _review,
    "judge": _judge,
    "leave the panel": lambda t, n: panel.leave(by=t.member(n)),
    "put the recall of a host forward": _recall,
}
