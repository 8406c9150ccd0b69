"""Decisions about what an old board meant. Pure: values in, answer out."""

import heapq
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile

from folkmoot.base.time import SECOND, to_moment
from folkmoot.exchange.records import SourcePost


@dataclass(frozen=True, slots=True)
class Arranged:
    """A post with its place in the tree. `parent` is an index into the list that `arrange` returned."""

    post: SourcePost
    number: int | None
    """None for a reply that waits to be let in; only what has arrived is arranged."""
    parent: int | None
    depth: int
    moment: int


def arrange(posts: Sequence[SourcePost], *, fallback: int, note: Callable[[str, str], None]) -> list[Arranged]:
    """A thread's posts (in the order of time) as a tree in preorder, numbered by arrival, whatever the source claims.

    One post opens the thread; a reply to a post that is not here answers the opening; of posts that answer each other
    in a circle the earliest answers the opening; nobody arrives before the post that they answer.
    """
    opening = next((i for i, post in enumerate(posts) if not post.parent_id), None)
    if opening is None:
        opening = 0
        note("headless", posts[0].thread_id)
    parents = _without_circles(posts, _parents(posts, opening, note), note)
    known = [post.moment for post in posts if post.moment is not None]
    earliest = min(known, default=fallback)
    children: list[list[int]] = [[] for _ in posts]
    for i, parent in enumerate(parents):
        if i != opening:
            children[parent].append(i)
    moments = [post.moment if post.moment is not None else -1 for post in posts]
    numbers: dict[int, int] = {}
    moments[opening] = moments[opening] if moments[opening] >= 0 else earliest
    arriving = [(moments[opening], opening)]
    while arriving:
        _, i = heapq.heappop(arriving)
        numbers[i] = len(numbers)
        for child in children[i]:
            if moments[child] < 0:
                moments[child] = moments[i]
            heapq.heappush(arriving, (moments[child], child))
    found: list[Arranged] = []
    waiting: list[tuple[int, int | None, int]] = [(opening, None, 0)]
    while waiting:
        i, parent_at, depth = waiting.pop()
        at = len(found)
        found.append(Arranged(posts[i], numbers[i], parent_at, depth, moments[i]))
        waiting += [(child, at, depth + 1) for child in sorted(children[i], key=numbers.__getitem__, reverse=True)]
    return found


def waiting_apart(posts: Sequence[SourcePost]) -> tuple[list[SourcePost], list[SourcePost]]:
    """The posts of a thread that have arrived (and its opening post, even if it waits), and the replies that wait."""
    opening = next((post for post in posts if not post.parent_id), posts[0])
    waits = [post.state == "pending" and post is not opening for post in posts]
    return [p for p, w in zip(posts, waits, strict=True) if not w], [p for p, w in zip(posts, waits, strict=True) if w]


def arrange_waiting(waiting: Sequence[SourcePost], arranged: Sequence[Arranged]) -> list[Arranged]:
    """The replies that wait, each below the post that it will answer."""
    where = {place.post.id: at for at, place in enumerate(arranged)}
    return [
        Arranged(post, None, where.get(post.parent_id, 0), 0, arranged[0].moment if post.moment is None else post.moment)
        for post in waiting
    ]


def _parents(posts: Sequence[SourcePost], opening: int, note: Callable[[str, str], None]) -> list[int]:
    where = {post.id: i for i, post in enumerate(posts)}
    parents = []
    for i, post in enumerate(posts):
        parent = where.get(post.parent_id, i)
        if i == opening:
            parent = i
        elif parent == i:
            if post.parent_id:
                note("orphan", post.id)
            parent = opening
        parents.append(parent)
    return parents


def _without_circles(posts: Sequence[SourcePost], parents: list[int], note: Callable[[str, str], None]) -> list[int]:
    opening = next(i for i, parent in enumerate(parents) if parent == i)
    leads_to_opening = {opening}
    for start in range(len(posts)):
        path: dict[int, None] = {}
        i = start
        while i not in leads_to_opening and i not in path:
            path[i] = None
            i = parents[i]
        if i in path:
            circle = list(path)[list(path).index(i) :]
            earliest = min(circle)
            note("cycle", posts[earliest].id)
            parents[earliest] = opening
        leads_to_opening.update(path)
    return parents


def shared_prefix(titles: Iterable[str]) -> str:
    """What all titles of an old board begin with before a dash or bar (`4Forums.com -  `): the site's name, not a title."""
    found = list(titles)
    if len(found) < 10:
        return ""
    pairs = zip(min(found), max(found), strict=False)
    prefix = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    match = re.match(r"^.*(?: - | \| | :: | » )\s*", prefix)
    return match[0] if match else ""


_RE = re.compile(r"^(?:(?:re|aw|sv|antw|fwd?)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def own_subject(subject: str, title: str) -> str:
    """A reply's subject, when it says more than `Re: ` and its thread's title; else nothing."""
    bare = _RE.sub("", subject.strip())
    return "" if bare.casefold() == title.strip().casefold() else bare


EARLIEST = to_moment(datetime(1990, 1, 1, tzinfo=UTC))
"""No board that moves in is older."""


def plausible(seconds: int | None, *, now: int) -> int | None:
    """Seconds since 1970 as a moment; None when no board can have written then."""
    return seconds * SECOND if seconds and EARLIEST <= seconds * SECOND <= now else None


def old_path(address: str) -> str:
    """Path and query of an old address, as our 404 page will be asked for it."""
    path = re.sub(r"^[a-zA-Z][\w+.-]*://[^/?#]*", "", address.strip()).split("#")[0]
    return path if path.startswith("/") else f"/{path}"
