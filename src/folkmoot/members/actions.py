"""Every change of an account: decide, write, tell."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from folkmoot.base.answers import YES, Answer, no
from folkmoot.base.events import tell
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.ledger.actions import OPERATOR
from folkmoot.members import events, rules
from folkmoot.members.models import Claim, Member, Notice, PrivateRead, Session, Watch

one_time = PasswordResetTokenGenerator()
"""A link's token: bound to the member, their password and last sign-in, so that it works once; three days."""


@transaction.atomic
def join(*, name: str, email: str = "", password: str | None = None, moment: datetime | None = None) -> Member:
    """Make an account. Without a password nobody can sign in until a one-time link sets one."""
    rules.may_be_named(name).or_refuse()
    may_take(name).or_refuse()
    member = Member(name=name, name_key=rules.name_key(name), email=email.lower(), joined_at=moment or _now())
    member.set_password(password)
    member.save(force_insert=True)
    tell(events.Joined(member_id=member.pk))
    return member


def watched_mail() -> list[str]:
    """Domains whose mail addresses are not taken at present."""
    running = Watch.objects.filter(kind=Watch.Kind.MAIL, ended_at=None, until__gt=_now())
    return list(running.values_list("pattern", flat=True))


def may_take(name: str) -> Answer:
    """Whether the name is free, and no look-alike of a member's."""
    if Member.objects.filter(name_key__in=rules.name_keys(name)).exists():
        return no("A member has this name already, or one that looks like it.")
    return YES


@transaction.atomic
def move_in(
    wanted: str, *, joined: datetime, email: str = "", about: str = "", claimable: bool = True,
    banned_at: datetime | None = None, ban_reason: str = "",
) -> Member:  # fmt: skip
    """An account of an old board. Nobody can sign in until its owner claims it; a name without an account is nobody's."""
    name = next(name for name in rules.names_near(wanted) if may_take(name))
    if email and Member.objects.with_email(email).exists():
        email = ""
    member = Member(
        name=name, name_key=rules.name_key(name), email=email.lower(), joined_at=joined, claimable=claimable,
        about=about[: rules.ABOUT_MAX], banned_at=banned_at, ban_reason=ban_reason[:2000],
    )  # fmt: skip
    member.set_unusable_password()
    member.save(force_insert=True)
    return member


@transaction.atomic
def describe(member: Member, *, about: str, zone: str, theme: str) -> None:
    """Change one's own profile text and comforts."""
    Member.objects.filter(pk=member.pk).update(about=about, zone=zone, theme=theme)
    tell(events.ProfileChanged(member_id=member.pk))


@transaction.atomic
def keep_reading(member: Member, *, view: str, highlight: str) -> None:
    """Have every thread open this way for this member, until they choose another."""
    Member.objects.filter(pk=member.pk).update(view=view, highlight=highlight)


@transaction.atomic
def ban(member: Member, *, by: Member, reason: str) -> None:
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    rules.may_ban(by, member).or_refuse()
    member.banned_at, member.ban_reason = _now(), reason
    member.save(update_fields=["banned_at", "ban_reason"])
    tell(events.MemberBanned(member_id=member.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def unban(member: Member, *, by: Member, reason: str) -> None:
    rules.may_administer(by).or_refuse()
    lift_ban(member, by=by, office=by.office, reason=reason)


@transaction.atomic
def lift_ban(member: Member, *, by: Member, office: str, reason: str) -> None:
    """Whoever calls this has asked whether they may."""
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if not member.banned_at:
        no("This member is not banned.").or_refuse()
    member.banned_at, member.ban_reason = None, ""
    member.save(update_fields=["banned_at", "ban_reason"])
    tell(events.MemberUnbanned(member_id=member.pk, by=by.pk, office=office, reason=reason))


@transaction.atomic
def pause(member: Member, *, until: datetime, office: str, reason: str) -> None:
    """What members decided together of somebody whose posts they hid: nobody's own act. A longer pause stays."""
    paused = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if paused.paused_until is None or paused.paused_until < until:
        Member.objects.filter(pk=member.pk).update(paused_until=until)
    tell(events.PostingPaused(member_id=member.pk, by=0, office=office, reason=reason))


@transaction.atomic
def unpause(now: datetime) -> int:
    """End the pauses that are over; returns how many."""
    return Member.objects.filter(paused_until__lte=now).update(paused_until=None)


@transaction.atomic
def end_pause(member_id: int) -> None:
    """What led to it has been undone."""
    Member.objects.filter(pk=member_id).update(paused_until=None)


@transaction.atomic
def call(member_ids: Iterable[int], what: Member.JuryCall) -> None:
    """Show a banner on every page of these members; news never takes the place of a summons."""
    asked = Member.objects.filter(pk__in=list(member_ids))
    (asked.exclude(jury_call=Member.JuryCall.SUMMONS) if what == Member.JuryCall.NEWS else asked).update(jury_call=what)


@transaction.atomic
def call_off(member_ids: Iterable[int]) -> None:
    """Nothing is asked of these members any more. News stay until they are read."""
    asked = Member.objects.filter(pk__in=list(member_ids), jury_call=Member.JuryCall.SUMMONS)
    asked.update(jury_call=Member.JuryCall.NOTHING)


@transaction.atomic
def hear_news(member: Member) -> None:
    """The member has opened the page that the banner leads to."""
    Member.objects.filter(pk=member.pk, jury_call=Member.JuryCall.NEWS).update(jury_call=Member.JuryCall.NOTHING)


@transaction.atomic
def revoke(member: Member, *, by: Member, office: str, reason: str) -> None:
    """Close a new account to posting. Whoever calls this has asked whether they may."""
    Member.objects.filter(pk=member.pk).update(banned_at=_now(), ban_reason=reason)
    tell(events.AccountRevoked(member_id=member.pk, by=by.pk, office=office, reason=reason))


@transaction.atomic
def reinstate(member: Member, *, by: Member, office: str, reason: str) -> None:
    """Undo that. Whoever calls this has asked whether they may."""
    Member.objects.filter(pk=member.pk).update(banned_at=None, ban_reason="")
    tell(events.AccountReinstated(member_id=member.pk, by=by.pk, office=office, reason=reason))


def link_for(member: Member) -> str:
    """The absolute one-time address at which this member sets a (new) password. Valid for three days."""
    uid = urlsafe_base64_encode(str(member.pk).encode())
    path = reverse("members:one_time", kwargs={"uid": uid, "token": one_time.make_token(member)})
    return f"{settings.PUBLIC_URL}{path}"


@transaction.atomic
def give_link(member: Member, *, by: Member, reason: str) -> str:
    """An administrator's one-time link: for a forgotten password, or for the owner of an account that moved in."""
    rules.may_administer(by).or_refuse()
    tell(events.LinkGiven(member_id=member.pk, by=by.pk, office=by.office, reason=reason))
    return link_for(member)


@transaction.atomic
def administrator_link(name: str | None) -> str:
    """The operator's own way in, from the command line: makes `name` an administrator (joining it if need be)."""
    name = name or "Administrator1"
    member = Member.objects.named(name).first()
    if member is None:
        rules.may_be_named(name).or_refuse()
        may_take(name).or_refuse()
        member = Member(name=name, name_key=rules.name_key(name), joined_at=_now())
        member.set_unusable_password()
    member.office, member.office_since = Member.Office.ADMINISTRATOR, member.office_since or _now()
    member.save()
    tell(events.MadeAdministrator(member_id=member.pk))
    return link_for(member)


@transaction.atomic
def reset_second_factor(member: Member, *, by: Member | None, reason: str) -> None:
    """For whoever lost the device and the recovery codes: the password alone opens the account again. Whoever is signed
    in as this member is signed out, and the member is told. `by` is None for the operator, at the command line."""
    if by is not None:
        rules.may_reset_second_factor(by, member).or_refuse()
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if not Authenticator.objects.filter(user_id=member.pk).delete()[0]:
        no("This member has no second step for signing in.").or_refuse()
    Session.objects.filter(member_id=member.pk).delete()
    office = by.office if by else OPERATOR
    tell(events.SecondFactorReset(member_id=member.pk, by=by.pk if by else 0, office=office, reason=reason))
    _note_reads([member], PrivateRead.What.FACTOR, office, reason)


@transaction.atomic
def set_password(member: Member, password: str) -> None:
    """By a one-time link; an account that moved in is now its owner's."""
    claimed = member.claimable
    member.set_password(password)
    member.claimable = False
    member.save(update_fields=["password", "claimable"])
    if claimed:
        tell(events.Claimed(member_id=member.pk))


@transaction.atomic
def begin_claim(member: Member) -> str:
    """Somebody wants to show that an account which moved in is theirs; returns the secret of their own page."""
    rules.may_claim(member).or_refuse()
    Claim.objects.filter(granted=None, where="", made_at__lt=_now() - timedelta(days=rules.CLAIM_DAYS)).delete()
    secret = secrets.token_urlsafe(24)
    Claim.objects.create(member=member, code=_code(), secret_hash=secret_hash(secret), made_at=_now())
    return secret


def _code() -> str:
    """Three groups of four signs that nobody mistakes for one another: 59 bits."""
    signs = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def show_claim(claim: Claim, *, where: str) -> None:
    """The claimer says where on the old board the code stands."""
    rules.may_claim(claim.member, granted=claim.granted).or_refuse()
    Claim.objects.filter(pk=claim.pk).update(where=where)


@transaction.atomic
def settle_claim(claim: Claim, *, by: Member, reason: str, granted: bool) -> None:
    """An administrator has looked at the old board. A granted claim's page opens the account, see `link_for`."""
    rules.may_administer(by).or_refuse()
    claim = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related("member").get(pk=claim.pk)
    rules.may_claim(claim.member, granted=claim.granted).or_refuse()
    claim.granted, claim.reason = granted, reason
    claim.save(update_fields=["granted", "reason"])
    event = events.ClaimGranted if granted else events.ClaimRefused
    tell(event(member_id=claim.member_id, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def seek_by_mail(asked: str, *, by: Member, reason: str) -> list[Member]:
    """Members with this mail address, or (`@spam.example`) of this domain. The act and those found are told."""
    rules.may_administer(by).or_refuse()
    folded = asked.strip().lower()
    match = "iendswith" if folded.startswith("@") else "iexact"
    has = Q(**{f"email__{match}": folded}) | Q(**{f"emailaddress__email__{match}": folded})
    found = list(Member.objects.filter(has).distinct().order_by("pk")[: rules.SOUGHT_MAX])
    tell(events.SoughtByMail(found_count=len(found), by=by.pk, office=by.office, reason=reason))
    _note_reads(found, PrivateRead.What.MAIL, by.office, reason)
    return found


@transaction.atomic
def seek_by_network(network: str, *, by: Member, reason: str) -> list[Member]:
    """Members with a session from this network. The act and those found are told."""
    rules.may_administer(by).or_refuse()
    ids = set(Session.objects.filter(network=network).values_list("member_id", flat=True)) - {None}
    found = list(Member.objects.filter(pk__in=sorted(filter(None, ids))[: rules.SOUGHT_MAX]).order_by("pk"))
    tell(events.SoughtByNetwork(found_count=len(found), by=by.pk, office=by.office, reason=reason))
    _note_reads(found, PrivateRead.What.NETWORK, by.office, reason)
    return found


@transaction.atomic
def read_private(member: Member, *, by: Member, reason: str) -> None:
    """Before a member's private data are shown to an officer: on the record, and the member is told."""
    rules.may_administer(by).or_refuse()
    tell(events.PrivateDataRead(member_id=member.pk, by=by.pk, office=by.office, reason=reason))
    _note_reads([member], PrivateRead.What.DATA, by.office, reason)


def _note_reads(found: list[Member], what: PrivateRead.What, office: str, reason: str) -> None:
    """On the account page, in a banner on the next page, and by mail where mail is set."""
    PrivateRead.objects.bulk_create(
        PrivateRead(member=member, what=what, office=office, reason=reason, read_at=_now()) for member in found
    )
    Member.objects.filter(pk__in=[member.pk for member in found]).update(has_unseen_reads=True)
    for member in found if settings.MAIL_URL else ():
        if member.email:
            text = f"The {office} {what.label}.\n\nThe reason: {reason}\n\nAll such reads: {settings.PUBLIC_URL}/account/\n"
            send_mail("An officer looked into your account, or changed how you sign in", text, None, [member.email])


@transaction.atomic
def inform(member_id: int, text: str, address: str = "") -> None:
    """Tell a member what was decided about them: on the account page, in a banner on the next page, by mail where mail is set."""
    Notice.objects.create(member_id=member_id, text=text[: rules.NOTICE_MAX], address=address, told_at=_now())
    Member.objects.filter(pk=member_id).update(has_unseen_notices=True)
    email = Member.objects.values_list("email", flat=True).get(pk=member_id) if settings.MAIL_URL else ""
    if email:
        where = f"\n\n{settings.PUBLIC_URL}{address}" if address else ""
        send_mail("Something was decided that concerns you", f"{text}{where}\n", None, [email])


@transaction.atomic
def see_notices(member: Member) -> None:
    """The member has seen the banner; the list on the account page stays."""
    Member.objects.filter(pk=member.pk).update(has_unseen_notices=False)


@transaction.atomic
def see_reads(member: Member) -> None:
    """The member has seen the banner; the list on the account page stays."""
    Member.objects.filter(pk=member.pk).update(has_unseen_reads=False)


def _now() -> datetime:
    return to_datetime(now_moment())
