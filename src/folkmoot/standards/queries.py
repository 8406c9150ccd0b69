"""What is read of the standards."""

from django.db.models import QuerySet

from folkmoot.standards.models import Edition, Wording
from folkmoot.standards.rules import CHARTER, Charter


def edition_at(moment: int) -> Edition:
    """The edition in force at that moment; of before the founding the first. Raises Edition.DoesNotExist before there is one."""
    found = Edition.objects.filter(in_force__lte=moment).order_by("-in_force").first()
    return found or Edition.objects.earliest("in_force")


def charter(moment: int) -> Charter:
    """The numbers in force; those of the founding where nobody has founded yet."""
    try:
        return edition_at(moment).numbers
    except Edition.DoesNotExist:
        return CHARTER


def wordings(edition: Edition) -> QuerySet[Wording]:
    """The standards of an edition, in order."""
    return Wording.objects.filter(edition=edition).select_related("standard").order_by("standard__number")
