"""How both databases find what the hot pages ask for: by an index, and without sorting more than a page.

The questions are those that the pages really ask, on a board large enough that a wrong plan is dearer than the right one.
"""

import json
import re
from datetime import UTC, datetime
from itertools import chain

from bench.seeding import liven, seed
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from folkmoot.base.time import HOUR, now_moment
from folkmoot.members.models import Member, Session
from folkmoot.search import actions as search
from folkmoot.threads import actions
from folkmoot.threads.models import (
    Anchor,
    Article,
    Attachment,
    OldAddress,
    Post,
    ReadingPlace,
    Recommendation,
    Revision,
    Thread,
)

POSTS, LONG, MEMBERS, OTHERS = 30_000, 1_401, 4_000, 6_000
SMALL = {
    "search_entry",
    "site_community", "forums_forum", "forums_category", "forums_postingrules", "site_featured", "search_gap", "search_built",
    "site_housepage",
}  # fmt: skip
"""Tables that stay small however large the board."""

MOST_SORTED = 300
"""Rows of a page with room to spare: a page shows a hundred posts, or forty rows."""


def _pages() -> dict[str, tuple[str, str]]:
    """What to ask, and as whom."""
    places = liven()
    member = places.names[0]
    long, lively = places.long_thread, Thread.objects.order_by("-pk")[30]
    slug = lively.forum.slug
    middle = Thread.objects.filter(forum=lively.forum).order_by("last_moment")[3].last_moment
    deep = Post.objects.filter(thread_id=int(long.split("/")[2])).order_by("-place")[0]
    pages = {
        "thread": long, "its last page": f"{long}?page={Anchor.objects.filter(thread=deep.thread_id).count()}",
        "flat, last page": f"{long}?view=flat&page=2", "index": f"/threads/{deep.thread_id}/index/",
        "permalink": f"/posts/{deep.pk}/", "newest": f"/threads/{deep.thread_id}/last/",
        "alone": f"/posts/{deep.pk}/alone/", "history": f"/posts/{deep.pk}/history/",
        "recommendations": f"/posts/{deep.pk}/recommendations/",
        "forum": f"/forums/{slug}/", "forum by a cursor": f"/forums/{slug}/?before={middle}",
        "forum, newer": f"/forums/{slug}/?after={middle}", "forum, oldest": f"/forums/{slug}/?after=0",
        "latest": "/latest/", "latest by a cursor": f"/latest/?before={middle}", "latest, oldest": "/latest/?after=0",
        "greatest of a day": "/greatest/", "greatest of a week": "/greatest/?period=7d",
        "greatest of all": "/greatest/?period=all",
        "a member": f"/members/{member}/", "a member by a cursor": f"/members/{member}/?before={middle}",
        "feed of latest": "/latest.atom", "feed of a forum": f"/forums/{slug}/feed.atom",
        "feed of a thread": f"/threads/{deep.thread_id}/feed.atom", "feed of a member": f"/members/{member}/feed.atom",
        "front page": "/",
        "search": "/search/?q=ferry", "search, best": "/search/?q=ferry&order=best",
        "search in a forum": f"/search/?q=ferry&forum={slug}", "search of a member": f"/search/?q=ferry&author={member}",
    }  # fmt: skip
    mine = {
        "thread": long, "forum": f"/forums/{slug}/", "unread": f"/threads/{deep.thread_id}/unread/",
        "my replies": "/mine/", "my posts": f"/mine/?show=posts&before={middle}", "my threads": "/mine/?show=threads",
    }  # fmt: skip
    return {name: (address, "") for name, address in pages.items()} | {
        f"{name}, as a member": (address, member) for name, address in mine.items()
    }


def _questions_of_replies():
    """Every SELECT of replies into the long thread: to its opening post, to one in its middle, to its deepest."""
    thread = Thread.objects.order_by("-last_number")[0]
    posts = Post.objects.filter(thread=thread)
    by = Member.objects.get(pk=thread.posts.order_by("number")[7].author_id)
    for to in (posts.get(number=0), posts.get(number=LONG // 2), posts.order_by("-depth")[0]):
        with CaptureQueriesContext(connection) as captured:
            actions.reply(to, by=by, subject="", text="A reply.")
        for query in captured.captured_queries:
            if query["sql"].startswith("SELECT"):
                yield f"reply to #{to.number}", "default", query["sql"]


def _questions(pages: dict[str, tuple[str, str]]):
    """Every SELECT of those pages, with the database that it is asked of."""
    for name, (address, who) in pages.items():
        client = Client()
        if who:
            client.force_login(Member.objects.get(name=who))
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["state"]) as state:
            response = client.get(address)
        assert response.status_code in (200, 302), f"{name}: {response.status_code}"
        for alias, captured in (("default", main), ("state", state)):
            for query in captured.captured_queries:
                if query["sql"].lstrip().startswith(("SELECT", "WITH")):
                    yield name, alias, query["sql"]


MOST_READ = 1_000
"""Rows that PostgreSQL may read and throw away."""

RANKED = 2_000
"""*Best* ranks so many hits, the newest, and sorts them by rank (search/queries.py)."""

STEPS = 20_000
"""What a question may take of SQLite's machine, in its steps. A page of a hundred posts takes some 9,000, reading 30,000 rows
for nothing at least 150,000."""


def _sqlite_troubles(sql: str, alias: str) -> tuple[list[str], str]:
    """A table that grows is scanned without an index; or whatever the plan says, the work is too much."""
    steps, raw = 0, connections[alias].connection

    def more() -> int:
        nonlocal steps
        steps += 100
        return 0

    with connections[alias].cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        plan = [row[3] for row in cursor.fetchall()]
        raw.set_progress_handler(more, 100)
        try:
            cursor.execute(sql)
            cursor.fetchall()
        finally:
            raw.set_progress_handler(None, 0)
    aliases = {short: table for table, short in re.findall(r'(?:FROM|JOIN)\s+"?(?:state\.)?"?(\w+)"?\s+(?:AS )?"?(\w+)"?', sql)}
    scanned = {aliases.get(found, found) for line in plan for found in re.findall(r"^SCAN (\w+)$", line)}
    troubles = [f"scans {table}" for table in scanned & _growing()]
    if steps > (20 * RANKED if "hit AS MATERIALIZED" in sql else STEPS):
        troubles.append(f"takes {steps} steps")
    return troubles, f"{steps} steps: " + "; ".join(plan)


def _growing() -> set[str]:
    return {
        table for table in connection.introspection.table_names() if table.split("_")[0] in ("threads", "members", "search")
    } - SMALL


def _postgres_troubles(node: dict, sql: str) -> list[str]:
    troubles = []
    rows = node["Actual Rows"] * node["Actual Loops"]
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in _growing():
        troubles.append(f"scans {node['Relation Name']}")
    if "Sort" in node["Node Type"] and sum(c["Actual Rows"] * c["Actual Loops"] for c in node.get("Plans", [])) > (
        RANKED if "hit AS MATERIALIZED" in sql else MOST_SORTED
    ):
        troubles.append(f"sorts {rows} rows by {node['Sort Key']}")
    removed = node.get("Rows Removed by Filter", 0) * node["Actual Loops"]
    if removed > MOST_READ:
        troubles.append(f"reads {removed} rows of {node.get('Relation Name')} for nothing")
    for child in node.get("Plans", []):
        troubles += _postgres_troubles(child, sql)
    return troubles


def _ask_plan(alias: str, sql: str) -> tuple[list[str], str]:
    if connection.vendor == "sqlite":
        return _sqlite_troubles(sql, alias)
    with connections[alias].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # even thirty thousand posts are few enough to read some tables whole
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
        plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        return _postgres_troubles(plan[0]["Plan"], sql), json.dumps(plan[0]["Plan"])[:3000]


def _fill() -> None:
    """What the seeded board has too little of, so that no table is small enough to be read whole for that alone."""
    joined = datetime(2020, 1, 1, tzinfo=UTC)
    Member.objects.bulk_create(Member(name=f"m{n}", name_key=f"m{n}", joined_at=joined) for n in range(MEMBERS))
    with connection.cursor() as cursor:  # who writes half of everything, and is answered by the other half
        cursor.execute("UPDATE threads_post SET author_id = (SELECT MIN(id) FROM members_member) WHERE id % 2 = 0")
        cursor.execute("UPDATE threads_thread SET author_id = (SELECT MIN(id) FROM members_member) WHERE id % 2 = 0")
    members = list(Member.objects.values_list("pk", flat=True))
    posts = list(Post.objects.order_by("-moment").values_list("pk", "thread_id", "number", "moment")[: OTHERS * 4 : 4])
    now = now_moment()
    Recommendation.objects.bulk_create(
        Recommendation(post_id=pk, thread_id=thread, member_id=members[-n], is_opening=number == 0, moment=now - n * HOUR)
        for n, (pk, thread, number, _) in enumerate(posts, 1)
        if n <= MEMBERS
    )
    Attachment.objects.bulk_create(Attachment(post_id=pk, name="a", size=1, sha256="0" * 64, media_type="x") for pk, *_ in posts)
    Article.objects.bulk_create(Article(post_id=pk, publication="P") for pk, *_ in posts)
    Revision.objects.bulk_create(Revision(post_id=pk, number=99, moment=1) for pk, *_ in posts)
    OldAddress.objects.bulk_create(OldAddress(address=f"/old/{pk}", post_id=pk) for pk, *_ in posts)
    ReadingPlace.objects.bulk_create(ReadingPlace(member_id=n, thread_id=n, seen=1) for n in range(1_000_000, 1_000_000 + OTHERS))
    Session.objects.bulk_create(
        Session(session_key=f"key{n}", session_data="", expire_date=joined, member_id=n) for n in range(OTHERS)
    )


def test_the_hot_pages_read_by_an_index_and_sort_no_more_than_a_page(community, count, monkeypatch):
    monkeypatch.setattr("bench.seeding.LONG", LONG)
    seed(posts=POSTS, members=300)
    _fill()
    pages = _pages()
    search.fill(2_000)
    if connection.vendor == "postgresql":  # as its autovacuum does; nobody does it to SQLite
        for alias in connections:
            with connections[alias].cursor() as cursor:
                cursor.execute("ANALYZE")
    troubles, asked = [], set()
    for name, alias, sql in chain(_questions(pages), _questions_of_replies()):
        shape = re.sub(r"\d+", "1", sql)
        if shape in asked:
            continue
        asked.add(shape)
        found, plan = _ask_plan(alias, sql)
        troubles += [f"{name}: {trouble}: {sql[:1500]} | {plan}" for trouble in found]
    assert troubles == [], "\n\n".join(troubles)
    assert len(asked) > 40
    count("plans", len(asked))
