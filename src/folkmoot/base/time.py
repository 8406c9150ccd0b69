"""Moments and how they are written.

A *moment* is a BIGINT: microseconds since 1970 in UTC, unique among posts, so that every order by time is total.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 366 * DAY


_clock: Callable[[], int] = time.time_ns


def now_moment() -> int:
    return _clock() // 1000


@contextmanager
def by_clock(clock: Callable[[], int]) -> Iterator[None]:
    """Have this process act by another clock, in nanoseconds since 1970: in a simulation, or a test, and nowhere that serves."""
    global _clock
    kept, _clock = _clock, clock
    try:
        yield
    finally:
        _clock = kept


def to_moment(when: datetime) -> int:
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def to_datetime(moment: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)


@cache
def zone_names() -> frozenset[str]:
    """Every zone there is; asked of the disk once."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def zone_choices() -> tuple[tuple[str, str], ...]:
    """The zones that a person would look for, each as kept and as written: `America/New_York`, `America/New York`."""
    return tuple((name, name.replace("_", " ")) for name in sorted(zone_names()) if "/" in name and not name.startswith("Etc"))


def from_local(day: date, clock: clock_time, zone_name: str) -> int:
    """What a calendar and a clock of that zone mean. Of an hour that comes twice, the later one."""
    return to_moment(datetime.combine(day, clock.replace(fold=1), zone(zone_name)).astimezone(UTC))


def to_local(moment: int, zone_name: str) -> datetime:
    return to_datetime(moment).astimezone(zone(zone_name))


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=65536)
def written(minute: int, zone_name: str) -> tuple[str, str, str]:
    """A minute since 1970 in full, as its month, and for `<time datetime>`: one look-up for the hundred of a page."""
    local = to_datetime(minute * MINUTE).astimezone(zone(zone_name))
    return f"{local:%a %b} {local.day}, {local:%Y, %I:%M %p}", f"{local:%b %Y}", iso(minute)


def full(moment: int, zone_name: str) -> str:
    """`Tue Feb 11, 2020, 01:44 PM`, in that zone."""
    return written(moment // MINUTE, zone_name)[0]


def month(moment: int, zone_name: str) -> str:
    """`Feb 2020`, in that zone."""
    return written(moment // MINUTE, zone_name)[1]


@lru_cache(maxsize=65536)
def iso(minute: int) -> str:
    """A minute since 1970 as `2020-02-11T18:44Z`, for `<time datetime>`."""
    return f"{to_datetime(minute * MINUTE):%Y-%m-%dT%H:%MZ}"


def iso_second(moment: int) -> str:
    """A moment to the second, as RFC 3339 writes it: `2020-02-11T18:44:09Z`."""
    return f"{to_datetime(moment):%Y-%m-%dT%H:%M:%SZ}"


@lru_cache(maxsize=65536)
def _day(minute: int, zone_name: str) -> str:
    local = to_datetime(minute * MINUTE).astimezone(zone(zone_name))
    return f"{local:%b} {local.day}, {local.year}"


def day(moment: int, zone_name: str) -> str:
    """`Feb 11, 2020`, in that zone."""
    return _day(moment // MINUTE, zone_name)


def end_of_month(year: int, month: int, zone_name: str) -> int | None:
    """The first moment after that month in that zone; None for a month that is none."""
    if not (1 <= month <= 12 and 1970 <= year < 9999):
        return None
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone(zone_name))
    return to_moment(following.astimezone(UTC))


@lru_cache(maxsize=65536)
def _date(minute: int, zone_name: str) -> tuple[int, str, str, int]:
    """The day's ordinal number, `Monday`, `Oct 9`, the year."""
    local = to_datetime(minute * MINUTE).astimezone(zone(zone_name))
    return local.toordinal(), f"{local:%A}", f"{local:%b} {local.day}", local.year


def short(moment: int, zone_name: str, now: int | None) -> str:
    """The short form of a moment. With `now` (a member's own page): `44 min ago`, `Yesterday`, `Monday`, `Oct 9`,
    `Feb 2020`. Without (a stored page, which may be read much later): absolute, `Feb 2020`."""
    if now is None:
        return month(moment, zone_name)
    age = max(now - moment, 0)
    if age < MINUTE:
        return "just now"
    if age < HOUR:
        return f"{age // MINUTE} min ago"
    then, weekday, date, year = _date(moment // MINUTE, zone_name)
    today, _, _, this_year = _date(now // MINUTE, zone_name)
    days = today - then
    if days == 0:
        hours = age // HOUR
        return f"{hours} hour{'s' if hours > 1 else ''} ago"
    if days == 1:
        return "Yesterday"
    if days < 7:
        return weekday
    return date if year == this_year or age < 180 * DAY else month(moment, zone_name)
