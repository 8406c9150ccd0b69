"""The community's own chain: a secret, hashed again and again. The last hash is published; each case uses up the one before.

Nobody outside can know the next link, and nobody can change one. Whoever has the file, or a copy of it, knows all of them: a draw
by it is reproducible, no more. So it lies outside the database and outside every backup.
"""

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import NamedTuple

FILE = "chain"
LINKS = 10_000


class Chain(NamedTuple):
    secret: bytes
    links: int

    @property
    def anchor(self) -> bytes:
        return _hashed(self.secret, self.links)

    @property
    def source(self) -> str:
        return f"chain:{self.anchor.hex()}"

    def link(self, number: int) -> bytes:
        """What gives the anchor when it is hashed `number` + 1 times."""
        return _hashed(self.secret, self.links - 1 - number)


def _hashed(value: bytes, times: int) -> bytes:
    for _ in range(times):
        value = hashlib.sha256(value).digest()
    return value


def read(path: Path) -> list[Chain]:
    """The chains of this community, the newest last: an older case may still wait for its link."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    found = [re.fullmatch(r"([0-9]{1,6}) ([0-9a-f]{64})", line) for line in lines]
    if not all(found):
        raise ValueError(f"{path} is no file of chains.")
    return [Chain(bytes.fromhex(match[2]), int(match[1])) for match in found if match]


def begin(path: Path, links: int = LINKS) -> Chain:
    """Add a new chain; readable by its owner only, from the first byte on."""
    known = [*read(path), Chain(secrets.token_bytes(32), links)]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{one.links} {one.secret.hex()}\n" for one in known)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return known[-1]
