"""One post's edit history, and a member's posts."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet
from markupsafe import Markup, escape

from folkmoot.base import markup
from folkmoot.base.paging import Cursor, Slice, cut
from folkmoot.members.reader import Reader, When
from folkmoot.threads.addresses import post_address, shown_subject, thread_address
from folkmoot.threads.models import Post, Revision, State, Text
from folkmoot.threads.queries.posts import rendered_anew
from folkmoot.threads.rules import WAITS, may_see_text

LIST_SIZE = 40


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a post, with what changed since the one before."""

    revision_id: int | None
    """None for the wording that stands."""
    number: int
    written: When
    subject: str
    withdrawn: bool
    changes: Markup


@dataclass(frozen=True, slots=True)
class History:
    wordings: Sequence[Wording]
    """Newest first."""
    older: int | None = None
    """The page after this one holds the wordings below this number."""


WORDINGS = 20
"""Wordings on a page: whoever edits a thousand times makes many pages, not a slow one."""


def history(post: Post, *, reader: Reader, before: int | None = None) -> History:
    """The wordings of a post, or those below a number. Words that the reader may not see are not in it."""
    if not may_see_text(reader.member, post.state):
        return History([])
    text = Text.objects.select_related("post__article").get(post=post)
    article = getattr(text.post, "article", None)
    found = Revision.objects.filter(post=post).order_by("-number")
    if before is not None:
        found = found.filter(number__lt=before)
    revisions = list(found[: WORDINGS + 1])[::-1]
    now = Revision(
        post=post, number=post.edit_count + 1, moment=post.edited_moment or post.moment, subject=post.subject,
        source=text.source, article=article.stated if article else "",
    )  # fmt: skip
    wordings, last = [], ""
    for revision in [*revisions, now] if before is None else revisions:
        withdrawn = revision.withdrawn_at is not None
        said = "\n\n".join([revision.subject, *filter(None, [revision.article]), revision.source]) if not withdrawn else ""
        changes = Markup("") if withdrawn else marked_changes(last, said)
        wordings.append(Wording(revision.pk, revision.number, reader.when(revision.moment), revision.subject, withdrawn, changes))
        last = said or last
    if len(revisions) <= WORDINGS:
        return History(wordings[::-1])
    return History(wordings[:0:-1], older=revisions[1].number)


_DIFF_WORK = 3_000_000
"""What finding the changes may cost at the very worst, in steps: less than half a second."""


def marked_changes(before: str, after: str) -> Markup:
    """The text with `<del>` and `<ins>` around what changed: by words, by lines where that would take long, or all of it."""
    if not before:
        return escape(after)
    for pieces in (_pieces, _lines_of):
        old, new = pieces(before), pieces(after)
        top, bottom = _shared(old, new), _shared(old[::-1], new[::-1])
        bottom = min(bottom, len(old) - top, len(new) - top)
        old, new, kept, end = old[top : len(old) - bottom], new[top : len(new) - bottom], new[:top], new[len(new) - bottom :]
        if _work(old, new) <= _DIFF_WORK:
            return escape("".join(kept)) + _changes(old, new) + escape("".join(end))
    return escape("".join(kept)) + _replaced("".join(old), "".join(new)) + escape("".join(end))


def _shared(old: list[str], new: list[str]) -> int:
    """How many pieces both begin with."""
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _work(old: list[str], new: list[str]) -> int:
    """Each look for the longest match passes over all that is left, and finds at least one piece."""
    in_new = Counter(new)
    pairs = sum(in_new[piece] for piece in old)
    return (pairs + len(old) + len(new)) * (min(pairs, len(old), len(new)) + 1)


def _changes(old: list[str], new: list[str]) -> Markup:
    parts: list[Markup] = []
    for what, i, j, k, n in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:n])
        if what == "equal":
            parts.append(escape(come))
            continue
        parts.append(_replaced(gone, come))
    return Markup("").join(parts)


def _replaced(gone: str, come: str) -> Markup:
    removed = Markup("<del>{}</del>").format(gone) if gone else Markup("")
    return removed + (Markup("<ins>{}</ins>").format(come) if come else Markup(""))


def _lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _pieces(text: str) -> list[str]:
    """Words, each with the space behind it."""
    words: list[str] = []
    for line in text.splitlines(keepends=True):
        words += [word + " " for word in line.split(" ")[:-1]] + [line.split(" ")[-1]]
    return words


class PostLine(NamedTuple):
    """A post in a list of posts."""

    id: int
    address: str
    subject: str
    author: str
    thread: str
    thread_address: str
    forum: str
    forum_address: str
    written: When
    recs: int
    moment: int
    waits: bool
    because: str
    """Why it waits, as the end of a sentence."""
    body: Markup
    link: str
    """Of the article that it brings; mostly empty."""
    thread_id: int


def member_posts(member_id: int, *, reader: Reader, cursor: Cursor) -> Slice[PostLine]:
    """A member's posts, newest first. Their own reader also sees those that wait."""
    shown = [State.VISIBLE, State.PENDING] if member_id == reader.member_id else [State.VISIBLE]
    return _lines(Post.objects.filter(author=member_id, state__in=shown), reader, cursor)


def replies_to(member_id: int, *, reader: Reader, cursor: Cursor) -> Slice[PostLine]:
    """Visible answers to a member's posts, newest first."""
    posts = Post.objects.filter(answered=member_id, state=State.VISIBLE).exclude(author=member_id)
    return _lines(posts, reader, cursor)


def waiting(*, reader: Reader, cursor: Cursor, forum_id: int | None = None) -> Slice[PostLine]:
    """Posts that wait to be looked at, everywhere or in a forum."""
    posts = Post.objects.filter(state=State.PENDING)
    return _lines(posts if forum_id is None else posts.filter(forum=forum_id), reader, cursor)


def _lines(posts: QuerySet[Post], reader: Reader, cursor: Cursor) -> Slice[PostLine]:
    found = posts.values_list(
        "moment", "id", "subject", "author__name", "thread_id", "thread__subject", "thread__state", "forum__name", "forum__slug",
        "recommendation_count", "state", "fragment__html", "fragment__render_version", "article__link",
        "waits_because",
    )  # fmt: skip
    page: Slice[tuple[Any, ...]] = cut(found, cursor, LIST_SIZE, by="moment", key=itemgetter(0))
    anew = rendered_anew([row[1] for row in page.rows if row[12] != markup.RENDER_VERSION])
    lines = [
        PostLine(
            pk, post_address(pk), subject, author, shown_subject(thread, its_state),
            thread_address(thread_id, shown_subject(thread, its_state)), forum, f"/forums/{slug}/",
            reader.when(moment), recs, moment, state == State.PENDING, WAITS.get(because, WAITS["link"]),
            Markup(anew.get(pk, html)), link or "", thread_id,
        )
        for (
            moment, pk, subject, author, thread_id, thread, its_state, forum, slug, recs, state, html, _, link, because,
        ) in page.rows
    ]  # fmt: skip
    return Slice(lines, page.newer, page.older, page.first)
