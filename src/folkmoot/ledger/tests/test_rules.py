"""Trees, tiles, notes and entries: against RFC 6962's and Go's own known values, and against a second, naive way."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.ledger.rules import entries, merkle, notes

pytestmark = pytest.mark.no_database
LEAVES = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Of the first 0 … 8 leaves: the values that every implementation of Certificate Transparency is tried with."""


def _naive(hashes):
    """MTH of RFC 6962 §2.1, as it is written there."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + _naive(hashes[:k]) + _naive(hashes[k:])).digest()


def _climb(hashes, index, proof):
    """The root that an inclusion proof gives, by RFC 6962 §2.1.1 read backwards."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if index < k:
        return merkle.node_hash(_climb(hashes[:k], index, proof[:-1]), proof[-1])
    return merkle.node_hash(proof[-1], _climb(hashes[k:], index - k, proof[:-1]))


def _leaves(count):
    return [merkle.leaf_hash(str(n).encode()) for n in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_rfc_6962(size):
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert merkle.root(merkle.of_hashes(hashes), 0, size).hex() == ROOTS[size]


def test_a_proof_is_that_of_rfc_9162s_example():
    """§2.1.5: in a tree of seven, d0's proof is b, h, l; from three to seven it is c, d, g, l."""
    d = _leaves(7)
    node = merkle.of_hashes(d)
    b, c, dd = d[1], d[2], d[3]
    g, h = merkle.node_hash(d[0], d[1]), merkle.node_hash(d[2], d[3])
    i, j = merkle.node_hash(d[4], d[5]), d[6]
    ll = merkle.node_hash(i, j)
    k = merkle.node_hash(g, h)
    assert merkle.inclusion(node, 0, 7) == [b, h, ll]
    assert merkle.inclusion(node, 6, 7) == [i, k]
    assert merkle.consistency(node, 3, 7) == [c, dd, g, ll]
    assert merkle.consistency(node, 4, 7) == [ll]
    assert merkle.consistency(node, 6, 7) == [i, j, k]


@given(st.integers(1, 90), st.data())
def test_every_inclusion_is_proved_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    hashes = _leaves(size)
    root = _naive(hashes)
    proof = merkle.inclusion(merkle.of_hashes(hashes), index, size)
    assert _climb(hashes, index, proof) == root
    assert merkle.includes(proof, hashes[index], index, size, root)
    assert not merkle.includes(proof, hashes[index], index + 1, size, root)
    assert not merkle.includes([*proof, root], hashes[index], index, size, root)
    assert not merkle.includes(proof, merkle.leaf_hash(b"another"), index, size, root)
    assert not merkle.includes(proof[:-1], hashes[index], index, size, root) or size == 1


@given(st.integers(0, 70), st.integers(0, 70))
def test_every_going_on_is_proved_and_no_fork(old, more):
    size = old + more
    hashes = _leaves(size)
    root, old_root = _naive(hashes), _naive(hashes[:old])
    proof = merkle.consistency(merkle.of_hashes(hashes), old, size) if old else []
    assert merkle.goes_on(proof, old, old_root, size, root)
    fork = _naive([*hashes[: old - 1], merkle.leaf_hash(b"fork")])
    assert old == 0 or not merkle.goes_on(proof, old, fork, size, root)
    assert old == size or not merkle.goes_on(proof, old, old_root, size, merkle.leaf_hash(b"fork")) or old == 0
    assert old in (0, size) or not merkle.goes_on([], old, old_root, size, root)
    assert old in (0,) or not merkle.goes_on([*proof, root], old, old_root, size, root)
    assert not merkle.goes_on(proof, size + 1, root, size, root)
    assert old == 0 or not merkle.goes_on(proof, 0, old_root, size, root)


@pytest.mark.parametrize(("tile", "path"), [
    (merkle.Tile(0, 0, 256), "tile/0/000"), (merkle.Tile(1, 1234067, 256), "tile/1/x001/x234/067"),
    (merkle.Tile(-1, 999, 17), "tile/entries/999.p/17"), (merkle.Tile(2, 1000, 1), "tile/2/x001/000.p/1"),
])  # fmt: skip
def test_a_tile_is_named_as_the_specification_names_it(tile, path):
    assert tile.path == path
    assert merkle.tile_at(path) == tile


@pytest.mark.parametrize("path", [
    "tile/0/0", "tile/0/x000/000", "tile/00/000", "tile/8/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/07",
    "tile/0/000.p/300", "tile/entries/../x", "tile/0/٠٠٠", "tile/-1/000", "checkpoint", "", "tile/0/x000/x000/x000/x000/x000/x000/001",
])  # fmt: skip
def test_what_is_no_tile_is_none(path):
    assert merkle.tile_at(path) is None


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_entries_come_out_of_a_tile_as_they_went_in(found):
    packed = merkle.pack(found)
    assert merkle.unpack(packed) == found
    if packed:
        with pytest.raises(ValueError, match="cut short"):
            merkle.unpack(packed + b"\x00")
        with pytest.raises(ValueError, match="cut short"):
            merkle.unpack(packed + b"\x00\x02a")


NAME, PUBLIC = "PeterNeumann", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""The example of Go's golang.org/x/mod/sumdb/note."""


def test_keys_are_written_as_go_writes_them():
    found = notes.read_verifier(PUBLIC)
    assert found is not None
    assert found[0] == NAME
    assert notes.write_verifier(*found) == PUBLIC
    signer = notes.write_signer(NAME, found[1], b"s" * 32)
    assert notes.read_signer(signer + "\n") == (NAME, b"s" * 32)


@pytest.mark.parametrize("line", [
    "", "+", "a+b", PUBLIC.replace("c74f20a3", "c74f20a4"), PUBLIC[:-1], PUBLIC + "A", "é+c74f20a3+====", PUBLIC.replace("ARpc", "Arpc"),
])  # fmt: skip
def test_what_is_no_key_is_none(line):
    assert notes.read_verifier(line) is None
    assert notes.read_signer(line) is None


def test_a_witness_signs_the_time_and_the_text_with_a_key_of_its_own_kind():
    assert notes.cosigned_text("o\n1\nr\n", 7) == "cosignature/v1\ntime 7\no\n1\nr\n"
    line = notes.write_verifier("witness.example", b"k" * 32, notes.COSIGNATURE)
    assert notes.read_verifier(line, notes.COSIGNATURE) == ("witness.example", b"k" * 32)
    assert notes.read_verifier(line) is None


@pytest.mark.parametrize("line", ["PRIVATE+KEY+a+00000000+AAAA", "PRIVATE+KEY+a b+00000000+AAAA", "PRIVATE+KEY+a+00000000+A"])
def test_what_is_no_key_to_sign_with_is_none(line):
    assert notes.read_signer(line) is None


def test_a_checkpoint_says_whose_how_many_and_what():
    head = notes.Checkpoint("forum.example/ledger", 20852163, bytes(32))
    assert head.text == "forum.example/ledger\n20852163\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    assert notes.checkpoint(head.text) == head
    assert notes.checkpoint(head.text + "an extension\n") == head


@pytest.mark.parametrize("text", [
    "", "a\n1\n", "a\n01\n" + "A" * 43 + "=\n", "a\n1\n" + "A" * 42 + "B=\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\n" + "A" * 43 + "=\n\nx\n",
])  # fmt: skip
def test_what_is_no_checkpoint_is_none(text):
    assert notes.checkpoint(text) is None


def test_a_note_splits_into_text_and_signatures():
    line = notes.signature_line("a", b"1234", b"s" * 64)
    text, signed = notes.split(f"one\n\ntwo\n\n{line}{notes.signature_line('b', b'5678', b'')}")
    assert text == "one\n\ntwo\n"
    assert signed == [("a", b"1234", b"s" * 64)]
    assert notes.split("one\n") == ("", [])
    assert notes.split("one\n\n— a AAB=\n") == ("one\n", [])


@pytest.mark.parametrize(("address", "origin"), [
    ("https://Forum.Example", "forum.example/ledger"), ("http://127.0.0.1:8000", "127.0.0.1:8000/ledger"), ("http://a+b", "a-b/ledger"),
])  # fmt: skip
def test_a_log_is_named_after_its_place(address, origin):
    assert notes.origin_of(address) == origin


WHEN = datetime(2026, 11, 25, 8, 0, 9, 123456, tzinfo=UTC)


def _entry(**facts):
    hidden = entries.people_hash(b"s" * 32, entries.taken_out(facts))
    return entries.entry(
        kind="ThreadLocked", office="administrator", officer=1, facts=facts, reason_hash="ab" * 32, people_hash=hidden, told_at=WHEN
    )  # fmt: skip


def test_an_entry_is_these_bytes_for_ever():
    """Whoever changes this changes what was published: give a new `v` instead."""
    assert _entry(thread_id=42, forum_id=7) == (
        b'{"at":"2026-11-25T08:00:09Z","facts":{"forum_id":7,"thread_id":42},"office":"administrator","officer":1,'
        b'"reason":"' + b"ab" * 32 + b'","t":"ThreadLocked","v":1}'
    )


def test_whom_an_act_concerns_is_only_a_salted_hash():
    told = _entry(member_id=77)
    assert b"77" not in told.replace(entries.salted(b"s" * 32, b'{"member_id":77}').encode(), b"")
    assert entries.salted(b"s" * 32, b'{"member_id":77}').encode() in told
    assert told != _entry(member_id=78)


def test_a_sentence_is_told_in_pieces():
    found = entries.pieces(
        "{office} let thread {thread_id} stand against forum {forum_id}!", {"thread_id": 4, "forum_id": 2}, "Host 7"
    )
    assert [p.words for p in found] == ["Host 7", " let ", "thread 4", " stand against ", "forum 2", "!"]
    assert [p.field for p in found] == ["office", "", "thread_id", "", "forum_id", ""]
    assert "".join(p.words for p in entries.pieces("{office} changed {page}", {}, "Host 7")) == "Host 7 changed ?"
    assert [p.words for p in entries.pieces("{thread_id}", {"thread_id": 3}, "")] == ["3"]


def test_an_officer_has_a_number_and_no_name():
    assert entries.officer_name("administrator", 1) == "Administrator 1"
    assert entries.officer_name("", 2) == "Somebody 2"
    assert entries.officer_name("jury", 1) == "A jury"


def test_a_tile_is_as_wide_as_the_tree_has_come():
    assert merkle.tile_of(-1, 0, 0).width == 0
    assert merkle.tile_of(0, 0, 70) == merkle.Tile(0, 0, 70)
    assert merkle.tile_of(0, 1, 300).width == 44
    assert merkle.tile_of(1, 0, 70_000) == merkle.Tile(1, 0, merkle.WIDTH)
