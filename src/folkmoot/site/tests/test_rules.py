"""When a backup is due, what is trouble, how long a letter waits."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from folkmoot.site import rules

pytestmark = pytest.mark.no_database
ZONE = ZoneInfo("America/New_York")
FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "newest", "due"),
    [
        (_at(5, 12), None, True),
        (_at(5, 3, 29), _at(4, 3, 31), False),
        (_at(5, 3, 30), _at(4, 3, 31), True),
        (_at(5, 3, 31), _at(5, 3, 30), False),
        (_at(5, 23), _at(4, 3, 31), True),
        (_at(6, 1), _at(4, 3, 31), True),
        (_at(5, 1), _at(4, 23), False),
    ],
)
def test_a_backup_is_due_once_a_day(now, newest, due):
    assert rules.backup_is_due(now, newest, FOUNDED) is due


def test_a_house_of_an_hour_has_nothing_to_back_up():
    assert not rules.backup_is_due(_at(5, 12), None, _at(5, 11, 30))


def test_the_oldest_backups_go():
    names = [f"nightly-2026-05-{day:02}.tar.zst" for day in (3, 1, 2, 4)]
    assert rules.backups_to_drop(names, 2) == sorted(names)[:2]
    assert rules.backups_to_drop(names, 9) == []


def test_backups_end():
    now = datetime(2026, 5, 9, tzinfo=UTC)
    made = {f"nightly-2026-05-0{day}": datetime(2026, 5, day, tzinfo=UTC) for day in (3, 1, 2)}
    made["before-upgrade-1"] = datetime(2026, 4, 20, tzinfo=UTC)
    assert rules.backup_ends({}, 7, now) == {}
    ends = rules.backup_ends(made, 3, now)
    assert [(name[-2:], (day - now).days) for name, day in ends.items()] == [("-1", 16), ("01", 1), ("02", 2), ("03", 3)]
    assert rules.backup_ends(made, 0, now)["nightly-2026-05-01"] == datetime(2026, 6, 5, tzinfo=UTC)
    assert rules.backups_expired(made, now) == []
    late = datetime(2026, 6, 7, tzinfo=UTC)
    assert rules.backups_expired(made, late) == ["before-upgrade-1", "nightly-2026-05-01", "nightly-2026-05-02"]
    assert rules.backup_ends(made, 3, late)["before-upgrade-1"] == late


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 2), (3, 4), (7, 60), (60, 60)])
def test_a_letter_waits_longer_each_time(tries, minutes):
    assert rules.wait_after(tries) == timedelta(minutes=minutes)


def test_troubles_are_said_in_sentences():
    now = _at(5, 12)
    assert rules.backup_trouble(now, now - timedelta(hours=35), FOUNDED) == ""
    assert rules.backup_trouble(now, now - timedelta(hours=37), FOUNDED) == "The newest backup is 37 hours old."
    assert rules.backup_trouble(now, None, now - timedelta(hours=40)) == "No backup was made in the 40 hours since the founding."
    assert rules.disk_trouble(10**10, 10**11) == ""
    assert "400 MB are free" in rules.disk_trouble(4 * 10**8, 10**9)
    assert "are free" in rules.disk_trouble(10**9, 10**11), "a share of a large disk counts too"
    assert rules.mail_trouble(now, 0, None, "") == ""
    assert rules.mail_trouble(now, 1, now - timedelta(minutes=14), "x") == ""
    assert rules.mail_trouble(now, 1, now - timedelta(minutes=16), "") == (
        "1 letter could not be sent; the mail server does not take them."
    )
    assert rules.mail_trouble(now, 2, now - timedelta(minutes=16), "refused").endswith("It said: refused")


def test_fewer_come_in_at_each_load_level_and_posting_is_shed_last():
    def come_in(level: int, **who: bool) -> bool:
        nobody = dict.fromkeys(("is_member", "goes_first", "is_officer", "posts"), False)
        return rules.may_come_in(level, **{**nobody, **who})

    assert [come_in(level) for level in range(4)] == [True, False, False, False]
    assert [come_in(level, is_member=True) for level in range(4)] == [True, True, False, False]
    assert [come_in(level, is_member=True, posts=True) for level in range(4)] == [True, True, True, False]
    assert [come_in(level, is_member=True, goes_first=True) for level in range(4)] == [True, True, True, False]
    assert [come_in(level, is_member=True, is_officer=True) for level in range(4)] == [True] * 4
    assert not come_in(1, posts=True), "a visitor's form is no member's"
