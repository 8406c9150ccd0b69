"""What is read of the standards."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from folkmoot.base.time import now_moment
from folkmoot.members.reader import Reader, When
from folkmoot.standards.models import Edition, Wording
from folkmoot.standards.rules import CHARTER, Charter, Number
from folkmoot.standards.rules.charter import NUMBERS


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


@dataclass(frozen=True, slots=True)
class StandardsPage:
    edition: int
    since: When
    wordings: Sequence[Wording]


def standards_page(reader: Reader) -> StandardsPage:
    edition = _in_force()
    return StandardsPage(edition.number, reader.when(edition.in_force), list(wordings(edition)))


@dataclass(frozen=True, slots=True)
class CharterPage:
    edition: int
    since: When
    numbers: Sequence[tuple[str, int, Number]]


def charter_page(reader: Reader) -> CharterPage:
    edition = _in_force()
    values = edition.numbers
    numbers = [(name, getattr(values, name), number) for name, number in NUMBERS.items()]
    return CharterPage(edition.number, reader.when(edition.in_force), numbers)


def _in_force() -> Edition:
    try:
        return edition_at(now_moment())
    except Edition.DoesNotExist:
        raise Http404 from None
