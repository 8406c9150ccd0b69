"""Moving an old board in: what every importer hands its records to.

The records are laid out in a temporary file first (staging.py), so that they may come in any order, and everything odd
is found before the first row is written. Then whole threads are written, a few thousand posts a transaction, each with
its row of `Imported`: an interrupted run is run again and goes on, a second run adds nothing, a later copy of the
same board adds what is new.
"""

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.db.models import F
from django.utils.text import Truncator

from folkmoot.base import markup
from folkmoot.base.events import tell
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.exchange import rules
from folkmoot.exchange.addresses import Addresses
from folkmoot.exchange.bbcode import REFERENCE_SIGN, with_addresses
from folkmoot.exchange.events import BoardImported
from folkmoot.exchange.models import Imported, ImportedExtra, OldBoard
from folkmoot.exchange.records import SourceExtra, SourceFile, SourceForum, SourceMember, SourcePost, SourceThread
from folkmoot.exchange.report import Report
from folkmoot.exchange.staging import Staging, staged
from folkmoot.forums import actions as forums
from folkmoot.members import actions as members
from folkmoot.members.rules import names_near
from folkmoot.threads import actions as threads
from folkmoot.threads.actions import MovedPost, MovedThread
from folkmoot.threads.models import Post, State, Text, Thread
from folkmoot.threads.rules import SUBJECT_MAX
from folkmoot.threads.tasks import refresh_shown_counts

BATCH = 2000
"""Posts a transaction, at least: whole threads."""

CATEGORY = "The Old Board"
UNKNOWN = "former_member"

Progress = Callable[[int, int], None]
"""Told how many posts of how many are done."""


T = TypeVar("T")


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    them = iter(things)
    while some := list(islice(them, size)):
        yield some


def move_in(
    source: str,
    posts: Iterable[SourcePost],
    *,
    threads: Iterable[SourceThread] = (),
    members: Iterable[SourceMember] = (),
    forums: Iterable[SourceForum] = (),
    files: Iterable[SourceFile] = (),
    extras: Iterable[SourceExtra] = (),
    old_board: OldBoard | None = None,
    report: Report,
    forum_prefix: str = "",
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Move a board in, or with `dry_run` only say what would. `source` names it: the same name goes on with the same board.
    `old_board` tells by which rule its addresses are found again; it is not saved yet."""
    with staged(report) as staging:
        staging.add_threads(threads)
        staging.add_members(members)
        staging.add_posts(posts)
        staging.settle()
        mover = _Mover(source, staging, forum_prefix, dry_run=dry_run)
        if old_board is not None and not dry_run:
            OldBoard.objects.get_or_create(source=source, defaults={"software": old_board.software, "path": old_board.path})
        mover.move(list(forums), progress)
        mover.keep_files(files)
        mover.keep_extras(extras)
        if not dry_run:
            mover.mend_references()
            if report.new_posts:
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
        self.addresses = Addresses(self._known)

    def _known(self, kind: Imported.Kind, ids: Iterable[str] | None = None) -> dict[str, int]:
        rows = Imported.objects.filter(source=self.source, kind=kind)
        if ids is None:
            return dict(rows.values_list("source_id", "object_id"))
        found: dict[str, int] = {}
        asked = list(ids)
        for start in range(0, len(asked), 900):
            found.update(rows.filter(source_id__in=asked[start : start + 900]).values_list("source_id", "object_id"))
        return found

    def move(self, forums: Sequence[SourceForum], progress: Progress) -> None:
        self._open_forums(forums)
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
        everybody = list(self.staging.members())
        self.report.members = len(everybody)
        for one in everybody:
            if one.id in self.members:
                continue
            if self.dry_run:
                if (here := next(names_near(one.name or UNKNOWN))) != one.name:
                    self.report.note("name", f"{one.name} → {here}")
                continue
            with transaction.atomic():
                member = members.move_in(
                    one.name or UNKNOWN, joined=to_datetime(one.joined if one.joined is not None else self.now),
                    email=one.email, about=one.about, claimable=one.has_account,
                    banned_at=None if one.banned is None else to_datetime(one.banned), ban_reason=one.ban_reason,
                )  # fmt: skip
                self.members[one.id] = self._remember(Imported.Kind.MEMBER, one.id, member.pk)
            if member.name != one.name:
                self.report.note("name", f"{one.name} → {member.name}")

    def _remember(self, kind: Imported.Kind, source_id: str, pk: int) -> int:
        Imported.objects.create(source=self.source, kind=kind, source_id=source_id, object_id=pk)
        return pk

    @transaction.atomic
    def _batch(self, batch: list[tuple[SourceThread, list[SourcePost]]]) -> None:
        here = self._known(Imported.Kind.THREAD, [thread.id for thread, _ in batch])
        known = self._known(Imported.Kind.POST, [post.id for _, posts in batch for post in posts])
        moved: list[MovedThread] = []
        told: list[tuple[SourceThread, list[rules.Arranged]]] = []
        for thread, posts in batch:
            arrived, waiting = rules.waiting_apart(posts)
            arranged = rules.arrange(arrived, fallback=self.now, note=self.report.note)
            arranged += rules.arrange_waiting(waiting, arranged)
            forum_id = self._forum(thread, posts[0], arranged[0].moment)
            new = [place for place in arranged if place.post.id not in known]
            self.report.new_posts += len(new)
            self.report.new_threads += thread.id not in here
            title = thread.title.removeprefix(self.title_prefix) or arranged[0].post.subject
            if self.dry_run:
                for place in new:
                    self._subject(title, place)
            elif thread.id not in here:
                moved.append(self._thread(thread, forum_id, [self._post(title, place) for place in arranged]))
                told.append((thread, arranged))
            elif new:
                self._add_to(here[thread.id], title, arranged, known)
        if moved:
            threads.reserve(moved)
            self._refer(moved, told)
            threads.move_in(moved)
        self._remember_all(moved, told)

    def _thread(self, thread: SourceThread, forum_id: int, posts: list[MovedPost]) -> MovedThread:
        return MovedThread(
            forum_id, posts, self._addresses(thread.addresses), pinned=thread.is_pinned, locked=thread.is_locked,
            views=thread.views,
        )  # fmt: skip

    def _refer(self, moved: list[MovedThread], told: list[tuple[SourceThread, list[rules.Arranged]]]) -> None:
        """Put the new addresses of what is known by now into the texts."""
        posts = [post for thread in moved for post in thread.posts if REFERENCE_SIGN in post.text]
        if posts:
            here = {("thread", old.id): new.id for new, (old, _) in zip(moved, told, strict=True)}
            for new, (_, arranged) in zip(moved, told, strict=True):
                here |= {("post", place.post.id): post.id for post, place in zip(new.posts, arranged, strict=True)}
            address_of = self.addresses.of([post.text for post in posts], here)
            for post in posts:
                post.text = with_addresses(post.text, address_of)

    def _remember_all(self, moved: list[MovedThread], told: list[tuple[SourceThread, list[rules.Arranged]]]) -> None:
        kind, rows = Imported.Kind, []
        for thread, (old, arranged) in zip(moved, told, strict=True):
            rows += [
                Imported(source=self.source, kind=kind.THREAD, source_id=thread_id, object_id=thread.id)
                for thread_id in (old.id, *old.other_ids)
            ]
            rows += [
                Imported(source=self.source, kind=kind.POST, source_id=place.post.id, object_id=post.id)
                for post, place in zip(thread.posts, arranged, strict=True)
            ]
        Imported.objects.bulk_create(rows, ignore_conflicts=True)

    def _add_to(self, thread_pk: int, title: str, arranged: list[rules.Arranged], known: dict[str, int]) -> None:
        """The posts that a later copy of the old board has more than an earlier one."""
        opening = Thread.objects.values_list("opening_id", flat=True).get(pk=thread_pk)
        for place in sorted(arranged, key=lambda place: (place.number is None, place.number)):
            if place.post.id not in known:
                parent = None if place.parent is None else known.get(arranged[place.parent].post.id)
                post = self._post(title, place)
                post.text = with_addresses(post.text, self.addresses.of([post.text], {}))
                threads.move_in_later(thread_pk, parent or opening, post)
                known[place.post.id] = self._remember(Imported.Kind.POST, place.post.id, post.id)

    def _post(self, title: str, place: rules.Arranged) -> MovedPost:
        post = place.post
        return MovedPost(
            author_id=self.members[post.author], moment=place.moment, subject=self._subject(title, place), text=post.body,
            format=post.format, state=post.state, number=place.number, parent=place.parent, depth=place.depth,
            addresses=self._addresses(post.addresses), edits=post.edits, edited=post.edited, hidden_reason=post.hidden_reason,
            hidden_at=None if post.hidden_at is None else to_datetime(post.hidden_at),
            hidden_by_id=self.members.get(post.hidden_by),
        )  # fmt: skip

    def _subject(self, title: str, place: rules.Arranged) -> str:
        post = place.post
        if post.state == "deleted" and not post.body:
            return ""
        plain = html.unescape(post.body) if post.format == "plain" else with_addresses(post.body, lambda ref: None)
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

    def _forum(self, thread: SourceThread, opening: SourcePost, moment: int) -> int:
        if thread.forum_id in self.forums:
            return self.forums[thread.forum_id]
        path = thread.forum or opening.forum
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

    @transaction.atomic
    def _open_forums(self, told: Sequence[SourceForum]) -> None:
        first = self.staging.first_moment()
        opened = to_datetime(self.now if first is None else first)
        shelves = self._known(Imported.Kind.CATEGORY)
        for one in told:
            if one.id in self.forums:
                continue
            if self.dry_run:
                self.forums[one.id] = 0
                continue
            forum = forums.move_in(
                Truncator(self.forum_prefix + one.name).chars(80), category=Truncator(one.category).chars(80) or CATEGORY,
                purpose=Truncator(one.purpose).chars(1000) or f"Moved in from {self.source}, with every post in its place.",
                opened=opened, administrators_only=one.is_closed,
            )  # fmt: skip
            self.forums[one.id] = self._remember(Imported.Kind.FORUM, one.id, forum.pk)
            if one.category_id and one.category_id not in shelves:
                shelves[one.category_id] = self._remember(Imported.Kind.CATEGORY, one.category_id, forum.category_id)

    def keep_files(self, files: Iterable[SourceFile]) -> None:
        for file in files:
            self.report.files += 1
            if not file.path:
                self.report.note("file", file.name)
                continue
            if self._known(Imported.Kind.ATTACHMENT, [file.id]):
                continue
            self.report.new_files += 1
            if not self.dry_run and not self._keep_file(file):
                self.report.new_files -= 1

    @transaction.atomic
    def _keep_file(self, file: SourceFile) -> bool:
        post_id = self._known(Imported.Kind.POST, [file.post_id]).get(file.post_id)
        if post_id is None or not Post.objects.filter(pk=post_id).exclude(state=State.WITHDRAWN).exists():
            return False
        with Path(file.path).open("rb") as bytes_of:
            made = threads.attach(post_id, file.name, bytes_of, note=file.note)
        self._remember(Imported.Kind.ATTACHMENT, file.id, made)
        return True

    def keep_extras(self, extras: Iterable[SourceExtra]) -> None:
        for some in batched(extras, 500):
            self.report.extras.update(extra.kind for extra in some)
            if not self.dry_run:
                ImportedExtra.objects.bulk_create(
                    [ImportedExtra(source=self.source, kind=e.kind, source_id=e.id[:200], payload=e.payload) for e in some],
                    ignore_conflicts=True,
                )

    def mend_references(self) -> None:
        """Put in the addresses of what came later than the text that refers to it. Texts edited here stay as they are."""
        for some in batched(self.staging.with_references(), 500):
            known = self._known(Imported.Kind.POST, [pk for pk, _ in some])
            address_of = self.addresses.of([body for _, body in some], {})
            as_moved_in = Text.objects.filter(
                post__in=list(known.values()), post__edit_count=F("post__imported_edit_count"), format=Text.Format.MARKDOWN
            ).exclude(post__state=State.WITHDRAWN)
            texts = dict(as_moved_in.values_list("post_id", "source"))
            for source_id, body in some:
                old = texts.get(known.get(source_id, 0))
                if old is not None and old != (new := with_addresses(body, address_of)):
                    threads.rewrite(known[source_id], old=old, new=new)
