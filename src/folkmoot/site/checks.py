"""`folkmoot check`: what an operator should know about before members notice."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django_tasks_db.models import DBTaskResult

from folkmoot.ledger.queries import check as of_ledger
from folkmoot.members.models import Member
from folkmoot.notifications.queries import troubles as of_notifications
from folkmoot.search.queries import troubles as of_search
from folkmoot.site.models import Community
from folkmoot.site.office import STUCK
from folkmoot.site.recount import drift
from folkmoot.site.tasks import troubles


def check() -> list[str]:
    """A sentence for every trouble; empty when all is well."""
    if lacking := _migrations():
        return lacking  # what follows reads tables as they should be
    return [
        *_founded(),
        *_integrity(),
        *drift(),
        *of_search(),
        *of_notifications(),
        *of_ledger(),
        *_stuck(),
        *troubles(),
        *_configuration(),
    ]


def _migrations() -> list[str]:
    troubles = []
    for alias in ("default", "state"):
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            lacks = "a migration" if len(plan) == 1 else f"{len(plan)} migrations"
            troubles.append(f"The database {alias} lacks {lacks}: folkmoot serve brings it up to date.")
    return troubles


def _founded() -> list[str]:
    if not Community.objects.exists():
        return ["No community is founded here yet: folkmoot init."]
    if not Member.objects.filter(office=Member.Office.ADMINISTRATOR).exists():
        return ["There is no administrator: folkmoot admin prints a link for the first."]
    return []


def _integrity() -> list[str]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        said = [row[0] for row in cursor.fetchall()]
        cursor.execute("PRAGMA foreign_key_check")
        dangling = cursor.fetchall()
    return [f"SQLite: {line}" for line in said if line != "ok"] + [
        f"SQLite: a row of {row[0]} points nowhere" for row in dangling[:20]
    ]


def _stuck() -> list[str]:
    """django-tasks-db leaves a task RUNNING for ever when its worker is killed; nothing waits for it, but say so."""
    since = datetime.now(UTC) - STUCK
    count = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=since).count()
    return [f"{count} tasks have been running for more than an hour."] if count else []


def _configuration() -> list[str]:
    troubles = []
    if settings.DEBUG:
        troubles.append("DEBUG is on.")
    if not settings.PUBLIC_URL.startswith("https://") and not any(
        h in settings.PUBLIC_URL for h in ("127.0.0.1", "localhost", "[::1]")
    ):
        troubles.append("PUBLIC_URL is not https: passwords would travel in the open.")
    return troubles
