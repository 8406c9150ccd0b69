"""Signed notes (https://c2sp.org/signed-note), checkpoints (https://c2sp.org/tlog-checkpoint) and their keys, as text. Pure:
what signs and verifies stands in `keys.py`."""

import base64
import binascii
import hashlib
import re
from typing import NamedTuple

ED25519 = 1
COSIGNATURE = 4
"""The kind of a witness's key (https://c2sp.org/tlog-cosignature): its signature tells a time."""

_SIGNED = re.compile(r"(?P<text>.*\n)\n(?P<signatures>(?:— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n)+)", re.DOTALL)
_CHECKPOINT = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")


class Checkpoint(NamedTuple):
    """A tree: whose, how many entries, and the hash over all of them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def checkpoint(text: str) -> Checkpoint | None:
    match = _CHECKPOINT.fullmatch(text)
    root = _bytes(match["root"]) if match else None
    return Checkpoint(match["origin"], int(match["size"]), root) if match and root else None


class Signature(NamedTuple):
    name: str
    key_id: bytes
    signature: bytes


def split(note: str) -> tuple[str, list[Signature]]:
    """The text that is signed and the signatures under it; no signature when it is no signed note."""
    match = _SIGNED.fullmatch(note)
    if match is None:
        return "", []
    found = []
    for line in match["signatures"].splitlines():
        _, name, encoded = line.split(" ")
        raw = _bytes(encoded)
        if raw is not None and len(raw) > 4:
            found.append(Signature(name, raw[:4], raw[4:]))
    return match["text"], found


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(key_id + signature).decode()}\n"


def key_id(name: str, public: bytes, kind: int = ED25519) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def write_verifier(name: str, public: bytes, kind: int = ED25519) -> str:
    """A key to verify with, in one line that Go's `note.NewVerifier` reads."""
    return f"{name}+{key_id(name, public, kind).hex()}+{base64.b64encode(bytes([kind]) + public).decode()}"


def read_verifier(line: str, kind: int = ED25519) -> tuple[str, bytes] | None:
    """Name and public key of such a line, or None."""
    name, _, rest = line.strip().partition("+")
    named_id, _, encoded = rest.partition("+")
    raw = _bytes(encoded)
    if not name or raw is None or len(raw) != 33 or raw[0] != kind or key_id(name, raw[1:], kind).hex() != named_id:
        return None
    return name, raw[1:]


def cosigned_text(text: str, when: int) -> str:
    """What a witness signs of a checkpoint: `when` in seconds since 1970."""
    return f"cosignature/v1\ntime {when}\n{text}"


def write_signer(name: str, public: bytes, private: bytes) -> str:
    """A key to sign with, in one line that Go's `note.NewSigner` reads."""
    encoded = base64.b64encode(bytes([ED25519]) + private).decode()
    return f"PRIVATE+KEY+{name}+{key_id(name, public).hex()}+{encoded}"


def read_signer(line: str) -> tuple[str, bytes] | None:
    """Name and private key of such a line, or None."""
    match = re.fullmatch(r"PRIVATE\+KEY\+([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/=]+)", line.strip())
    raw = _bytes(match[2]) if match else None
    return (match[1], raw[1:]) if match and raw is not None and len(raw) == 33 and raw[0] == ED25519 else None


def origin_of(address: str) -> str:
    """The log's name, from the community's public address: `forum.example/ledger`."""
    host = address.partition("://")[2].lower()
    return re.sub(r"[^a-z0-9.:\[\]-]", "-", host) + "/ledger"


def _bytes(encoded: str) -> bytes | None:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        return None
    return raw if base64.b64encode(raw).decode() == encoded else None
