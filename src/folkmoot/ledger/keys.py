"""The log's key: Ed25519, in a file that only its owner can read, outside the database and outside every backup."""

import os
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from folkmoot.ledger.rules import notes
from folkmoot.ledger.rules.notes import Checkpoint

FILE = "ledger_key"


class NoKey(Exception):
    """Why the log cannot be signed; a sentence."""


class Key(NamedTuple):
    origin: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def verifier(self) -> str:
        return notes.write_verifier(self.origin, self.public)

    def signature(self, text: str) -> str:
        return notes.signature_line(self.origin, notes.key_id(self.origin, self.public), self.private.sign(text.encode()))

    def sign(self, head: Checkpoint) -> str:
        return f"{head.text}\n{self.signature(head.text)}"

    @property
    def witness(self) -> str:
        """The line by which this key's cosignatures are verified."""
        return notes.write_verifier(self.origin, self.public, notes.COSIGNATURE)

    def cosign(self, note: str, when: int) -> str:
        """The note with a cosignature of this witness."""
        key_id = notes.key_id(self.origin, self.public, notes.COSIGNATURE)
        signature = self.private.sign(notes.cosigned_text(notes.split(note)[0], when).encode())
        return note + notes.signature_line(self.origin, key_id, when.to_bytes(8, "big") + signature)


def new(origin: str) -> Key:
    return Key(origin, Ed25519PrivateKey.generate())


def keep(key: Key, path: Path) -> None:
    """Write the key where it is read from; readable by its owner from the first byte on. An older one is replaced."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(path.with_name(part.name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(notes.write_signer(key.origin, key.public, key.private.private_bytes_raw()) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def read(path: Path) -> Key:
    try:
        found = notes.read_signer(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoKey(
            f"The ledger's key is missing: {path}. Put its copy back, or begin a new one: folkmoot ledger rotate-key."
        ) from None
    except (OSError, UnicodeDecodeError) as trouble:
        raise NoKey(f"The ledger's key cannot be read: {trouble}") from None
    if found is None:
        raise NoKey(f"{path} is no key of a ledger.")
    return Key(found[0], Ed25519PrivateKey.from_private_bytes(found[1]))


def cosigned_by(note: str, witness: str) -> int | None:
    """When this witness says that it saw the checkpoint, in seconds since 1970; None when it has not cosigned it."""
    known = notes.read_verifier(witness, notes.COSIGNATURE)
    text, signatures = notes.split(note)
    for name, key_id, signature in signatures if known else ():
        assert known is not None
        if (name, key_id) == (known[0], notes.key_id(*known, notes.COSIGNATURE)) and len(signature) == 72:
            when = int.from_bytes(signature[:8], "big")
            try:
                Ed25519PublicKey.from_public_bytes(known[1]).verify(signature[8:], notes.cosigned_text(text, when).encode())
            except InvalidSignature:
                return None
            return when
    return None


def signed_by(note: str, verifier: str) -> Checkpoint | None:
    """The checkpoint in this note, when this key has signed it."""
    known = notes.read_verifier(verifier)
    text, signatures = notes.split(note)
    head = notes.checkpoint(text)
    if known is None or head is None or head.origin != known[0]:
        return None
    for name, key_id, signature in signatures:
        if (name, key_id) == (known[0], notes.key_id(*known)):
            try:
                Ed25519PublicKey.from_public_bytes(known[1]).verify(signature, text.encode())
            except InvalidSignature:
                return None
            return head
    return None
