"""What members are told, through the real actions and the worker's ticks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings
from tests.jury import Moot, jury_of

from folkmoot.juries.rules import Choice
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.notifications import actions, tasks
from folkmoot.notifications.models import Choice as Chosen
from folkmoot.notifications.models import Digest, Due, Notification
from folkmoot.notifications.queries import troubles
from folkmoot.site.models import Letter
from folkmoot.site.recount import drift
from folkmoot.threads import actions as threads

MAIL = override_settings(MAIL_URL="smtp://127.0.0.1:1", EMAIL_BACKEND="folkmoot.site.mail.Outbox")


def _told(member) -> list[tuple[str, int]]:
    """What is new to this member: kind and how many of it, the oldest first."""
    tasks.tell_due()
    found = list(Notification.objects.filter(member=member, seen_at=None).order_by("pk").values_list("kind", "count"))
    member.refresh_from_db()
    assert member.unseen_count == len(found)
    return found


def _page(village, member) -> str:
    return re.sub(r"\s+", " ", village.signed_in(member).get("/notifications/").content.decode())


def test_an_answer_a_name_and_a_reply_in_ones_thread(village):
    opening = village.opening("The bridge", by=village.ada)
    reply = village.reply(opening, "Says who? @Cleo knows.", by=village.bram)
    assert _told(village.ada) == [("reply", 1)]
    assert _told(village.cleo) == [("mention", 1)]
    village.reply(reply, "I do.", by=village.cleo)
    village.reply(reply, "So do I.", by=village.fern)
    assert _told(village.bram) == [("reply", 1), ("reply", 1)]
    assert _told(village.ada) == [("reply", 1), ("thread", 2)]
    page = _page(village, village.ada)
    assert "Bram answers you in" in page
    assert "2 new replies in" in page
    assert 'tag--new">2<' in page
    assert not Due.objects.exists()


def test_what_is_read_in_the_thread_is_seen(village):
    opening = village.opening("The bridge", by=village.ada)
    village.reply(opening, by=village.bram)
    assert _told(village.ada) == [("reply", 1)]
    ada = village.signed_in(village.ada)
    ada.get(f"/threads/{opening.thread_id}/the-bridge/")
    tasks.see_what_was_read()
    assert _told(village.ada) == []
    village.reply(opening, by=village.bram)
    assert _told(village.ada) == [("reply", 1)], "what comes later is new"


def test_recommendations_are_gathered_until_they_are_seen(village):
    post = village.reply(village.opening(), by=village.bram)
    for member in (village.ada, village.cleo, village.fern):
        threads.recommend(post, by=member)
    assert _told(village.bram) == [("recommended", 3)]
    assert "3 members recommend your post" in _page(village, village.bram)
    village.signed_in(village.bram).post("/notifications/seen/")
    assert _told(village.bram) == []
    threads.unrecommend(post, by=village.ada)
    threads.recommend(post, by=village.ada)
    assert _told(village.bram) == [("recommended", 1)]


def test_threads_and_forums_are_followed_by_a_form(village):
    opening = village.opening(by=village.ada)
    cleo = village.signed_in(village.cleo)
    address = f"/threads/{opening.thread_id}/follow/"
    assert address in cleo.get(f"/threads/{opening.thread_id}/the-bridge-is-closed/").content.decode()
    assert cleo.post(address, {"level": "loud"}).status_code == 422
    assert cleo.post(address, {"level": "watch"}).status_code == 302
    village.reply(opening, by=village.bram)
    village.reply(opening, by=village.bram)
    assert _told(village.cleo) == [("thread", 2)]
    fern = village.signed_in(village.fern)
    fern.post(address, {"level": "first"})
    for _ in range(2):
        village.reply(opening, by=village.bram)
    assert _told(village.fern) == [("thread", 1)]
    forum = opening.forum.slug
    fern.post(f"/forums/{forum}/follow/", {"level": "first"})
    village.opening("Another one", by=village.bram)
    assert ("forum", 1) in _told(village.fern)
    followed = fern.get("/notifications/followed/").content.decode()
    assert "Every new thread" in followed
    assert "The first new reply" in followed
    fern.post(address, {"level": ""})
    assert "The first new reply" not in fern.get("/notifications/followed/").content.decode()


def test_whoever_wants_none_of_it_hears_nothing(village):
    opening = village.opening(by=village.ada)
    actions.follow_thread(opening.thread, by=village.ada, level="none")
    village.reply(opening, "@Ada, please.", by=village.bram)
    assert _told(village.ada) == []
    actions.choose(village.cleo, ways={"mention": "none"}, every="daily")
    village.reply(opening, "@Cleo, please.", by=village.bram)
    assert _told(village.cleo) == []


def test_what_waits_or_is_hidden_is_told_to_nobody_and_its_words_leave(village):
    opening = village.opening("The bridge", by=village.ada)
    waiting = village.reply(opening, "See https://example.org/", by=village.dara)
    assert _told(village.ada) == []
    threads.restore(waiting, by=village.gus, reason="Fine.")
    assert _told(village.ada) == [("reply", 1)]
    secret = village.opening("Zanzibar kumquat", "For @Ada", by=village.bram)
    assert _told(village.ada) == [("reply", 1), ("mention", 1)]
    assert "Zanzibar kumquat" in _page(village, village.ada)
    threads.hide(secret, by=village.gus, reason="No.")
    page = _page(village, village.ada)
    assert "Zanzibar" not in page
    assert "not shown any more" in page
    later = village.reply(opening, "@Cleo", by=village.bram)
    threads.hide(later, by=village.gus, reason="No.")
    assert _told(village.cleo) == []


def test_an_edit_tells_whom_it_names_now_and_nobody_twice(village):
    post = village.opening("The bridge", "For @Cleo", by=village.bram)
    assert _told(village.cleo) == [("mention", 1)]
    actions.see(village.cleo)
    threads.edit(post, by=village.bram, subject="The bridge", text="For @Cleo and @Ada")
    assert _told(village.cleo) == []
    assert _told(village.ada) == [("mention", 1)]


def test_a_banned_member_and_an_account_without_an_owner_are_told_nothing(village):
    moved = members.move_in("old.hand", joined=datetime(2009, 5, 1, tzinfo=UTC))
    village.opening("The bridge", "For @Eli and @old.hand", by=village.bram)
    assert _told(village.eli) == []
    assert _told(moved) == []


def test_a_jury_tells_whom_it_asks_and_what_it_found(village):
    moot = Moot(village)
    case = moot.alert(village.reply(village.opening(), text="You are all fools."))
    jury = jury_of(case)
    asked = jury.places.filter(state="summoned").select_related("member")
    assert {_told(seat.member)[0] for seat in asked} == {("jury", 1)}
    juror = next(seat.member for seat in asked if seat.member in moot.people)  # of the village Ada is told of the reply, too
    village.signed_in(juror).get("/latest/")
    tasks.see_what_was_read()
    assert _told(juror) == [("jury", 1)], "it still asks"
    moot.judge(jury, *[Choice.BREAKS] * 5)
    tasks.see_what_was_read()
    assert not Notification.objects.filter(member=juror, seen_at=None, key__startswith="jury:").exists()
    assert ("jury", 1) in _told(village.bram), "whose post it was"
    assert ("jury", 1) in _told(village.cleo), "who alerted"
    bystander = next(m for m in moot.people if not jury.places.filter(member=m).exists())
    assert _told(bystander) == []


def _letters() -> list[str]:
    return [bytes(letter.message).decode() for letter in Letter.objects.order_by("pk")]


@MAIL
def test_a_letter_at_once_has_both_forms_and_one_click_ends_it(village):
    opening = village.opening("The <bridge>", by=village.ada)
    ada = village.signed_in(village.ada)
    usual = dict.fromkeys(("mention", "thread", "forum", "recommended", "jury"), "site")
    assert ada.post("/notifications/choices/", {**usual, "reply": "loudly", "every": "daily"}).status_code == 422
    assert ada.post("/notifications/choices/", {**usual, "reply": "mail", "every": "daily"}).status_code == 302
    village.reply(opening, by=village.bram)
    _told(village.ada)
    (letter,) = _letters()
    assert "Subject: Bram answers you: The <bridge>" in letter
    assert "The &lt;bridge&gt;" in letter
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in letter
    stop = re.search(r"List-Unsubscribe:\s*<[a-z]+://[^/]+(/notifications/stop/[^>]+)>", re.sub(r"\n\s+", "", letter))[1]
    mailer = Client(enforce_csrf_checks=True)
    assert "Send me no more" in mailer.get(stop).content.decode()
    assert Chosen.objects.filter(member=village.ada, way="mail").exists(), "to look is not to stop"
    assert mailer.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    village.reply(opening, by=village.bram)
    assert len(_told(village.ada)) == 2, "on the site it goes on"
    assert len(_letters()) == 1
    assert mailer.post("/notifications/stop/made.up/").status_code == 404


@MAIL
def test_a_digest_comes_in_the_morning_where_the_member_is(village):
    opening = village.opening("The bridge", by=village.ada)
    actions.choose(village.ada, ways={"reply": "digest", "recommended": "digest"}, every="daily")
    village.reply(opening, by=village.bram)
    threads.recommend(opening, by=village.cleo)
    _told(village.ada)
    assert _letters() == []
    digest, now = Digest.objects.get(), datetime.now(UTC)
    assert actions.send_digest(digest.pk, now=now)
    assert not actions.send_digest(digest.pk, now=now), "nothing new, no letter"
    (letter,) = _letters()
    assert "2 things since your last digest" in letter
    assert "Bram answers you" in letter
    actions.stop_mail(village.ada.pk, "digest")
    assert not Digest.objects.exists()
    assert set(Chosen.objects.values_list("way", flat=True)) == {"site"}
    assert _told(village.ada), "what is seen on the site is another thing"


def test_a_digest_that_nobody_can_get_waits_for_no_one(village):
    actions.choose(village.ada, ways={"reply": "digest"}, every="weekly")
    Digest.objects.update(sent_at=datetime.now(UTC) - timedelta(days=9))
    village.reply(village.opening(by=village.ada), by=village.bram)
    _told(village.ada)
    assert actions.send_digest(village.ada.pk, now=datetime.now(UTC))
    assert not Letter.objects.exists(), "no mail server is set"


def test_one_that_cannot_be_told_keeps_nobody_else_waiting_and_is_told(village, monkeypatch):
    first = village.reply(village.opening(by=village.ada), by=village.bram)
    village.reply(village.opening(by=village.cleo), by=village.bram)
    real = actions._told
    monkeypatch.setattr(actions, "_told", lambda post, what: real(post, what) if post.pk != first.pk else 1 / 0)
    assert _told(village.ada) == []
    assert _told(village.cleo) == [("reply", 1)]
    assert troubles() == []
    Due.objects.update(made_at=datetime.now(UTC) - timedelta(hours=2))
    assert "1 posts wait" in troubles()[0]
    monkeypatch.undo()
    assert _told(village.ada) == [("reply", 1)]
    Member.objects.filter(pk=village.ada.pk).update(unseen_count=7)
    assert any("unseen_count is 7, should be 1" in line for line in drift())


def test_what_was_seen_long_ago_goes(village):
    village.reply(village.opening(by=village.ada), by=village.bram)
    _told(village.ada)
    actions.see(village.ada)
    assert actions.forget_seen(datetime.now(UTC) - tasks.KEPT) == 0
    assert actions.forget_seen(datetime.now(UTC) + timedelta(seconds=1)) == 1


@pytest.mark.parametrize("address", ["/notifications/", "/notifications/choices/", "/notifications/followed/"])
def test_nobody_reads_another_members(village, address):
    village.reply(village.opening("Bridge of Ada", by=village.ada), by=village.bram)
    _told(village.ada)
    assert Client().get(address).status_code == 302
    page = village.signed_in(village.cleo).get(address)
    assert page.status_code == 200
    assert "Bridge of Ada" not in page.content.decode()
    line = Notification.objects.get()
    village.signed_in(village.cleo).post("/notifications/seen/", {"only": str(line.pk)})
    assert Notification.objects.get().seen_at is None


def test_a_forum_that_nobody_knows_cannot_be_followed(village):
    assert village.signed_in(village.ada).get("/forums/no-such/follow/").status_code == 404
    assert village.signed_in(village.ada).get("/threads/99999/follow/").status_code == 404
