"""Bringing both databases up to date."""

from django.core.management import call_command
from django.db import connection, connections


def migrate() -> None:
    """Create or update every table. On PostgreSQL the state tables live in a schema of their own."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS state")
    call_command("migrate", database="state", verbosity=0, interactive=False)
    call_command("migrate", database="default", verbosity=0, interactive=False)
    if "throttle" not in connections["state"].introspection.table_names():
        call_command("createcachetable", database="state", verbosity=0)
