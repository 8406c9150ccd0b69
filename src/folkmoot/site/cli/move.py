"""Moving a board in, and a community out."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from folkmoot.site.cli.root import cli, fail, with_community, with_django

if TYPE_CHECKING:
    from folkmoot.exchange.report import Report

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@cli.group(name="import")
def import_() -> None:
    """Move a board in. Example: folkmoot import jsonl posts.jsonl.zst --threads threads.jsonl.zst"""


@import_.command(name="jsonl")
@click.argument("posts", type=_FILE)
@click.option("--threads", type=_FILE, help="A second file with a thread a line: titles, forums, addresses.")
@click.option(
    "--source", default="", help="The old board's name; without it, the file's. The same name goes on with the same board."
)
@click.option("--forum-prefix", default="", help="Put before each forum's name.")
@click.option("--dry-run", is_flag=True, help="Only say what is in the files and what is odd.")
def import_jsonl(posts: Path, threads: Path | None, source: str, forum_prefix: str, dry_run: bool) -> None:
    """Move in a board of one JSON object a line: plain, gzip or zstd. Run it again to go on, or to bring what is new.

    Example: folkmoot import jsonl posts.jsonl.zst --threads threads.jsonl.zst --dry-run
    """
    with_django()
    from folkmoot.exchange.jsonl import import_board

    _import(import_board, posts, threads=threads, source=source, forum_prefix=forum_prefix, dry_run=dry_run)


@import_.command(name="phpbb")
@click.argument("dump", type=_FILE)
@click.option("--files", type=_FOLDER, help="The board's upload folder; without it attachments wait for the next run.")
@click.option(
    "--source", default="", help="The old board's name; without it, its address. The same name goes on with the same board."
)
@click.option("--forum-prefix", default="", help="Put before each forum's name.")
@click.option("--prefix", help="Of the board's tables, when the dump holds more than one board.")
@click.option("--closed-forums", is_flag=True, help="Also forums that visitors could not read there. HERE EVERYBODY WILL.")
@click.option("--dry-run", is_flag=True, help="Only say what is in the dump and what is odd.")
def import_phpbb(
    dump: Path, files: Path | None, source: str, forum_prefix: str, prefix: str | None, closed_forums: bool, dry_run: bool
) -> None:
    """Move in a phpBB board (3.0 to 3.3) from its MySQL dump: plain, gzip, bzip2 or zstd. Nothing in the dump is executed.
    Run it again to go on, or to bring what is new.

    Example: folkmoot import phpbb phpbb.sql.gz --files /srv/phpbb/files --dry-run
    """
    with_django()
    from folkmoot.exchange.phpbb import import_board

    _import(
        import_board, dump, files=files, source=source, forum_prefix=forum_prefix, prefix=prefix, closed_forums=closed_forums,
        dry_run=dry_run,
    )  # fmt: skip


def _import(import_board: Callable[..., "Report"], file: Path, *, dry_run: bool, **options: Any) -> None:
    from folkmoot.base.answers import Refused
    from folkmoot.site.models import Community
    from folkmoot.site.progress import Progress

    if not Community.objects.exists():
        fail("There is no community yet to move into. Found one with: folkmoot init")
    show = Progress("posts", click.echo)
    try:
        report = import_board(file, dry_run=dry_run, progress=show.at, **options)
    except Refused as refusal:
        fail(str(refusal.reason))
    except KeyboardInterrupt:
        fail("Interrupted. Run the same command again: it goes on where it stopped.", code=130)
    for line in report.lines():
        click.echo(line)
    what = f"{report.new_posts:,} posts and {report.new_threads:,} threads"
    what += f", with {report.new_files:,} attachments," if report.new_files else ""
    click.echo(f"{what} would move in." if dry_run else f"{what} moved in.")


@import_.command(name="folkmoot")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_folkmoot(folder: Path) -> None:
    """Move in what `folkmoot export` wrote, into an empty community: every address and every text as it was.

    Example: FOLKMOOT_DATA=/srv/again folkmoot import folkmoot /srv/exports/moot
    """
    with_django()
    from folkmoot.base.answers import Refused
    from folkmoot.exchange.whole import import_site
    from folkmoot.search.actions import rebuild
    from folkmoot.site.migrate import migrate
    from folkmoot.site.progress import Progress

    migrate()
    try:
        counts = import_site(folder, progress=Progress("rows", click.echo).at)
    except Refused as refusal:
        fail(str(refusal.reason))
    except KeyboardInterrupt:
        fail("Interrupted. Nothing was moved in.", code=130)
    rebuild(Progress("posts to be found", click.echo).at)
    click.echo(f"{counts.get('posts.jsonl', 0):,} posts by {counts.get('members.jsonl', 0):,} members moved in.")
    if "mail_addresses.jsonl" not in counts:
        click.echo("It is a public export: nobody has a password yet. folkmoot admin NAME prints a link for an administrator.")


@cli.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--private", is_flag=True, help="With mail addresses, password hashes and hidden words: readable by you only.")
def export(folder: Path, private: bool) -> None:
    """Write the whole community as documented JSON lines (docs/export-format.md), while it is served.

    A folder that holds an older export is replaced when the new one is whole.

    Example: folkmoot export --private /srv/exports/moot
    """
    with_community()
    from folkmoot.base.answers import Refused
    from folkmoot.exchange.whole import export_site
    from folkmoot.site.progress import Progress

    try:
        counts = export_site(folder, private=private, progress=Progress("rows", click.echo).at)
    except Refused as refusal:
        fail(str(refusal.reason))
    except KeyboardInterrupt:
        fail("Interrupted. Nothing was changed.", code=130)
    kind = "Private: it holds mail addresses and password hashes." if private else "Public: it holds what a visitor may read."
    click.echo(f"{counts['posts.jsonl']:,} posts by {counts['members.jsonl']:,} members are in {folder}. {kind}")
