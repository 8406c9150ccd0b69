"""`folkmoot purge`: unlawful content goes for good, also out of the database's own files; and where it still lies."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

from folkmoot.ledger.actions import OPERATOR
from folkmoot.search import actions as search
from folkmoot.site import rules
from folkmoot.site.tasks import made_backups
from folkmoot.threads import actions
from folkmoot.threads.models import Attachment, Post

REASON_MAX = 500
_TABLES = (
    "threads_text", "threads_fragment", "threads_revision", "threads_article", "threads_post", "threads_thread",
    "threads_attachment", "threads_oldaddress", "search_entry", "juries_case", "juries_alert", "juries_jury",
)  # fmt: skip
"""Where the words of a post have stood."""


def purge(posts: Sequence[Post], *, reason: str, say: Callable[[str], None]) -> None:
    """Erase them, then have the database write anew what held them: a row that is gone leaves its bytes in a free page."""
    for post in posts:
        _tell_copies(post, say)
        actions.purge(post, by=None, office=OPERATOR, reason=reason)
        say(f"Post {post.pk} is purged. Its stub stays, and the act is on the ledger.")
    say("The database writes its files anew, so that no free page holds the words. Until it has, nobody can post.")
    sweep()
    for line in where_else():
        say(line)


def _tell_copies(post: Post, say: Callable[[str], None]) -> None:
    """The bytes of a file go when no other post has them; a post that has them, too, is named."""
    hashes = Attachment.objects.filter(post=post).values_list("sha256", flat=True)
    others = Attachment.objects.filter(sha256__in=list(hashes)).exclude(post=post).values_list("post_id", flat=True)
    for pk in sorted(set(others)):
        say(f"Post {pk} has one of the same files. It stays there until that post is purged, too.")


def sweep() -> None:
    search.sweep()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in _TABLES:
                cursor.execute(f"VACUUM FULL {table}")
            return
        cursor.execute("VACUUM main")
        cursor.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")


def where_else() -> list[str]:
    """Which copies hold what was purged, and until when."""
    now, made = datetime.now(UTC), made_backups()
    ends = rules.backup_ends(made, settings.BACKUPS, now)
    lines = [f"backups/{name} may hold it until {day:%B} {day.day}, {day.year}." for name, day in ends.items()]
    folder = settings.DATA / "backups"
    other = sorted(path.name for path in folder.iterdir() if path.name not in made) if folder.exists() else []
    lines += [f"backups/{name} was not made by folkmoot serve: it holds it until you erase it." for name in other]
    if ends:
        last = max(ends.values())
        lines.append(
            f"The last of them is gone on {last:%B} {last.day}, {last.year}, if serve goes on making new ones; the newest stays."
        )
    if (settings.DATA / "rolled-back").exists():
        lines.append("rolled-back/ holds what an upgrade undid, perhaps this, too: look, and erase it.")
    if connection.vendor == "postgresql":
        lines.append("PostgreSQL's WAL archive and standbys, if you keep any, hold it as long as you keep them.")
    return [
        *lines,
        "Copies elsewhere (rsync, snapshots, exports) are yours to find, and what a visitor's browser or another site has copied"
        " is out of reach. A restored backup brings it back: purge again.",
    ]
