"""Names and kinds of files that strangers gave. Pure: values in, answer out."""

import re
import unicodedata
from urllib.parse import quote

from folkmoot.threads.rules.may import FILE_NAME_MAX

OCTETS = "application/octet-stream"
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"), (b"PK\x03\x04", "application/zip"),
)  # fmt: skip
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe_name(given: str) -> str:
    """A file's name without folders, without signs that nobody sees or that turn the line round, and not hidden."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given.replace("\0", ""))[-1])
    name = "".join(sign for sign in name if unicodedata.category(sign) not in _UNSEEN)
    name = " ".join(name.split()).lstrip(". ").rstrip(". ")
    if len(name) > FILE_NAME_MAX:
        stem, dot, ending = name.rpartition(".")
        ending = ending[:20] if dot and stem else ""
        name = name[: FILE_NAME_MAX - len(ending) - 1] + (f".{ending}" if ending else "")
    return name or "file"


def media_type(first_bytes: bytes) -> str:
    """What a file is, by how it begins: one of a few kinds that a browser saves without harm, else octets."""
    if first_bytes[:4] == b"RIFF" and first_bytes[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in _SIGNATURES if first_bytes.startswith(sign)), OCTETS)


def disposition(name: str) -> str:
    """The header that has a browser save a file under its name (RFC 6266): in plain ASCII, and whole."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", plain).strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def size_text(size: int) -> str:
    """`104 bytes`, `12 kB`, `3.4 MB`."""
    if size < 1000:
        return "1 byte" if size == 1 else f"{size} bytes"
    return f"{size / 1000:,.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"
