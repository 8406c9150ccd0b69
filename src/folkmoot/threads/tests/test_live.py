"""What an open page asks: is there more?"""

from django.test import Client
from tests.front_door import ask

from folkmoot.threads import actions


def test_a_thread_counts_its_replies_and_a_list_knows_its_newest(village):
    opening = village.opening()
    thread, forum = f"/live/threads/{opening.thread_id}/", f"/live/forums/{opening.forum.slug}/"
    before = [int(Client().get(at).content) for at in (thread, forum, "/live/latest/")]
    post = village.reply(opening, "More")
    after = [int(Client().get(at).content) for at in (thread, forum, "/live/latest/")]
    assert (before[0], after[0]) == (0, 1)
    assert before[1] < after[1] == after[2] == post.moment


def test_it_says_nothing_of_what_an_outsider_may_not_know(village):
    opening = village.opening()
    waiting = village.reply(opening, "See https://a.example", by=village.dara)
    assert waiting.state == "pending"
    assert Client().get(f"/live/threads/{opening.thread_id}/").content == b"0"
    assert Client().get("/live/threads/999999/").status_code == 404
    assert Client().get("/live/forums/nowhere/").status_code == 404


def test_an_empty_list_is_nothing_yet(community):
    assert Client().get("/live/latest/").content == b"0"


def test_the_front_door_answers_a_member_as_anybody(village, door):
    opening = village.opening()
    at, cookie = f"/live/threads/{opening.thread_id}/", f"session={village.signed_in(village.ada).cookies['session'].value}"
    first = ask(door, at, cookie=cookie)
    stored = door.door.find(at)
    assert stored is not None
    assert (first.body, ask(door, at).body) == (b"0", b"0")
    assert ask(door, at, cookie=cookie, if_none_match=first.headers["etag"]).status == 304
    actions.reply(opening, by=village.bram, subject="", text="More")
    assert ask(door, at, cookie=cookie, if_none_match=first.headers["etag"]).body == b"1"
