"""The log as files that anybody may have: `checkpoint`, `tile/<level>/<number>`, `tile/entries/<number>` (c2sp.org/tlog-tiles).

A file has one content for ever: what an append is about to write is written down first (`next`), so that an append that was cut
short is done again exactly so, and no reader ever keeps a tile that came to nothing. The checkpoint comes last, and stands only
on what the disk has confirmed.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from folkmoot.ledger.rules import merkle, notes
from folkmoot.ledger.rules.merkle import WIDTH, Tile, tile_of
from folkmoot.ledger.rules.notes import Checkpoint

CHECKPOINT = "checkpoint"
NEXT = "next"
FOLDER = "ledger"
RESTORED = "restored"
"""Lies in the folder after a backup was restored: nothing is signed until somebody has looked."""

Source = Callable[[str], bytes]
"""A path in the log to its bytes; raises FileNotFoundError."""

Progress = Callable[[int, int], None]


class Broken(Exception):
    """What is wrong with the log; a sentence."""


class Tree:
    """A tree of one size, read from tiles; each tile is read once."""

    def __init__(self, source: Source, size: int) -> None:
        self.source, self.size = source, size
        self._tiles: dict[Tile, list[bytes]] = {}

    def node(self, height: int, index: int) -> bytes:
        level, within = divmod(height, merkle.HEIGHT)
        first = index << within
        number, at = divmod(first, WIDTH)
        return merkle.of_hashes(self.tile(level, number)[at : at + (1 << within)])(within, 0)

    def tile(self, level: int, number: int) -> list[bytes]:
        """The hashes of a tile as it is in this tree; of level -1 the entries."""
        tile = tile_of(level, number, self.size)
        if tile not in self._tiles:
            self._tiles[tile] = _content(self.source, tile)
        return self._tiles[tile]

    def root(self) -> bytes:
        return merkle.root(self.node, 0, self.size)


def _content(source: Source, tile: Tile) -> list[bytes]:
    """A part that is gone stands in the whole tile, which came after it."""
    try:
        raw = source(tile.path)
    except FileNotFoundError:
        raw = source(tile._replace(width=WIDTH).path)
    try:
        found = merkle.unpack(raw) if tile.level < 0 else [raw[i : i + 32] for i in range(0, len(raw), 32)]
    except ValueError as trouble:
        raise Broken(f"{tile.path}: {trouble}.") from None
    if len(found) < tile.width or (tile.level >= 0 and len(raw) % 32):
        raise Broken(f"{tile.path} is cut short.")
    return found[: tile.width]


class Log:
    """The files of a log in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def held(self, *, wait: bool = True) -> Iterator[bool]:
        """No other process on this machine writes meanwhile; False when one does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def published(self) -> Iterator[str]:
        """The paths of the files that anybody may have."""
        for path in sorted(self.folder.glob("tile/**/*")):
            name = path.relative_to(self.folder).as_posix()
            if merkle.tile_at(name) is not None and path.is_file():
                yield name
        if (self.folder / CHECKPOINT).exists():
            yield CHECKPOINT

    def copy_to(self, folder: Path) -> list[str]:
        """Copy the published files while nobody writes; returns their paths."""
        with self.held():
            names = list(self.published())
            for name in names:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.folder / name, folder / name)
        return names

    def read(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    def note(self) -> str:
        """The signed checkpoint; empty before the first."""
        try:
            return self.read(CHECKPOINT).decode()
        except FileNotFoundError:
            return ""

    def head(self) -> Checkpoint | None:
        """What the checkpoint says, whoever signed it."""
        return notes.checkpoint(notes.split(self.note())[0])

    def entries(self, first: int, end: int) -> list[bytes]:
        """Entries of the published tree."""
        tree = Tree(self.read, end)
        numbers = range(first // WIDTH, (end + WIDTH - 1) // WIDTH)
        return [entry for number in numbers for entry in tree.tile(-1, number)][first % WIDTH :]

    def unfinished(self, head: Checkpoint) -> list[bytes]:
        """The entries of an append that was cut short before its checkpoint."""
        try:
            start, _, packed = self.read(NEXT).partition(b"\n")
        except FileNotFoundError:
            return []
        return merkle.unpack(packed) if int(start) == head.size else []

    def publish(self, note: str) -> None:
        self._write(CHECKPOINT, note.encode())

    def append(
        self,
        head: Checkpoint,
        entries: Sequence[bytes],
        sign: Callable[[Checkpoint], str],
        *,
        known: tuple[int, bytes] = (0, b""),
    ) -> Checkpoint:
        """Go on from `head` with these entries; returns the new head, published. Nothing is signed over a tree that is not
        what `head` says, nor one that differs at a size whose root is `known`."""
        old = Tree(self.read, head.size)
        if old.root() != head.root:
            raise Broken(f"The tiles of the ledger are not those of its checkpoint ({head.size} entries). Nothing is added.")
        self._write(NEXT, str(head.size).encode() + b"\n" + merkle.pack(entries))
        written = self._write_tiles(old, entries)
        self._sync_folders(written)
        size = head.size + len(entries)
        tree = Tree(self.read, size)
        if head.size < known[0] <= size and merkle.root(tree.node, 0, known[0]) != known[1]:
            raise Broken(f"The ledger made anew is not the one that was published with {known[0]} entries. Nothing is signed.")
        new = Checkpoint(head.origin, size, tree.root())
        self.publish(sign(new))
        (self.folder / NEXT).unlink()
        for tile in written:
            if tile.width == WIDTH:
                shutil.rmtree(self.folder / f"{tile.path}.p", ignore_errors=True)
        return new

    def _write_tiles(self, old: Tree, entries: Sequence[bytes]) -> list[Tile]:
        written: list[Tile] = []
        self._write_row(-1, old, old.size, list(entries), written)
        first, row = old.size, [merkle.leaf_hash(entry) for entry in entries]
        for level in range(merkle.HEIGHT):
            first, row = self._write_row(level, old, first, row, written)
            if not row:
                break
        return written

    def _write_row(self, level: int, old: Tree, first: int, new: list[bytes], written: list[Tile]) -> tuple[int, list[bytes]]:
        """Write what `new` adds to a level, from its `first` on; returns the same for the level above."""
        number, width = divmod(first, WIDTH)
        row = (old.tile(level, number) if width else []) + new
        above = []
        for at in range(0, len(row), WIDTH):
            content = row[at : at + WIDTH]
            tile = Tile(level, number + at // WIDTH, len(content))
            self._write(tile.path, merkle.pack(content) if level < 0 else b"".join(content))
            written.append(tile)
            if level >= 0 and len(content) == WIDTH:
                above.append(merkle.of_hashes(content)(merkle.HEIGHT, 0))
        return number, above

    def _write(self, path: str, content: bytes) -> None:
        """The file appears whole, and is on the disk before anything relies on it."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(file.name + ".part")
        with part.open("wb") as to:
            to.write(content)
            to.flush()
            os.fsync(to.fileno())
        part.replace(file)
        if file.parent == self.folder:
            _sync(file.parent)

    def _sync_folders(self, written: Sequence[Tile]) -> None:
        folders = {
            parent for tile in written for parent in (self.folder / tile.path).parents if parent.is_relative_to(self.folder)
        }
        for folder in sorted(folders, key=lambda f: len(f.parts), reverse=True):
            _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify(source: Source, head: Checkpoint, *, progress: Progress = lambda done, of: None) -> None:
    """Make the whole tree anew from its entries and compare every tile with it; raises `Broken` at the first that differs."""
    tree, row = Tree(source, head.size), []
    for number in range((head.size + WIDTH - 1) // WIDTH):
        row += [merkle.leaf_hash(entry) for entry in _must(tree, -1, number)]
        tree._tiles.clear()
        progress(len(row), head.size)
    for level in range(merkle.HEIGHT):
        for number in range((len(row) + WIDTH - 1) // WIDTH):
            if _must(tree, level, number) != row[number * WIDTH : (number + 1) * WIDTH]:
                raise Broken(f"{tile_of(level, number, head.size).path} does not hold the hashes of its entries.")
        if level == 0:
            found = merkle.root(merkle.of_hashes(row), 0, head.size)
        row = [merkle.of_hashes(row)(merkle.HEIGHT, i) for i in range(len(row) // WIDTH)]
    if found != head.root:
        raise Broken(f"The {head.size} entries do not give the hash that the checkpoint states.")


def _must(tree: Tree, level: int, number: int) -> list[bytes]:
    try:
        return tree.tile(level, number)
    except FileNotFoundError:
        raise Broken(f"{tile_of(level, number, tree.size).path} is missing.") from None
