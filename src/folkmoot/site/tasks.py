"""What keeps the house: nightly backups, and the troubles that an officer should know of."""

import logging
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from folkmoot.base.models import Touch
from folkmoot.base.ticks import every
from folkmoot.juries.queries.watch import troubles as of_juries
from folkmoot.ledger.queries import troubles as of_ledger
from folkmoot.legal.queries import troubles as of_legal
from folkmoot.site import mail, rules  # noqa: F401  (mail registers its tick)
from folkmoot.site.door.log import PRUNED
from folkmoot.site.models import Community, Letter
from folkmoot.site.neighbours import answer_by_themselves

log = logging.getLogger("folkmoot")
_running: subprocess.Popen[bytes] | None = None


def backups() -> list[Path]:
    """The nightly backups, oldest first."""
    return sorted((settings.DATA / "backups").glob("nightly-*.tar.zst"))


def newest_backup() -> datetime | None:
    found = backups()
    return datetime.fromtimestamp(found[-1].stat().st_mtime, UTC) if found else None


@every(3)
def let_neighbours_answer() -> None:
    if settings.DEMO:
        answer_by_themselves()


def made_backups() -> dict[str, datetime]:
    """When each backup was made that the program made by itself: nightly, or before an upgrade."""
    folder = settings.DATA / "backups"
    found = [*folder.glob("nightly-*.tar.zst"), *folder.glob("before-upgrade-*.tar.zst")]
    return {path.name: datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in found}


@every(300)
def back_up_nightly() -> None:
    """Start a backup when one is due, beside the worker and after everybody else on the machine; keep the newest few."""
    global _running
    community = Community.objects.first()
    if community is None or settings.DEMO or not settings.BACKUPS:
        return
    if _running is not None:
        code = _running.poll()
        if code is None:
            return
        if code:
            log.error("the nightly backup failed (%s); it will be tried again", code)
        _running = None
        for name in rules.backups_to_drop([path.name for path in backups()], settings.BACKUPS):
            (settings.DATA / "backups" / name).unlink()
    now = datetime.now(ZoneInfo(community.zone))
    if rules.backup_is_due(now, newest_backup(), community.founded_at):
        folder = settings.DATA / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        command = [sys.executable, "-m", "folkmoot", "backup", str(folder / f"nightly-{now:%Y-%m-%d-%H%M}.tar.zst")]
        _running = subprocess.Popen(["/usr/bin/env", "nice", "-n", "10", *command], stdout=subprocess.DEVNULL)


@every(3600)
def expire_backups() -> None:
    """No backup of the program's own making is kept for longer than rules.KEPT_DAYS, unless it is the only one."""
    for name in rules.backups_expired(made_backups(), datetime.now(UTC)):
        (settings.DATA / "backups" / name).unlink(missing_ok=True)


def troubles() -> list[str]:
    """A sentence for each; empty when all is well."""
    now, found = datetime.now(UTC), []
    community = Community.objects.first()
    if community is not None and settings.BACKUPS and not settings.DEMO:
        found.append(rules.backup_trouble(now, newest_backup(), community.founded_at))
    disk = shutil.disk_usage(settings.DATA)
    found.append(rules.disk_trouble(disk.free, disk.total))
    waiting = Letter.objects.order_by("made_at")
    oldest, error = waiting.values_list("made_at", "error").first() or (None, "")
    found.append(rules.mail_trouble(now, waiting.count(), oldest, error))
    return [sentence for sentence in [*found, *of_ledger(), *of_juries(), *of_legal()] if sentence]


@every(60)
def tell_troubles() -> None:
    """A file in the data folder, which the pages of administrators show: no page asks the database for it."""
    path = settings.DATA / "troubles"
    text = "\n".join(troubles())
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        part = path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)


TOUCHES_KEPT = 20_000


@every(3600)
@transaction.atomic
def prune_touches() -> None:
    """Forget what all front doors have read long ago. A row says how far the rest is gone: a process that had not read
    so far forgets all its pages (site/door)."""
    last = Touch.objects.aggregate(last=Max("pk"))["last"] or 0
    sql = _PRUNE if connection.vendor == "postgresql" else "DELETE FROM base_touch WHERE id <= %s RETURNING id"
    with connection.cursor() as cursor:
        cursor.execute(sql, [last - TOUCHES_KEPT])
        upto = max((row[0] for row in cursor.fetchall() if row[0] is not None), default=None)
    if upto is not None:
        Touch.objects.create(tag=f"{PRUNED}{upto}")


# In one statement, so that it names what it deletes: of transactions that end meanwhile it sees none, and takes none.
_PRUNE = "WITH gone AS (DELETE FROM base_touch WHERE id <= %s RETURNING transaction) SELECT MAX(transaction) FROM gone"


def told_troubles() -> list[str]:
    try:
        return (settings.DATA / "troubles").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
