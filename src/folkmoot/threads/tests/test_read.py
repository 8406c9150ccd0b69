"""Lists, pages of a thread, permalinks, what is new, history: through the front door."""

import re

from django.test import Client

from folkmoot.base import time
from folkmoot.base.time import end_of_month
from folkmoot.forums.models import Forum
from folkmoot.threads import actions
from folkmoot.threads.addresses import thread_address
from folkmoot.threads.models import OldAddress, Post, Thread, Views
from folkmoot.threads.tasks import _save_views, bring_views_over, refresh_shown_counts


def _numbers(html: str) -> list[int]:
    return [int(n) for n in re.findall(r'<article class="post[^"]*" id="p(\d+)"', html)]


def _get(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


def test_a_wrong_slug_leads_to_the_right_address(village):
    thread = village.thread()
    answer = Client().get(f"/threads/{thread.pk}/something-else/?view=flat")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/threads/{thread.pk}/the-bridge-is-closed/?view=flat")
    assert Client().get("/threads/999/").status_code == 404


def test_a_subject_that_looks_like_a_page_is_still_reachable(village):
    for subject in ("Index", "Lock", "Last", "Unread", "Feature"):
        thread = village.thread(subject)
        assert "<h1>" in _get(village.signed_in(village.ada), f"/threads/{thread.pk}/")


def test_pages_of_the_tree_hold_every_post_once_and_in_order(village):
    opening = village.opening()
    posts = [opening]
    for n in range(250):
        posts.append(village.reply(posts[(n * 7) % len(posts)], f"Reply {n}"))
    want = list(Post.objects.filter(thread=opening.thread_id).order_by("place").values_list("number", flat=True))
    seen: list[int] = []
    page = 1
    while f"?page={page}" in _get(Client(), f"/threads/{opening.thread_id}/") or page == 1:
        html = _get(Client(), f"/threads/{opening.thread_id}/the-bridge-is-closed/" + (f"?page={page}" if page > 1 else ""))
        seen += _numbers(html)
        page += 1
        if page > 10 or len(seen) >= len(want):
            break
    assert seen == want
    for post in posts[::25]:
        answer = Client().get(f"/posts/{post.pk}/")
        assert post.number in _numbers(_get(Client(), answer.headers["Location"].split("#")[0]))
        assert answer.headers["Location"].endswith(f"#p{post.number}")
    flat = _numbers(_get(Client(), f"/threads/{opening.thread_id}/the-bridge-is-closed/?page=2&view=flat"))
    assert flat == list(range(101, 201))
    assert _numbers(_get(Client(), f"/threads/{opening.thread_id}/the-bridge-is-closed/?view=flat"))[:2] == [0, 1]
    index = _get(Client(), f"/threads/{opening.thread_id}/index/")
    assert index.count('class="tree__row"') == 250


def test_latest_pages_by_cursor_hold_every_thread_once(village):
    made = [village.thread(f"Thread {n}").pk for n in range(95)]
    seen: list[int] = []
    address = "/latest/"
    backward = ""
    while address:
        html = _get(Client(), address)
        seen += [int(n) for n in re.findall(r'<a href="/threads/(\d+)/thread-\d+/">', html)]
        older = re.search(r'href="([^"]+)" rel="next nofollow"', html)
        backward = re.search(r'href="([^"]+)" rel="prev nofollow"', html)[1] if 'rel="prev nofollow"' in html else ""
        address = older[1].replace("&amp;", "&") if older else ""
    assert seen == made[::-1]
    newer = _get(Client(), backward)
    assert [int(n) for n in re.findall(r'<a href="/threads/(\d+)/thread-\d+/">', newer)] == made[::-1][40:80]


def test_greatest_counts_recommendations_of_the_period(village):
    old, new, none = village.opening("Old glory"), village.opening("New hit"), village.opening("Unloved")
    long_ago = time.now_moment() - 3 * time.DAY
    for member in (village.bram, village.cleo, village.fern):
        actions.recommend(old, by=member, moment=long_ago)
    for member in (village.bram, village.cleo):
        actions.recommend(new, by=member)
    day, week = _get(Client(), "/greatest/"), _get(Client(), "/greatest/?period=7d")
    assert "New hit" in day
    assert "Old glory" not in day
    assert week.index("Old glory") < week.index("New hit")
    assert "3 members recommended it in 7 days." in week
    assert none.subject not in week
    assert Client().get("/greatest/?period=century").status_code == 404


def test_two_readers_see_the_same_order(village):
    for n in range(5):
        village.thread(f"Thread {n}")

    def rows(html: str) -> list[str]:
        return re.findall(r'row__subject"><a href="([^"]+)"', html)

    visitor = rows(_get(Client(), "/latest/"))
    assert (
        visitor
        == rows(_get(village.signed_in(village.fern), "/latest/"))
        == rows(_get(village.signed_in(village.gus), "/latest/"))
    )


def test_pinned_threads_stand_first(village):
    pinned = village.thread("Pinned one")
    village.thread("Newer one")
    actions.pin(pinned, by=village.gus, reason="Read it.")
    html = _get(Client(), "/forums/general-discussion/")
    assert html.index("Pinned one") < html.index("Newer one")


def test_what_is_new_is_marked_until_it_was_read(village):
    opening = village.opening()
    village.reply(opening, "Before the visit")
    ada = village.signed_in(village.ada)
    address = thread_address(opening.thread_id, opening.subject)
    assert "data-new" not in _get(ada, address), "on a first visit nothing is called new"
    reply = village.reply(opening, "After the visit", by=village.cleo)
    village.reply(opening, "My own", by=village.ada)
    assert "2 new" in _get(ada, "/latest/")
    assert f"#p{reply.number}" in ada.get(f"/threads/{opening.thread_id}/unread/").headers["Location"]
    html = _get(ada, address)
    assert re.findall(r'id="p(\d+)" data-depth="1" data-new', html) == [str(reply.number)], "one's own posts are not new"
    assert "data-new" not in _get(ada, address)
    assert "new</a>" not in _get(ada, "/latest/")
    assert "data-new" not in _get(Client(), address)
    assert _get(Client(), address + "?highlight=5").count("data-new") == 3 * 2


def test_new_posts_on_another_page_stay_new(village):
    opening = village.opening()
    for n in range(130):
        village.reply(opening, f"Reply {n}")
    ada = village.signed_in(village.ada)
    address = thread_address(opening.thread_id, opening.subject)
    _get(ada, address)
    _get(ada, address + "?page=2")
    village.reply(opening, "On page two")
    assert _get(ada, address).count("data-new") == 0
    assert _get(ada, address + "?page=2").count("data-new") == 2, "once in the index, once on the post"
    assert _get(ada, address + "?page=2").count("data-new") == 0
    late = village.reply(Post.objects.get(thread=opening.thread_id, number=1), "On page one, which it splits")
    assert _get(ada, f"/posts/{late.pk}/").count("data-new") >= 2


def test_dates_are_absolute_for_visitors_and_relative_for_members(village):
    opening = village.opening()
    village.reply(opening)
    address = thread_address(opening.thread_id, opening.subject)
    assert "just now" in _get(village.signed_in(village.ada), address)
    html = _get(Client(), address)
    assert "just now" not in html
    assert " ago" not in html
    assert time.full(opening.moment, "America/New_York") in html


def test_history_shows_what_changed_and_withdrawn_words_are_gone(village):
    post = village.opening("S", "The meeting is on Monday at nine")
    actions.edit(post, by=village.ada, subject="S", text="The meeting is on Tuesday at nine")
    html = _get(Client(), f"/posts/{post.pk}/history/")
    assert "<del>Monday </del>" in html
    assert "<ins>Tuesday </ins>" in html
    ada = village.signed_in(village.ada)
    action = re.search(r'action="([^"]+/withdraw/)"', _get(ada, f"/posts/{post.pk}/history/"))[1]
    assert village.signed_in(village.gus).post(action).status_code == 403
    assert ada.post(action).status_code == 302
    html = _get(Client(), f"/posts/{post.pk}/history/")
    assert "Monday" not in html
    assert "Withdrawn by its author" in html


def test_an_old_address_redirects(village):
    reply = village.reply(village.opening())
    OldAddress.objects.create(address="/showthread.php?t=7", thread=reply.thread)
    OldAddress.objects.create(address="/old/7-the-bridge.html", post=reply)
    answer = Client().get("/showthread.php?t=7")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/threads/{reply.thread_id}/the-bridge-is-closed/")
    assert Client().get("/old/7-the-bridge.html").headers["Location"] == f"/posts/{reply.pk}/"
    assert Client().get("/old/8.html").status_code == 404


def test_views_and_shown_counts_are_brought_over(village):
    opening = village.opening()
    _save_views({opening.thread_id: 5})
    _save_views({opening.thread_id: 2})
    bring_views_over()
    bring_views_over()
    assert Thread.objects.get(pk=opening.thread_id).view_count == 7
    assert not Views.objects.exists()
    assert "(10 posts)" in _get(Client(), thread_address(opening.thread_id, opening.subject))
    refresh_shown_counts()
    assert "(11 posts)" in _get(Client(), thread_address(opening.thread_id, opening.subject))


def test_deep_replies_nest_six_lists_at_most(village):
    post = village.opening()
    for n in range(30):
        post = village.reply(post, f"Level {n + 1}")
    html = _get(Client(), thread_address(post.thread_id, "The bridge is closed"))
    depth = most = 0
    for tag in re.findall(r"</?ol\b", html.split('<nav class="tree')[1].split("</nav>")[0]):
        depth += 1 if tag == "<ol" else -1
        most = max(most, depth)
    assert (most, depth) == (6, 0)
    assert html.count('data-depth="more"') == 24
    assert "answers #29" in html


def test_a_reader_keeps_how_threads_open(village):
    opening = village.opening()
    village.reply(opening)
    at, ada = thread_address(opening.thread_id, opening.subject), village.signed_in(village.ada)
    page = ada.get(f"{at}?view=flat").content.decode()
    assert "Open all threads like this" in page
    assert ada.post(f"/threads/{opening.thread_id}/keep/", {"view": "flat", "highlight": "5"}).status_code == 302
    page = ada.get(at).content.decode()
    assert "Open all threads like this" not in page
    assert f'href="{at}" aria-current="true">Flat, by time' in page
    tree = ada.get(f"{at}?view=tree").content.decode()
    assert "The replies in full" in tree
    assert f'href="{at}?view=tree">Everything' in page
    ada.post(f"/threads/{opening.thread_id}/keep/", {"view": "sideways", "highlight": "5"})
    village.ada.refresh_from_db()
    assert (village.ada.view, village.ada.highlight) == ("flat", "5")
    Client().post(f"/threads/{opening.thread_id}/keep/", {"view": "tree", "highlight": "new"})
    assert "The replies in full" in Client().get(at).content.decode()


def test_a_forum_or_everything_is_marked_read(village):
    here = village.opening("Here")
    elsewhere = Forum.objects.select_related("category").get(slug="lounge")
    there = actions.start_thread(elsewhere, by=village.bram, subject="There", text="x")
    ada = village.signed_in(village.ada)
    for post in (here, there):
        ada.get(f"/threads/{post.thread_id}/", follow=True)
        village.reply(post, "Something new")
    assert ada.get("/latest/").content.decode().count("1 new</a>") == 2
    assert ada.get("/latest/read/").status_code == 405
    ada.post("/forums/lounge/read/")
    left = ada.get("/latest/").content.decode()
    assert left.count("1 new</a>") == 1
    assert "Mark everything read" in left
    ada.post("/latest/read/")
    left = ada.get("/latest/").content.decode()
    assert "1 new</a>" not in left
    assert "Mark everything read" not in left
    village.reply(here, "Newer still")
    assert "1 new</a>" in ada.get("/latest/").content.decode()
    Client().post("/latest/read/")


def test_one_post_stands_alone(village):
    opening = village.opening()
    one, two = village.reply(opening, "The one"), village.reply(opening, "The other")
    page = Client().get(f"/posts/{one.pk}/alone/").content.decode()
    assert "The one" in page
    assert "The other" not in page
    actions.hide(two, by=village.gus, reason="A street number.")
    page = Client().get(f"/posts/{two.pk}/alone/").content.decode()
    assert "A street number." in page
    assert "The other" not in page
    waiting = village.reply(opening, "See https://new.example", by=village.dara)
    for who in (Client(), village.signed_in(village.dara)):
        assert who.get(f"/posts/{waiting.pk}/alone/").status_code == 404


def test_lists_go_to_a_month_and_to_their_oldest_page(village, monkeypatch):
    monkeypatch.setattr("folkmoot.threads.queries.lists.LIST_SIZE", 2)
    for month in range(1, 7):
        # The last minute of each month in the community's zone (UTC-5 or -4), which is the next month in UTC.
        moment = end_of_month(2021, month, "America/New_York") - 60_000_000
        actions.start_thread(village.forum, by=village.ada, subject=f"Month {month}", text="x", moment=moment)
    read = Client().get
    assert _subjects(read("/latest/")) == ["Month 6", "Month 5"]
    assert _subjects(read("/latest/?month=2021-03")) == ["Month 3", "Month 2"]
    assert _subjects(read("/forums/general-discussion/?month=2021-01")) == ["Month 1"]
    assert _subjects(read("/latest/?after=0")) == ["Month 2", "Month 1"]
    assert 'rel="next nofollow"' not in read("/latest/?after=0").content.decode()
    for nonsense in ("2021-13", "0000-01", "x", "9999-12"):
        assert _subjects(read(f"/latest/?month={nonsense}")) == ["Month 6", "Month 5"]


def test_a_members_older_posts_are_reached_from_their_page(village):
    opening = village.opening()
    for n in range(43):
        village.reply(opening, f"Words {n}", by=village.bram)
    first = Client().get("/members/Bram/").content.decode()
    assert "Words 42" in first
    assert "Words 2<" not in first
    older = re.search(r'href="([^"]+)" rel="next nofollow"', first)[1].replace("&amp;", "&")
    assert "Words 2<" in Client().get(older).content.decode()


def _subjects(response):
    return re.findall(r'class="row__subject"><a href="[^"]+">([^<]+)', response.content.decode())
