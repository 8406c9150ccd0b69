"""Starting threads and replying, on the real databases."""

import random
import threading
from collections import defaultdict

import pytest
from django.db import connections

from folkmoot.base.answers import Refused
from folkmoot.base.models import Touch
from folkmoot.members.models import Member
from folkmoot.site.recount import drift
from folkmoot.threads import actions
from folkmoot.threads.models import Anchor, Post, State, Thread


def test_a_thread_is_started(village):
    post = village.opening("A subject", "Some *text*.")
    thread = post.thread
    assert (post.number, post.place, post.depth, thread.subject) == (0, 0, 0, "A subject")
    assert post.fragment.html == "<p>Some <em>text</em>.</p>\n"
    assert thread.listed
    assert thread.opening_id == post.pk
    village.forum.refresh_from_db()
    assert (village.forum.thread_count, village.forum.post_count) == (1, 1)
    assert Member.objects.get(name="Ada").post_count == 1


def test_a_reply_kicks_its_thread(village):
    opening = village.opening()
    reply = village.reply(opening, by=village.bram)
    thread = Thread.objects.get(pk=opening.thread_id)
    assert (thread.reply_count, thread.last_number, thread.last_author_id) == (1, 1, village.bram.pk)
    assert thread.last_moment == reply.moment > thread.moment
    assert (reply.number, reply.depth, reply.parent_id) == (1, 1, opening.pk)


def test_an_empty_subject_becomes_the_first_words(village):
    opening = village.opening()
    assert (
        village.reply(opening, "> quoted\n\n**Bring** a [ladder](https://x.example), please").subject == "Bring a ladder, please"
    )
    assert village.reply(opening, "", subject="Only a subject").has_text is False
    with pytest.raises(Refused, match="subject or a text"):
        village.reply(opening, "  ")


def test_every_write_names_the_pages_it_changes(village):
    opening = village.opening()
    Touch.objects.all().delete()
    village.reply(opening)
    tags = set(Touch.objects.values_list("tag", flat=True))
    assert tags == {f"thread:{opening.thread_id}", f"forum:{village.forum.pk}", f"member:{village.bram.pk}", "latest"}


def test_a_refused_reply_leaves_nothing(village):
    opening = village.opening()
    Touch.objects.all().delete()
    with pytest.raises(Refused, match="closed to posting"):
        village.reply(opening, by=village.eli)
    assert Post.objects.count() == 1
    assert not Touch.objects.exists()


def test_the_same_form_posts_once(village):
    opening = village.opening()
    first = actions.reply(opening, by=village.bram, subject="", text="Hello", key="k1")
    again = actions.reply(opening, by=village.bram, subject="", text="Hello", key="k1")
    other = actions.reply(opening, by=village.cleo, subject="", text="Hello", key="k1")
    assert first.pk == again.pk != other.pk
    assert Post.objects.count() == 3


def test_a_newcomers_link_waits(village):
    opening = village.opening()
    waiting = village.reply(opening, "Look: https://spam.example", by=village.dara)
    assert waiting.state == State.PENDING
    assert waiting.number is None
    assert Thread.objects.get(pk=opening.thread_id).reply_count == 0
    assert village.reply(opening, "No link here.", by=village.dara).number == 1
    actions.restore(waiting, by=village.gus, reason="Harmless.")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.number, waiting.depth) == (State.VISIBLE, 2, 1)
    assert drift() == []


def test_a_newcomers_thread_waits_and_is_let_in(village):
    opening = village.opening("Buy now", "http://spam.example", by=village.dara)
    assert not opening.thread.listed
    actions.restore(opening, by=village.gus, reason="It is a bakery.")
    assert Thread.objects.get(pk=opening.thread_id).listed
    assert drift() == []


def _tree(opening: Post) -> list[int]:
    """The order that the page must have: an answer under the post it answers, oldest first."""
    children = defaultdict(list)
    for pk, parent in Post.objects.filter(thread=opening.thread_id).order_by("number").values_list("pk", "parent"):
        children[parent].append(pk)
    order, stack = [], [opening.pk]
    while stack:
        order.append(stack.pop())
        stack.extend(reversed(children[order[-1]]))
    return order


def _pages_are_right(thread_id: int) -> None:
    anchors = list(Anchor.objects.filter(thread=thread_id).order_by("place").values_list("place", "size"))
    places = list(Post.objects.filter(thread=thread_id, number__gt=0).order_by("place").values_list("place", flat=True))
    for i, (place, size) in enumerate(anchors):
        end = anchors[i + 1][0] if i + 1 < len(anchors) else float("inf")
        assert size == len([p for p in places if place <= p < end]) <= 100


@pytest.mark.parametrize("seed", range(3))
def test_a_reply_stands_under_what_it_answers(village, seed):
    chance = random.Random(seed)
    opening = village.opening()
    posts = [opening]
    for n in range(130):
        to = posts[-1] if chance.random() < 0.5 else chance.choice(posts)
        posts.append(village.reply(to, f"Number {n}"))
    placed = list(Post.objects.filter(thread=opening.thread_id).order_by("place").values_list("pk", flat=True))
    assert placed == _tree(opening)
    _pages_are_right(opening.thread_id)


def test_a_used_up_gap_is_spread(village):
    opening = village.opening()
    first = village.reply(opening, "First")
    village.reply(opening, "Second")
    for n in range(230):
        village.reply(first, f"Under the first {n}")
    placed = list(Post.objects.filter(thread=opening.thread_id).order_by("place").values_list("pk", flat=True))
    assert placed == _tree(opening)
    _pages_are_right(opening.thread_id)
    assert drift() == []


def test_replies_at_the_same_time_lose_nothing(village):
    opening = village.opening()
    members = [village.ada, village.bram, village.cleo, village.fern]
    failed = []

    def write(member: Member) -> None:
        try:
            for n in range(10):
                actions.reply(opening, by=member, subject="", text=f"{member.name} {n}")
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(m,)) for m in members]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    numbers = sorted(Post.objects.filter(thread=opening.thread_id).values_list("number", flat=True))
    assert numbers == list(range(41))
    assert drift() == []


def test_a_form_sent_twenty_times_at_once_posts_once(village):
    opening = village.opening()
    made = []

    def send() -> None:
        try:
            made.append(actions.reply(opening, by=village.bram, subject="", text="Once", key="same").pk)
        finally:
            connections.close_all()

    senders = [threading.Thread(target=send) for _ in range(20)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(made) == 20
    assert len(set(made)) == 1
    assert Post.objects.filter(number=1).count() == 1
