"""A million short posts: what a question costs. `FOLKMOOT_SEARCH_POSTS` makes it fewer; -s shows the table."""

import os
import random
import time
from itertools import accumulate

import pytest
from django.db import connection, transaction

from folkmoot.base.time import DAY, now_moment
from folkmoot.search import postgres, rules
from folkmoot.search.models import Entry, engine
from folkmoot.search.queries import AMONG, PAGE_SIZE
from folkmoot.threads.models import Post

POSTS = int(os.environ.get("FOLKMOOT_SEARCH_POSTS", "1000000"))
AUTHORS, FORUMS, VOCABULARY, LENGTH = 2000, 40, 40_000, 40
STEP = 15 * 365 * DAY // POSTS
TIMES = 100
PHRASE = ("ferry", "landing")


def _posts(chance: random.Random, first: int):
    """Fifteen years, evenly; words as uneven as words are. `tenth` stands in each tenth post, `olden` in each fifth of the
    first half and never since, `scarce` in one of 20,000, `ferry landing` in one of 500, each of the two in one of 20."""
    words = [f"w{n}" for n in range(VOCABULARY)]
    weights = list(accumulate(1 / (n + 10) for n in range(VOCABULARY)))
    for n in range(POSTS):
        body = chance.choices(words, cum_weights=weights, k=LENGTH)
        subject = chance.choices(words, cum_weights=weights, k=4)
        for word, every in (("tenth", 10), ("scarce", 20_000), (PHRASE[0], 20), (PHRASE[1], 20), (" ".join(PHRASE), 500)):
            if chance.random() < 1 / every:
                (subject if chance.random() < 0.1 else body).extend(word.split())
        if n < POSTS // 2 and chance.random() < 0.2:
            body.append("olden")
        yield rules.Indexed(
            first + n * STEP, subject, body, int(AUTHORS * chance.random() ** 2) + 1, chance.randrange(FORUMS) + 1
        )


def _write(village, first: int) -> None:
    """A row for each post, all of them copies of one."""
    model = Post.objects.get(pk=village.opening().pk)
    other = {
        "number": "n + 1",
        "place": "n + 1",
        "moment": f"{first} + n * CAST({STEP} AS BIGINT)",
        "recommendation_count": "n - n / 7 * 7",
    }
    columns = [f.column for f in Post._meta.concrete_fields if f.column != "id"]
    series = "WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < %s - 1)"
    source = f"{series} SELECT" if connection.vendor == "sqlite" else "SELECT"
    table = "s" if connection.vendor == "sqlite" else "generate_series(0, %s - 1) AS s(n)"
    values = ", ".join(other.get(column, f"p.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO threads_post ({', '.join(columns)}) {source} {values} FROM {table}, threads_post p WHERE p.id = {model.pk}",
            [POSTS],
        )


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _timed(ask) -> tuple[float, float, int]:
    took, hits = [], 0
    for n in range(TIMES):
        began = time.perf_counter()
        hits = ask(n)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return took[TIMES // 2], took[TIMES * 95 // 100], hits


@pytest.mark.long
def test_a_question_to_a_million_posts_is_answered_at_once(village):
    chance = random.Random(14)
    now = now_moment()
    first = now - POSTS * STEP
    began = time.perf_counter()
    _write(village, first)
    print(f"\n{POSTS:,} posts on {connection.vendor}: rows {time.perf_counter() - began:.0f} s", end="", flush=True)
    began = time.perf_counter()
    if connection.vendor == "postgresql":  # GIN is built at once far quicker than row by row
        _execute("DROP INDEX search_words")
    batch: list[rules.Indexed] = []
    for post in _posts(chance, first):
        batch.append(post)
        if len(batch) == 5000:
            with transaction.atomic():
                engine().put(batch)
            batch = []
    with transaction.atomic():
        engine().put(batch)
    if connection.vendor == "postgresql":
        _execute(next(sql for sql in postgres.SCHEMA if "INDEX search_words" in sql))
    built = time.perf_counter() - began
    print(f", index {built:.0f} s, {POSTS / built:,.0f} a second")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE search_entry")
            cursor.execute("SELECT pg_total_relation_size('search_entry'), pg_relation_size('search_words')")
        else:
            cursor.execute(
                "SELECT SUM(pgsize), SUM(pgsize * (name LIKE 'search_words%%')) FROM dbstat WHERE name LIKE 'search%%'"
            )
        whole, words = cursor.fetchone()
    print(f"index {whole / 1e6:,.0f} MB, of it words {words / 1e6:,.0f} MB")

    def one(word: str) -> rules.Asked:
        return rules.Asked(words=tuple(rules.Phrase(tuple(p.split("_"))) for p in word.split()))

    def asked(n: int) -> dict[str, rules.Asked]:
        some = chance.choice(range(5000, VOCABULARY))
        author, forum = rules.author_mark(chance.randrange(AUTHORS) + 1), rules.forum_mark(chance.randrange(FORUMS) + 1)
        day = first + chance.randrange(POSTS) * STEP
        return {
            "rare word": one("scarce"),
            "some word": one(f"w{some}"),
            "word in a tenth": one("tenth"),
            "commonest word": one("w0"),
            "two common words": one(f"tenth w{n % 50}"),
            "once common, long ago": one("olden"),
            "once common and now": one("olden tenth"),
            "phrase": one("_".join(PHRASE)),
            "phrase of common words": one(f"w{n % 20}_w{n % 7}"),
            "beginning": rules.Asked(words=(rules.Phrase(("ferr",), True),)),
            "author": rules.Asked(marks=(author,)),
            "author and word": rules.Asked(words=one("tenth").words, marks=(author,)),
            "forum and word": rules.Asked(words=one("tenth").words, marks=(forum,)),
            "subject": rules.Asked(subject=one("tenth").words),
            "word in a month": rules.Asked(words=one("tenth").words, since=day, until=day + 30 * DAY),
            "days only": rules.Asked(since=day, until=day + 30 * DAY),
        }

    print(f"{'':24}{'newest p50':>12}{'p95':>8}{'best p50':>12}{'p95':>8}   ms")
    slow = []
    for name in asked(0):
        newest = _timed(lambda n, name=name: len(engine().newest(asked(n)[name], limit=PAGE_SIZE + 1, now=now)))
        best = _timed(lambda n, name=name: engine().best(asked(n)[name], among=AMONG, start=0, limit=PAGE_SIZE, now=now)[1])
        print(
            f"{name:24}{newest[0]:12.2f}{newest[1]:8.2f}{best[0]:12.2f}{best[1]:8.2f}   {newest[2]}, {best[2]} hits", flush=True
        )
        slow += [name] if newest[1] > 10 or best[1] > 30 else []
    assert Entry.objects.count() == Post.objects.count()
    print("over the target:", ", ".join(slow) or "none")
