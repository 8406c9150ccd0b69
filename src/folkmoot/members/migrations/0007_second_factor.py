from datetime import UTC, datetime
from typing import Any

from django.db import migrations, models


def begin_grace(apps: Any, schema_editor: Any) -> None:
    """Whoever holds an office already has the days of grace from this version's first start."""
    apps.get_model("members", "Member").objects.exclude(office="").update(office_since=datetime.now(UTC))


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0006_jury_call'),
        ('mfa', '0003_authenticator_type_uniq'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='office_since',
            field=models.DateTimeField(blank=True, help_text="An officer's; the days of grace count from it", null=True),
        ),
        migrations.AlterField(
            model_name='privateread',
            name='what',
            field=models.CharField(choices=[('mail', 'looked for a mail address, which is yours'), ('network', 'looked for a network, from which you signed in'), ('data', 'opened your mail addresses and the networks of your sessions'), ('factor', 'took the second step of your sign-in away')], max_length=10),
        ),
        migrations.RunPython(begin_grace, migrations.RunPython.noop),
    ]
