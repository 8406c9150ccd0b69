"""Who sits, who alerted, who wrote it: two worlds that differ in nothing else are the same to everybody else.

The second world is the first with two people in each other's place, in whatever they do and in the lot, too. Clock and chance
are a simulation's, so that every byte that differs is a leak.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from tests.cast import sign_in
from tests.databases import empty

from folkmoot.juries import actions, rules
from folkmoot.juries.models import Case, Jury, Seat
from folkmoot.juries.rules import Choice
from folkmoot.juries.tasks import sweep
from folkmoot.ledger.actions import drain
from folkmoot.ledger.queries import key_file
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.site.simulate import People, Plan
from folkmoot.standards.models import Standard
from folkmoot.threads import actions as threads

Pages = dict[str, bytes]
BEGINNING = (
    "/", "/latest/", "/greatest/?period=all", "/forums/", "/search/?q=fools", "/search/?q=answer", "/sitemap.xml", "/robots.txt",
    "/juries/", "/juries/figures/", "/juries/figures/?days=30", "/juries/figures.csv", "/juries/1/", "/juries/serve/1/",
    "/juries/1/first.json", "/juries/1/appeal.json", "/juries/1/appeal/", "/posts/2/case/", "/posts/2/alert/", "/posts/2/history/",
    "/ledger/", "/ledger/feed.json", "/ledger/feed.atom", "/ledger/1/proof.json", "/ledger/checkpoint", "/standards/", "/standards/charter/", "/account/", "/juries/mine/",
    "/latest.atom", "/latest.json", "/intake/", "/mine/?show=posts",
)  # fmt: skip


class World:
    """A case from the alert to the end of its appeal, seen at four moments by a visitor and by a member who takes no part."""

    def __init__(self, swapped: tuple[int, int] | None, roles: tuple[int, int]) -> None:
        self.swapped, (self.author, self.alerter) = swapped, map(self.place, roles)
        self.people = People(Plan(members=60, faction=0, seed=9))
        self.seen: dict[str, Pages] = {}

    def place(self, pk: int) -> int:
        """Whoever has this member's place here."""
        if self.swapped and pk in self.swapped:
            return self.swapped[1 - self.swapped.index(pk)]
        return pk

    def member(self, pk: int) -> Member:
        return Member.objects.get(pk=pk)

    def live(self) -> "World":
        with self.people.clock_and_chance():
            self.people.settle()
            Member.objects.update(star_since=None)
            self.onlooker = members.join(name="Onlooker")
            Member.objects.filter(pk=self.onlooker.pk).update(imported_post_count=50)
            self.pass_time(days=40)
            opening = threads.start_thread(self.people.forum, by=self.onlooker, subject="A thread", text="With words.")
            bad = threads.reply(opening, by=self.member(self.author), subject="", text="Fools, all of you.")
            threads.reply(bad, by=self.onlooker, subject="", text="An answer.")
            case = actions.alert(
                bad, by=self.member(self.alerter), standard=Standard.objects.get(number=3), text="It attacks a person."
            )
            self.look("alerted")
            self.pass_time(minutes=10)
            self.pass_time(minutes=10)
            self.sit(case, "first", [Choice.BREAKS] * 4)
            self.look("four have voted")
            self.vote(case, "first", [Choice.JUST_BREAKS])
            self.look("hidden")
            actions.appeal(case, by=self.member(self.author), text="It was meant well.")
            self.pass_time(minutes=10)
            self.sit(case, "appeal", [Choice.KEEPS] * 11)
            self.look("returned")
        return self

    def pass_time(self, **more: int) -> None:
        self.people.now += timedelta(**more)
        self.people.look_in(self.people.now.date())
        actions.make_pool(self.people.now)
        while drain():
            sweep(self.people.now)
        sweep(self.people.now)
        drain()

    def sit(self, case: Case, kind: str, choices: list[Choice]) -> None:
        jury = Jury.objects.get(case=case, kind=kind)
        for seat in Seat.objects.filter(jury=jury, state="summoned").select_related("member").order_by("position"):
            actions.answer(jury, by=seat.member, serves=True)
        self.pass_time(minutes=10)
        self.vote(case, kind, choices)

    def vote(self, case: Case, kind: str, choices: list[Choice]) -> None:
        jury = Jury.objects.get(case=case, kind=kind)
        sitting = Seat.objects.filter(jury=jury, state="seated").select_related("member").order_by("position")
        self.sat = [seat.member_id for seat in sitting] if kind == "first" and len(choices) > 1 else self.sat
        for seat, choice in zip(sitting, choices, strict=False):
            actions.vote(jury, by=seat.member, choice=choice, standard=3, reason=f"I say {choice.name}.")
        self.pass_time(minutes=10)

    def look(self, when: str) -> None:
        for who, client in (("visitor", Client()), ("member", sign_in(Client(), self.onlooker))):
            self.seen[f"{when}, {who}"] = _crawl(client)
        ledger = settings.DATA / "ledger"
        files = {str(path.relative_to(ledger)): path.read_bytes() for path in sorted(ledger.rglob("*")) if path.is_file()}
        self.seen[f"{when}, files of the ledger"] = files


def _crawl(client: Client) -> Pages:
    """Everything that can be fetched by following links from where people begin."""
    pages: Pages = {}
    queue = list(BEGINNING)
    while queue:
        address = queue.pop()
        if address in pages:
            continue
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        body = re.sub(rb'name="(csrfmiddlewaretoken|key)" value="[^"]*"', b"", body + answer.headers.get("Location", "").encode())
        pages[address] = str(answer.status_code).encode() + body
        found = re.findall(r'href="(/[^"#]*)', body.decode(errors="replace"))
        found += [answer.headers["Location"]] if answer.headers.get("Location", "").startswith("/") else []
        queue += [a.split("#")[0].replace("&amp;", "&") for a in found if not a.startswith(("/static/", "/source.zip"))]
    return pages


def _two_worlds(swap: Callable[[World], tuple[int, int]]) -> tuple[World, World]:
    """A world, and the same with these two in each other's place. Both sign with one key: who signs is no secret."""
    author, alerter = 10, 20
    one = World(None, (author, alerter)).live()
    key, pair = key_file().read_bytes(), swap(one)
    empty()
    key_file().write_bytes(key)
    key_file().chmod(0o600)
    rules_token = rules.token
    other = World(pair, (author, alerter))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "token", lambda key, member: rules_token(key, other.place(member)))
        return one, other.live()


def _differ(one: World, other: World, *, of: tuple[str, ...] = ("",), masked: bool = False) -> dict[str, list[str]]:
    """What differs, by moment and onlooker: files of the ledger, and pages whose addresses begin so."""
    assert one.seen.keys() == other.seen.keys()
    found = {}
    for when, here in one.seen.items():
        there = other.seen[when]
        if "files" not in when:
            here, there = ({a: body for a, body in pages.items() if a.startswith(of)} for pages in (here, there))
        assert here.keys() == there.keys(), when
        assert len(here) > (3 if "files" in when else 20), when
        look = _masked if masked else bytes
        found[when] = [address for address, body in here.items() if look(body) != look(there[address])]
    return {when: addresses for when, addresses in found.items() if addresses}


def _masked(body: bytes) -> bytes:
    """Without hashes and signatures."""
    return re.sub(rb"[0-9a-f]{32,}|[A-Za-z0-9+/]{40,}={0,2}", b"#", body)


def test_nobody_can_tell_who_alerted_or_who_sits(count):
    one, other = _two_worlds(lambda world: (world.alerter, world.sat[0]))
    assert one.alerter == other.sat[0]
    assert other.alerter == one.sat[0]
    assert _differ(one, other) == {}
    count("pages of two worlds", sum(map(len, one.seen.values())))


def test_no_page_of_juries_or_of_the_ledger_tells_who_wrote_it():
    """Beside the post itself, which bears its author's name. After the verdict the record holds a salted hash of whom it locked
    out of the thread; this and what is hashed of it are masked."""
    one, other = _two_worlds(lambda world: (world.author, world.sat[0]))
    assert one.author == other.sat[0]
    of_juries = ("/juries/", "/ledger", "/posts/2/alert/", "/posts/2/case/")
    found = _differ(one, other, of=of_juries)
    assert {when for when in found if when.startswith(("alerted", "four"))} == set()
    assert {when for when in _differ(one, other, of=of_juries, masked=True) if "files" not in when} == set()
