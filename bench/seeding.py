"""Seeding: a board of any size, the same each time, moved in by the importers' own bulk path.

python -m bench.seeding --posts 50000     (into FOLKMOOT_DATA; the community must be founded)
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bench.words import Words, name_of, words

if TYPE_CHECKING:
    from folkmoot.threads.actions import MovedThread

SPAN_DAYS = 700
LONG = 201
"""Posts of the one long thread; all others have 24 or 25."""

BATCH = 10_000
"""Posts a transaction, at least: whole threads."""


@dataclass(frozen=True, slots=True)
class Seeded:
    posts: int
    threads: int
    members: int
    seconds: float
    cpu_seconds: float
    posts_per_second: float


@dataclass(frozen=True, slots=True)
class Shape:
    """Who answers whom in a thread, in preorder: number of arrival, index of the parent, depth."""

    numbers: tuple[int, ...]
    parents: tuple[int | None, ...]
    depths: tuple[int, ...]


def shape(size: int, chance: random.Random) -> Shape:
    """A thread as people make them: half of the replies answer one of the newest posts, a fifth the opening post."""
    parent_of: list[int] = [-1]
    for number in range(1, size):
        kind = chance.random()
        if kind < 0.2:
            parent_of.append(0)
        elif kind < 0.7:
            parent_of.append(chance.randrange(max(number - 4, 0), number))
        else:
            parent_of.append(chance.randrange(number))
    children: dict[int, list[int]] = {}
    for number, parent in enumerate(parent_of):
        children.setdefault(parent, []).append(number)
    numbers: list[int] = []
    depth_of = [0] * size
    waiting = [0]
    while waiting:
        number = waiting.pop()
        depth_of[number] = depth_of[parent_of[number]] + 1 if number else 0
        numbers.append(number)
        waiting += reversed(children.get(number, []))
    index = {number: at for at, number in enumerate(numbers)}
    parents = tuple(None if number == 0 else index[parent_of[number]] for number in numbers)
    return Shape(tuple(numbers), parents, tuple(depth_of[number] for number in numbers))


def sizes(posts: int, threads: int) -> Iterator[int]:
    """How many posts each thread has: one long one, the others within one of each other."""
    yield LONG
    rest, others = posts - LONG, threads - 1
    for at in range(others):
        yield rest * (at + 1) // others - rest * at // others


def seed(posts: int = 50_000, members: int = 200, *, progress: Callable[[int, int], None] = lambda done, of: None) -> Seeded:
    """Move a board of so many posts in, in a twenty-fifth as many threads, by so many members. Django is set up."""
    from folkmoot.base.time import DAY, now_moment
    from folkmoot.forums.models import Forum
    from folkmoot.threads import actions
    from folkmoot.threads.tasks import refresh_shown_counts

    started, started_cpu = time.monotonic(), time.process_time()
    chance = random.Random(1848)
    pool = words()
    authors = _members(members)
    forums = list(Forum.objects.filter(administrators_only=False, category__is_retired=False).values_list("pk", flat=True)[:20])
    threads = max(posts // 25, 2)
    step = SPAN_DAYS * DAY // posts
    board = _Board(pool, chance, authors, forums, step, now_moment() - (SPAN_DAYS + 1) * DAY)
    batch: list[actions.MovedThread] = []
    done = waiting = 0
    for size in sizes(posts, threads):
        batch.append(board.thread(size))
        waiting += size
        if waiting >= BATCH or done + waiting == posts:
            actions.move_in(batch)
            done, waiting, batch = done + waiting, 0, []
            progress(done, posts)
    refresh_shown_counts()
    seconds = time.monotonic() - started
    return Seeded(posts, threads, members, seconds, time.process_time() - started_cpu, posts / seconds)


class _Board:
    """Makes one thread after the other. Each post has its own slot of time; neighbouring threads overlap."""

    def __init__(
        self, pool: Words, chance: random.Random, authors: Sequence[int], forums: Sequence[int], step: int, first_moment: int
    ) -> None:
        self.pool, self.chance, self.authors, self.forums = pool, chance, authors, forums
        self.step, self.first_moment = step, first_moment
        self.shapes = {size: [shape(size, chance) for _ in range(64)] for size in (23, 24, 25, 26)}
        self.posts = self.threads = 0

    def thread(self, size: int) -> "MovedThread":
        from folkmoot.threads.actions import MovedPost, MovedThread

        its_shape = self.chance.choice(self.shapes[size]) if size in self.shapes else shape(size, self.chance)
        start, aside = self.first_moment + self.posts * self.step, self.threads % 997
        posts = []
        for number, parent, depth in zip(its_shape.numbers, its_shape.parents, its_shape.depths, strict=True):
            chance = self.chance.random()
            source, html = self.pool.post(self.posts, self.chance)
            posts.append(
                MovedPost(
                    author_id=self.authors[int(chance * len(self.authors))], moment=start + number * self.step * 20 + aside,
                    subject=self.pool.subjects[int(chance * 1e6) % len(self.pool.subjects)], text=source, format="markdown",
                    state="visible", number=number, parent=parent, depth=depth, html=html,
                )
            )  # fmt: skip
            self.posts += 1
        self.threads += 1
        return MovedThread(self.forums[self.threads % len(self.forums)], posts)


def _members(count: int) -> list[int]:
    """Accounts without a password; the load gives passwords to those that it signs in as."""
    from datetime import UTC, datetime, timedelta

    from folkmoot.members import actions

    joined = datetime.now(UTC) - timedelta(days=SPAN_DAYS + 30)
    return [actions.join(name=name_of(number), moment=joined).pk for number in range(count)]


SIGNED_IN = 9
"""Members with a password, for the load to sign in as."""

PASSWORD = "a-long-enough-password"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the load goes: addresses, and opening posts to answer."""

    long_thread: str
    thread: str
    forum: str
    openings: Sequence[int]
    names: Sequence[str]


def liven() -> Places:
    """Passwords for a few, an administrator, recommendations and edits: by the real actions. Returns where the load goes."""
    from folkmoot.members import actions as members
    from folkmoot.members.models import Member
    from folkmoot.threads import actions
    from folkmoot.threads.models import Post, Thread
    from folkmoot.threads.queries.thread import address_of

    members.administrator_link("Mayor")
    people = list(Member.objects.filter(claimable=False, office="").order_by("pk")[:SIGNED_IN])
    for member in people:
        members.set_password(member, PASSWORD)
    long, thread = Thread.objects.order_by("-last_number", "pk")[0], Thread.objects.order_by("-last_moment")[0]
    chance = random.Random(1848)
    posts = list(Post.objects.filter(thread__in=[long, thread]).order_by("number", "pk"))
    for post in [posts[0], posts[1], *chance.sample(posts[2:], 30)]:
        for member in chance.sample(people, chance.randrange(1, 5)):
            if member.pk != post.author_id:
                actions.recommend(post, by=member)
    for post in chance.sample(posts[2:], 5):
        actions.edit(post, by=post.author, subject=post.subject, text=f"{post.text.source}\n\nEdited: a word was missing.")
    openings = list(
        Thread.objects.exclude(pk__in=[long.pk, thread.pk]).order_by("-pk").values_list("opening_id", flat=True)[:400]
    )
    return Places(
        address_of(long), address_of(thread), f"/forums/{thread.forum.slug}/",
        [pk for pk in openings if pk], [member.name for member in people],
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=50_000)
    parser.add_argument("--members", type=int, default=200)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")
    import django

    django.setup()
    from folkmoot.site.progress import Progress

    said = seed(arguments.posts, arguments.members, progress=Progress("posts", lambda line: print(line, file=sys.stderr)).at)
    print(json.dumps({"seeded": asdict(said), "places": asdict(liven())}))


if __name__ == "__main__":
    main()
