"""What is read of the ledger: acts for its page and its feed, proofs, and whether all is well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, QuerySet

from folkmoot.base.events import Act
from folkmoot.base.paging import Cursor, Slice, cut
from folkmoot.base.time import to_datetime
from folkmoot.ledger import keys
from folkmoot.ledger.keys import NoKey
from folkmoot.ledger.log import FOLDER, RESTORED, Broken, Log, Progress, Tree, verify
from folkmoot.ledger.models import Head, OutboxEntry
from folkmoot.ledger.rules import entries, merkle
from folkmoot.ledger.rules.entries import Piece
from folkmoot.ledger.rules.notes import Checkpoint

PAGE_SIZE = 40
LATE = timedelta(minutes=5)
"""So long an act may wait for the log before it is a trouble."""

_CHUNK = 2000


@lru_cache(maxsize=1)
def acts() -> dict[str, type[Act]]:
    """Every kind of act that this program knows, by its name in the record."""

    def deeper(kind: type[Act]) -> Iterator[type[Act]]:
        for one in kind.__subclasses__():
            yield one
            yield from deeper(one)

    return {act.__name__: act for act in deeper(Act) if getattr(act, "sentence", "")}


def entry_of(row: OutboxEntry) -> bytes:
    """The row as it stands in the log."""
    return entries.entry(
        kind=row.kind, office=row.office, officer=row.officer, facts=row.facts, reason_hash=row.reason_hash,
        people_hash=row.people_hash, told_at=row.told_at,
    )  # fmt: skip


def pieces_of(row: OutboxEntry) -> list[Piece]:
    """The act, told. A kind that this program has forgotten is told by its name."""
    act = acts().get(row.kind)
    sentence = act.sentence if act else f"{{office}}: {row.kind}"
    return entries.pieces(sentence, row.facts, entries.officer_name(row.office, row.officer))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which acts; empty is any."""

    kind: str = ""
    office: str = ""
    forum_id: int | None = None


def page(chosen: Filter, cursor: Cursor, *, month_end: int | None = None) -> Slice[OutboxEntry]:
    """Acts by number, the newest first; with `month_end` from the last act before that moment on."""
    found = _chosen(chosen)
    if month_end is not None:
        before = found.filter(told_at__lt=to_datetime(month_end)).aggregate(last=Max("pk"))["last"]
        cursor = Cursor(before=(before or 0) + 1)
    return cut(found, cursor, PAGE_SIZE, by="pk", key=lambda row: row.pk)


def _chosen(chosen: Filter) -> QuerySet[OutboxEntry]:
    found = OutboxEntry.objects.select_related("reason")
    if chosen.kind:
        found = found.filter(kind=chosen.kind)
    if chosen.office:
        found = found.filter(office=chosen.office)
    return found if chosen.forum_id is None else found.filter(forum_id=chosen.forum_id)


def log() -> Log:
    return Log(Path(settings.DATA) / FOLDER)


def key_file() -> Path:
    return Path(settings.DATA) / keys.FILE


def served_file(path: str) -> bytes | None:
    """A file of the published log; None for what is none, or not published yet."""
    files = log()
    if path == "checkpoint":
        return files.note().encode() or None
    tile, head = merkle.tile_at(path), files.head()
    if tile is None or head is None or tile.width > merkle.tile_of(tile.level, tile.number, head.size).width:
        return None
    try:
        return files.read(path)
    except FileNotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands in the published log."""

    checkpoint: str
    index: int
    size: int
    entry: bytes
    leaf_hash: bytes
    path: Sequence[bytes]


def proof(row: OutboxEntry) -> Proof | None:
    """None while the act waits to be written there."""
    files = log()
    note, head = files.note(), files.head()
    if row.index is None or head is None or row.index >= head.size:
        return None
    tree = Tree(files.read, head.size)
    entry = tree.tile(-1, row.index // merkle.WIDTH)[row.index % merkle.WIDTH]
    path = merkle.inclusion(tree.node, row.index, head.size)
    return Proof(note, row.index, head.size, entry, merkle.leaf_hash(entry), path)


def consistency(old: int) -> tuple[str, Sequence[bytes]] | None:
    """The published checkpoint, and the proof that it goes on from an older one of that size."""
    files = log()
    note, head = files.note(), files.head()
    if head is None or not 0 < old <= head.size:
        return None
    return note, merkle.consistency(Tree(files.read, head.size).node, old, head.size)


def troubles(now: datetime | None = None) -> list[str]:
    """What keeps acts from being written into the log; a sentence each."""
    waiting = OutboxEntry.objects.filter(index=None).order_by("pk")
    first, kind = waiting.values_list("told_at", "kind").first() or (None, "")
    told = acts().get(kind)
    if first is None or (now or datetime.now(UTC)) - first < LATE + timedelta(hours=bool(told and told.rounded)):
        return []
    return [f"{waiting.count()} acts wait to be written into the ledger, the first since {first:%Y-%m-%d %H:%M} UTC. {_why()}"]


def _why() -> str:
    if (log().folder / RESTORED).exists():
        return "A backup was restored: folkmoot ledger reconcile says what to do."
    try:
        key = keys.read(key_file())
    except NoKey as why:
        return str(why)
    note = log().note()
    if note and keys.signed_by(note, key.verifier) is None:
        return "The file ledger_key is not the key that signed this ledger. Put the right one back."
    return "folkmoot serve writes them; its log says what keeps it."


def check(*, progress: Progress = lambda done, of: None) -> list[str]:
    """The whole log from scratch, and the database beside it; a sentence for each trouble."""
    known, files = Head.objects.first(), log()
    if known is None:
        return []
    head = keys.signed_by(files.note(), known.verifier)
    if head is None:
        return ["The ledger's checkpoint is missing, or not signed with the key that the database knows."]
    if head.size < known.size:
        return [f"The ledger's files hold {head.size} entries, the database knows of {known.size}."]
    try:
        verify(files.read, head, progress=progress)
    except (Broken, OSError) as why:
        return [f"The ledger does not verify: {why}"]
    return list(_compared(files, head, known))


def _compared(files: Log, head: Checkpoint, known: Head) -> Iterator[str]:
    """Whether each entry is its act, and each act has its entry."""
    rows = OutboxEntry.objects.exclude(index=None).select_related("reason").order_by("index")
    counted = rows.aggregate(count=Count("pk"), last=Max("index"))
    if counted["count"] != known.size or (counted["last"] or 0) != max(known.size - 1, 0):
        yield f"The database has {counted['count']} acts in the ledger and should have {known.size}."
    for pk in OutboxEntry.objects.filter(reason=None).values_list("pk", flat=True)[:20]:
        yield f"Act {pk} has lost the row of its reason."
    tree = Tree(files.read, head.size)
    for row in rows.exclude(reason=None).iterator(chunk_size=_CHUNK):
        assert row.index is not None
        if row.index >= head.size:
            yield f"Act {row.pk} has no entry in the ledger."
        elif tree.tile(-1, row.index // merkle.WIDTH)[row.index % merkle.WIDTH] != entry_of(row):
            yield f"Act {row.pk} is not what its entry in the ledger says."
        reason = row.reason
        if reason.redacted_by_id is None and entries.salted(bytes(reason.salt), reason.text.encode()) != row.reason_hash:
            yield f"The reason of act {row.pk} is not the one that the ledger has a hash of."
