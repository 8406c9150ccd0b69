"""A simulated year: what happens when, and the clock that makes it happen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count

from folkmoot.juries import actions as juries
from folkmoot.juries import pools
from folkmoot.juries.models import Case, Jury, Seat
from folkmoot.juries.rules import Choice
from folkmoot.juries.rules.figures import at_least
from folkmoot.juries.tasks import sweep
from folkmoot.ledger import actions as ledger
from folkmoot.members import actions as members
from folkmoot.site.simulate.people import BEGIN, SERVES, People, Person, Plan, refused
from folkmoot.standards.models import Standard
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post

SLOT = timedelta(minutes=20)
"""So often the simulated worker looks. (The real one looks every two seconds; the record's ticks are half as long.)"""

QUARREL = 8
"""Cases come in quarrels of so many, within an evening."""

EMERGENCY, SECOND_ALERT, APPEALS, CROSS = 0.05, 0.15, 0.3, 0.05
"""How often an office hides it at once, somebody alleges another standard, an author appeals, an alerter does."""


@dataclass
class Told:
    """What a simulation alone can know."""

    refused_alerts: int = 0
    held: list[bool] = field(default_factory=list)
    """Case by case: whether the faction had as many seats as it takes to hide."""
    by_lot: list[float] = field(default_factory=list)
    """How likely that was, among those who would serve: the hypergeometric distribution."""
    by_pool: list[float] = field(default_factory=list)
    """How likely it would be if everybody served whom the lot draws."""
    wronged: list[bool] = field(default_factory=list)
    """Of posts that break nothing: whether they stay hidden at the end."""
    missed: list[bool] = field(default_factory=list)
    """Of posts that break a standard: whether they stay."""


class Year:
    def __init__(self, plan: Plan, progress: Callable[[str], None] = lambda text: None) -> None:
        self.plan, self.progress = plan, progress
        self.people = People(plan)
        self.chance = self.people.chance
        self.told = Told()
        self.breaks: dict[int, bool] = {}
        self._deeds: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self._slots: set[datetime] = set()
        self._planned: set[tuple[int, str]] = set()
        self._moods: dict[tuple[int, int], str] = {}
        self._heard: set[int] = set()

    def live(self) -> Told:
        """Live through the year; returns what a simulation alone can know. The rest is in the rows."""
        with self.people.clock_and_chance():
            self.people.settle()
            self.people.now = BEGIN
            for day in range(self.plan.days):
                self._at(BEGIN + timedelta(days=day), self._day)
            for number in range(self.plan.cases):
                if number % QUARREL == 0:
                    evening = BEGIN + timedelta(days=self.chance.uniform(1, max(self.plan.days - 16, 2)))
                self._at(evening + timedelta(hours=self.chance.uniform(0, 4)), partial(self._case, number))
            while self._deeds:
                at, _, deed = heappop(self._deeds)
                self.people.now = at
                deed()
            for case in Case.objects.exclude(state=Case.State.OPEN):
                is_hidden = case.state == Case.State.HIDDEN
                (self.told.missed if self.breaks[case.post_id] else self.told.wronged).append(
                    is_hidden != self.breaks[case.post_id]
                )
        return self.told

    def _at(self, when: datetime, deed: Callable[[], None]) -> None:
        heappush(self._deeds, (when, next(self._numbers), deed))

    def _after(self, mean: timedelta, deed: Callable[[], None]) -> None:
        self._at(self.people.now + self.chance.expovariate(1) * mean, deed)

    def _stir(self, when: datetime) -> None:
        """The worker looks at the next slot from then on."""
        slot = BEGIN + SLOT * ((when - BEGIN) // SLOT + 1)
        if slot not in self._slots:
            self._slots.add(slot)
            self._at(slot, partial(self._look, slot))

    def _day(self) -> None:
        now = self.people.now
        self.people.arrive()
        self.people.look_in(now.date())
        members.unpause(now)
        juries.destroy_keys(now)
        juries.make_pool(now)
        ledger.drain()
        if Jury.objects.filter(verdict=None).exists():
            self._stir(now)
        if now.day == 1:
            self.progress(f"{now:%B}: {Case.objects.count()} cases")

    def _case(self, number: int) -> None:
        """Somebody writes what somebody else, after a while, alerts on."""
        people, is_abuse = self.people, self.chance.random() < self.plan.abuse and self.plan.faction > 0
        members.unpause(people.now)
        author = people.one(in_faction=False if is_abuse else None)
        while not _may_write(author):
            author = people.one(in_faction=False if is_abuse else None)
        post = threads.start_thread(people.forum, by=author.member, subject=f"Thread {number}", text=f"Words of thread {number}.")
        self.breaks[post.pk] = not is_abuse and self.chance.random() < 0.6
        if self.chance.random() < 0.5:
            refused(threads.reply, post, by=people.one(but=author.member.pk).member, subject="", text="Says who?")
        if not is_abuse and self.chance.random() < EMERGENCY:
            threads.hide(post, by=people.officer, reason="It endangers somebody.")
            self._stir(people.now)
        else:
            self._after(timedelta(hours=2), partial(self._alert, post, in_faction=True if is_abuse else None))

    def _alert(self, post: Post, *, in_faction: bool | None) -> None:
        """An alert; when one member may not, another does."""
        people, (first, other, _) = self.people, self.chance.sample((2, 3, 4), 3)
        alleged = Standard.objects.get(number=first)
        for attempt in range(20):
            who = people.one(in_faction=in_faction if attempt < 10 else None, but=post.author_id)
            if not refused(juries.alert, post, by=who.member, standard=alleged, text="It breaks it, as everybody can see."):
                break
            self.told.refused_alerts += 1
        self._stir(people.now)
        if self.chance.random() < SECOND_ALERT:
            self._after(timedelta(minutes=20), partial(self._join, post, other))

    def _join(self, post: Post, standard: int) -> None:
        who, alleged = self.people.one(but=post.author_id).member, Standard.objects.get(number=standard)
        self.told.refused_alerts += refused(juries.alert, post, by=who, standard=alleged, text="That as well.")

    def _look(self, slot: datetime) -> None:
        """The worker does what is due; and everybody who is asked something makes up their mind."""
        self._slots.discard(slot)
        sweep(slot)
        while ledger.drain():
            sweep(slot)
        asked = Seat.objects.filter(jury__decided_at=None, state__in=(Seat.State.SUMMONED, Seat.State.SEATED))
        for seat in asked.select_related("jury__case__charter").order_by("pk"):
            if seat.member_id in self.people.by_id and (seat.pk, seat.state) not in self._planned:
                self._planned.add((seat.pk, seat.state))
                self._decide(seat, self.people.by_id[seat.member_id])
        for jury in Jury.objects.exclude(pk__in=self._heard).exclude(decided_at=None).select_related("case").order_by("pk"):
            self._heard.add(jury.pk)
            self._hear(jury)
        waiting = Jury.objects.filter(verdict=None).values_list("decided_at", "deadline")
        for decided_at, deadline in waiting:
            if deadline and not decided_at:
                self._stir(deadline)
            elif slot < BEGIN + timedelta(days=self.plan.days):
                self._stir(slot)

    def _decide(self, seat: Seat, person: Person) -> None:
        jury, charter = seat.jury, seat.jury.case.charter.numbers
        if seat.state == Seat.State.SEATED:
            self._stir(self.people.now + timedelta(hours=charter.vote_hours))
            self._after(timedelta(minutes=90), partial(self._vote, jury, person))
            return
        self._stir(self.people.now + timedelta(minutes=charter.summons_minutes))
        said = self.people.answer(person)
        if said == "declines":
            self._after(timedelta(minutes=15), partial(self._answer, jury, person, serves=False))
        elif said:
            minutes = self.chance.uniform(1, charter.threat_minutes - 1)
            self._at(self.people.now + timedelta(minutes=minutes), partial(self._answer, jury, person, serves=True))
            self._moods[jury.pk, person.member.pk] = said

    def _answer(self, jury: Jury, person: Person, *, serves: bool) -> None:
        refused(juries.answer, jury, by=person.member, serves=serves)
        self._stir(self.people.now)

    def _vote(self, jury: Jury, person: Person) -> None:
        case, mood = Case.objects.get(pk=jury.case_id), self._moods[jury.pk, person.member.pk]
        if mood == "leaves":
            return  # the seat is given to somebody else when its time is over
        choice = self.people.judge(person, case.author_id, breaks=self.breaks[case.post_id])
        choice = Choice.CANNOT_JUDGE if mood == "unable" else choice
        standard = case.alerts.order_by("pk").values_list("standard__number", flat=True)[0]
        refused(juries.vote, jury, by=person.member, choice=choice, standard=standard, reason="")
        self._stir(self.people.now)

    def _hear(self, jury: Jury) -> None:
        """A verdict: whether the faction held the threshold, beside how likely that was; and perhaps an appeal."""
        case, who = jury.case, self.people
        if jury.kind not in (Jury.Kind.FIRST, Jury.Kind.AGAIN) or jury.lapsed:
            return
        self._measure(jury)
        evening = BEGIN + timedelta(days=(who.now - BEGIN).days + self.chance.randint(1, 12), hours=20)
        alerter = case.alerts.exclude(member=None).order_by("pk").values_list("member", flat=True).first()
        if jury.hides and self.chance.random() < APPEALS:
            self._at(evening, partial(self._appeal, case, case.author_id))
        elif not jury.hides and alerter and self.chance.random() < (APPEALS if who.by_id[alerter].in_faction else CROSS):
            self._at(evening, partial(self._appeal, case, alerter))

    def _appeal(self, case: Case, member_id: int) -> None:
        refused(juries.appeal, case, by=self.people.by_id[member_id].member, text="It was read as it was not meant.")
        self._stir(self.people.now)

    def _measure(self, jury: Jury) -> None:
        assert jury.pool is not None
        out = {leaf[32:] for leaf in jury.excluded}
        epoch, known = jury.pool.epoch, self.people.by_id
        mine = [
            known[pools.member_at(epoch, index)]
            for index in range(jury.pool.n)
            if pools.token_at(epoch, index).hex() not in out and pools.member_at(epoch, index) in known
        ]
        of_faction = sum(person.in_faction for person in mine)
        would_serve = round(SERVES * sum(not (person.in_faction or person.is_absent) for person in mine))
        seats = Seat.objects.filter(jury=jury, state__in=(Seat.State.SEATED, Seat.State.VOTED))
        seated = seats.values_list("member", flat=True)
        self.told.held.append(sum(known[pk].in_faction for pk in seated if pk in known) >= jury.needs)
        for kept, of in ((self.told.by_lot, of_faction + would_serve), (self.told.by_pool, len(mine))):
            kept.append(at_least(jury.needs, drawn=jury.seats, marked=of_faction, of=of))


def _may_write(person: Person) -> bool:
    person.member.refresh_from_db()
    return person.member.paused_until is None
