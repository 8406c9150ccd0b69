"""Decisions about members. Pure: values in, answer out."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Protocol

from confusable_homoglyphs import confusables

from folkmoot.base import time
from folkmoot.base.answers import YES, Answer, no

NAME_MAX = 30
ABOUT_MAX = 2000
WHERE_MAX = 500
NOTICE_MAX = 900
WATCHED_MAX = 100
INTAKE = "intake"
"""The office of the intake team."""

PANEL = "panel"
"""The office of the review panel, which members elect."""

HOST = "host"
"""The office of a host, in the forums that they have a seat in."""

SOUGHT_MAX = 100
"""So many members a search by mail address or network shows, and tells."""

CLAIM_DAYS = 30
"""So long an unfinished claim is kept."""

SECOND_FACTOR_GRACE = timedelta(days=7)
"""So long after appointment an officer may act without a second factor."""

SEALED = "Your office is closed until you set up a second step for your sign-in."

_NAME = re.compile(r"[^\W_][\w.-]*[^\W_]")
RESERVED = {
    "admin", "administrator", "administrators", "anonymous", "everyone", "folkmoot", "guest", "here", "host", "hosts",
    "jury", "juror", "ledger", "member", "members", "moderator", "mod", "nobody", "root", "staff", "support", "system",
    "visitor", "webmaster", "you", "me", "deleted", "new",
}  # fmt: skip


def names_near(wanted: str) -> Iterator[str]:
    """Names that an account of an old board may take here, the nearest to its own first; never ends."""
    plain = unicodedata.normalize("NFKC", wanted)
    joined = re.sub(r"[^\w.-]+", "_", plain)
    latin = re.sub(r"[^\w.-]+", "_", unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode())
    tries = [name.strip("_.-")[:NAME_MAX].strip("_.-") for name in (joined, latin)]
    tries += [f"was-{name}"[:NAME_MAX].strip("_.-") for name in tries if name]
    base = next((name for name in tries if may_be_named(name)), "somebody")
    yield base
    base = base[: NAME_MAX - 7].rstrip("_.-")
    yield from (f"{base}-{number}" for number in count(2))


class Standing(Protocol):
    @property
    def banned_at(self) -> datetime | None: ...
    @property
    def paused_until(self) -> datetime | None: ...


class Claimable(Protocol):
    @property
    def claimable(self) -> bool: ...


class Officer(Standing, Protocol):
    @property
    def is_administrator(self) -> bool: ...

    @property
    def is_sealed(self) -> bool: ...


class Panelist(Officer, Protocol):
    @property
    def on_panel(self) -> bool: ...


class Local(Officer, Protocol):
    """A member, as a forum knows them."""

    @property
    def host_of(self) -> Collection[int]: ...
    @property
    def blocked_from(self) -> Mapping[str, Sequence[Any]]: ...


def name_key(name: str) -> str:
    """The skeleton of a name: two names that a reader may take for one another have the same.

    After Unicode TS 39: compatibility forms and accents fold, look-alikes of other scripts become Latin, and the
    pairs that ASCII itself confuses (0/o, 1/i/l, rn/m, vv/w) are one.
    """
    folded = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    as_written = "".join(_latin(c) for c in plain)  # a Greek capital Eta is an H; its small letter looks like none
    latin = "".join(_latin(c) for c in as_written.casefold())
    for sign, stands_for in (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l")):
        latin = latin.replace(sign, stands_for)
    return re.sub(r"[\s_.-]+", "", latin) or plain.casefold()


def name_keys(name: str) -> set[str]:
    """The keys of a name and of the same in other cases (and with its long s read as f): none of them may be somebody else's."""
    return {name_key(way) for way in (name, name.lower(), name.upper(), name.title(), name.replace("ſ", "f"))}


def _latin(char: str) -> str:
    if char.isascii():
        return char
    found = confusables.is_confusable(char, greedy=True, preferred_aliases=[])
    for alike in (a["c"] for entry in found or () for a in entry["homoglyphs"]):
        if alike.isascii() and alike.isalpha():
            return str(alike).casefold()
    return char


_RESERVED_KEYS = {name_key(word) for word in RESERVED}


def may_be_named(name: str) -> Answer:
    if not 2 <= len(name) <= NAME_MAX:
        return no(f"A name has between 2 and {NAME_MAX} characters.")
    if not _NAME.fullmatch(name):
        return no("A name is made of letters and digits, with dots, hyphens or underscores inside it.")
    if confusables.is_mixed_script(name.replace("_", "").replace(".", "").replace("-", "")):
        return no("A name keeps to one alphabet, so that nobody is taken for somebody else.")
    if name_key(name) in _RESERVED_KEYS:
        return no("That name is kept for the house.")
    return YES


THROWN_AWAY = {
    "10minutemail.com", "10minutemail.net", "20minutemail.com", "33mail.com", "burnermail.io", "discard.email",
    "dispostable.com", "dropmail.me", "emailondeck.com", "fakeinbox.com", "fakemail.net", "getairmail.com", "getnada.com",
    "grr.la", "guerrillamail.biz", "guerrillamail.com", "guerrillamail.de", "guerrillamail.info", "guerrillamail.net",
    "guerrillamail.org", "guerrillamailblock.com", "inboxbear.com", "inboxkitten.com", "jetable.org", "mail-temp.com",
    "mail.tm", "mailcatch.com", "maildrop.cc", "mailinator.com", "mailinator.net", "mailnesia.com", "mailnull.com",
    "mailsac.com", "mintemail.com", "moakt.com", "mohmal.com", "mytemp.email", "nada.email", "sharklasers.com", "spam4.me",
    "spamgourmet.com", "temp-mail.io", "temp-mail.org", "tempail.com", "tempinbox.com", "tempmail.dev", "tempmail.net",
    "tempmailo.com", "tempr.email", "throwawaymail.com", "trashmail.com", "trashmail.de", "trashmail.me", "trashmail.net",
    "wegwerfmail.de", "yopmail.com", "yopmail.fr", "yopmail.net",
}  # fmt: skip
"""Domains that hand out mail addresses for some minutes; administrators add to them by a watch."""


def may_write_to(email: str, *, watched: Collection[str] = ()) -> Answer:
    """Whether a mail address serves a forgotten password: one that is gone in an hour does not."""
    parts = email.rpartition("@")[2].lower().split(".")
    if {".".join(parts[n:]) for n in range(len(parts))} & (THROWN_AWAY | set(watched)):
        return no("Mail addresses of this kind are not taken here: most are gone in an hour. Give another, or none.")
    return YES


def may_take_part(member: Standing | None) -> Answer:
    if member is None:
        return no("Create a free account or sign in to take part.")
    if member.banned_at:
        return no("Your account is closed to posting.")
    return YES


def may_post(member: Standing | None) -> Answer:
    if not (answer := may_take_part(member)):
        return answer
    assert member is not None
    if member.paused_until:
        return no(
            f"Juries hid several of your posts, so posting waits until {member.paused_until:%b} {member.paused_until.day}, "
            f"{member.paused_until:%H:%M} UTC. You can read, recommend and appeal meanwhile."
        )
    return YES


def may_post_in(member: Local | None, forum_id: int) -> Answer:
    """Whether a member may write in a forum, as far as it depends on who they are."""
    if not (answer := may_post(member)):
        return answer
    assert member is not None
    if block := member.blocked_from.get(str(forum_id)):
        until, reason = block
        return no(f"A host blocked you from this forum until {time.day(until, 'UTC')}: {reason}")
    return YES


def office_in(member: Local | None, forum_id: int) -> str:
    """The office in which a member may act in a forum; empty when they hold none there."""
    if may_administer(member):
        return "administrator"
    return HOST if member is not None and not member.banned_at and forum_id in member.host_of else ""


def may_claim(member: Claimable, *, granted: bool | None = None) -> Answer:
    """Whether an account can (still) be claimed, and a claim (`granted`: null while nobody has looked) be settled."""
    if not member.claimable:
        return no("This account has an owner already.")
    if granted is not None:
        return no("Somebody has settled this claim already.")
    return YES


def needs_second_factor(office: str) -> bool:
    """Whose office opens enough to want more than a password."""
    return office == "administrator"


def seals_at(office: str, since: datetime | None, *, has_second_factor: bool) -> datetime | None:
    """When this office closes to whoever holds it for want of a second factor; None: never. Who cannot show since when
    they hold it has no days of grace."""
    if has_second_factor or not needs_second_factor(office):
        return None
    return since + SECOND_FACTOR_GRACE if since else datetime.min.replace(tzinfo=UTC)


def may_administer(member: Officer | None) -> Answer:
    if member is not None and member.is_sealed and not member.banned_at:
        return no(SEALED)
    if member is None or not member.is_administrator or member.banned_at:
        return no("Only administrators can do this.")
    return YES


def may_reset_second_factor(officer: Officer, member: Officer) -> Answer:
    if officer == member:
        return no("Turn off your own under Your account, or have another administrator do it.")
    return may_administer(officer)


def may_ban(officer: Officer | None, member: Panelist) -> Answer:
    if not (answer := may_administer(officer)):
        return answer
    if member.is_administrator:
        return no("An administrator cannot be banned. Take the office away first.")
    if member.on_panel:
        return no("Nobody bans a member of the review panel, which reviews bans. Juries can end their service.")
    if member.banned_at:
        return no("This member is already banned.")
    return YES
