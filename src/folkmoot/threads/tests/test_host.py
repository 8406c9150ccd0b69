"""What a host does to a thread, and what the thread then says."""

import pytest
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.base.paging import Cursor
from folkmoot.forums.models import Forum
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader
from folkmoot.site.recount import drift
from folkmoot.threads import actions
from folkmoot.threads.models import Post, Thread
from folkmoot.threads.queries.lists import of_forum


@pytest.fixture
def books(village):
    return Forum.objects.select_related("category").get(slug="books")


def host(member, *forums):
    """As the hosts room writes it (hosts/actions/mirror.py)."""
    Member.objects.filter(pk=member.pk).update(host_of=[forum.pk for forum in forums])
    return Member.objects.get(pk=member.pk)


def page(thread):
    return Client().get(f"/threads/{thread.pk}/", follow=True).content.decode()


def test_a_lock_names_host_and_reason_in_the_thread(village, books):
    bram, thread = host(village.bram, books), actions.start_thread(books, by=village.ada, subject="A novel", text="T").thread
    actions.lock(thread, by=bram, reason="It is no book.")
    html = page(thread)
    assert "Host 1 locked this thread: It is no book." in html
    assert "What hosts and administrators did here (1)" in html
    entry = OutboxEntry.objects.get(kind="ThreadLocked")
    assert (entry.office, entry.officer, entry.thread_id) == ("host", 1, thread.pk)
    actions.unlock(thread, by=bram, reason="It is one after all.")
    html = page(thread)
    assert "Host 1 unlocked it" in html
    assert "It is one after all." in html


def test_a_host_of_a_main_forum_only_locks(village, books):
    bram, thread = host(village.bram, village.forum), village.thread()
    actions.lock(thread, by=bram, reason="Off the purpose.")
    other = host(village.cleo, village.forum)
    with pytest.raises(Refused, match="the host who locked"):
        actions.unlock(thread, by=other, reason="I like it.")
    actions.unlock(thread, by=bram, reason="A mistake.")
    for act, more in ((actions.pin, {}), (actions.move, {"to": books})):
        with pytest.raises(Refused, match="only locks"):
            act(thread, by=bram, reason="Because.", **more)


def test_a_moved_thread_is_found_where_it_belongs(village, books):
    bram, opening = host(village.bram, village.forum, books), village.opening("A novel", "Of a river, zanzibar.")
    village.reply(opening, "Is it long?", by=village.cleo)
    hidden = village.reply(opening, "Spam", by=village.cleo)
    actions.hide(hidden, by=village.gus, reason="Spam.")
    actions.pin(opening.thread, by=village.gus, reason="Read it.")
    actions.move(opening.thread, to=books, by=village.gus, reason="It is about a book.")
    thread = Thread.objects.get(pk=opening.thread_id)
    assert (thread.forum_id, thread.pinned) == (books.pk, False)
    assert set(Post.objects.filter(thread=thread).values_list("forum_id", flat=True)) == {books.pk}
    assert drift() == []
    rows = of_forum(books, reader=Reader.of(None, "UTC"), cursor=Cursor()).rows
    assert [row.id for row in rows] == [thread.pk]
    for query, is_found in (("forum:books+zanzibar", True), ("forum:general-discussion+zanzibar", False)):
        assert (f"/posts/{opening.pk}/" in Client().get(f"/search/?q={query}").content.decode()) is is_found
    html = page(thread)
    assert "Administrator 1 moved it here" in html
    assert "It is about a book." in html
    entry = OutboxEntry.objects.get(kind="ThreadMoved")
    assert entry.facts == {"thread_id": thread.pk, "forum_id": village.forum.pk, "to_forum_id": books.pk}
    back = Forum.objects.select_related("category").get(pk=village.forum.pk)
    actions.move(thread, to=back, by=bram, reason="No, about a river.")
    assert drift() == []


def test_a_thread_is_not_moved_where_it_may_not_stand(village, books):
    thread = village.thread()
    announcements = Forum.objects.select_related("category").get(slug="announcements")
    host_of_both = host(village.bram, books)
    theirs = actions.start_thread(books, by=village.ada, subject="A novel", text="T").thread
    with pytest.raises(Refused, match="already"):
        actions.move(theirs, to=books, by=host_of_both, reason="Because.")
    with pytest.raises(Refused, match="Only administrators"):
        actions.move(theirs, to=announcements, by=host_of_both, reason="Because.")
    answer = village.signed_in(village.gus).post(
        f"/threads/{thread.pk}/move/", {"to": str(village.forum.pk), "reason": "Kept reason"}
    )
    assert answer.status_code == 422
    assert "Kept reason" in answer.content.decode()


def test_a_host_sees_only_what_they_may_do(village, books):
    thread, theirs = village.thread(), actions.start_thread(books, by=village.ada, subject="A novel", text="T").thread
    bram = village.signed_in(host(village.bram, books))
    html = bram.get(f"/threads/{theirs.pk}/", follow=True).content.decode()
    for verb in ("lock", "pin", "move"):
        assert f"/threads/{theirs.pk}/{verb}/" in html
    assert "/feature/" not in html
    assert f"/threads/{thread.pk}/lock/" not in bram.get(f"/threads/{thread.pk}/", follow=True).content.decode()
    assert bram.post(f"/threads/{thread.pk}/lock/", {"reason": "Mine now."}).status_code == 403


def test_a_host_lets_news_stand_against_the_rules(village):
    news = Forum.objects.get(slug="breaking-news")
    post = village.news("As heard on the radio", link="", by=host(village.bram, news), override="Said on the radio.")
    entry = OutboxEntry.objects.get(kind="RulesOverridden")
    assert (entry.office, entry.thread_id) == ("host", post.thread_id)
