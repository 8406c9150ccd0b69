"""Who may vote on a draft, as two files in the data folder: the roll (tokens, ascending) and the key that makes them of members.

The key lies outside the database and outside every backup, and is destroyed at the end of the ballot: from then on nobody can
tell whose a token was. Each roll has a name of its own, so that two processes that close one at once do not write over one
another.
"""

import mmap
import os
import secrets
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from folkmoot.standards import rules

FOLDER = "rolls"
KEYS = "roll_keys"
WIDTH = 32


class Roll(NamedTuple):
    name: str
    voters: int
    root: str


@dataclass(frozen=True, slots=True)
class Place:
    index: int
    token: bytes


def make(member_ids: Iterable[int]) -> Roll:
    """Close a roll over these members."""
    name, key = secrets.token_hex(16), secrets.token_bytes(WIDTH)
    tokens = sorted(rules.token(key, member_id) for member_id in member_ids)
    _write(_key(name), key)
    _write(_roll(name), b"".join(tokens))
    return Roll(name, len(tokens), rules.root(tokens).hex())


def forget(name: str) -> None:
    """A roll that was made for nothing."""
    destroy_key(name)
    _roll(name).unlink(missing_ok=True)


def has_key(name: str) -> bool:
    return _key(name).exists()


def kept_keys() -> list[str]:
    """Names of the rolls whose keys are here."""
    return sorted(path.name for path in (Path(settings.DATA) / KEYS).glob("*"))


def destroy_key(name: str) -> None:
    _key(name).unlink(missing_ok=True)


def place(name: str, member_id: int) -> Place | None:
    """Where a member stands on the roll; None when they do not, or its key is gone."""
    try:
        token = rules.token(_key(name).read_bytes(), member_id)
        with _roll(name).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = _Tokens(content)
            index = bisect_left(found, token)
            return Place(index, token) if index < len(found) and found[index] == token else None
    except FileNotFoundError:
        return None


def lines(name: str) -> Iterator[str] | None:
    """The roll for everybody: a token a line, in hexadecimal digits; None when it is not here."""
    if not _roll(name).exists():
        return None
    content = _roll(name).read_bytes()
    return (f"{content[i : i + WIDTH].hex()}\n" for i in range(0, len(content), WIDTH))


class _Tokens(Sequence[bytes]):
    def __init__(self, content: mmap.mmap) -> None:
        self.content = content

    def __len__(self) -> int:
        return len(self.content) // WIDTH

    def __getitem__(self, index: int) -> bytes:  # type: ignore[override]
        return self.content[index * WIDTH : (index + 1) * WIDTH]


def _roll(name: str) -> Path:
    return Path(settings.DATA) / FOLDER / name


def _key(name: str) -> Path:
    return Path(settings.DATA) / KEYS / name


def _write(path: Path, content: bytes) -> None:
    """Readable by its owner from the first byte on, and whole or not there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
