"""What the clock does: pools, draws, summonses, seats and deadlines. Every step is of one jury, in its own transaction with the
jury's row held, and does nothing the second time: whichever of several workers comes first does it."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.base.time import to_moment
from folkmoot.juries import beacon, pools, rules
from folkmoot.juries.actions.decide import decide, give_up, hand_over
from folkmoot.juries.actions.record import newest_entry
from folkmoot.juries.actions.serve import is_party, settle_calls
from folkmoot.juries.events import JURY, JurorsSummoned, PoolPublished
from folkmoot.juries.models import Case, Jury, JuryBlock, OptedOut, Pool, Seat
from folkmoot.juries.queries.cases import leaf_hash_of
from folkmoot.juries.queries.ladder import out_of_service
from folkmoot.ledger.queries import log
from folkmoot.ledger.rules import merkle
from folkmoot.members.models import Member
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Edition
from folkmoot.standards.rules import Charter, Size

FRESH = timedelta(hours=36)
"""A draw is from a pool no older than this."""

BLOCKS_BEFORE = timedelta(days=7)
"""Whom an author keeps off counts when it was so this long before the post."""


@transaction.atomic
def make_pool(now: datetime) -> Pool | None:
    """The day's pool, published with its root before anything is drawn from it; None when it is there already."""
    epoch = rules.epoch(now)
    if Pool.objects.filter(epoch=epoch).exists():
        return None
    try:
        edition = standards.edition_at(to_moment(now))
    except Edition.DoesNotExist:
        return None
    numbers = edition.numbers
    gone = set(OptedOut.objects.values_list("member", flat=True)) | out_of_service(now, numbers)
    able = set(standards.eligible(now, numbers, recent=False)) - gone
    here = [pk for pk in standards.eligible(now, numbers) if pk not in gone]
    n, root = pools.make(epoch, here)
    pool = Pool.objects.create(
        epoch=epoch, made_at=now, rule=edition.number, n=n, root=root.hex(), size=numbers.size(len(able)).value
    )
    tell(PoolPublished(epoch=epoch, rule=edition.number, n=n, root=root.hex(), by=0, office=JURY, reason=""))
    Pool.objects.filter(pk=pool.pk).update(entry=newest_entry("PoolPublished", epoch=epoch))
    return pool


@transaction.atomic
def destroy_keys(now: datetime) -> int:
    """Destroy the keys of the days whose cases are all final, and who sat on them; returns how many days. Counters stay."""
    done = 0
    for pool in Pool.objects.filter(made_at__lt=now - FRESH, destroyed_at=None):
        juries = Jury.objects.filter(pool=pool).select_related("case__charter")
        if any(not _is_final(jury, now) for jury in juries):
            continue
        Seat.objects.filter(jury__in=juries).update(member=None)
        Pool.objects.filter(pk=pool.pk).update(destroyed_at=now)
        pools.destroy(pool.epoch, keep_tokens=bool(juries))
        done += 1
    return done


def _is_final(jury: Jury, now: datetime) -> bool:
    """Whether nothing can be asked of it any more: its verdict stands in the ledger, and no appeal can come."""
    case = jury.case
    waiting = case.juries.filter(verdict=None).exclude(seats=0, decided_at__isnull=False)  # those were never drawn
    if jury.verdict_id is None or case.closed_at is None or waiting.exists():
        return False
    is_appealed = case.juries.filter(kind=Jury.Kind.APPEAL).exists()
    return is_appealed or now >= case.closed_at + timedelta(days=case.charter.numbers.appeal_days)


def unfinished() -> list[Jury]:
    """Juries that still wait for something of the clock."""
    waiting = Jury.objects.filter(decided_at=None, panel_at=None)
    return list(waiting.select_related("case__charter", "case__post", "case__act", "opening").order_by("pk"))


def step(jury: Jury, now: datetime) -> None:
    """One jury's next step, if there is one. Asked before it is done: a transaction takes SQLite's write lock."""
    if jury.case.is_removed:
        give_up(jury, now=now)
    elif jury.deadline and now >= jury.deadline:
        decide(jury, now=now)
    elif not jury.seats:
        prepare(jury, now)
    elif jury.kind != Jury.Kind.OFFICERS:
        if not jury.seed:
            value = _value(jury, now)
            if value is None:
                return
            draw(jury, value, now)
        if _todo(jury, now).is_something:
            walk(jury, now)


def _todo(jury: Jury, now: datetime) -> rules.Steps:
    charter = jury.case.charter.numbers
    minutes = charter.threat_minutes if jury.case.in_danger else charter.summons_minutes
    return rules.steps(
        list(Seat.objects.filter(jury=jury).order_by("position")), start=jury.start, seats=jury.seats, now=now,
        answer=timedelta(minutes=minutes), vote=timedelta(hours=charter.vote_hours), walked=jury.walked,
    )  # fmt: skip


@transaction.atomic
def prepare(jury: Jury, now: datetime) -> None:
    """Find the pool that it is drawn from, its seats, and who is left out; or wait, and say so."""
    jury = Jury.objects.select_for_update(no_key=True, of=("self",)).select_related("case__charter", "case__post").get(pk=jury.pk)
    if jury.seats or jury.decided_at or jury.panel_at:
        return
    case, charter = jury.case, jury.case.charter.numbers
    pool = Pool.objects.filter(made_at__gt=now - FRESH, destroyed_at=None, entry__index__isnull=False).order_by("-epoch").first()
    if pool is None or not pools.is_there(pool.epoch):
        return
    is_appeal = jury.kind == Jury.Kind.APPEAL
    if pool.size == Size.NONE.value and not is_appeal:
        jury.kind, jury.seats, jury.needs = Jury.Kind.OFFICERS, 2, 2
        jury.deadline, jury.stirred_at = now + timedelta(hours=charter.case_hours), now
        jury.save(update_fields=["kind", "seats", "needs", "deadline", "stirred_at"])
        return
    seats, needs = _seats(charter, pool, is_appeal=is_appeal, is_hidden=case.state == Case.State.HIDDEN)
    out, resting = _left_out(jury, now), _resting(now, charter)
    places = {pk: index for pk in out | resting if (index := pools.index_of(pool.epoch, pk)) is not None}
    if pool.n - len(places) < rules.ASKED_AT_ONCE * seats:
        places = {pk: index for pk, index in places.items() if pk in out}
    if pool.n - len(places) < seats:
        if is_appeal and now >= jury.asked_at + timedelta(hours=charter.case_hours):
            hand_over(jury, now=now)
        return
    jury.counted = {"alerts": case.alerts.count(), "replies": case.post.replies.count()}
    count = 1 + 2 * charter.blocked_jurors + sum(jury.counted.values()) + _seats_since(now, charter)
    if is_appeal:
        count += heard.walked if (heard := _heard(case)) else 0
    tokens = [pools.token_at(pool.epoch, index) for index in sorted(places.values())]
    tokens += [secrets.token_bytes(32) for _ in range(max(count - len(tokens), 0))]
    leaves = sorted(secrets.token_bytes(16) + token for token in tokens)
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    jury.pool, jury.seats, jury.needs, jury.stirred_at = pool, seats, needs, now
    jury.excluded = [leaf.hex() for leaf in leaves]
    jury.excluded_root = merkle.root(merkle.of_hashes(hashes), 0, len(hashes)).hex()
    jury.save(update_fields=["pool", "seats", "needs", "counted", "excluded", "excluded_root", "stirred_at"])


def _seats(charter: Charter, pool: Pool, *, is_appeal: bool, is_hidden: bool) -> tuple[int, int]:
    """Seats, and votes to hide (or, on appeal, to keep hidden)."""
    if pool.size == Size.FULL.value:
        if is_appeal:
            return charter.appeal_seats, charter.appeal_keep if is_hidden else charter.appeal_hide
        return charter.seats, charter.hide_needs
    if is_appeal:
        return charter.small_appeal_seats, charter.small_appeal_keep if is_hidden else charter.small_appeal_hide
    return charter.small_seats, charter.small_hide


def _left_out(jury: Jury, now: datetime) -> set[int]:
    """Who takes sides, or is kept off; and at an appeal whoever was asked before."""
    case = jury.case
    before = case.post.moment // 1_000_000
    by_then = datetime.fromtimestamp(before, UTC) - BLOCKS_BEFORE
    alerters = list(case.alerts.filter(member__isnull=False).order_by("pk").values_list("member", flat=True))
    out = {case.author_id, *alerters, *case.post.replies.values_list("author", flat=True)}
    out |= set(_blocked_by(case.author_id, by_then, case.charter.numbers))
    if alerters:
        shared = set.intersection(*(set(_blocked_by(pk, by_then, case.charter.numbers)) for pk in alerters))
        out |= {pk for pk in _blocked_by(alerters[0], by_then, case.charter.numbers) if pk in shared}
    if jury.kind == Jury.Kind.APPEAL and (heard := _heard(case)):
        walked = heard.places.filter(position__lt=heard.walked, member__isnull=False)
        out |= set(walked.values_list("member", flat=True))
    return out


def _heard(case: Case) -> Jury | None:
    """The jury whose verdict an appeal hears again."""
    return case.juries.filter(kind__in=(Jury.Kind.FIRST, Jury.Kind.AGAIN), opening__isnull=False).order_by("-pk").first()


def _blocked_by(member_id: int, by_then: datetime, charter: Charter) -> list[int]:
    rows = (
        JuryBlock.objects.filter(member=member_id, made_at__lte=by_then).exclude(ended_at__lte=by_then).order_by("made_at", "pk")
    )
    return list(rows.values_list("blocked", flat=True)[: charter.blocked_jurors])


def _resting(now: datetime, charter: Charter) -> set[int]:
    """Who sat on a jury of late."""
    since = now - timedelta(hours=charter.rest_hours)
    return set(Seat.objects.filter(seated_at__gt=since, member__isnull=False).values_list("member", flat=True))


def _seats_since(now: datetime, charter: Charter) -> int:
    """How many seats were taken of late: as everybody can count them in the ledger."""
    return Seat.objects.filter(seated_at__gt=now - timedelta(hours=charter.rest_hours)).count()


def _value(jury: Jury, now: datetime) -> beacon.Value | None:
    """The randomness, once its entry is in the log and the round is there. It may ask the network: never in a transaction."""
    if jury.opening is None or jury.opening.index is None:
        return None
    return beacon.value(jury.source, jury.round or 0, now)


@transaction.atomic
def draw(jury: Jury, value: beacon.Value, now: datetime) -> None:
    """Fix the order: from here on nobody chooses anything."""
    held = Jury.objects.select_for_update(no_key=True, of=("self",)).select_related("pool", "opening", "case__charter")
    jury, head = held.get(pk=jury.pk), log().head()
    if jury.seed or head is None:
        return
    assert jury.pool is not None
    assert jury.opening is not None
    assert jury.opening.index is not None
    seed = rules.seed(
        origin=head.origin, case=jury.opening.index, leaf_hash=leaf_hash_of(jury), root=bytes.fromhex(jury.pool.root),
        n=jury.pool.n, source=jury.source, round_number=jury.round or 0, randomness=value.randomness,
    )  # fmt: skip
    jury.seed, jury.randomness, jury.signature = seed.hex(), value.randomness.hex(), value.signature.hex()
    jury.drawn_at = jury.stirred_at = now
    jury.deadline = now + timedelta(hours=jury.case.charter.numbers.case_hours)
    jury.save(update_fields=["seed", "randomness", "signature", "drawn_at", "deadline", "stirred_at"])


@transaction.atomic
def walk(jury: Jury, now: datetime) -> None:
    """Seat whoever is next in rank, and ask more while there are empty seats."""
    jury = (
        Jury.objects.select_for_update(no_key=True, of=("self",))
        .select_related("pool", "case__charter", "case__post")
        .get(pk=jury.pk)
    )
    if jury.decided_at:
        return
    todo = _todo(jury, now)
    places = list(Seat.objects.filter(jury=jury).order_by("position"))
    changed = [place for place in places if place.position in todo.silent or place.position in todo.seat]
    for place in changed:
        if place.position in todo.silent:
            place.state, place.left_at = Seat.State.SILENT, now
        else:
            place.state, place.seated_at = Seat.State.SEATED, now
    settled = [place for place in places if place.position < todo.walked and place.settled_at is None]
    for place in settled:
        place.settled_at = now
    if changed or settled:
        Seat.objects.bulk_update(
            {p.pk: p for p in (*changed, *settled)}.values(), ["state", "left_at", "seated_at", "settled_at"]
        )
    asked = _ask(jury, todo.summon, now) if todo.summon else []
    if asked:
        tell(JurorsSummoned(jury_id=jury.pk, member_ids=tuple(sorted(asked))))
    if changed or asked or todo.walked != jury.walked:
        Jury.objects.filter(pk=jury.pk).update(walked=todo.walked, stirred_at=now)
    settle_calls([pk for pk in (*(p.member_id for p in changed), *asked) if pk is not None])


def _ask(jury: Jury, count: int, now: datetime) -> list[int]:
    """Summon so many more, in the order of the draw; returns whom. Nobody is left out silently."""
    excluded = {leaf[32:]: leaf[:32] for leaf in jury.excluded}
    made: list[Seat] = []
    asked: list[int] = []
    if jury.pool is None or not pools.is_there(jury.pool.epoch):
        return []  # it ends at its deadline, by whoever sits
    for position, index in _rest_of_order(jury):
        if len(asked) == count:
            break
        token, member = pools.token_at(jury.pool.epoch, index).hex(), pools.member_at(jury.pool.epoch, index)
        place = Seat(jury=jury, position=position, index=index, token=token, member_id=member, state=Seat.State.SUMMONED)
        if token in excluded:
            place.state, place.salt, place.member_id = Seat.State.EXCLUDED, excluded[token], None
        elif is_party(jury.case, member) or not _still_may(member):
            place.state, place.answered_at, place.left_at = Seat.State.DECLINED, now, now
        else:
            place.summoned_at = now
            asked.append(member)
        made.append(place)
    Seat.objects.bulk_create(made)
    return asked


def _rest_of_order(jury: Jury) -> Iterator[tuple[int, int]]:
    """Positions not walked yet, each with its index in the pool."""
    assert jury.pool is not None
    last = Seat.objects.filter(jury=jury).order_by("-position").values_list("position", flat=True).first()
    first = jury.start if last is None else last + 1
    return islice(enumerate(rules.order(bytes.fromhex(jury.seed), jury.pool.n)), first, None)


def _still_may(member_id: int) -> bool:
    """Not banned since the pool was made, and still willing."""
    return (
        Member.objects.filter(pk=member_id, banned_at=None, paused_until=None).exists()
        and not OptedOut.objects.filter(member=member_id).exists()
    )
