"""Reading the posts of a page: without a model object a post, and with nothing read twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from markupsafe import Markup

from folkmoot.base import markup
from folkmoot.members.reader import Reader
from folkmoot.threads.models import Text

NAMES_SHOWN = 7
"""Recommenders named on a thread page; all of them stand on the post's own page."""

SHOWN = ("visible", "pending")
"""A waiting post reaches only pages that its author and the administrators may open."""

Row = tuple[Any, ...]
"""A post as the database gives it, see `_SELECT` for the columns and their order. People's words are as they wrote them; the
body alone is HTML, which base.markup cleaned."""


Target = tuple[str, str, str]
"""A post that is answered: its author, and what it is called in two places."""


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts of a page in its order, and what their look depends on (fragments.py)."""

    rows: Sequence[Row]
    targets: Mapping[int | None, Target]
    """Every post that one of these answers, by its id."""
    reader: Reader
    new_after: int | None
    """Numbers above it are new to the reader; None marks nothing."""

    def __len__(self) -> int:
        return len(self.rows)

    def new(self) -> list[int]:
        """The numbers of those that are new to the reader."""
        after, me = self.new_after, self.reader.member_id
        return [] if after is None else [row[1] for row in self.rows if row[1] > after and row[11] != me]

    def part(self, start: int, end: int | None = None) -> "Posts":
        return Posts(self.rows[start:end], self.targets, self.reader, self.new_after)


_JSON = {
    "sqlite": (
        "SELECT json_group_array(json_array(x.id, x.name, x.size)) FROM"
        " (SELECT id, name, size FROM threads_attachment WHERE post_id = p.id ORDER BY id) x",
        "SELECT json_group_array(x.name) FROM (SELECT m.name FROM threads_recommendation r JOIN members_member m"
        f" ON m.id = r.member_id WHERE r.post_id = p.id ORDER BY r.moment, r.id LIMIT {NAMES_SHOWN}) x",
    ),
    "postgresql": (
        "SELECT json_agg(json_build_array(x.id, x.name, x.size) ORDER BY x.id)::text FROM threads_attachment x"
        " WHERE x.post_id = p.id",
        "SELECT json_agg(x.name ORDER BY x.moment, x.id)::text FROM (SELECT m.name, r.moment, r.id FROM threads_recommendation r"
        f" JOIN members_member m ON m.id = r.member_id WHERE r.post_id = p.id ORDER BY r.moment, r.id LIMIT {NAMES_SHOWN}) x",
    ),
}
"""A post's files and its first recommenders come with it, so that they cost no query; of posts without any nothing is asked."""

_FILES, _NAMES = _JSON[connection.vendor]
_SELECT = f"""
SELECT p.id, p.number, p.depth, p.subject, p.has_text = TRUE, p.state, p.state_reason, p.moment, p.edit_count, p.edited_moment,
  p.recommendation_count, p.author_id, a.name, a.shown_post_count, a.star_since IS NOT NULL, a.office, p.parent_id,
  f.html, f.render_version, CASE WHEN p.attachment_count > 0 THEN ({_FILES}) END,
  CASE WHEN p.recommendation_count > 0 THEN ({_NAMES}) END{{recommended}}
FROM threads_post p
JOIN members_member a ON a.id = p.author_id
JOIN threads_fragment f ON f.post_id = p.id
{{join}}
WHERE {{where}}
"""
_NO_MARK = _SELECT.replace("{recommended}", ", NULL").replace("{join}", "")
_MARK = _SELECT.replace("{recommended}", ", r.id").replace(
    "{join}", "LEFT JOIN threads_recommendation r ON r.post_id = p.id AND r.member_id = %s"
)
_BODY, _VERSION = 17, 18


def read_posts(where: str, parameters: Sequence[Any], *, reader: Reader, new_after: int | None) -> Posts:
    """The posts that `where` names, in its order: one query, and one for the posts that are answered and stand on another
    page, if there are any."""
    with connection.cursor() as cursor:
        if reader.member is None:
            cursor.execute(_NO_MARK.format(where=where), parameters)
        else:
            cursor.execute(_MARK.format(where=where), [reader.member_id, *parameters])
        rows: list[Row] = cursor.fetchall()
    old = [row[0] for row in rows if row[_VERSION] != markup.RENDER_VERSION and row[5] in SHOWN]
    if old:
        bodies = rendered_anew(old)
        rows = [(*row[:_BODY], bodies[row[0]], *row[_VERSION:]) if row[0] in bodies else row for row in rows]
    return Posts(rows, _targets(rows), reader, new_after)


class Answered(NamedTuple):
    """The post that somebody is about to answer."""

    number: int
    author: str
    full: str
    subject: str
    body: Markup


def answered(post_id: int, *, reader: Reader) -> Answered | None:
    """None when its words are not shown."""
    for row in read_posts("p.id = %s AND p.number IS NOT NULL", [post_id], reader=reader, new_after=None).rows:
        if row[5] in SHOWN:
            return Answered(row[1], row[12], reader.full(row[7]), row[3], Markup(row[_BODY]))
    return None


def rendered_anew(posts: Sequence[int]) -> dict[int, str]:
    """The bodies of posts whose stored fragments an older renderer made, until `folkmoot recount` has been at them."""
    return {text.pk: text.html() for text in Text.objects.filter(pk__in=posts)} if posts else {}


def _targets(rows: Sequence[Row]) -> dict[int | None, Target]:
    authors = {row[0]: (row[12], row[1]) for row in rows}
    asked = {row[16] for row in rows}
    missing = asked - authors.keys() - {None}
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.id, a.name, p.number FROM threads_post p JOIN members_member a ON a.id = p.author_id WHERE p.id IN"
                f" ({','.join(['%s'] * len(missing))})",
                list(missing),
            )
            authors.update((pk, (name, number)) for pk, name, number in cursor.fetchall())
    found: dict[int | None, Target] = {None: ("", "", "")}
    for pk in asked - {None}:
        author, number = authors[pk]
        found[pk] = (author, f"#{number}", f"Reply #{number}") if number else (author, "the opening post", "Original post")
    return found
