"""What changes the ledger: the one writer of its log, a new key, a redacted reason."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from folkmoot.base.answers import no
from folkmoot.base.events import tell, touch
from folkmoot.ledger import keys
from folkmoot.ledger.events import LedgerKeyChanged, LedgerRestored, ReasonRedacted
from folkmoot.ledger.keys import Key, NoKey
from folkmoot.ledger.log import RESTORED, Broken, Tree
from folkmoot.ledger.models import Cosignature, Head, Officer, OutboxEntry, Reason
from folkmoot.ledger.queries import entry_of, key_file, log
from folkmoot.ledger.rules import entries, merkle, notes
from folkmoot.ledger.rules.entries import PEOPLE
from folkmoot.ledger.rules.notes import Checkpoint

BATCH = 512
"""Acts in one checkpoint."""

WITNESS_CLOCK = 60
"""Seconds by which a witness's clock may differ from ours."""

_ADVISORY = 0x6C656467
"""The number of PostgreSQL's lock, by which no second machine writes."""

OPERATOR = "operator"
"""The office of whoever may run commands on the machine; no member's."""


@transaction.atomic(savepoint=False)
def officer_number(member_id: int, office: str) -> int:
    """This member's stable number in that office; the next free one the first time."""
    found = Officer.objects.filter(member_id=member_id, office=office).first()
    if found is None:
        # an entry may be of an officer of whom this database knows nothing more: after a public export has moved in
        taken = (Officer.objects.filter(office=office).aggregate(last=Max("number"))["last"] or 0,
                 OutboxEntry.objects.filter(office=office).aggregate(last=Max("officer"))["last"] or 0)  # fmt: skip
        found = Officer.objects.create(member_id=member_id, office=office, number=max(taken) + 1)
    return found.number


@contextmanager
def _sole_writer(*, wait: bool) -> Iterator[bool]:
    """One process on this machine, and on PostgreSQL one among all machines, writes; False when another does."""
    with log().held(wait=wait) as is_ours:
        if not is_ours or connection.vendor != "postgresql":
            yield is_ours
            return
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_{'' if wait else 'try_'}advisory_lock(%s)", [_ADVISORY])
            is_free = cursor.fetchone()[0] is not False
            try:
                yield is_free
            finally:
                if is_free:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY])


def drain(*, wait: bool = False) -> int:
    """Write the acts that wait into the log, in order; returns how many. Idempotent, whatever interrupted it.

    Raises `NoKey`, `Broken` or `OSError` when it cannot; the acts wait then, and nothing else does.
    """
    if log().note() and not OutboxEntry.objects.filter(index=None).exists():
        return 0
    done = 0
    with _sole_writer(wait=wait) as is_free:
        if not is_free:
            return 0
        key = _key()
        head = _caught_up(key)
        while rows := _next():
            head = log().append(head, [entry_of(row) for row in rows], key.sign)
            _mark(rows, head, key)
            done += len(rows)
    return done


def begin() -> Key:
    """Make the key of a new community's ledger, which bears the name of its address for ever; or read the one that is here."""
    if not key_file().exists():
        keys.keep(keys.new(notes.origin_of(settings.PUBLIC_URL)), key_file())
    return keys.read(key_file())


def _key() -> Key:
    """The key; the first time a new one."""
    if (log().folder / RESTORED).exists():
        raise Broken("A backup was restored: the ledger waits for folkmoot ledger reconcile.")
    begun = bool(log().note()) or Head.objects.exists()
    return keys.read(key_file()) if begun else begin()


def _caught_up(key: Key) -> Checkpoint:
    """The head of the log, after whatever was cut short is done again and the database and the files agree."""
    published, known = log().head(), Head.objects.first()
    known_at = (known.size, bytes.fromhex(known.root)) if known else (0, merkle.EMPTY)
    if published is None:
        published = Checkpoint(key.origin, 0, merkle.EMPTY)
        if not known_at[0]:
            log().publish(key.sign(published))
            _mark([], published, key)
    elif keys.signed_by(log().note(), key.verifier) is None:
        raise NoKey(f"{key_file()} is not the key that signed this ledger. Put the right one back.")
    if cut_short := log().unfinished(published):
        published = log().append(published, cut_short, key.sign)
    if published.size < known_at[0]:
        published = _made_anew(published, known_at, key)
    if published.size > known_at[0]:
        _mark(_rows_of(log().entries(known_at[0], published.size)), published, key)
    elif published.root != known_at[1]:
        raise Broken("The files of the ledger are not those that the database knows. Nothing is added.")
    return published


def _made_anew(published: Checkpoint, known: tuple[int, bytes], key: Key) -> Checkpoint:
    """The files are older than the database: what is missing is written again, byte for byte, or not at all."""
    rows = OutboxEntry.objects.filter(index__gte=published.size).select_related("reason").order_by("index")
    again = list(rows)
    if [row.index for row in again] != list(range(published.size, known[0])):
        raise Broken("The files of the ledger are older than the database, which does not hold what is missing.")
    return log().append(published, [entry_of(row) for row in again], key.sign, known=known)


def _rows_of(written: Sequence[bytes]) -> list[OutboxEntry]:
    """The rows of entries that stand in the log and are not marked yet: a writer was ended between the two."""
    found: dict[bytes, OutboxEntry] = {}
    for row in OutboxEntry.objects.filter(index=None).select_related("reason").order_by("pk").iterator(chunk_size=BATCH):
        found[entry_of(row)] = row
        if len(found) >= len(written) and all(entry in found for entry in written):
            break
    if not all(entry in found for entry in written):
        raise Broken(
            "The ledger holds acts that the database does not know: an older database was put back. Nothing is added; "
            "see Back up, restore in docs/running.md."
        )
    return [found[entry] for entry in written]


def _next() -> list[OutboxEntry]:
    """The acts that wait, in order. Those of before the log get what their entry needs."""
    rows = list(OutboxEntry.objects.filter(index=None).select_related("reason").order_by("pk")[:BATCH])
    if any(PEOPLE & row.facts.keys() for row in rows):  # asked first, because a transaction takes SQLite's write lock
        _take_people_out(rows)
    return rows


@transaction.atomic
def _take_people_out(rows: Sequence[OutboxEntry]) -> None:
    for row in rows:
        if people := entries.taken_out(row.facts):
            row.reason.people, row.reason.people_salt = people, secrets.token_bytes(32)
            row.reason.save(update_fields=["people", "people_salt"])
            row.people_hash, row.forum_id = entries.people_hash(row.reason.people_salt, people), row.facts.get("forum_id")
            row.save(update_fields=["facts", "people_hash", "forum_id"])


@transaction.atomic
def _mark(rows: Sequence[OutboxEntry], head: Checkpoint, key: Key) -> None:
    """The database learns what stands in the log."""
    for index, row in enumerate(rows, head.size - len(rows)):
        row.index = index
    OutboxEntry.objects.bulk_update(rows, ["index"], batch_size=200)
    Head.objects.update_or_create(pk=1, defaults={"size": head.size, "root": head.root.hex(), "verifier": key.verifier})
    touch("ledger")


@transaction.atomic
def redact(act: OutboxEntry, *, by: int, office: str, reason: str) -> None:
    """Erase the words of an act's reason. Whoever calls this has asked whether they may."""
    kept = Reason.objects.select_for_update().get(entry=act)
    if not kept.salt:
        no("This reason is redacted already.").or_refuse()
    tell(ReasonRedacted(act_id=act.pk, by=by, office=office, reason=reason))
    kept.redacted_by = OutboxEntry.objects.get(kind=ReasonRedacted.__name__, facts__act_id=act.pk)
    kept.salt, kept.text = b"", ""
    kept.save(update_fields=["salt", "text", "redacted_by"])


def change_key(*, reason: str) -> Key:
    """Sign with a new key from now on. The act stands in the log, and the checkpoint of the change has both signatures."""
    try:
        old = keys.read(key_file())
        drain(wait=True)
    except NoKey:
        old = None  # lost: the new key speaks for itself
    head = log().head()
    new = keys.new(old.origin if old else head.origin if head else notes.origin_of(settings.PUBLIC_URL))
    _tell_key(new.public.hex(), reason)
    if old is not None:
        drain(wait=True)
    with _sole_writer(wait=True):
        head = log().head()
        if head is not None:
            log().publish(new.sign(head) if old is None else old.sign(head) + new.signature(head.text))
        keys.keep(new, key_file())
    drain(wait=True)
    return new


def reconcile(*, reason: str) -> int:
    """After a restore: go on from what the backup held, and say so in the log itself. Returns how many entries it held."""
    head = log().head()
    held = head.size if head else 0
    _tell_restored(held, reason)
    (log().folder / RESTORED).unlink(missing_ok=True)
    return held


@transaction.atomic
def _tell_key(new_key: str, reason: str) -> None:
    tell(LedgerKeyChanged(new_key=new_key, by=0, office=OPERATOR, reason=reason))


@transaction.atomic
def _tell_restored(held: int, reason: str) -> None:
    tell(LedgerRestored(entries=held, by=0, office=OPERATOR, reason=reason))


@transaction.atomic
def take_cosignature(note: str, *, now: datetime) -> Cosignature:
    """Keep that a witness has seen a checkpoint of ours; refused when it is none, or not from a witness whom we know."""
    head, files = keys.signed_by(note, keys.read(key_file()).verifier), log().head()
    if head is None or files is None or head.size > files.size:
        no("This is no checkpoint of this ledger.").or_refuse()
    assert head is not None
    assert files is not None
    if merkle.root(Tree(log().read, files.size).node, 0, head.size) != head.root:
        no("This is no checkpoint of this ledger.").or_refuse()
    witness, when = next(((w, t) for w in settings.WITNESSES if (t := keys.cosigned_by(note, w)) is not None), ("", 0))
    if not witness:
        no("No witness that this community knows has signed it.").or_refuse()
    if abs(now.timestamp() - when) > WITNESS_CLOCK:
        no(f"The clocks differ by more than {WITNESS_CLOCK} seconds. Set yours, and sign it again.").or_refuse()
    signed_at = datetime.fromtimestamp(when, UTC)
    return Cosignature.objects.get_or_create(size=head.size, witness=witness, defaults={"signed_at": signed_at, "note": note})[0]
