"""Who stands behind a pool: a file a day in the data folder, outside the database and outside every backup. It holds the key that
makes tokens of members, and the order of members; both go with the last appeal of its epoch."""

import mmap
import os
import secrets
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from folkmoot.juries import rules
from folkmoot.juries.rules import pool as packed

FOLDER = "juries"
_KEY, _ID = 32, 8


def path_of(epoch: int) -> Path:
    return Path(settings.DATA) / FOLDER / f"{epoch}.pool"


def make(epoch: int, member_ids: Sequence[int]) -> tuple[int, bytes]:
    """Write the pool of an epoch with a fresh key; returns its size and root. Whoever comes second reads the first's."""
    key = secrets.token_bytes(_KEY)
    pairs = sorted((rules.token(key, member), member) for member in member_ids)
    content = key + len(pairs).to_bytes(8, "big") + b"".join(member.to_bytes(_ID, "big") for _, member in pairs)
    content += packed.pack([token for token, _ in pairs])
    path = path_of(epoch)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _read.cache_clear()
    found = _of(epoch)
    return found.pool.size, found.pool.root


class _File:
    """A pool's file, mapped: nothing is read that is not asked for."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.key = self.bytes[:_KEY]
        self.ids = _KEY + 8
        n = int.from_bytes(self.bytes[_KEY : self.ids], "big")
        self.pool = packed.Pool(memoryview(self.bytes)[self.ids + n * _ID :])

    def member(self, index: int) -> int:
        at = self.ids + index * _ID
        return int.from_bytes(self.bytes[at : at + _ID], "big")


@lru_cache(maxsize=4)
def _read(path: str, inode: int) -> _File:
    return _File(Path(path))


def _of(epoch: int) -> _File:
    path = path_of(epoch)
    return _read(str(path), path.stat().st_ino)


def tree(epoch: int) -> packed.Pool:
    return _of(epoch).pool


def is_there(epoch: int) -> bool:
    """Not after its key was destroyed, nor in a house that was moved into: the file leaves with nothing."""
    return path_of(epoch).exists()


def index_of(epoch: int, member_id: int) -> int | None:
    """A member's place in the pool; None when they are not in it."""
    found = _of(epoch)
    return found.pool.place(rules.token(found.key, member_id))


def token_at(epoch: int, index: int) -> bytes:
    return _of(epoch).pool[index]


def member_at(epoch: int, index: int) -> int:
    return _of(epoch).member(index)


def destroy(epoch: int, *, keep_tokens: bool) -> None:
    """Nobody can tell any more whose a token was. `keep_tokens`: a case was drawn from it, whose bundle is made of its tree."""
    path = path_of(epoch)
    if not path.exists():
        return
    if keep_tokens:
        found = _of(epoch)
        n = found.pool.size
        part = path.with_name(path.name + ".part")
        part.write_bytes(bytes(_KEY) + n.to_bytes(8, "big") + bytes(n * _ID) + found.bytes[found.ids + n * _ID :])
        part.chmod(0o600)
        part.replace(path)
    else:
        path.unlink()
    _read.cache_clear()
