"""Watch lists and the night watch: what holds newcomers and spam for a while, in public and with an end."""

import secrets
from datetime import UTC, datetime, timedelta

from django.db import transaction

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.base.time import to_moment
from folkmoot.forums.models import Forum
from folkmoot.hosts import rules
from folkmoot.hosts.events import NightWatchBegun, NightWatchEnded, WatchBegun, WatchEnded
from folkmoot.hosts.queries import hosts_main
from folkmoot.ledger.rules.entries import salted
from folkmoot.members.models import Member, NightWatch, Watch
from folkmoot.members.rules import HOST, may_administer
from folkmoot.standards.events import CHARTER
from folkmoot.standards.queries import charter


@transaction.atomic
def begin_watch(*, by: Member, kind: str, pattern: str, days: int, reason: str) -> Watch:
    """Hold every post with these words, links or from this network, or take no mail of this domain at joining."""
    may_administer(by).or_refuse()
    now, salt = datetime.now(UTC), secrets.token_bytes(32)
    if Watch.objects.filter(kind=kind, pattern=pattern, ended_at=None, until__gt=now).exists():
        no("This is watched for already.").or_refuse()
    watch = Watch.objects.create(
        kind=kind, pattern=pattern, begun_at=now, until=now + timedelta(days=days), reason=reason, salt=salt
    )
    tell(WatchBegun(watch=kind, pattern_hash=_hash(watch), days=days, by=by.pk, office=by.office, reason=reason))
    return watch


@transaction.atomic
def end_watch(watch: Watch, *, by: Member, reason: str) -> None:
    may_administer(by).or_refuse()
    watch, now = Watch.objects.select_for_update(no_key=True).get(pk=watch.pk), datetime.now(UTC)
    if watch.ended_at or watch.until <= now:
        no("Nobody watches for this any more.").or_refuse()
    Watch.objects.filter(pk=watch.pk).update(ended_at=now)
    tell(WatchEnded(watch=watch.kind, pattern_hash=_hash(watch), by=by.pk, office=by.office, reason=reason))


def _hash(watch: Watch) -> str:
    return salted(bytes(watch.salt), watch.pattern.encode())


@transaction.atomic
def begin_night_watch(*, by: Member, hours: int, reason: str) -> None:
    """Nobody joins and newcomers' posts wait."""
    rules.may_keep_night_watch(by, hosts_main=hosts_main(by)).or_refuse()
    _begin(by.pk, _office(by), hours, reason)


@transaction.atomic
def begin_night_watch_by_itself(*, hours: int, reason: str) -> None:
    """So many accounts were made at once: nobody's act."""
    _begin(0, CHARTER, hours, reason)


def _begin(by: int, office: str, hours: int, reason: str) -> None:
    now = datetime.now(UTC)
    most = charter(to_moment(now)).night_watch_hours
    if hours > most:
        no(f"A night watch lasts at most {most} hours.").or_refuse()
    list(Forum.objects.select_for_update(no_key=True).order_by("pk")[:1])  # one begins it, whoever else presses the button
    if NightWatch.objects.filter(ended_at=None).exists():
        no("A night watch is being kept already.").or_refuse()
    NightWatch.objects.create(begun_at=now, until=now + timedelta(hours=hours), office=office, reason=reason)
    tell(NightWatchBegun(hours=hours, by=by, office=office, reason=reason))


@transaction.atomic
def end_night_watch(*, by: Member, reason: str) -> bool:
    """Before its time. Returns whether there was one."""
    rules.may_keep_night_watch(by, hosts_main=hosts_main(by)).or_refuse()
    watch = NightWatch.objects.select_for_update(no_key=True).filter(ended_at=None).first()
    if watch is not None:
        _end(watch, by.pk, _office(by), reason)
    return watch is not None


@transaction.atomic
def end_night_watch_by_itself() -> None:
    """Its time is over. Whoever comes second finds it done."""
    watch = NightWatch.objects.select_for_update(no_key=True).filter(ended_at=None, until__lte=datetime.now(UTC)).first()
    if watch is not None:
        _end(watch, 0, CHARTER, "Its time was over.")


def _end(watch: NightWatch, by: int, office: str, reason: str) -> None:
    NightWatch.objects.filter(pk=watch.pk).update(ended_at=datetime.now(UTC))
    tell(NightWatchEnded(by=by, office=office, reason=reason))


def _office(by: Member) -> str:
    return by.office if may_administer(by) else HOST
