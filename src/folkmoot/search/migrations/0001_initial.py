"""The index's own tables, which differ by database, and what is still to be read: at first, every post there is."""

from datetime import UTC, datetime

from django.db import migrations, models

from folkmoot.search import postgres, sqlite
from folkmoot.search.rules import NORMALISER


def _engine(editor):
    return sqlite if editor.connection.vendor == "sqlite" else postgres


def make(apps, editor):
    for statement in _engine(editor).SCHEMA:
        editor.execute(statement, params=None)


def unmake(apps, editor):
    for statement in _engine(editor).UNDO:
        editor.execute(statement, params=None)


def begin(apps, editor):
    last = apps.get_model("threads", "Post").objects.aggregate(last=models.Max("pk"))["last"]
    if last is not None:
        apps.get_model("search", "Gap").objects.create(first=1, last=last, made_at=datetime.now(UTC))
    apps.get_model("search", "Built").objects.create(normaliser=NORMALISER)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("threads", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[("moment", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"db_table": "search_entry", "managed": False},
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Built",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("normaliser", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RunPython(make, unmake, elidable=False),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
