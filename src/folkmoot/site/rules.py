"""Decisions of the house's own upkeep. Pure: values in, answer out."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

LETTER_DAYS = 5
"""So long a letter is tried (RFC 5321 §4.5.4.1: at least 4 to 5 days)."""

BACKUP_AT = time(3, 30)
"""In the community's zone: when the fewest people write."""

STALE = timedelta(hours=36)
ERROR_MAX = 300
LETTERS_LATE = timedelta(minutes=15)
LEAST_FREE_BYTES = 500_000_000
LEAST_FREE_SHARE = 0.05


LEVELS = ("Everybody", "Members only", "Star members only, and whoever posts", "Nobody but administrators")
"""The load levels (community.md §2), set by hand when the site is overloaded."""


def may_come_in(level: int, *, is_member: bool, goes_first: bool, is_officer: bool, posts: bool) -> bool:
    """Posting is shed last, of every member alike. Whoever keeps the house is always let in, to set the level back."""
    if is_officer or level == 0:
        return True
    return is_member and (level == 1 or (level == 2 and (goes_first or posts)))


def wait_after(tries: int) -> timedelta:
    """How long a letter waits after so many tries: 1, 2, 4 … minutes, an hour at most."""
    return timedelta(minutes=min(2 ** (tries - 1), 60))


def backup_is_due(now: datetime, newest: datetime | None, founded: datetime) -> bool:
    """Once a day, at `BACKUP_AT` in the zone of `now` or as soon after as the machine is awake; never in the first hour."""
    if now - founded < timedelta(hours=1):
        return False
    today = now.replace(hour=BACKUP_AT.hour, minute=BACKUP_AT.minute, second=0, microsecond=0)
    last_due = today if now >= today else today - timedelta(days=1)
    return newest is None or newest < last_due


def backups_to_drop(names: Iterable[str], keep: int) -> list[str]:
    """The oldest nightly backups beyond `keep`; names sort by day."""
    return sorted(names)[: -keep or None]


KEPT_DAYS = 35
"""So long a backup in the data folder is kept at most, so that what was erased or purged is gone from all of them."""


def backups_expired(made: Mapping[str, datetime], now: datetime) -> list[str]:
    """Backups older than that, oldest first; never the newest, which may be the only one."""
    by_age = sorted(made, key=lambda name: made[name])
    return [name for name in by_age[:-1] if now - made[name] > timedelta(days=KEPT_DAYS)]


def backup_ends(made: Mapping[str, datetime], keep: int, now: datetime) -> dict[str, datetime]:
    """When each backup that the program made is dropped at the latest, as long as new ones are made; oldest first."""
    nightly = sorted(name for name in made if name.startswith("nightly-"))
    ends = {}
    for name in sorted(made, key=lambda name: made[name]):
        ends[name] = max(made[name] + timedelta(days=KEPT_DAYS), now)
        if keep and name in nightly:
            after = len(nightly) - 1 - nightly.index(name)
            ends[name] = min(ends[name], now + timedelta(days=max(keep - after, 1)))
    return ends


def backup_trouble(now: datetime, newest: datetime | None, founded: datetime) -> str:
    since = newest or founded
    if now - since <= STALE:
        return ""
    hours = int((now - since).total_seconds() // 3600)
    if newest is None:
        return f"No backup was made in the {hours} hours since the founding."
    return f"The newest backup is {hours} hours old."


def disk_trouble(free: int, total: int) -> str:
    if free >= LEAST_FREE_BYTES and free >= total * LEAST_FREE_SHARE:
        return ""
    return f"The disk is nearly full: {free / 1e6:,.0f} MB are free. When it is full, nobody can post."


def mail_trouble(now: datetime, waiting: int, oldest: datetime | None, error: str) -> str:
    if oldest is None or now - oldest <= LETTERS_LATE:
        return ""
    said = f" It said: {error}" if error else ""
    return f"{waiting} letter{'' if waiting == 1 else 's'} could not be sent; the mail server does not take them.{said}"
