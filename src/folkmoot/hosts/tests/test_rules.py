"""Who may be a host, and what follows: by tables, without a database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from folkmoot.hosts import rules

pytestmark = pytest.mark.no_database
NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Person:
    pk: int = 1
    banned_at: datetime | None = None
    is_administrator: bool = False
    is_sealed: bool = False
    host_of: tuple[int, ...] = ()
    blocked_from: dict[str, tuple[int, str]] = field(default_factory=dict)
    claimable: bool = False


@dataclass
class Seat:
    pk: int = 1
    forum_id: int = 7
    member_id: int = 1
    offered_at: datetime = NOW
    appointed_at: datetime | None = None
    ended_at: datetime | None = None


ADA, GUS, HOST = Person(1), Person(4, is_administrator=True), Person(6, host_of=(7,))
NOBODY = (None, ADA, Person(2, host_of=(9,)), Person(3, NOW, True), Person(5, NOW, host_of=(7,)))


@pytest.mark.parametrize(("is_main", "retired", "administrator", "host"), [
    (False, False, True, True), (True, False, True, False), (False, True, False, False), (True, True, False, False),
])  # fmt: skip
def test_who_may_appoint(is_main, retired, administrator, host):
    assert bool(rules.may_appoint(GUS, 7, is_main=is_main, retired=retired)) is administrator
    assert bool(rules.may_appoint(HOST, 7, is_main=is_main, retired=retired)) is host
    for nobody in NOBODY:
        assert not rules.may_appoint(nobody, 7, is_main=is_main, retired=retired)


@pytest.mark.parametrize(("who", "facts", "says"), [
    (ADA, {}, ""),
    (Person(banned_at=NOW), {}, "closed"),
    (Person(claimable=True), {}, "no owner"),
    (Person(blocked_from={"7": (0, "")}), {}, "blocked"),
    (Person(blocked_from={"8": (0, "")}), {}, ""),
    (ADA, {"has_seat": True}, "a host here already"),
    (ADA, {"rests_until": NOW}, "until Nov 24, 2026"),
    (ADA, {"taken": 15, "most": 15}, "All 15 seats"),
    (ADA, {"taken": 14, "most": 15}, ""),
    (ADA, {"taken": 200}, ""),
])  # fmt: skip
def test_who_may_be_offered_a_seat(who, facts, says):
    answer = rules.may_be_offered(who, 7, **{"has_seat": False, "taken": 0, "most": None, "rests_until": None, **facts})
    assert bool(answer) is not bool(says)
    assert says in str(answer.reason)


@pytest.mark.parametrize(("who", "seat", "later", "allowed"), [
    (ADA, Seat(), 0 * DAY, True), (ADA, Seat(), 14 * DAY - timedelta(seconds=1), True), (ADA, Seat(), 14 * DAY, False),
    (GUS, Seat(), 0 * DAY, False), (None, Seat(), 0 * DAY, False), (ADA, Seat(appointed_at=NOW), 0 * DAY, False),
    (ADA, Seat(ended_at=NOW), 0 * DAY, False), (Person(1, NOW), Seat(), 0 * DAY, False),
])  # fmt: skip
def test_who_may_answer_an_offer(who, seat, later, allowed):
    assert bool(rules.may_answer(who, seat, now=NOW + later)) is allowed


@pytest.mark.parametrize(("who", "seat", "allowed"), [
    (ADA, Seat(appointed_at=NOW), True), (ADA, Seat(), False), (ADA, Seat(appointed_at=NOW, ended_at=NOW), False),
    (GUS, Seat(appointed_at=NOW), False), (None, Seat(appointed_at=NOW), False),
])  # fmt: skip
def test_who_may_resign(who, seat, allowed):
    assert bool(rules.may_resign(who, seat)) is allowed


OWN = Seat(pk=5, member_id=6, appointed_at=NOW)


@pytest.mark.parametrize(("seat", "administrator", "host"), [
    (Seat(9, appointed_at=NOW + DAY), True, True), (Seat(2, appointed_at=NOW - DAY), True, False),
    (Seat(6, appointed_at=NOW), True, True), (Seat(4, appointed_at=NOW), True, False), (OWN, True, False),
    (Seat(2), True, True), (Seat(9, appointed_at=NOW + DAY, ended_at=NOW), False, False),
])  # fmt: skip
def test_seniority_decides_who_removes_whom(seat, administrator, host):
    assert bool(rules.may_remove(GUS, seat, is_main=False, own=None)) is administrator
    assert bool(rules.may_remove(HOST, seat, is_main=False, own=OWN)) is host
    assert bool(rules.may_remove(GUS, seat, is_main=True, own=None)) is administrator
    assert not rules.may_remove(HOST, seat, is_main=True, own=OWN)
    for nobody in NOBODY:
        assert not rules.may_remove(nobody, seat, is_main=False, own=None)


def test_who_may_block_whom():
    def ask(officer, member, **facts):
        return bool(rules.may_block(officer, member, 7, **{"is_main": False, "is_blocked": False, **facts}))

    assert ask(GUS, ADA)
    assert ask(HOST, ADA)
    assert ask(GUS, ADA, is_main=True)
    assert not ask(HOST, ADA, is_main=True)
    assert not ask(HOST, ADA, is_blocked=True)
    assert not ask(HOST, GUS)
    assert not ask(HOST, HOST)
    assert not ask(GUS, Person(9, NOW, True))
    assert not any(ask(nobody, ADA) for nobody in NOBODY)


def test_who_may_lift_a_block():
    assert rules.may_lift(GUS, 7, is_main=True, has_ended=False)
    assert rules.may_lift(HOST, 7, is_main=False, has_ended=False)
    assert not rules.may_lift(HOST, 7, is_main=True, has_ended=False)
    assert not rules.may_lift(GUS, 7, is_main=True, has_ended=True)
    assert not any(rules.may_lift(nobody, 7, is_main=False, has_ended=False) for nobody in NOBODY)


def test_days_are_counted_whole():
    assert rules.days_served(NOW, NOW + 3 * DAY - timedelta(seconds=1)) == 2
    assert rules.days_served(NOW, NOW - DAY) == 0


def test_who_keeps_the_night_watch():
    assert not rules.may_keep_night_watch(None, hosts_main=False)
    assert rules.may_keep_night_watch(GUS, hosts_main=False)
    assert rules.may_keep_night_watch(HOST, hosts_main=True)
    assert not rules.may_keep_night_watch(HOST, hosts_main=False)
    assert not rules.may_keep_night_watch(Person(3, NOW, True), hosts_main=True)


def test_a_flood_is_of_one_hour():
    minutes = timedelta(minutes=1)
    assert rules.is_flood([NOW, NOW - 59 * minutes], NOW)
    assert not rules.is_flood([NOW, NOW - 60 * minutes], NOW)
    assert not rules.is_flood([], NOW)


@dataclass
class Watcher(Person):
    on_intake_team: bool = False
    on_panel: bool = False
    joined_at: datetime = NOW


TEAM = Watcher(8, on_intake_team=True)


def test_who_looks_at_new_accounts():
    assert rules.may_look_at_intake(TEAM)
    assert rules.may_look_at_intake(Watcher(4, is_administrator=True))
    for nobody in (None, Watcher(), Watcher(banned_at=NOW, on_intake_team=True), Watcher(banned_at=NOW, is_administrator=True)):
        assert not rules.may_look_at_intake(nobody)


def test_who_may_join_the_intake_team():
    assert rules.may_join_intake(Watcher())
    for nobody in (TEAM, Watcher(banned_at=NOW), Watcher(claimable=True), Watcher(on_panel=True)):
        assert not rules.may_join_intake(nobody)


@pytest.mark.parametrize(("who", "target", "allowed"), [
    (TEAM, Watcher(2), True), (TEAM, Watcher(2, joined_at=NOW - 30 * DAY), True),
    (TEAM, Watcher(2, joined_at=NOW - 30 * DAY - timedelta(seconds=1)), False), (TEAM, Watcher(2, banned_at=NOW), False),
    (TEAM, Watcher(2, is_administrator=True), False), (TEAM, Watcher(2, on_panel=True), False), (TEAM, Watcher(2, on_intake_team=True), False),
    (TEAM, Watcher(2, host_of=(7,)), False), (TEAM, Watcher(2, claimable=True), False), (None, Watcher(2), False),
    (Watcher(4, is_administrator=True), Watcher(2), False), (Watcher(8, NOW, on_intake_team=True), Watcher(2), False),
])  # fmt: skip
def test_which_accounts_the_team_may_close(who, target, allowed):
    assert bool(rules.may_revoke(who, target, now=NOW, new_days=30)) is allowed


@dataclass
class Revoked:
    done_at: datetime | None = NOW
    undone_at: datetime | None = None
    undo_until: datetime | None = NOW + 7 * DAY


def test_what_was_closed_can_be_undone_for_some_days():
    gus = Watcher(4, is_administrator=True)
    assert rules.may_undo(TEAM, Revoked(), now=NOW)
    assert not rules.may_undo(TEAM, Revoked(), now=NOW + 7 * DAY)
    assert rules.may_undo(gus, Revoked(), now=NOW + 70 * DAY)
    assert not rules.may_undo(gus, Revoked(done_at=None), now=NOW)
    assert not rules.may_undo(gus, Revoked(undone_at=NOW), now=NOW)
    assert not rules.may_undo(Watcher(), Revoked(), now=NOW)
