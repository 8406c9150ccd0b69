"""The founding: what a community begins with."""

from dataclasses import asdict

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.base.time import now_moment
from folkmoot.standards import events
from folkmoot.standards.founding import STANDARDS
from folkmoot.standards.models import Edition, Standard, Wording
from folkmoot.standards.rules import CHARTER


@transaction.atomic
def found(template: str, **numbers: int) -> None:
    """The first edition, of the founding template, with other numbers if need be; what stood before anybody was there goes."""
    Wording.objects.all().delete()
    Standard.objects.all().delete()
    Edition.objects.all().delete()
    edition = Edition.objects.create(number=1, in_force=now_moment(), charter=asdict(CHARTER.changed(numbers)))
    for number, (title, text, core) in enumerate(STANDARDS[template], 1):
        standard = Standard.objects.create(number=number)
        Wording.objects.create(edition=edition, standard=standard, title=title, text=text, core=core)
    tell(events.StandardsFounded())
