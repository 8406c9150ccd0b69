"""The standards and the charter as they are, were, and will be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import Http404

from folkmoot.base.time import now_moment, to_datetime
from folkmoot.members.reader import Reader, When
from folkmoot.standards.models import Edition, Wording
from folkmoot.standards.rules import CHARTER, Charter, Number, Rulebook, Words
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


def newest_edition() -> Edition:
    """The last that was ratified, whether it is in force yet or not: what a draft changes."""
    return Edition.objects.latest("number")


def rulebook(edition: Edition) -> Rulebook:
    return Rulebook({w.standard.number: Words(w.title, w.text, w.core) for w in wordings(edition)}, edition.numbers)


def founded_at() -> datetime | None:
    """When the standards, and with them the community, began; None before."""
    first = Edition.objects.order_by("in_force").values_list("in_force", flat=True).first()
    return None if first is None else to_datetime(first)


def charter_now() -> Charter:
    return charter(now_moment())


def wordings(edition: Edition) -> QuerySet[Wording]:
    """The standards of an edition, in order."""
    return Wording.objects.filter(edition=edition).select_related("standard").order_by("standard__number")


class Coming(NamedTuple):
    """The next edition, ratified and not in force yet."""

    number: int
    draft_id: int | None
    when: When


@dataclass(frozen=True, slots=True)
class StandardsPage:
    edition: int
    since: When
    wordings: Sequence[Wording]
    coming: Sequence[Coming]
    until: int | None
    """The moment from which another edition is in force."""


def standards_page(reader: Reader) -> StandardsPage:
    edition = _in_force()
    return StandardsPage(edition.number, reader.when(edition.in_force), list(wordings(edition)), *_coming(edition, reader))


@dataclass(frozen=True, slots=True)
class CharterPage:
    edition: int
    since: When
    numbers: Sequence[tuple[str, int, Number]]
    coming: Sequence[Coming]
    until: int | None


def charter_page(reader: Reader) -> CharterPage:
    edition = _in_force()
    values = edition.numbers
    numbers = [(name, getattr(values, name), number) for name, number in NUMBERS.items()]
    return CharterPage(edition.number, reader.when(edition.in_force), numbers, *_coming(edition, reader))


def _coming(edition: Edition, reader: Reader) -> tuple[list[Coming], int | None]:
    later = list(Edition.objects.filter(number__gt=edition.number).order_by("number").values_list("number", "draft", "in_force"))
    return [Coming(number, draft, reader.when(at)) for number, draft, at in later], later[0][2] if later else None


def _in_force() -> Edition:
    try:
        return edition_at(now_moment())
    except Edition.DoesNotExist:
        raise Http404 from None
