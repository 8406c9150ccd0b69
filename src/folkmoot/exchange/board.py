"""Moving an old board in: what every importer hands its records to.

The records are laid out in a temporary file first (staging.py), so that they may come in any order, and everything odd
is found before the first row is written. Then whole threads are written, a few thousand posts a transaction, each with
its row of `Imported`: an interrupted run is run again and goes on, a second run adds nothing, a later copy of the
same board adds what is new.
"""

import html
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.utils.text import Truncator

from folkmoot.base import markup
from folkmoot.base.events import tell
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.exchange import rules
from folkmoot.exchange.events import BoardImported
from folkmoot.exchange.models import Imported
from folkmoot.exchange.records import SourcePost, SourceThread
from folkmoot.exchange.report import Report
from folkmoot.exchange.staging import Staging, staged
from folkmoot.forums import actions as forums
from folkmoot.members import actions as members
from folkmoot.members.rules import names_near
from folkmoot.threads import actions as threads
from folkmoot.threads.actions import MovedPost, MovedThread
from folkmoot.threads.models import Thread
from folkmoot.threads.rules import SUBJECT_MAX
from folkmoot.threads.tasks import refresh_shown_counts

BATCH = 2000
"""Posts a transaction, at least: whole threads."""

CATEGORY = "The Old Board"
UNKNOWN = "former_member"

Progress = Callable[[int, int], None]
"""Told how many posts of how many are done."""


def move_in(
    source: str,
    posts: Iterable[SourcePost],
    *,
    threads: Iterable[SourceThread] = (),
    report: Report,
    forum_prefix: str = "",
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Move a board in, or with `dry_run` only say what would. `source` names it: the same name goes on with the same board."""
    with staged(report) as staging:
        staging.add_threads(threads)
        staging.add_posts(posts)
        staging.settle()
        mover = _Mover(source, staging, forum_prefix, dry_run=dry_run)
        mover.move(progress)
        if report.new_posts and not dry_run:
            _finish(report)
    return report


@transaction.atomic
def _finish(report: Report) -> None:
    refresh_shown_counts()
    tell(BoardImported(by=0, office="operator", reason="", posts=report.new_posts, threads=report.new_threads))


class _Mover:
    def __init__(self, source: str, staging: Staging, forum_prefix: str, *, dry_run: bool) -> None:
        self.source, self.staging, self.report = source, staging, staging.report
        self.forum_prefix, self.dry_run = forum_prefix, dry_run
        self.title_prefix = rules.shared_prefix(staging.titles())
        self.now = now_moment()
        self.forums = self._known(Imported.Kind.FORUM)
        self.members = self._known(Imported.Kind.MEMBER)

    def _known(self, kind: Imported.Kind, ids: Iterable[str] | None = None) -> dict[str, int]:
        rows = Imported.objects.filter(source=self.source, kind=kind)
        if ids is None:
            return dict(rows.values_list("source_id", "object_id"))
        found: dict[str, int] = {}
        asked = list(ids)
        for start in range(0, len(asked), 900):
            found.update(rows.filter(source_id__in=asked[start : start + 900]).values_list("source_id", "object_id"))
        return found

    def move(self, progress: Progress) -> None:
        self._authors()
        done = 0
        for batch in self._batches():
            self._batch(batch)
            done += sum(len(posts) for _, posts in batch)
            progress(done, self.report.posts)
        self.report.forums = len(self.forums)

    def _batches(self) -> Iterator[list[tuple[SourceThread, list[SourcePost]]]]:
        batch: list[tuple[SourceThread, list[SourcePost]]] = []
        size = 0
        for thread in self.staging.threads():
            batch.append((thread, self.staging.posts_of(thread.id)))
            size += len(batch[-1][1])
            if size >= BATCH:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _authors(self) -> None:
        new = ((name, moment, email) for name, moment, email in self.staging.authors() if name not in self.members)
        for name, moment, email in list(new):
            if self.dry_run:
                if (here := next(names_near(name or UNKNOWN))) != name:
                    self.report.note("name", f"{name} → {here}")
                continue
            with transaction.atomic():
                joined = to_datetime(moment if moment is not None else self.now)
                member = members.move_in(name or UNKNOWN, joined=joined, email=email)
                self.members[name] = self._remember(Imported.Kind.MEMBER, name, member.pk)
            if member.name != name:
                self.report.note("name", f"{name} → {member.name}")

    def _remember(self, kind: Imported.Kind, source_id: str, pk: int) -> int:
        Imported.objects.create(source=self.source, kind=kind, source_id=source_id, object_id=pk)
        return pk

    @transaction.atomic
    def _batch(self, batch: list[tuple[SourceThread, list[SourcePost]]]) -> None:
        here = self._known(Imported.Kind.THREAD, [thread.id for thread, _ in batch])
        known = self._known(Imported.Kind.POST, [post.id for _, posts in batch for post in posts])
        moved: list[MovedThread] = []
        ids: list[tuple[str, list[str]]] = []
        for thread, posts in batch:
            arranged = rules.arrange(posts, fallback=self.now, note=self.report.note)
            forum_id = self._forum(thread.forum or posts[0].forum, arranged[0].moment)
            new = [place for place in arranged if place.post.id not in known]
            self.report.new_posts += len(new)
            self.report.new_threads += thread.id not in here
            title = thread.title.removeprefix(self.title_prefix) or arranged[0].post.subject
            if self.dry_run:
                for place in new:
                    self._subject(title, place)
            elif thread.id not in here:
                moved.append(MovedThread(forum_id, [self._post(title, p) for p in arranged], self._addresses(thread.addresses)))
                ids.append((thread.id, [place.post.id for place in arranged]))
            elif new:
                self._add_to(here[thread.id], title, arranged, known)
        if moved:
            threads.move_in(moved)
        self._remember_all(moved, ids)

    def _remember_all(self, moved: list[MovedThread], ids: list[tuple[str, list[str]]]) -> None:
        kind, rows = Imported.Kind, []
        for thread, (thread_id, post_ids) in zip(moved, ids, strict=True):
            rows.append(Imported(source=self.source, kind=kind.THREAD, source_id=thread_id, object_id=thread.id))
            rows += [
                Imported(source=self.source, kind=kind.POST, source_id=post_id, object_id=post.id)
                for post, post_id in zip(thread.posts, post_ids, strict=True)
            ]
        Imported.objects.bulk_create(rows)

    def _add_to(self, thread_pk: int, title: str, arranged: list[rules.Arranged], known: dict[str, int]) -> None:
        """The posts that a later copy of the old board has more than an earlier one."""
        opening = Thread.objects.values_list("opening_id", flat=True).get(pk=thread_pk)
        for place in sorted(arranged, key=lambda place: place.number):
            if place.post.id not in known:
                parent = None if place.parent is None else known.get(arranged[place.parent].post.id)
                post = self._post(title, place)
                threads.move_in_later(thread_pk, parent or opening, post)
                known[place.post.id] = self._remember(Imported.Kind.POST, place.post.id, post.id)

    def _post(self, title: str, place: rules.Arranged) -> MovedPost:
        post = place.post
        return MovedPost(
            author_id=self.members[post.author], moment=place.moment, subject=self._subject(title, place), text=post.body,
            format=post.format, state=post.state, number=place.number, parent=place.parent, depth=place.depth,
            addresses=self._addresses(post.addresses),
        )  # fmt: skip

    def _subject(self, title: str, place: rules.Arranged) -> str:
        post = place.post
        plain = html.unescape(post.body) if post.format == "plain" else post.body
        subject = title if place.number == 0 else rules.own_subject(post.subject, title)
        subject = " ".join(html.unescape(subject).split()) or markup.first_words(plain) or "…"
        if not post.body.strip():
            self.report.note("empty", post.id)
        if len(subject) > SUBJECT_MAX:
            self.report.note("long", subject)
            subject = Truncator(subject).chars(SUBJECT_MAX)
        return subject

    def _addresses(self, old: tuple[str, ...]) -> tuple[str, ...]:
        found = []
        for address in old:
            path = rules.old_path(address)
            if len(path) > 400:
                self.report.note("address", path)
            elif path != "/":
                found.append(path)
        return tuple(dict.fromkeys(found))

    def _forum(self, path: tuple[str, ...], moment: int) -> int:
        key = " / ".join(path)[:200]
        if key not in self.forums:
            self.forums[key] = 0 if self.dry_run else self._open_forum(key, path, to_datetime(moment))
        return self.forums[key]

    def _open_forum(self, key: str, path: tuple[str, ...], opened: datetime) -> int:
        name = self.forum_prefix + (path[-1] if path else "All threads")
        forum = forums.move_in(
            Truncator(name).chars(80), category=Truncator(path[-2]).chars(80) if len(path) > 1 else CATEGORY,
            purpose=f"Moved in from {self.source}, with every post in its place.", opened=opened,
        )  # fmt: skip
        return self._remember(Imported.Kind.FORUM, key, forum.pk)
