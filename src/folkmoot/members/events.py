"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event
from folkmoot.base.pages import names


@dataclass(frozen=True, kw_only=True)
class OfMember(Event):
    member_id: int

    def touches(self) -> tuple[str, ...]:
        return (f"member:{self.member_id}",)


class Joined(OfMember):
    pass


class Claimed(OfMember):
    """The owner of an account that moved in has shown that it is theirs."""


@dataclass(frozen=True, kw_only=True)
class ClaimGranted(OfMember, Act):
    sentence: ClassVar[str] = "{office} confirmed who owns an account that moved in"


@dataclass(frozen=True, kw_only=True)
class ClaimRefused(OfMember, Act):
    sentence: ClassVar[str] = "{office} refused a claim to an account that moved in"


class ProfileChanged(OfMember):
    pass


@dataclass(frozen=True, kw_only=True)
class MemberBanned(OfMember, Act):
    sentence: ClassVar[str] = "{office} banned a member"


@dataclass(frozen=True, kw_only=True)
class MemberUnbanned(OfMember, Act):
    sentence: ClassVar[str] = "{office} lifted a ban"


@dataclass(frozen=True, kw_only=True)
class PostingPaused(OfMember, Act):
    sentence: ClassVar[str] = "{office} paused a member's posting"


@dataclass(frozen=True, kw_only=True)
class AccountRevoked(OfMember, Act):
    """So many of the intake team agreed that a new account is only here to do harm."""

    sentence: ClassVar[str] = "{office} and others of the team closed a new account"


@dataclass(frozen=True, kw_only=True)
class AccountReinstated(OfMember, Act):
    sentence: ClassVar[str] = "{office} opened an account again that the intake team had closed"


class MadeAdministrator(OfMember):
    """By the operator, from the command line: so no act of anybody's office."""

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), *names([self.member_id]))


@dataclass(frozen=True, kw_only=True)
class OfGlassBox(Act):
    """Somebody private was looked for; what was asked is not told."""

    found_count: int

    def touches(self) -> tuple[str, ...]:
        return ("ledger",)


class SoughtByMail(OfGlassBox):
    sentence = "{office} looked up members by mail address: {found_count} found"


class SoughtByNetwork(OfGlassBox):
    sentence = "{office} looked up members by network: {found_count} found"


@dataclass(frozen=True, kw_only=True)
class PrivateDataRead(OfMember, Act):
    sentence: ClassVar[str] = "{office} opened a member's private data"


@dataclass(frozen=True, kw_only=True)
class SecondFactorReset(OfMember, Act):
    """Whoever lost the device signs in by the password alone again."""

    sentence: ClassVar[str] = "{office} took the second step of a member's sign-in away"


@dataclass(frozen=True, kw_only=True)
class LinkGiven(OfMember, Act):
    """A one-time link that opens an account without its password."""

    sentence: ClassVar[str] = "{office} gave a member a one-time link"
