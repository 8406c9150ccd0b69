"""Drafts, read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.base.time import to_moment
from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.threads.models import Post, State, Unsent


def unsent_at(member: Member, path: str) -> dict[str, str]:
    """What the member has typed into the form at this address; nothing when there is no draft."""
    return Unsent.objects.filter(member=member, path=path).values_list("typed", flat=True).first() or {}


@dataclass(frozen=True, slots=True)
class Draft:
    path: str
    says: str
    """Where it would go: *Reply in The bridge*."""
    words: str
    """Its subject, or its first words."""
    saved: When


def drafts_page(member: Member, reader: Reader) -> Sequence[Draft]:
    """The newest first."""
    rows = list(Unsent.objects.filter(member=member).order_by("-saved_at", "-pk"))
    posts = Post.objects.select_related("thread").in_bulk(
        [int(found[1]) for row in rows if (found := re.match(r"/posts/(\d+)/", row.path))]
    )
    slugs = [found[1] for row in rows if (found := re.match(r"/forums/([^/]+)/", row.path))]
    forums = dict(Forum.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [
        Draft(
            row.path, _says(row.path, posts, forums), _words(row.typed),
            reader.when(to_moment(row.saved_at)),
        )
        for row in rows
    ]  # fmt: skip


def _words(typed: dict[str, str]) -> str:
    return (typed.get("subject") or typed.get("text") or typed.get("link", ""))[:80]


def _says(path: str, posts: dict[int, Post], forums: dict[str, str]) -> str:
    _, kind, name, verb, _ = path.split("/")
    if kind == "forums":
        return f"A thread in {forums.get(name, 'a forum')}"
    post = posts.get(int(name))
    about = f" in {post.thread.subject}" if post and post.thread.state == State.VISIBLE else ""
    return f"{'A reply' if verb == 'reply' else 'An edit'}{about}"
