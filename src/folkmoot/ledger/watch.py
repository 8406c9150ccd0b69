"""Watching a log from elsewhere: everything is fetched from its public address, nothing is believed but the key."""

import time
import urllib.error
import urllib.request
from pathlib import Path

from folkmoot.ledger import keys
from folkmoot.ledger.log import CHECKPOINT, Broken, Progress, Source, Tree, verify
from folkmoot.ledger.rules import merkle
from folkmoot.ledger.rules.notes import Checkpoint

_SECONDS = 30
_MOST = 256 * (0xFFFF + 2)


def served(address: str) -> Source:
    """The files of a log by its address, such as https://forum.example/ledger."""
    base = _base(address)

    def source(path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{base}/{path}", timeout=_SECONDS) as answer:  # noqa: S310  http or https, see above
                return bytes(answer.read(_MOST))
        except urllib.error.HTTPError as error:
            if error.code == 404:
                raise FileNotFoundError(path) from None
            raise

    return source


def _base(address: str) -> str:
    base = address.rstrip("/")
    base = base if base.endswith("/ledger") else f"{base}/ledger"
    if not base.startswith(("https://", "http://")):
        raise Broken(f"{address} is no address: it begins with https://")
    return base


def head_of(source: Source, verifier: str) -> tuple[str, Checkpoint]:
    """The signed checkpoint that is served, and what it says."""
    try:
        note = source(CHECKPOINT).decode()
    except FileNotFoundError:
        raise Broken("There is no checkpoint.") from None
    except UnicodeDecodeError:
        raise Broken("The checkpoint is no text.") from None
    head = keys.signed_by(note, verifier)
    if head is None:
        raise Broken(
            "The checkpoint is not signed with this key. Was it changed? That would stand in the ledger, signed by the old key."
        )
    return note, head


def whole(address: str, verifier: str, *, progress: Progress) -> Checkpoint:
    """Fetch every entry and every tile and make the tree anew; raises `Broken`."""
    source = served(address)
    _, head = head_of(source, verifier)
    verify(source, head, progress=progress)
    return head


def watch(address: str, verifier: str, kept: Path) -> tuple[Checkpoint | None, Checkpoint]:
    """Compare what is served with the checkpoint that was kept the last time, and keep the new one; returns both."""
    source = served(address)
    note, head = head_of(source, verifier)
    return compare(source, note, head, verifier, kept), head


def cosign(address: str, note: str, key_file: Path) -> str:
    """Sign this checkpoint as a witness and give it back to the ledger; returns its answer. `Broken`: it is refused."""
    try:
        key = keys.read(key_file)
    except keys.NoKey:
        raise Broken(f"{key_file} is no key of a witness.") from None
    signed = key.cosign(note, int(time.time()))
    try:
        asked = urllib.request.Request(f"{_base(address)}/cosignatures", signed.encode(), {"Content-Type": "text/plain"})  # noqa: S310
        with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310  http or https, see _base
            return str(answer.read(_MOST).decode(errors="replace").strip())
    except urllib.error.HTTPError as error:
        if error.code != 403:  # busy, say: it can be tried again
            raise
        raise Broken(f"The ledger did not take the cosignature: {error.read(500).decode(errors='replace').strip()}") from None


def compare(source: Source, note: str, head: Checkpoint, verifier: str, kept: Path) -> Checkpoint | None:
    """Raises `Broken` when the log has not simply gone on since what was kept, which then stays, as evidence."""
    old = keys.signed_by(kept.read_text(encoding="utf-8"), verifier) if kept.exists() else None
    if kept.exists() and old is None:
        raise Broken(f"{kept} is no checkpoint signed with this key.")
    try:
        tree = Tree(source, head.size)
        if tree.root() != head.root:
            raise Broken("The tiles that are served are not those of the checkpoint.")
        if old is not None and (old.size > head.size or merkle.root(tree.node, 0, old.size) != old.root):
            forked = kept.with_name(f"{kept.name}.forked")
            forked.write_text(note, encoding="utf-8")
            raise Broken(
                f"THE LEDGER WAS CHANGED: it had {old.size} entries, and the {head.size} that are served do not go on from them. "
                f"Both checkpoints are signed; keep {kept} and {forked}: together they prove it."
            )
    except FileNotFoundError as missing:
        raise Broken(f"{missing} is not served.") from None
    part = kept.with_name(f"{kept.name}.part")
    part.write_text(note, encoding="utf-8")
    part.replace(kept)
    return old
