"""What is read of an account: by its member, and by an officer who gave a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings

from folkmoot.base.time import to_moment
from folkmoot.members.models import Member, Notice, PrivateRead, Session
from folkmoot.members.reader import Reader, When

READS_SHOWN = 50
FOUND_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Read:
    when: When
    office: str
    what: str
    reason: str


def reads_of(member: Member, *, reader: Reader) -> list[Read]:
    """Which officers read private data of this member, the newest first."""
    found = PrivateRead.objects.filter(member=member).order_by("-pk")[:READS_SHOWN]
    return [Read(reader.when(to_moment(r.read_at)), r.office, PrivateRead.What(r.what).label, r.reason) for r in found]


@dataclass(frozen=True, slots=True)
class Told:
    when: When
    text: str
    address: str


def notices_of(member: Member, *, reader: Reader) -> list[Told]:
    """What this member was told, the newest first."""
    found = Notice.objects.filter(member=member).order_by("-pk")[:READS_SHOWN]
    return [Told(reader.when(to_moment(n.told_at)), n.text, n.address) for n in found]


def with_part(part: str) -> list[Member]:
    """Members whose name has this part, the shortest names first."""
    return sorted(Member.objects.filter(name__icontains=part).order_by("name")[:FOUND_SHOWN], key=lambda m: len(m.name))


@dataclass(frozen=True, slots=True)
class Private:
    """What is shown of a member after `actions.read_private`."""

    addresses: Sequence[tuple[str, bool]]
    """Mail address, and whether it was confirmed."""
    sessions: Sequence[tuple[str, When]]
    """Network, and when it was last written."""
    signed_in: When | None


def private_of(member: Member, *, reader: Reader) -> Private:
    addresses = dict(EmailAddress.objects.filter(user_id=member.pk).order_by("pk").values_list("email", "verified"))
    if member.email:
        addresses.setdefault(member.email, False)
    kept = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    sessions = Session.objects.filter(member_id=member.pk).order_by("-expire_date").values_list("network", "expire_date")[:50]
    return Private(
        list(addresses.items()),
        [(network or "unknown", reader.when(to_moment(until - kept))) for network, until in sessions],
        reader.when(to_moment(member.last_login)) if member.last_login else None,
    )
