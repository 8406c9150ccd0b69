"""The log on disk, written from the outbox: in order, once, and never over what was published."""

import json
import shutil
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from folkmoot.base.events import tell
from folkmoot.ledger import actions, keys, queries
from folkmoot.ledger.keys import NoKey
from folkmoot.ledger.log import Broken, Log, Tree, verify
from folkmoot.ledger.models import Head, OutboxEntry, Reason
from folkmoot.ledger.rules import merkle, notes
from folkmoot.threads.events import ThreadLocked, ThreadPinned


@transaction.atomic
def act(number: int, kind: type = ThreadLocked) -> None:
    tell(kind(thread_id=number, forum_id=1, by=1, office="administrator", reason=f"Reason {number}"))


@transaction.atomic
def many(first: int, end: int) -> None:
    for number in range(first, end):
        tell(ThreadPinned(thread_id=number, forum_id=1, by=1, office="administrator", reason=f"Reason {number}"))


def key() -> keys.Key:
    return keys.read(actions.key_file())


def scratch() -> notes.Checkpoint:
    """What somebody finds who has the files and the public key."""
    head = keys.signed_by(actions.log().note(), key().verifier)
    assert head is not None
    verify(actions.log().read, head)
    return head


def root_at(size: int) -> bytes:
    """The hash over the first so many entries of the published log."""
    return merkle.root(Tree(actions.log().read, scratch().size).node, 0, size)


def test_acts_are_written_in_their_order(db):
    many(0, 3)
    assert actions.drain() == 3
    assert scratch().size == 3
    found = [json.loads(entry) for entry in actions.log().entries(0, 3)]
    assert [entry["facts"]["thread_id"] for entry in found] == [0, 1, 2]
    assert list(OutboxEntry.objects.order_by("pk").values_list("index", flat=True)) == [0, 1, 2]
    assert actions.drain() == 0
    assert queries.check() == []


def test_the_log_begins_empty_and_its_key_is_its_owners_alone(db):
    actions.drain()
    assert scratch() == notes.Checkpoint("127.0.0.1:8000/ledger", 0, merkle.EMPTY)
    assert actions.key_file().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("steps", [[255, 256, 257], [1, 2, 300, 513], [512, 520], [600]])
def test_a_log_of_any_size_verifies_and_goes_on_from_every_earlier_one(db, steps):
    heads = []
    for before, size in zip([0, *steps], steps, strict=False):
        many(before, size)
        actions.drain()
        heads.append(scratch())
    last = heads[-1]
    for head in heads:
        found = queries.consistency(head.size)
        assert found is not None
        assert merkle.goes_on(found[1], head.size, head.root, last.size, last.root)
        assert Tree(actions.log().read, head.size).root() == head.root, "an older reader's tiles are gone"
    for row in OutboxEntry.objects.filter(index__in=[0, 254, 255, 256, 512, last.size - 1]):
        proof = queries.proof(row)
        assert proof is not None
        assert merkle.includes(proof.path, proof.leaf_hash, proof.index, proof.size, last.root)
    assert queries.check() == []


def test_a_part_of_a_tile_goes_when_the_whole_is_there(db):
    many(0, 10)
    actions.drain()
    assert (actions.log().folder / "tile/0/000.p/10").exists()
    many(10, 256)
    actions.drain()
    assert not (actions.log().folder / "tile/0/000.p").exists()
    assert not (actions.log().folder / "tile/entries/000.p").exists()


def test_an_act_is_written_once_when_the_writer_ends_before_it_marks_it(db):
    many(0, 5)
    actions.drain()
    OutboxEntry.objects.filter(index__gte=3).update(index=None)
    head = actions.log().head()
    Head.objects.update(size=3, root=root_at(3).hex())
    act(5)
    assert actions.drain() == 1
    assert scratch().size == 6
    assert list(OutboxEntry.objects.order_by("pk").values_list("index", flat=True)) == [0, 1, 2, 3, 4, 5]
    assert root_at(5) == head.root
    assert queries.check() == []


class Pulled(Exception):
    """The power goes."""


def test_an_append_that_was_cut_short_is_done_again_exactly_so(db):
    """So that a tile that somebody has fetched is never another one later."""
    many(0, 2)
    actions.drain()
    log, head = actions.log(), actions.log().head()
    many(2, 5)
    rows = list(OutboxEntry.objects.filter(index=None).select_related("reason"))

    def no_power(new):
        raise Pulled

    with pytest.raises(Pulled):
        log.append(head, [queries.entry_of(row) for row in rows[:2]], no_power)
    tile = log.read("tile/0/000.p/4")
    assert log.head() == head
    assert queries.served_file("tile/0/000.p/4") is None, "it is not published"
    assert queries.served_file("tile/0/000.p/2") is not None
    act(5)
    assert actions.drain() == 2
    assert log.read("tile/0/000.p/4") == tile
    assert scratch().size == 6
    assert queries.check() == []


def test_files_older_than_the_database_are_made_anew_byte_for_byte(db):
    many(0, 2)
    actions.drain()
    folder = actions.log().folder
    shutil.copytree(folder, settings.DATA / "older")
    many(2, 300)
    actions.drain()
    head = scratch()
    shutil.rmtree(folder)
    (settings.DATA / "older").rename(folder)
    assert queries.check() == ["The ledger's files hold 2 entries, the database knows of 300."]
    act(300)
    actions.drain()
    assert scratch().size == 301
    assert root_at(300) == head.root
    assert queries.check() == []


def test_files_that_would_be_made_anew_otherwise_are_not_signed(db):
    many(0, 3)
    actions.drain()
    shutil.rmtree(actions.log().folder)
    OutboxEntry.objects.filter(index=1).update(officer=9)
    act(3)
    with pytest.raises(Broken, match="not the one that was published"):
        actions.drain()
    assert actions.log().note() == ""


def test_a_database_older_than_its_log_may_not_go_on(db):
    """What a restore of an old database brings about: the log would fork."""
    many(0, 5)
    actions.drain()
    head = scratch()
    Reason.objects.filter(entry__index__gte=3).delete()
    OutboxEntry.objects.filter(index__gte=3).delete()
    Head.objects.update(size=3, root=root_at(3).hex())
    act(99)
    with pytest.raises(Broken, match="an older database was put back"):
        actions.drain()
    assert scratch() == head


def test_tiles_that_were_changed_are_found_and_nothing_is_signed_over_them(db):
    many(0, 3)
    actions.drain()
    tile = actions.log().folder / "tile/0/000.p/3"
    tile.write_bytes(tile.read_bytes()[:32] + bytes(32) + tile.read_bytes()[64:])
    assert ["does not verify" in trouble for trouble in queries.check()] == [True]
    act(3)
    with pytest.raises(Broken, match="not those of its checkpoint"):
        actions.drain()


@pytest.mark.parametrize("change", [
    {"kind": "ThreadPinned"}, {"office": "host"}, {"officer": 2}, {"facts": {"thread_id": 8, "forum_id": 1}}, {"reason_hash": "0" * 64}, {"people_hash": "0" * 64},
])  # fmt: skip
def test_an_act_that_was_changed_in_the_database_is_found(db, change):
    act(1)
    actions.drain()
    OutboxEntry.objects.update(**change)
    assert "Act 1 is not what its entry in the ledger says." in queries.check()


def test_a_reason_that_was_changed_and_an_act_that_was_taken_away_are_found(db):
    many(0, 2)
    actions.drain()
    Reason.objects.filter(entry=1).update(text="Another")
    assert queries.check() == ["The reason of act 1 is not the one that the ledger has a hash of."]
    Reason.objects.all().delete()
    assert "Act 2 has lost the row of its reason." in queries.check()
    OutboxEntry.objects.filter(pk=2).delete()
    assert any("should have 2" in trouble for trouble in queries.check())


def test_without_its_key_acts_wait_and_it_is_said(db):
    act(1)
    actions.drain()
    actions.key_file().unlink()
    act(2)
    with pytest.raises(NoKey, match="missing"):
        actions.drain()
    keys.keep(keys.new("127.0.0.1:8000/ledger"), actions.key_file())
    with pytest.raises(NoKey, match="not the key that signed"):
        actions.drain()
    OutboxEntry.objects.update(told_at="2026-01-01T00:00:00Z")
    assert any("1 acts wait" in trouble and "not the key" in trouble for trouble in queries.troubles())


def test_whoever_is_not_to_be_timed_is_told_by_the_hour(db, monkeypatch):
    monkeypatch.setattr(ThreadPinned, "rounded", True)
    with transaction.atomic():
        tell(ThreadPinned(thread_id=1, forum_id=1, by=0, office="jury", reason=""))
    row = OutboxEntry.objects.get()
    assert (row.told_at.minute, row.told_at.second, row.told_at.microsecond) == (0, 0, 0)
    assert queries.troubles(row.told_at + timedelta(minutes=64)) == []
    assert len(queries.troubles(row.told_at + timedelta(minutes=66))) == 1


def test_a_new_key_is_an_act_signed_by_the_old_one(db):
    many(0, 2)
    actions.drain()
    old, before = key(), actions.log().head()
    new = actions.change_key(reason="The old one was on a stolen disk.")
    assert key().verifier == new.verifier != old.verifier
    note = actions.log().note()
    assert keys.signed_by(note, old.verifier) == keys.signed_by(note, new.verifier) != None  # noqa: E711
    entry = json.loads(actions.log().entries(2, 3)[0])
    assert (entry["t"], entry["facts"]["new_key"]) == ("LedgerKeyChanged", new.public.hex())
    act(3)
    actions.drain()
    assert keys.signed_by(actions.log().note(), old.verifier) is None
    proof = queries.consistency(before.size)
    head = scratch()
    assert proof is not None
    assert merkle.goes_on(proof[1], before.size, before.root, head.size, head.root)
    assert queries.check() == []


def test_a_lost_key_is_replaced_and_the_log_goes_on(db):
    many(0, 2)
    actions.drain()
    actions.key_file().unlink()
    new = actions.change_key(reason="Lost.")
    assert scratch().size == 3
    assert keys.signed_by(actions.log().note(), new.verifier) is not None
    assert queries.check() == []


def test_a_redacted_reason_is_gone_and_the_log_stays_whole(db):
    act(1)
    actions.drain()
    head = actions.log().head()
    actions.redact(OutboxEntry.objects.get(), by=1, office="administrator", reason="It named a street.")
    actions.drain()
    kept = Reason.objects.get(entry=1)
    assert (kept.text, bytes(kept.salt), kept.redacted_by_id) == ("", b"", 2)
    now = scratch()
    proof = queries.consistency(1)
    assert proof is not None
    assert merkle.goes_on(proof[1], 1, head.root, now.size, now.root)
    assert queries.check() == []


def test_acts_of_before_the_log_get_what_their_entries_need(db, village):
    """The founding's outbox had everybody among the facts, and no column for the forum."""
    for reason in Reason.objects.select_related("entry"):
        reason.entry.facts |= reason.people
        reason.people, reason.people_salt, reason.entry.people_hash, reason.entry.forum_id = {}, b"", "", None
        reason.entry.save()
        reason.save()
    assert "member_id" in str(list(OutboxEntry.objects.values("facts")))
    assert actions.drain() == OutboxEntry.objects.count() > 1
    text = b"".join(actions.log().entries(0, OutboxEntry.objects.count())).decode()
    assert "member_id" not in text + str(list(OutboxEntry.objects.values("facts")))
    assert '"people":' in text
    assert all(len(bytes(r.people_salt)) == 32 for r in Reason.objects.exclude(people={}))
    assert queries.check() == []


def test_the_files_are_not_where_a_path_leads_out(db):
    act(1)
    actions.drain()
    for path in ("lock", "next", "../ledger_key", "tile/../../ledger_key", "tile/0/000.p/2", "tile/0/000"):
        assert queries.served_file(path) is None


def test_a_cut_short_tile_is_said(db, tmp_path):
    many(0, 3)
    actions.drain()
    shutil.copytree(actions.log().folder, tmp_path / "log")
    for path, content in [("tile/0/000.p/3", bytes(50)), ("tile/entries/000.p/3", b"\x00\x05a")]:
        (tmp_path / "log" / path).write_bytes(content)
        with pytest.raises(Broken, match="cut short"):
            verify(Log(tmp_path / "log").read, actions.log().head())
    shutil.rmtree(tmp_path / "log/tile/entries")
    with pytest.raises(Broken, match="is missing"):
        verify(Log(tmp_path / "log").read, actions.log().head())
