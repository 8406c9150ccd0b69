"""A community that has juries, and its clock: for tests through the real actions."""

from datetime import UTC, datetime, timedelta

from folkmoot.base.time import to_moment
from folkmoot.juries import actions
from folkmoot.juries.models import Case, Jury, Seat
from folkmoot.juries.rules import Choice
from folkmoot.juries.tasks import sweep
from folkmoot.ledger.actions import drain
from folkmoot.members import actions as members
from folkmoot.members.models import Member, Visit
from folkmoot.standards.models import Edition, Standard
from folkmoot.threads.models import Post
from tests.cast import Village

LONG_AGO = timedelta(days=400)


class Moot:
    """The village, grown: so many more members who may serve, and a charter that tells at once."""

    def __init__(self, village: Village, members_more: int = 40, **numbers: int) -> None:
        self.village = village
        self.now = datetime.now(UTC)
        edition = Edition.objects.get()
        edition.charter = {**edition.charter, "tick_minutes": 0, **numbers}
        edition.in_force = to_moment(self.now - LONG_AGO)
        edition.save()
        self.people = [
            members.join(name=f"Juror{n:03}", email=f"j{n}@moot.example", moment=self.now - LONG_AGO) for n in range(members_more)
        ]
        Member.objects.filter(pk__in=[member.pk for member in self.people]).update(password="kept elsewhere")
        Member.objects.exclude(name="Dara").update(imported_post_count=20)
        Visit.objects.bulk_create(Visit(member_id=pk, day=self.now.date()) for pk in Member.objects.values_list("pk", flat=True))
        actions.make_pool(self.now)
        drain()

    def pass_time(self, **by: int) -> None:
        self.now += timedelta(**by)
        actions.make_pool(self.now)
        drain()
        self.sweep()

    def sweep(self) -> None:
        """As often as it takes until nothing moves."""
        for _ in range(4):
            sweep(self.now)
            drain()

    def alert(self, post: Post, by: Member | None = None, standard: int = 3, text: str = "It attacks a person.") -> Case:
        case = actions.alert(post, by=by or self.village.cleo, standard=Standard.objects.get(number=standard), text=text)
        self.sweep()
        return case

    def accept(self, jury: Jury) -> None:
        """Everybody who is asked accepts, until the seats are full."""
        for _ in range(6):
            for seat in Seat.objects.filter(jury=jury, state="summoned").select_related("member").order_by("-position"):
                assert seat.member is not None
                actions.answer(jury, by=seat.member, serves=True)
            self.sweep()

    def full(self, post: Post, by: Member) -> Jury:
        """A case about this post whose seats are taken."""
        jury = jury_of(self.alert(post, by=by))
        self.accept(jury)
        jury.refresh_from_db()
        return jury

    def sitting(self, jury: Jury) -> list[Member]:
        seats = Seat.objects.filter(jury=jury, state="seated").select_related("member").order_by("position")
        return [seat.member for seat in seats if seat.member is not None]

    def judge(self, jury: Jury, *choices: Choice, standard: int = 3) -> None:
        """The jurors vote so, in the order of their rank."""
        self.accept(jury)
        for member, choice in zip(self.sitting(jury), choices, strict=False):
            jury.refresh_from_db()
            if jury.decided_at is None:
                actions.vote(jury, by=member, choice=choice, standard=standard, reason=f"I say {choice.name}.")
        self.sweep()


def jury_of(case: Case, kind: str = "first") -> Jury:
    return Jury.objects.get(case=case, kind=kind)
