"""Editing, withdrawing, recommending, hiding, locking."""

import threading

import pytest
from django.db import connections

from folkmoot.base.answers import Refused
from folkmoot.ledger.models import OutboxEntry, Reason
from folkmoot.members.models import Member
from folkmoot.site.recount import drift, recount
from folkmoot.threads import actions
from folkmoot.threads.models import Fragment, Post, Revision, State, Text, Thread


def test_an_edit_keeps_the_former_wording(village):
    post = village.opening("Old subject", "Old text")
    assert actions.edit(post, by=village.ada, subject="New subject", text="New text") is True
    assert actions.edit(post, by=village.ada, subject="New subject", text="New text") is False
    post.refresh_from_db()
    assert (post.edit_count, post.subject) == (1, "New subject")
    assert Thread.objects.get(pk=post.thread_id).subject == "New subject"
    revision = Revision.objects.get(post=post)
    assert (revision.number, revision.subject, revision.source, revision.moment) == (1, "Old subject", "Old text", post.moment)
    assert Fragment.objects.get(post=post).html == "<p>New text</p>\n"


def test_an_edit_never_overwrites_one_it_did_not_see(village):
    post = village.opening("S", "One")
    actions.edit(post, by=village.ada, subject="S", text="Two", seen_edits=0)
    with pytest.raises(Refused, match="edited since"):
        actions.edit(post, by=village.ada, subject="S", text="Three", seen_edits=0)
    assert Text.objects.get(post=post).source == "Two"


def test_an_edit_obeys_the_rule_of_writing(village):
    opening = village.opening()
    post = village.reply(opening, "Nothing to see", by=village.dara)
    with pytest.raises(Refused, match="you are new here"):
        actions.edit(post, by=village.dara, subject="", text="http://spam.example")
    with pytest.raises(Refused, match="Only its author"):
        actions.edit(post, by=village.gus, subject="", text="I am the administrator")


def test_a_withdrawn_post_loses_its_words_everywhere(village):
    opening = village.opening()
    post = village.reply(opening, "Secret one")
    actions.edit(post, by=village.bram, subject="Secret subject", text="Secret two")
    answer = village.reply(post, "I saw that")
    actions.withdraw(post, by=village.bram)
    post.refresh_from_db()
    assert (post.state, post.subject, Text.objects.get(post=post).source) == (State.WITHDRAWN, "", "")
    assert Fragment.objects.get(post=post).html == ""
    assert {(r.subject, r.source) for r in Revision.objects.filter(post=post)} == {("", "")}
    assert Thread.objects.get(pk=opening.thread_id).reply_count == 1
    answer.refresh_from_db()
    assert answer.parent_id == post.pk
    assert drift() == []


def test_withdrawing_the_opening_post_locks_the_thread(village):
    opening = village.opening()
    village.reply(opening)
    actions.withdraw(opening, by=village.ada)
    thread = Thread.objects.get(pk=opening.thread_id)
    assert (thread.state, thread.listed, thread.subject) == (State.WITHDRAWN, True, "")
    with pytest.raises(Refused, match="author deleted"):
        village.reply(Post.objects.get(number=1), "Too late")
    with pytest.raises(Refused, match="stays locked"):
        actions.unlock(thread, by=village.gus, reason="No.")
    lonely = village.opening("Alone")
    actions.withdraw(lonely, by=village.ada)
    assert not Thread.objects.get(pk=lonely.thread_id).listed
    assert drift() == []


def test_a_revision_can_be_withdrawn_alone(village):
    post = village.opening("S", "My street number is 12")
    actions.edit(post, by=village.ada, subject="S", text="My street is quiet")
    actions.withdraw_revision(Revision.objects.get(post=post), by=village.ada)
    revision = Revision.objects.get(post=post)
    assert (revision.source, revision.withdrawn_at is not None) == ("", True)
    with pytest.raises(Refused):
        actions.withdraw_revision(revision, by=village.gus)


def test_recommending_twice_is_once(village):
    post = village.opening()
    assert actions.recommend(post, by=village.bram) is True
    assert actions.recommend(post, by=village.bram) is False
    post.refresh_from_db()
    assert (post.recommendation_count, Thread.objects.get(pk=post.thread_id).recommendation_count) == (1, 1)
    assert actions.unrecommend(post, by=village.bram) is True
    assert actions.unrecommend(post, by=village.bram) is False
    with pytest.raises(Refused, match="somebody else"):
        actions.recommend(post, by=village.ada)
    assert drift() == []


def test_recommendations_at_the_same_time_are_all_counted(village):
    post = village.opening()
    members = [village.bram, village.cleo, village.fern, village.gus, village.dara]

    def give(member: Member) -> None:
        try:
            for _ in range(4):
                actions.recommend(post, by=member)
        finally:
            connections.close_all()

    givers = [threading.Thread(target=give, args=(m,)) for m in members]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join()
    post.refresh_from_db()
    assert post.recommendation_count == 5
    assert drift() == []


def test_hiding_is_an_act_on_the_record(village):
    opening = village.opening()
    post = village.reply(opening, "Buy my pills")
    actions.hide(post, by=village.gus, reason="It sells pills.")
    post.refresh_from_db()
    assert (post.state, post.state_reason, post.state_office) == (State.HIDDEN_BY_OFFICE, "It sells pills.", "administrator")
    entry = OutboxEntry.objects.get(kind="PostHidden")
    assert (entry.office, entry.officer, entry.facts["post_id"]) == ("administrator", 1, post.pk)
    assert "pills" not in str(entry.facts) + entry.reason_hash
    assert Reason.objects.get(entry=entry).text == "It sells pills."
    assert Member.objects.get(name="Bram").post_count == 0
    actions.restore(post, by=village.gus, reason="A joke.")
    assert Thread.objects.get(pk=opening.thread_id).reply_count == 1
    assert drift() == []


def test_only_an_office_hides_and_locks(village):
    opening = village.opening()
    for member in (village.ada, village.fern, village.bram):
        with pytest.raises(Refused):
            actions.hide(opening, by=member, reason="x")
        with pytest.raises(Refused):
            actions.lock(opening.thread, by=member, reason="x")
    assert OutboxEntry.objects.exclude(kind__in=["MemberBanned", "StarGiven"]).count() == 0


def test_hiding_the_last_reply_takes_the_kick_back(village):
    opening = village.opening()
    first = village.reply(opening, "One")
    second = village.reply(opening, "Two", by=village.cleo)
    actions.hide(second, by=village.gus, reason="No.")
    thread = Thread.objects.get(pk=opening.thread_id)
    assert (thread.last_moment, thread.last_author_id) == (first.moment, village.bram.pk)


def test_lock_and_unlock(village):
    opening = village.opening()
    actions.lock(opening.thread, by=village.gus, reason="Answered.")
    with pytest.raises(Refused, match="Answered"):
        village.reply(opening)
    actions.unlock(opening.thread, by=village.gus, reason="Not quite.")
    village.reply(opening)


def test_recount_finds_and_mends_drift(village):
    post = village.opening()
    Member.objects.filter(pk=village.ada.pk).update(post_count=7)
    Post.objects.filter(pk=post.pk).update(recommendation_count=3)
    Fragment.objects.filter(pk=post.pk).update(render_version=0, html="old")
    said = "\n".join(recount())
    assert "post_count is 7, should be 1" in said
    assert "recommendation_count is 3, should be 0" in said
    assert Fragment.objects.get(pk=post.pk).html == "<p>Until Monday.</p>\n"
    assert recount() == []
