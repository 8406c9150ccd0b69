"""A decided case, put together for whoever wants to check it: rules.bundle, of the rows."""

from django.db.models import F
from django.http import Http404

from folkmoot.juries import pools
from folkmoot.juries.models import Jury, Seat
from folkmoot.juries.queries.cases import chain_entry, exhibits_now, witnessed
from folkmoot.juries.rules import Exhibit, content
from folkmoot.juries.rules.bundle import Case, Content, Counted, Opening, Vote, Walked, Witnessed, bundle
from folkmoot.juries.rules.pool import Exclusions
from folkmoot.ledger.log import Tree
from folkmoot.ledger.models import OutboxEntry
from folkmoot.ledger.queries import entry_of, log


def bundle_of(case_id: int, kind: str, *, with_content: bool) -> bytes:
    """`with_content`: whether the reader may have what was judged. 404 until the verdict is in the ledger, for a jury that was
    not drawn, and once the day's key is gone."""
    jury = (
        Jury.objects.filter(case=case_id, kind=kind, verdict__index__isnull=False, pool__isnull=False)
        .select_related("pool__entry", "case__post", "case__act", "case__charter", "opening")
        .first()
    )
    head = log().head()
    if jury is None or jury.pool is None or head is None or not pools.is_there(jury.pool.epoch):
        raise Http404
    second = Jury.objects.filter(case=case_id, kind=Jury.Kind.SECOND, opening=jury.opening, verdict__index__isnull=False).first()
    heard = [jury] if second is None else [jury, second]
    seats = list(Seat.objects.filter(jury__in=heard, position__lt=F("jury__walked")).select_related("vote").order_by("position"))
    exclusions = Exclusions(bytes.fromhex(leaf) for leaf in jury.excluded)
    case, numbers = jury.case, jury.case.charter.numbers
    judged = [Exhibit(**one) for one in case.content]
    is_whole = not case.words_are_gone and judged == exhibits_now(case)
    return bundle(
        Case(
            checkpoint=log().note(), log=Tree(log().read, head.size), entries=_entries(heard, seats),
            randomness=bytes.fromhex(jury.randomness), signature=bytes.fromhex(jury.signature),
            pool=pools.tree(jury.pool.epoch), walked=[_walked(seat, exclusions) for seat in seats], exclusions=exclusions,
            votes=[
                Vote(position=s.position, choice=s.vote.choice, standard=s.vote.standard, nonce=bytes(s.vote.nonce))
                for s in seats
                if hasattr(s, "vote") and s.vote.entry_id
            ],
            counted=Counted(
                **jury.counted, blocked_jurors=numbers.blocked_jurors, rest_hours=numbers.rest_hours,
                case_hours=numbers.case_hours,
            ),
            content=Content(salt=bytes(case.salt), text=content(judged).decode())
            if with_content and is_whole
            else None,
            witnessed=_witnessed(jury),
        )
    )  # fmt: skip


def _witnessed(jury: Jury) -> Witnessed | None:
    found = witnessed(jury)
    return Witnessed(checkpoint=found.note, log=Tree(log().read, found.size)) if found else None


def _walked(seat: Seat, exclusions: Exclusions) -> Walked:
    opening = None
    if seat.state == Seat.State.EXCLUDED:
        salt = bytes.fromhex(seat.salt)
        opening = Opening(salt=salt, leaf=exclusions.place(salt + bytes.fromhex(seat.token)))
    return Walked(position=seat.position, index=seat.index, token=bytes.fromhex(seat.token), excluded=opening)


def _entries(heard: list[Jury], seats: list[Seat]) -> dict[int, bytes]:
    """By their index: pool and chain, the case, and what its juries told."""
    first = heard[0]
    assert first.pool is not None
    wanted: set[int | None] = {
        first.pool.entry_id,
        first.opening_id,
        chain_entry(first.source),
        *(jury.verdict_id for jury in heard),
    }
    wanted |= {entry for seat in seats for entry in (seat.taken_id, seat.refused_id, _vote_entry(seat))}
    rows = OutboxEntry.objects.filter(pk__in=[pk for pk in wanted if pk is not None], index__isnull=False)
    return {row.index: entry_of(row) for row in rows if row.index is not None}


def _vote_entry(seat: Seat) -> int | None:
    return seat.vote.entry_id if hasattr(seat, "vote") else None
