"""The demo's neighbours, who read more than they write: they fill its juries, and answer by themselves.

In the demo alone; nothing of it runs in a community of people."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction

from folkmoot.base.answers import Refused
from folkmoot.juries import actions as juries
from folkmoot.juries.models import Case, Jury, Seat
from folkmoot.juries.rules import Choice
from folkmoot.juries.tasks import sweep
from folkmoot.ledger import actions as ledger
from folkmoot.members import actions as members
from folkmoot.members.models import Member, Visit
from folkmoot.site.cast import CAST
from folkmoot.standards import actions as standards
from folkmoot.standards.models import Standard
from folkmoot.threads.models import Post

NEIGHBOURS = (
    "Wendeline", "Ignatz", "Perpetua", "Barnaby", "Soledad", "Ottokar", "Philippa", "Raymundo", "Zdenka", "Cornelius", "Yusuf",
    "Henrietta", "Marceline", "Thaddeus", "Ngozi", "Baptiste", "Ludmila", "Ezekiel", "Fatoumata", "Gwendolyn", "Hyacinth",
    "Jedediah", "Kunigunde", "Leopoldine", "Mordecai", "Nathanael", "Ottilie", "Quincy",
)  # fmt: skip
"""Twenty-eight, so that with the cast a full jury and one of appeal can be drawn."""

_NO_PASSWORD = "demo"  # noqa: S105
"""Of an account that has an owner, though nobody can sign in by it."""

_PATIENCE = timedelta(seconds=30)
"""So long one of the cast who was summoned to a new case has to answer: whoever tries the demo may want to."""

B, J, K, C = Choice.BREAKS, Choice.JUST_BREAKS, Choice.KEEPS, Choice.JUST_KEEPS
Vote = tuple[Choice, str]
_ATTACK: Sequence[Vote] = (
    (B, "Nothing in it is about the crossing."),
    (B, "His marriage is nobody’s argument."),
    (J, "One sharp word I would leave. This is four."),
    (K, "Rude, but we are grown up."),
    (B, ""),
    (B, "If this stays, nobody owns up to anything here again."),
    (J, ""),
)
_PROPOSAL: Sequence[Vote] = (
    (J, "A call to drown people, however it is meant."),
    (B, "Somebody takes such things seriously one day."),
    (K, "It is a joke, and an old one."),
    (J, "I would let it stand without the rope."),
    (B, ""),
    (C, "Close. The committee can take it."),
    (J, "I am not sure, and that decides it for me."),
)
_AGAIN: Sequence[Vote] = (
    (K, "Satire of a committee, in a town with a river."),
    (K, "Nobody was ever in danger of a bollard."),
    (C, "Tasteless is not dangerous."),
    (K, ""),
    (J, "I still hear a threat in it."),
    (K, "The reply shows that it was read as it was meant."),
    (C, ""),
    (K, "Read it aloud and try to be afraid."),
    (B, "Not about real people, please."),
    (K, ""),
    (C, "Less of it, but leave it."),
)


def settle_in(progress: Callable[[str], None]) -> None:
    """Have neighbours move in, and three cases heard: one decided, one overturned, one that awaits votes."""
    with transaction.atomic():
        _move_in()
    progress("drawing juries")
    juries.make_pool(datetime.now(UTC))
    ledger.drain()
    _hear(
        _post("Of course it was you"),
        "MillStreetMarge",
        3,
        "He goes for the man and his marriage, not for his parking.",
        _ATTACK,
    )
    proposal = _post("A modest proposal for the parking committee")
    case = _hear(proposal, "LevyWatcher", 1, "It calls for drowning people who can be named.", _PROPOSAL)
    appeal = "It mocks a committee by the oldest joke on this river. Nobody was ever tied to anything."
    juries.appeal(case, by=proposal.author, text=appeal)
    _sit(case, Jury.Kind.APPEAL, _AGAIN)
    _alert(_post("The grey estate"), "Ada", 1, "It lets everybody know who a teacher is and when he is where.")
    _run()


def _move_in() -> None:
    now = datetime.now(UTC)
    for number, name in enumerate(NEIGHBOURS):
        neighbour = members.join(name=name, moment=now - timedelta(days=200 + 31 * number))
        Member.objects.filter(pk=neighbour.pk).update(imported_post_count=20 + number)  # elsewhere than in the village's threads
    Member.objects.exclude(name__in=("Dara", "Eli")).update(password=_NO_PASSWORD)
    Visit.objects.bulk_create(Visit(member_id=pk, day=now.date()) for pk in Member.objects.values_list("pk", flat=True))
    standards.found("political", tick_minutes=0, summons_minutes=1440)


def _post(subject: str) -> Post:
    return Post.objects.select_related("author").get(subject=subject)


def _alert(post: Post, by: str, standard: int, text: str) -> Case:
    alerter = Member.objects.get(name=by)
    return juries.alert(post, by=alerter, standard=Standard.objects.get(number=standard), text=text)


def _hear(post: Post, by: str, standard: int, text: str, votes: Sequence[Vote]) -> Case:
    case = _alert(post, by, standard, text)
    _sit(case, Jury.Kind.FIRST, votes, standard)
    case.refresh_from_db()
    return case


def _sit(case: Case, kind: Jury.Kind, votes: Sequence[Vote], standard: int = 1) -> None:
    """Everybody who is asked accepts, and the votes are cast in the order of rank."""
    _run()
    jury = Jury.objects.get(case=case, kind=kind)
    for _ in range(4):
        for seat in Seat.objects.filter(jury=jury, state=Seat.State.SUMMONED).select_related("member"):
            assert seat.member is not None
            juries.answer(jury, by=seat.member, serves=True)
        _run()
    sitting = Seat.objects.filter(jury=jury, state=Seat.State.SEATED).select_related("member").order_by("position")
    for seat, (choice, reason) in zip(sitting, votes, strict=False):
        jury.refresh_from_db()
        if jury.decided_at is None:
            assert seat.member is not None
            juries.vote(jury, by=seat.member, choice=choice, standard=standard, reason=reason)
    _run()


def _run() -> None:
    for _ in range(2):
        sweep(datetime.now(UTC))
        ledger.drain()


def answer_by_themselves() -> None:
    """What neighbours do when somebody who tries the demo alerts. The cast leave it to whoever plays them, for a while."""
    now, cast = datetime.now(UTC), {villager.name for villager in CAST}
    asked = Seat.objects.filter(jury__decided_at=None, state__in=(Seat.State.SUMMONED, Seat.State.SEATED))
    for seat in asked.select_related("jury__case", "member").order_by("pk"):
        jury, member = seat.jury, seat.member
        if member is None or jury.case_id <= 3:  # the founding's own wait for the reader
            continue
        is_slow = member.name in cast and now < (seat.seated_at or seat.summoned_at or now) + _PATIENCE
        try:
            if seat.state == Seat.State.SUMMONED and not is_slow:
                juries.answer(jury, by=member, serves=member.name not in cast)
            elif seat.state == Seat.State.SEATED and not is_slow:
                _vote(jury, member)
        except Refused:
            continue  # it was decided meanwhile


def _vote(jury: Jury, member: Member) -> None:
    """As chance has it, the same whenever it is asked."""
    chance = hashlib.sha256(f"{jury.pk} {member.name}".encode()).digest()[0]
    standard = jury.case.alerts.order_by("pk").values_list("standard__number", flat=True)[0]
    choice = (Choice.BREAKS, Choice.JUST_BREAKS, Choice.BREAKS, Choice.JUST_KEEPS, Choice.KEEPS)[chance % 5]
    juries.vote(jury, by=member, choice=choice, standard=standard, reason="")
