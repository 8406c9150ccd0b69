"""The files of posts: bytes by their hash, under `media/` in the data folder. The same bytes lie there once, for ever."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO, NamedTuple

from django.conf import settings

from folkmoot.threads.rules import media_type

_CHUNK = 1 << 20


class Kept(NamedTuple):
    sha256: str
    size: int
    media_type: str


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA) / sha256[:2] / sha256


def keep(file: IO[bytes]) -> Kept:
    """Put a file's bytes where they stay. They appear under their name only when they are whole."""
    folder = Path(settings.MEDIA)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size, first = hashlib.sha256(), 0, b""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as part:
        try:
            while chunk := file.read(_CHUNK):
                first = first or chunk[:64]
                digest.update(chunk)
                size += len(chunk)
                part.write(chunk)
            part.flush()
            os.fsync(part.fileno())
            path = path_of(digest.hexdigest())
            path.parent.mkdir(exist_ok=True)
            os.replace(part.name, path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return Kept(digest.hexdigest(), size, media_type(first))
