"""The public record: verify it, watch it, change its key, go on after a restore."""

import re
import time
from pathlib import Path

import click

from folkmoot.site.cli.root import cli, fail, with_community


@cli.group()
def ledger() -> None:
    """The public record of acts of authority. Example: folkmoot ledger verify"""


@ledger.command()
@click.option("--address", default="", help="Of another community's ledger, such as https://forum.example; needs --key.")
@click.option("--key", default="", help="Its public key, in one line, as its page shows it.")
def verify(address: str, key: str) -> None:
    """Make the whole ledger anew from its entries: the files here and the database beside them, or one that is served.

    Example: folkmoot ledger verify --address https://forum.example --key forum.example/ledger+0123abcd+AbCd…
    """
    from folkmoot.site.progress import Progress

    progress = Progress("entries", click.echo).at
    if address:
        from folkmoot.ledger import watch
        from folkmoot.ledger.log import Broken

        try:
            head = watch.whole(address, key, progress=progress)
        except (Broken, OSError) as why:
            fail(str(why))
        click.echo(f"{head.size:,} entries of {head.origin} give the hash that is signed.")
        return
    with_community()
    from folkmoot.ledger import queries
    from folkmoot.ledger.models import Head

    if troubles := queries.check(progress=progress):
        fail("\n".join(troubles))
    size = Head.objects.values_list("size", flat=True).first() or 0
    click.echo(f"{size:,} entries give the hash that is signed, and each is the act that the database has.")


@ledger.command()
@click.argument("address")
@click.option("--key", required=True, help="The public key, in one line, as the ledger's page shows it.")
@click.option("--kept", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the last checkpoint is kept.")
@click.option(
    "--cosign", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A witness's key: sign what was seen."
)
@click.option("--every", type=click.IntRange(5, 86_400), help="Look again after so many seconds, until it is stopped.")
def monitor(address: str, key: str, kept: Path, cosign: Path | None, every: int | None) -> None:
    """See that a ledger has only gone on since the last time. Run it by the clock, on another machine; exits 1 on trouble.

    Example: folkmoot ledger monitor https://forum.example --key forum.example/ledger+0123abcd+AbCd… --kept forum.checkpoint
    """
    from folkmoot.ledger import watch
    from folkmoot.ledger.log import Broken

    is_to_be_signed = False
    while True:
        try:
            old, head = watch.watch(address, key, kept)
            if old is None:
                click.echo(f"{head.size:,} entries. This checkpoint is kept in {kept}; the next run compares with it.")
            elif head.size > old.size or not every:
                more = head.size - old.size
                click.echo(f"{head.size:,} entries, {more:,} more than the last time, and nothing before them has changed.")
            is_to_be_signed |= old is None or head.size > old.size
            if cosign and is_to_be_signed:
                click.echo(watch.cosign(address, kept.read_text(encoding="utf-8"), cosign))
                is_to_be_signed = False
        except Broken as why:
            fail(str(why))
        except OSError as why:
            if not every:
                fail(str(why))
            click.echo(f"{why} It is tried again.")
        if not every:
            return
        time.sleep(every)


@ledger.command(name="witness-key")
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def witness_key(name: str, file: Path) -> None:
    """Make a key with which to be a witness of another community's ledger; prints the line that its operator needs.

    Example: folkmoot ledger witness-key witness.example witness_key
    """
    from folkmoot.ledger import keys

    if file.exists():
        fail(f"{file} is there already, and is not written over.")
    if not re.fullmatch(r"[^\s+,]{1,100}", name):
        fail("A name has no spaces, commas or plus signs: witness.example, say.")
    keys.keep(key := keys.new(name), file)
    click.echo(f"The key is in {file}: keep it to yourself. The operator of the ledger sets:\n  WITNESSES={key.witness}")


@ledger.command(name="rotate-key")
@click.option("--reason", prompt="Why", help="Stands on the ledger.")
def rotate_key(reason: str) -> None:
    """Sign with a new key from now on. The change stands in the ledger, signed by the old key when that is still here.

    Example: folkmoot ledger rotate-key --reason "The old key was in a backup that got lost."
    """
    with_community()
    from folkmoot.ledger import actions, queries
    from folkmoot.ledger.log import Broken

    try:
        new = actions.change_key(reason=reason)
    except (Broken, OSError) as why:
        fail(str(why))
    click.echo(f"The new public key; tell everybody who watches:\n  {new.verifier}")
    click.echo(f"Keep a copy of {queries.key_file()} apart from the backups: it is in none.")


@ledger.command()
@click.option("--reason", prompt="Why a backup was restored", help="Stands on the ledger.")
@click.confirmation_option(prompt="Whatever was published after this backup is not in it, and watchers will say so. Go on")
def reconcile(reason: str) -> None:
    """After a restore: let the ledger go on from what the backup held, and say so in the ledger itself.

    Example: folkmoot ledger reconcile --reason "The disk died on Tuesday; this is Monday night's backup."
    """
    with_community()
    from folkmoot.ledger import actions
    from folkmoot.ledger.keys import NoKey
    from folkmoot.ledger.log import Broken

    held = actions.reconcile(reason=reason)
    click.echo(f"The backup held {held:,} entries.")
    try:
        actions.drain(wait=True)
    except (NoKey, Broken, OSError) as why:
        fail(str(why))
    click.echo("The ledger goes on.")
