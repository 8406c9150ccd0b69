"""Who lives in a simulated community, what they do when they are asked, and its clock."""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from folkmoot.base.answers import Refused
from folkmoot.base.time import by_clock, to_moment
from folkmoot.forums.models import Forum
from folkmoot.juries.rules import Choice
from folkmoot.members import actions as members
from folkmoot.members.models import Member, Visit
from folkmoot.site import actions as site
from folkmoot.stars import actions as stars

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FOUNDED = BEGIN - timedelta(days=100)
_OWNED = "nobody signs in"
"""In place of a password: an account with an owner, by whose password nobody signs in."""


@dataclass(frozen=True, slots=True)
class Plan:
    cases: int = 160
    members: int = 150
    faction: float = 0.2
    """The share of members who judge by who wrote it, and who always serve."""
    absent: float = 0.3
    """Of the others: who look in, but answer no summons."""
    abuse: float = 0.2
    """The share of alerts by which the faction goes for a post of somebody else that breaks nothing."""
    seed: int = 1
    days: int = 365


@dataclass(slots=True)
class Person:
    member: Member
    in_faction: bool
    is_absent: bool
    joins: datetime


SERVES, DECLINES, LEAVES, UNABLE = 0.62, 0.24, 0.02, 0.04
"""How often somebody who is there serves, refuses, takes a seat and does not vote, or cannot judge; else they give no answer."""

RIGHT = 0.8
"""How often somebody who is in no faction sees whether a post breaks a standard."""


@dataclass
class People:
    """Everybody, by the id of their account; and `now`, which the whole process goes by."""

    plan: Plan
    now: datetime = FOUNDED
    by_id: dict[int, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.plan.seed)  # noqa: S311  (a simulation, the same each time)
        self.waiting: list[Person] = []

    @contextmanager
    def clock_and_chance(self) -> Iterator[None]:
        """The process goes by this clock, and what is secret in a real community comes from the seed: so the same plan gives the
        same year, draws included. Only for a folder that is thrown away."""
        kept, moments = secrets.token_bytes, iter(range(10**15))
        secrets.token_bytes = lambda nbytes=None: self.chance.randbytes(32 if nbytes is None else nbytes)
        try:
            with by_clock(lambda: (to_moment(self.now) + next(moments) % 1000) * 1000):
                yield
        finally:
            secrets.token_bytes = kept

    def settle(self) -> None:
        """Found the community, and have all move in who were here before the year; a fifth join during it."""
        site.found(name="Simulated", promise="Nobody lives here.", zone="UTC", template="political")
        self.forum = Forum.objects.select_related("category").get(slug="general-discussion")
        self.officer = members.join(name="Officer", moment=self.now)
        Member.objects.filter(pk=self.officer.pk).update(office=Member.Office.ADMINISTRATOR, office_since=self.now)
        self.officer.refresh_from_db()
        self.officer.second_factor = True  # nobody signs in here
        for number in range(self.plan.members):
            in_faction = number < round(self.plan.members * self.plan.faction)
            is_late = number % 5 == 4
            joins = BEGIN + timedelta(days=self.chance.uniform(0, 300)) if is_late else FOUNDED
            name = f"Member{number:04}"
            member = Member(name=name) if is_late else members.join(name=name, moment=joins)
            is_absent = not in_faction and self.chance.random() < self.plan.absent
            person = Person(member, in_faction, is_absent, joins)
            if is_late:
                self.waiting.append(person)
            else:
                self.by_id[member.pk] = person
                if self.chance.random() < 0.3:
                    stars.give_star(member, by=self.officer, reason="Paid.")
        Member.objects.filter(pk__in=self.by_id).update(password=_OWNED, imported_post_count=50)
        self.look_in(self.now.date())

    def arrive(self) -> None:
        for person in [person for person in self.waiting if person.joins <= self.now]:
            self.waiting.remove(person)
            person.member = members.join(name=person.member.name, moment=self.now)
            Member.objects.filter(pk=person.member.pk).update(password=_OWNED, imported_post_count=20)
            self.by_id[person.member.pk] = person

    def look_in(self, day: date) -> None:
        Visit.objects.update(day=day)
        known = set(Visit.objects.values_list("member_id", flat=True))
        Visit.objects.bulk_create(Visit(member_id=pk, day=day) for pk in self.by_id.keys() - known)

    def one(self, *, in_faction: bool | None = None, but: int = 0) -> Person:
        found = [
            person for pk, person in self.by_id.items() if pk != but and (in_faction is None or person.in_faction == in_faction)
        ]
        return self.chance.choice(found or list(self.by_id.values()))

    def answer(self, person: Person) -> str:
        """What a summons leads to: `serves`, `declines`, `leaves`, `unable`, or nothing at all."""
        if person.in_faction:
            return "serves"
        if person.is_absent:
            return ""
        kinds = {"serves": SERVES, "declines": DECLINES, "leaves": LEAVES, "unable": UNABLE}
        return self.chance.choices([*kinds, ""], [*kinds.values(), 1 - sum(kinds.values())])[0]

    def judge(self, person: Person, author: int, *, breaks: bool) -> Choice:
        if person.in_faction and author in self.by_id:
            return Choice.KEEPS if self.by_id[author].in_faction else Choice.BREAKS
        sees = breaks if self.chance.random() < RIGHT else not breaks
        return self.chance.choice((Choice.BREAKS, Choice.JUST_BREAKS) if sees else (Choice.KEEPS, Choice.JUST_KEEPS))


def refused(act: object, *arguments: object, **more: object) -> bool:
    """Whether an action said no."""
    assert callable(act)
    try:
        act(*arguments, **more)
    except Refused:
        return True
    return False
