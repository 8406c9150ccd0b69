"""Reading the posts of a page in one SQL query, without a model object a post."""

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from markupsafe import Markup, escape

from folkmoot.base import time
from folkmoot.members.addresses import member_address
from folkmoot.members.reader import Reader
from folkmoot.threads.addresses import attachment_address
from folkmoot.threads.models import State
from folkmoot.threads.rules import size_text

NAMES_SHOWN = 7
"""Recommenders named on a thread page; all of them stand on the post's own page."""

_SHOWN = ("visible", "pending")
"""A waiting post reaches only pages that its author and the administrators may open."""

_GONE = {
    State.WITHDRAWN: "Deleted by its author",
    State.HIDDEN_BY_VERDICT: "Hidden by a jury",
    State.HIDDEN_BY_OFFICE: "Hidden by an administrator",
    State.REMOVED: "Removed by an administrator",
}


class FileRow(NamedTuple):
    """An attachment as the page shows it, its name escaped."""

    name: Markup
    size: str
    address: str


class PostRow(NamedTuple):
    """One post as the page shows it, people's words escaped. `depth_mark` is "0" to "6", deeper "more"; `gone` is the
    stub's sentence."""

    id: int
    number: int
    depth: int
    depth_mark: str
    subject: Markup
    no_text: bool
    author: Markup
    author_address: str
    star: bool
    office: str
    post_count_text: str
    full: str
    iso: str
    short: str
    to_author: Markup
    to_number: int | None
    to_address: str
    body: Markup
    edited_text: str
    edit_count: int
    recommendation_count: int
    recommended: bool
    recommenders: Sequence[Markup]
    is_new: bool
    mine: bool
    gone: str
    gone_reason: Markup
    address: str
    files: Sequence[FileRow]


_FILES = {
    "sqlite": "SELECT json_group_array(json_array(x.id, x.name, x.size)) FROM"
    " (SELECT id, name, size FROM threads_attachment WHERE post_id = p.id ORDER BY id) x",
    "postgresql": "SELECT json_agg(json_build_array(x.id, x.name, x.size) ORDER BY x.id)::text FROM threads_attachment x"
    " WHERE x.post_id = p.id",
}
"""A post's files come with it, so that they cost no query; of posts without any nothing is asked."""

_SELECT = f"""
SELECT p.id, p.number, p.depth, p.subject, p.has_text, p.state, p.state_reason, p.moment, p.edit_count, p.edited_moment,
  p.recommendation_count, p.author_id, a.name, a.shown_post_count, a.star_since, a.office, q.number, qa.name, q.id,
  CASE WHEN p.state IN ('visible', 'pending') THEN f.html ELSE '' END,
  CASE WHEN p.attachment_count > 0 AND p.state IN ('visible', 'pending') THEN ({_FILES[connection.vendor]}) END{{recommended}}
FROM threads_post p
JOIN members_member a ON a.id = p.author_id
JOIN threads_fragment f ON f.post_id = p.id
LEFT JOIN threads_post q ON q.id = p.parent_id
LEFT JOIN members_member qa ON qa.id = q.author_id
{{join}}
WHERE {{where}}
"""
_NO_MARK = _SELECT.replace("{recommended}", ", NULL").replace("{join}", "")
_MARK = _SELECT.replace("{recommended}", ", r.id").replace(
    "{join}", "LEFT JOIN threads_recommendation r ON r.post_id = p.id AND r.member_id = %s"
)


def read_posts(where: str, parameters: Sequence[Any], *, reader: Reader, new_after: int | None) -> list[PostRow]:
    """The posts that `where` names, in its order, with who recommends them: two queries.

    `new_after`: numbers above it are new to the reader; None marks nothing.
    """
    with connection.cursor() as cursor:
        if reader.member is None:
            cursor.execute(_NO_MARK.format(where=where), parameters)
        else:
            cursor.execute(_MARK.format(where=where), [reader.member_id, *parameters])
        rows = cursor.fetchall()
    names = _recommenders([row[0] for row in rows if row[10] and row[5] == "visible"])
    me, zone, now, nobody, nothing = reader.member_id, reader.zone, reader.now, (), Markup("")
    make, clean = PostRow._make, str.__new__  # a hundred of these: values by position, Markup without its own __new__
    found: list[PostRow] = []
    for (
        id_, number, depth, subject, has_text, state, reason, moment, edits, edited, recs, author_id, author, count,
        star, office, to_number, to_author, to_id, html, files, recommended,
    ) in rows:  # fmt: skip
        full, short, iso = time.written(moment // time.MINUTE, zone)
        if now is not None:
            short = time.short(moment, zone, now)
        shown = state in _SHOWN
        found.append(make((
            id_, number, depth, str(depth) if depth <= 6 else "more",
            _escaped(subject) if shown else nothing, not has_text, _escaped(author),
            member_address(author), star is not None, office,
            f"{count:,}", full, iso, short,
            _escaped(to_author) if to_author else nothing, to_number, f"/posts/{to_id}/" if to_id else "", clean(Markup, html),
            f"Last edited {time.full(edited, zone)}" if edited and shown else "", edits,
            recs, recommended is not None, names.get(id_, nobody) if recs else nobody,
            number > new_after if new_after is not None and author_id != me else False,
            author_id == me, "" if shown else _GONE[state],
            nothing if shown or state == "withdrawn" else escape(reason), f"/posts/{id_}/", _files(files) if files else nobody,
        )))  # fmt: skip
    return found


@lru_cache(maxsize=8192)
def _escaped(words: str) -> Markup:
    """Names and subjects, which come again and again."""
    return escape(words)


def _files(told: str) -> list[FileRow]:
    return [FileRow(escape(name), size_text(size), attachment_address(pk, name)) for pk, name, size in json.loads(told)]


def _recommenders(posts: Sequence[int]) -> dict[int, list[Markup]]:
    """The first members to recommend each of these posts, in order of time."""
    found: dict[int, list[Markup]] = defaultdict(list)
    if not posts:
        return found
    marks = ",".join(["%s"] * len(posts))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id, name FROM (SELECT r.post_id, m.name, r.moment,"
            " ROW_NUMBER() OVER (PARTITION BY r.post_id ORDER BY r.moment, r.id) AS rank"
            f" FROM threads_recommendation r JOIN members_member m ON m.id = r.member_id WHERE r.post_id IN ({marks})) x"
            " WHERE rank <= %s ORDER BY post_id, rank",
            [*posts, NAMES_SHOWN],
        )
        for post_id, name in cursor.fetchall():
            found[post_id].append(escape(name))
    return found
