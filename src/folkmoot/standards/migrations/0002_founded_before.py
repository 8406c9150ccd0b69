from dataclasses import asdict
from time import time_ns

from django.db import migrations

from folkmoot.standards.founding import STANDARDS
from folkmoot.standards.rules import CHARTER


def found(apps, schema_editor):
    """A community that people lived in before there were standards begins with those of the blank template."""
    if not apps.get_model("members", "Member").objects.exists():
        return
    edition = apps.get_model("standards", "Edition").objects.create(number=1, in_force=time_ns() // 1000, charter=asdict(CHARTER))
    for number, (title, text, core) in enumerate(STANDARDS["blank"], 1):
        standard = apps.get_model("standards", "Standard").objects.create(number=number)
        apps.get_model("standards", "Wording").objects.create(
            edition=edition, standard=standard, title=title, text=text, core=core
        )


class Migration(migrations.Migration):
    dependencies = [("standards", "0001_initial"), ("members", "0001_initial")]
    operations = [migrations.RunPython(found, migrations.RunPython.noop)]
