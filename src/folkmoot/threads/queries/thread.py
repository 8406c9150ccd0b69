"""The thread page: five queries for a visitor with the frame's one, whatever the thread's length."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.http import Http404

from folkmoot.base import time
from folkmoot.base.answers import Answer
from folkmoot.base.rows import Columns, row
from folkmoot.forums.models import Category, Forum
from folkmoot.ledger.rules.entries import officer_name
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.members.rules import may_administer
from folkmoot.threads import rules
from folkmoot.threads.addresses import shown_subject, thread_address
from folkmoot.threads.events import ThreadLocked, ThreadMoved, ThreadPinned, ThreadUnlocked, ThreadUnpinned
from folkmoot.threads.models import Article, Post, State, Thread
from folkmoot.threads.queries.news import ArticleBox, box_of
from folkmoot.threads.queries.posts import Posts, read_posts
from folkmoot.threads.queries.reading import Reading, read_place
from folkmoot.threads.rules import tree

VIEWS = {"tree": "Everything", "flat": "Flat, by time", "opening": "Opening post only"}
HIGHLIGHTS = {"new": "New since my last visit", "5": "The 5 newest", "none": "Nothing"}


_THREAD = Columns(Thread, "t")
_FORUM = Columns(Forum, "f", at=_THREAD.end)
_CATEGORY = Columns(Category, "c", at=_FORUM.end)
_ARTICLE = Columns(Article, "a", at=_CATEGORY.end)
_DONE = {
    ThreadLocked.__name__: "locked this thread", ThreadUnlocked.__name__: "unlocked it", ThreadPinned.__name__: "pinned it",
    ThreadUnpinned.__name__: "unpinned it", ThreadMoved.__name__: "moved it here",
}  # fmt: skip
"""Acts that stand in the thread with their reasons."""

_OF_ACT = "e.id, e.kind, e.office, e.officer, r.text"
_ACTS_OF = f"""FROM ledger_outboxentry e JOIN ledger_reason r ON r.entry_id = e.id WHERE e.thread_id = t.id
  AND e.kind IN ({", ".join(f"'{kind}'" for kind in _DONE)})"""
_ACTS = {
    "sqlite": f"SELECT json_group_array(json_array({_OF_ACT}, strftime('%%s', e.told_at))) {_ACTS_OF}",
    "postgresql": f"SELECT json_agg(json_build_array({_OF_ACT}, EXTRACT(EPOCH FROM e.told_at)::bigint))::text {_ACTS_OF}",
}
_THREAD_SQL = f"""
SELECT {_THREAD.sql}, {_FORUM.sql}, {_CATEGORY.sql}, {_ARTICLE.sql}, ({_ACTS[connection.vendor]})
FROM threads_thread t JOIN forums_forum f ON f.id = t.forum_id JOIN forums_category c ON c.id = f.category_id
LEFT JOIN threads_article a ON a.post_id = t.opening_id
WHERE t.id = %s
"""
_POST = Columns(Post, "p")
_AUTHOR = Columns(Member, "m", at=_POST.end)
_POST_SQL = f"SELECT {_POST.sql}, {_AUTHOR.sql} FROM threads_post p JOIN members_member m ON m.id = p.author_id WHERE p.id = %s"


class Deed(NamedTuple):
    """An act of a host or an administrator, as its thread tells it."""

    id: int
    says: str
    reason: str
    when: When


@dataclass(frozen=True, slots=True)
class ThreadPage:
    thread: Thread
    address: str
    title: str
    opening: Posts | None
    """None on later pages."""
    opening_id: int
    article: ArticleBox | None
    opening_when: When
    replies: Posts
    new_count: int
    first_new: int | None
    """The number of the first new post on this page."""
    page: int
    page_count: int
    view: str
    highlight: str
    kept: tuple[str, str]
    """View and highlight that this reader's threads open with."""
    locked: str
    """The sentence that says why nobody can reply; empty when they can."""
    may_reply: Answer
    may_administer: bool
    may_do: Sequence[str]
    """The acts upon this thread that its reader may do, by their addresses."""
    deeds: Sequence[Deed]
    """What was done to the thread, the newest first."""
    waiting: bool
    authors: frozenset[int]
    """Who wrote the posts of this page."""

    def link(self, *, page: int = 1, view: str | None = None, highlight: str | None = None) -> str:
        """This thread at another page, view or highlight; only known parameters, the defaults left out."""
        view, highlight = view or self.view, highlight or self.highlight
        pairs = [f"page={page}"] if page > 1 else []
        pairs += [f"view={view}"] if view != self.kept[0] else []
        pairs += [f"highlight={highlight}"] if highlight != self.kept[1] else []
        return self.address + ("?" + "&".join(pairs) if pairs else "")


def visible_thread(thread_id: int, reader: Reader) -> Thread:
    """The thread with forum and category; 404 when this reader may not know of it."""
    return _with_more(thread_id, reader)[0]


def visible_post(post_id: int, reader: Reader) -> Post:
    """The post with its author, and with its thread as `visible_thread` gives it; 404 when this reader may not know of it."""
    found = row(_POST_SQL, [post_id])
    if found is None:
        raise Http404
    post = _POST.instance(found)
    if post.number is None and not _may_know(post.author_id, post.forum_id, reader):
        raise Http404
    post.author = _AUTHOR.instance(found)
    post.thread = visible_thread(post.thread_id, reader)
    post.forum = post.thread.forum
    return post


def _with_more(thread_id: int, reader: Reader) -> tuple[Thread, Article | None, list[Deed]]:
    """A visible thread, the article that its opening post brings while its words are shown, and what was done to it."""
    found = row(_THREAD_SQL, [thread_id])
    if found is None:
        raise Http404
    thread = _THREAD.instance(found)
    thread.forum = _FORUM.instance(found)
    thread.forum.category = _CATEGORY.instance(found)
    if thread.state in (State.PENDING, State.REMOVED) and not _may_know(thread.author_id, thread.forum_id, reader):
        raise Http404
    shown = found[_ARTICLE.at] is not None and thread.state in (State.VISIBLE, State.PENDING)
    return thread, _ARTICLE.instance(found) if shown else None, _deeds(found[_ARTICLE.end], reader)


def _deeds(told: str | None, reader: Reader) -> list[Deed]:
    """The acts, which come as JSON."""
    return [
        Deed(pk, f"{officer_name(office, officer)} {_DONE[kind]}", reason, reader.when(int(at) * time.SECOND))
        for pk, kind, office, officer, reason, at in sorted(json.loads(told or "[]"), reverse=True)
    ]


def thread_page(thread_id: int, *, reader: Reader, query: Mapping[str, str]) -> ThreadPage:
    thread, article, deeds = _with_more(thread_id, reader)
    kept = ((reader.member.view if reader.member else "") or "tree", (reader.member.highlight if reader.member else "") or "new")
    view, highlight = query.get("view", kept[0]), query.get("highlight", kept[1])
    view = view if view in VIEWS else kept[0]
    highlight = highlight if highlight in HIGHLIGHTS else kept[1]
    anchors = read_anchors(thread.pk)
    numbered = (thread.last_number + rules.PAGE_SIZE - 1) // rules.PAGE_SIZE
    page_count = {"flat": numbered, "opening": 1}.get(view, len(anchors)) or 1
    page = _page(query.get("page"), page_count)
    where, parameters, anchor = _bounds(thread.pk, view, page, page_count, anchors)
    reading = read_place(reader, thread.pk)
    posts = read_posts(where, parameters, reader=reader, new_after=_new_after(highlight, thread, reading, anchor))
    if reader.member is not None and (anchor is not None or page == page_count):
        reading.keep(thread.last_number, anchor=anchor, anchors=[pk for _, pk in anchors])
    authors = frozenset(row[11] for row in posts.rows)
    opening = posts.part(0, 1) if posts and posts.rows[0][1] == 0 else None
    replies = posts.part(1) if opening else posts
    new = replies.new()
    return ThreadPage(
        thread=thread, address=address_of(thread), title=title_of(thread),
        opening=opening, opening_id=thread.opening_id or 0,
        article=box_of(article, reader=reader) if opening else None, opening_when=reader.when(thread.moment),
        replies=replies, new_count=len(new),
        first_new=new[0] if new else None, page=page, page_count=page_count, view=view, highlight=highlight, kept=kept,
        locked=rules.locked_sentence(thread) if thread.locked_at else "",
        may_reply=rules.may_reply(reader.member, thread, _Message(thread), retired=thread.forum.category.is_retired),
        may_administer=bool(may_administer(reader.member)), may_do=_may_do(reader.member, thread), deeds=deeds,
        waiting=thread.state == State.PENDING, authors=authors,
    )  # fmt: skip


_ACTS_UPON = {
    "lock": rules.may_lock, "unlock": rules.may_unlock, "pin": rules.may_pin, "unpin": rules.may_unpin, "move": rules.may_move,
}  # fmt: skip


def _may_do(member: Member | None, thread: Thread) -> list[str]:
    if not rules.office_in(member, thread.forum_id):
        return []
    return [verb for verb, rule in _ACTS_UPON.items() if rule(member, thread, is_main=thread.forum.category.is_main)]


def address_of(thread: Thread) -> str:
    return thread_address(thread.pk, title_of(thread))


def title_of(thread: Thread) -> str:
    return shown_subject(thread.subject, thread.state)


@dataclass(frozen=True, slots=True)
class Index:
    thread: Thread
    address: str
    title: str
    rows: Posts
    page: int
    page_count: int

    def link(self, *, page: int = 1) -> str:
        return f"/threads/{self.thread.pk}/index/" + (f"?page={page}" if page > 1 else "")


INDEX_PAGES = 5
"""Pages of the thread on one page of the whole index."""


def thread_index(thread_id: int, *, reader: Reader, page_asked: str | None) -> Index:
    """The whole tree by subjects, without the texts."""
    thread = visible_thread(thread_id, reader)
    anchors = read_anchors(thread.pk)[::INDEX_PAGES]
    page = _page(page_asked, len(anchors) or 1)
    where, parameters, _ = _bounds(thread.pk, "tree", page, len(anchors) or 1, anchors, 2 * INDEX_PAGES * rules.PAGE_SIZE)
    rows = read_posts(where, parameters, reader=reader, new_after=None)
    rows = rows.part(1) if rows and rows.rows[0][1] == 0 else rows
    return Index(thread, address_of(thread), title_of(thread), rows, page, len(anchors) or 1)


def read_anchors(thread_id: int) -> list[tuple[int, int]]:
    """Where each page of the tree begins, and the anchor's id; in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, id FROM threads_anchor WHERE thread_id = %s ORDER BY place", [thread_id])
        return list(cursor.fetchall())


def page_with(post: Post) -> int:
    """The page of the tree that shows this post."""
    if not post.number or post.place is None:
        return 1
    return tree.page_of([place for place, _ in read_anchors(post.thread_id)], post.place)


def first_unread(thread: Thread, reader: Reader) -> Post | None:
    """The first post in the order of the tree that this member has not had on a page; None when there is none."""
    reading = read_place(reader, thread.pk)
    new = Post.objects.filter(thread=thread, number__gt=reading.seen).exclude(author=reader.member_id).order_by("place")
    return new.first()


@dataclass(frozen=True, slots=True)
class _Message:
    """The opening post, as the rules see it."""

    thread: Thread

    @property
    def forum_id(self) -> int:
        return self.thread.forum_id

    @property
    def author_id(self) -> int:
        return self.thread.author_id

    @property
    def state(self) -> str:
        return self.thread.state


def _may_know(author_id: int, forum_id: int, reader: Reader) -> bool:
    """Of what waits, or was turned away: its author, and whoever looks after the forum."""
    return author_id == reader.member_id or bool(rules.office_in(reader.member, forum_id))


def _page(asked: str | None, page_count: int) -> int:
    if not asked:
        return 1
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6 or not 1 <= int(asked) <= page_count:
        raise Http404
    return int(asked)


def _bounds(
    thread_id: int, view: str, page: int, page_count: int, anchors: Sequence[tuple[int, int]], most: int = 2 * rules.PAGE_SIZE
) -> tuple[str, list[int], int | None]:
    """Which posts are on the page, and the anchor that the page hangs on. No page holds as many as `most`: it tells
    PostgreSQL, which cannot know how the places lie in this thread, to read them in their order."""
    if view == "flat":
        size = rules.PAGE_SIZE
        low = 0 if page == 1 else size * (page - 1) + 1
        return "p.thread_id = %s AND p.number BETWEEN %s AND %s ORDER BY p.number", [thread_id, low, size * page], None
    if view == "opening" or not anchors:
        return "p.thread_id = %s AND p.number = 0", [thread_id], None
    low = 0 if page == 1 else anchors[page - 1][0]
    where, parameters = "p.thread_id = %s AND p.place >= %s AND p.number IS NOT NULL", [thread_id, low]
    if page < page_count:
        where, parameters = where + " AND p.place < %s", [*parameters, anchors[page][0]]
    return f"{where} ORDER BY p.place LIMIT {most}", parameters, anchors[page - 1][1]


def _new_after(highlight: str, thread: Thread, reading: Reading, anchor: int | None) -> int | None:
    if highlight == "5":
        return max(thread.last_number - 5, 0)
    if highlight == "none" or reading.member_id == 0:
        return None
    return reading.new_after(anchor)
