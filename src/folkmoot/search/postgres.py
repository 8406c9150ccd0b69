"""The index on PostgreSQL: a tsvector a post, made of the normaliser's words as they are, under GIN.

GIN finds every post with a word and knows no order: for a common word that is a hundred thousand rows to read and sort.
So each post also carries its slices of time as words (rules/slices.py), and a question walks windows of time from now
backwards, until its page is full.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django.db import connection

from folkmoot.search.rules import GAP, Asked, Indexed, Phrase, author_mark, forum_mark
from folkmoot.search.rules.slices import slice_marks, slice_of

_NEWEST = """
CREATE FUNCTION search_newest(match tsquery, since bigint, until bigint, today bigint, wanted bigint) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE STRICT SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
-- The newest `wanted` moments from `since` on and before `until` that match, newest first; `today` is the slice of now.
-- Slice by slice backwards: the largest that ends where the last one began, unless it holds too many hits to be read.
-- When so few were found that all older ones may be few too, they are read at once.
DECLARE
  most CONSTANT bigint := 2 * wanted + 100;
  last bigint := least(today, (until - 1) >> 35);
  oldest bigint;
  first bigint;
  covered bigint := 0;
  try_at bigint := 1;
  total bigint := 0;
  level int;
  allowed int := 1;
  hits bigint[];
  given bigint;
BEGIN
  -- Ahead of now stands nothing, unless a clock went wrong.
  RETURN QUERY SELECT e.moment FROM search_entry e
    WHERE e.moment >= greatest((last + 1) << 35, since) AND e.moment < until AND e.vector @@ match
    ORDER BY e.moment DESC LIMIT wanted;
  GET DIAGNOSTICS given = ROW_COUNT;
  wanted := wanted - given;
  SELECT min(e.moment) >> 35 INTO oldest FROM search_entry e;
  first := greatest(since >> 35, oldest);
  WHILE wanted > 0 AND last >= first LOOP
    IF covered >= try_at AND (total + 1) * (last - oldest) < covered * most / 2 AND 4 * (last - first) >= last - oldest THEN
      try_at := covered * 16;
      SELECT array_agg(few.moment) INTO hits FROM (
        SELECT e.moment FROM search_entry e WHERE e.vector @@ match AND e.moment + 0 < (last + 1) << 35 LIMIT most
      ) few;
      IF hits IS NULL OR cardinality(hits) < most THEN
        RETURN QUERY SELECT hit FROM unnest(hits) hit WHERE hit >= since AND hit < until ORDER BY hit DESC LIMIT wanted;
        RETURN;
      END IF;
    END IF;
    level := 0;
    WHILE level < allowed AND (last + 1) % (4::bigint << 2 * level) = 0 LOOP
      level := level + 1;
    END LOOP;
    SELECT array_agg(few.moment) INTO hits FROM (
      SELECT e.moment FROM search_entry e
      WHERE e.vector @@ (match && quote_literal('=' || level || ':' || (last >> 2 * level))::tsquery) LIMIT most
    ) few;
    IF cardinality(hits) = most THEN
      allowed := level - 1;
      CONTINUE WHEN level > 0;
      SELECT array_agg(ordered.moment) INTO hits FROM (  -- the busiest hours: now their order is needed
        SELECT e.moment FROM search_entry e WHERE e.vector @@ (match && quote_literal('=0:' || last)::tsquery)
        AND e.moment + 0 < until ORDER BY e.moment + 0 DESC LIMIT wanted
      ) ordered;
    END IF;
    RETURN QUERY SELECT hit FROM unnest(hits) hit WHERE hit >= since AND hit < until ORDER BY hit DESC LIMIT wanted;
    GET DIAGNOSTICS given = ROW_COUNT;
    wanted := wanted - given;
    total := total + given;
    covered := covered + (1::bigint << 2 * level);
    last := last - (1::bigint << 2 * level);
    allowed := least(CASE WHEN given * 4 < most THEN level + 1 ELSE level END, 6);
  END LOOP;
END $$
"""
SCHEMA = (
    "CREATE TABLE search_entry (moment BIGINT PRIMARY KEY, vector TSVECTOR NOT NULL)",
    # A long list of rows not yet sorted in would be read whole by every question: keep it short.
    "CREATE INDEX search_words ON search_entry USING gin (vector) WITH (gin_pending_list_limit = 256)",
    _NEWEST,
)
UNDO = ("DROP FUNCTION search_newest", "DROP TABLE search_entry")


def put(posts: Sequence[Indexed]) -> None:
    drop([post.moment for post in posts])
    rows = sorted((post.moment, vector(post)) for post in posts)
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO search_entry (moment, vector) VALUES (%s, %s::tsvector)", rows)


def drop(moments: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry WHERE moment = ANY(%s)", [list(moments)])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE search_entry")


def sweep() -> None:
    """Its words stand in the table's rows and its index alone, which VACUUM FULL writes anew."""


def vector(post: Indexed) -> str:
    """A tsvector as PostgreSQL writes one. A word of the subject stands in it twice: as a word, and as `^word`."""
    at: dict[str, list[str]] = defaultdict(list)
    for place, word in enumerate(post.subject, start=1):
        if word != GAP:
            at[word].append(str(place))
            at[f"^{word}"].append(str(place))
    for place, word in enumerate(post.body, start=len(post.subject) + 2):
        if word != GAP:
            at[word].append(str(place))
    marks = [author_mark(post.author_id), forum_mark(post.forum_id), *slice_marks(post.moment)]
    return " ".join(chain((f"'{word}':{','.join(places)}" for word, places in at.items()), (f"'{mark}'" for mark in marks)))


def newest(asked: Asked, *, limit: int, now: int) -> list[int]:
    sql, parameters = _hits(asked, limit, now)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def best(asked: Asked, *, among: int, start: int, limit: int, now: int) -> tuple[list[int], int]:
    hits, parameters = _hits(asked, among, now)
    heading = "FROM hit WHERE false"
    if asked.words:
        heading = (
            "FROM search_newest(%s::tsquery, (SELECT MIN(moment) FROM hit), (SELECT MAX(moment) + 1 FROM hit), %s, %s) moment"
        )
        parameters += [query(asked.in_subject), slice_of(now), among]
    with connection.cursor() as cursor:
        cursor.execute(  # recommendations are looked up hit by hit: a join would be planned for as many hits as there are posts
            f"WITH hit AS MATERIALIZED ({hits}), heading AS MATERIALIZED (SELECT moment {heading})"
            " SELECT hit.moment, COUNT(*) OVER () FROM hit ORDER BY hit.moment IN (SELECT moment FROM heading) DESC,"
            " (SELECT p.recommendation_count FROM threads_post p WHERE p.moment = hit.moment) DESC, hit.moment DESC"
            " LIMIT %s",
            [*parameters, start + limit],
        )
        rows = cursor.fetchall()
    return [row[0] for row in rows[start:]], rows[0][1] if rows else 0


def troubles() -> list[str]:
    return []


def _hits(asked: Asked, limit: int, now: int) -> tuple[str, list[Any]]:
    """The moments of the newest `limit` posts that answer, newest first."""
    since = max(asked.since or 0, 0)
    until = asked.until if asked.until is not None else 1 << 62
    match = query(asked)
    if match:
        return "SELECT moment FROM search_newest(%s::tsquery, %s, %s, %s, %s) moment", [match, since, until, slice_of(now), limit]
    days = "SELECT moment FROM search_entry WHERE moment >= %s AND moment < %s ORDER BY moment DESC LIMIT %s"
    return days, [since, until, limit]


def query(asked: Asked) -> str:
    """A tsquery as PostgreSQL reads one; empty when only days are asked for."""
    parts = [_quoted(mark) for mark in asked.marks]
    parts += [_phrase(phrase, "^") for phrase in asked.subject]
    parts += [_phrase(phrase, "") for phrase in asked.words]
    return " & ".join(parts)


def _phrase(phrase: Phrase, sign: str) -> str:
    words = [_quoted(sign + word) for word in phrase.words]
    if phrase.is_open:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"


def _quoted(word: str) -> str:
    """Words are letters and digits only, so nothing in them can end the quotes."""
    return f"'{word}'"
