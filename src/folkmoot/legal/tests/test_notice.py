"""From a notice to the end of its clock."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.exchange.whole import export_site
from folkmoot.ledger.models import OutboxEntry, Reason
from folkmoot.legal import actions, queries, rules
from folkmoot.legal.models import Notice, Removal
from folkmoot.legal.tasks import forget_kept
from folkmoot.site.models import Letter
from folkmoot.site.recount import drift
from folkmoot.site.tasks import troubles
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post, State, Thread

WORD = "zanzibarkumquat"
SAID = {"kind": "fraud", "why": "He has no licence to sell it.", "name": "Ida", "email": "", "good_faith": "on"}
LAW = {"ground": "Weapons Act, section 2", "facts": "It offers a flick knife for sale."}


@pytest.fixture
def post(village) -> Post:
    opening = village.opening("For sale", "Everything must go.")
    post = village.reply(opening, f"A {WORD}, as new.", by=village.bram)
    village.reply(post, "How much?", by=village.cleo)
    return post


def _notify(post: Post, **more: str) -> str:
    answer = Client().post("/legal/notice/", {"where": f"https://moot.example/posts/{post.pk}/", **SAID, **more})
    assert answer.status_code == 302
    return answer.headers["Location"]


def _decide(village, **more: str):
    path = f"/site/notices/{Notice.objects.get().pk}/"
    return village.signed_in(village.gus).post(path, {"decision": "remove", **LAW, "answer": "We looked.", **more})


def _sights(village, post: Post) -> list[str]:
    """Where the words can be seen."""
    thread = f"/threads/{post.thread_id}/for-sale/"
    pages = (thread, f"{thread}?view=flat", f"/threads/{post.thread_id}/index/", f"/posts/{post.pk}/alone/", "/members/Bram/", f"/search/?q={WORD}", f"/threads/{post.thread_id}/feed.json", f"/posts/{post.pk}/history/", "/latest/")  # fmt: skip
    found = []
    for who, client in (("visitor", Client()), ("Cleo", village.signed_in(village.cleo))):
        for page in pages:
            body = client.get(page, follow=True).content.decode().replace(f'value="{WORD}"', "").replace(f"q={WORD}", "")
            found += [f"{who} {page}"] if f"A {WORD}" in body else []
    return found


def test_a_visitor_sends_a_notice_and_gets_a_number_and_an_answer(village, post):
    form = Client().get(f"/legal/notice/?where=/posts/{post.pk}/").content.decode()
    assert f'value="/posts/{post.pk}/"' in form
    wrong = Client().post("/legal/notice/", {"where": "x", "why": "Because of this."})
    assert wrong.status_code == 422
    assert "Because of this." in wrong.content.decode()
    assert "believe it in good faith" in wrong.content.decode()
    mine = _notify(post)
    notice = Notice.objects.get()
    assert notice.post == post
    assert f"Your notice {notice.pk}" in Client().get(mine).content.decode()
    assert "the answer will stand here" in Client().get(mine).content.decode()
    assert Client().get("/legal/notices/guessed/").status_code == 404
    gus = village.signed_in(village.gus)
    assert f"/site/notices/{notice.pk}/" in gus.get("/site/notices/").content.decode()
    assert "Ida" in gus.get(f"/site/notices/{notice.pk}/").content.decode()
    assert village.signed_in(village.ada).get("/site/notices/").status_code == 403
    assert _decide(village, decision="leave", ground="He has a licence.").status_code == 302
    told = Client().get(mine).content.decode()
    assert "The post stays." in told
    assert "We looked." in told
    act = OutboxEntry.objects.get(kind="NoticeLeft")
    assert act.facts == {"notice_id": notice.pk}
    assert "Ida" not in Reason.objects.get(entry=act).text
    assert _decide(village).status_code == 422, "it is decided once"
    assert _sights(village, post)


def test_an_address_that_leads_nowhere_is_kept_for_people_to_look(village, post):
    for where, leads in (("In the second thread", None), ("/posts/999999/", None), (f"/threads/{post.thread_id}/x/#p1", 0)):
        found = queries.post_at(where)
        assert (found.number if found else None) == leads
    _notify(post, where="Somewhere in the Lounge")
    assert "leads to no post" in _decide(village).content.decode()


def test_ten_notices_a_day_from_a_network(village, post):
    for _ in range(10):
        _notify(post)
    answer = Client().post("/legal/notice/", {"where": "/posts/1/", **SAID})
    assert answer.status_code == 403
    assert "many notices from your network" in answer.content.decode()


def test_a_removal_leaves_a_stub_and_restoring_undoes_everything(village, post, tmp_path):
    before = _sights(village, post)
    assert len(before) >= 6
    mine = _notify(post)
    assert "must be told why" in _decide(village, facts="").content.decode()
    assert _decide(village).status_code == 302
    assert _sights(village, post) == []
    page = Client().get(f"/threads/{post.thread_id}/for-sale/").content.decode()
    assert "Removed on legal grounds" in page
    assert LAW["ground"] in page
    assert "How much?" in page
    public = Client().get(f"/posts/{post.pk}/removed/").content.decode()
    assert LAW["ground"] in public
    assert LAW["facts"] not in public
    assert "The post is removed." in Client().get(mine).content.decode()
    export_site(tmp_path / "public", private=False)
    assert not any(WORD in path.read_text() or LAW["facts"] in path.read_text() for path in (tmp_path / "public").iterdir())
    kinds = set(OutboxEntry.objects.values_list("kind", flat=True))
    assert kinds >= {"NoticeFollowed", "PostRemoved"}
    assert drift() == []

    bram = village.signed_in(village.bram)
    assert "Something was decided that concerns you" in bram.get("/latest/").content.decode()
    assert f"/posts/{post.pk}/removed/" in bram.get("/account/").content.decode()
    statement = bram.get(f"/posts/{post.pk}/removed/").content.decode()
    assert LAW["facts"] in statement
    assert bram.post(f"/posts/{post.pk}/removed/", {"text": " "}).status_code == 422
    assert village.signed_in(village.cleo).post(f"/posts/{post.pk}/removed/", {"text": "Me too"}).status_code == 403
    assert bram.post(f"/posts/{post.pk}/removed/", {"text": "It is a butter knife."}).status_code == 302
    assert bram.post(f"/posts/{post.pk}/removed/", {"text": "Once more."}).status_code == 422
    removal = Removal.objects.get()
    gus = village.signed_in(village.gus)
    assert f"A {WORD}" in gus.get(f"/site/counters/{removal.pk}/").content.decode()
    assert "butter knife" not in Client().get(f"/posts/{post.pk}/removed/").content.decode()
    said = {"decision": "restore", "text": "You are right.", "reason": "No weapon after all."}
    assert gus.post(f"/site/counters/{removal.pk}/", said).status_code == 302
    assert gus.post(f"/site/counters/{removal.pk}/", said).status_code == 422
    assert _sights(village, post) == before
    assert Post.objects.get(pk=post.pk).state == State.VISIBLE
    removal.refresh_from_db()
    assert removal.ended_at
    assert removal.source == "", "nothing is kept apart of what is shown"
    assert "You are right." in bram.get(f"/posts/{post.pk}/removed/").content.decode()
    assert drift() == []


def test_an_opening_post_is_removed_and_its_thread_stays(village, post):
    opening = Post.objects.get(pk=Thread.objects.get(pk=post.thread_id).opening_id)
    actions.remove(opening, by=village.gus, **LAW)
    page = Client().get(f"/threads/{post.thread_id}/for-sale/", follow=True)
    assert page.status_code == 200
    assert "Removed on legal grounds" in page.content.decode()
    assert "Everything must go" not in page.content.decode()
    assert f"A {WORD}" in page.content.decode()
    assert "For sale" not in Client().get("/latest/").content.decode()
    threads.restore(opening, by=village.gus, reason="A mistake.")
    assert "Everything must go" in Client().get(f"/threads/{post.thread_id}/for-sale/").content.decode()
    assert Removal.objects.get().ended_at
    assert drift() == []


def test_what_cannot_be_removed_says_why(village, post):
    threads.withdraw(post, by=village.bram)
    with pytest.raises(Refused, match="nothing to remove"):
        actions.remove(post, by=village.gus, **LAW)
    with pytest.raises(Refused):
        actions.remove(village.reply(post.parent, "x", by=village.ada), by=village.ada, **LAW)
    page = village.signed_in(village.gus).post(f"/posts/{post.pk}/remove/", LAW)
    assert page.status_code == 422
    assert LAW["facts"] in page.content.decode()


def test_its_author_may_take_the_words_back_and_they_stay_apart(village, post):
    actions.remove(post, by=village.gus, **LAW)
    threads.withdraw(post, by=village.bram)
    assert WORD in Removal.objects.get().source
    threads.purge(post, by=None, office="operator", reason="Court order.")
    removal = Removal.objects.get()
    assert (removal.source, removal.facts) == ("", "")


def test_what_is_late_is_told_and_what_is_over_is_forgotten(village, post):
    assert queries.troubles() == []
    _notify(post, email="ida@moot.example")
    actions.remove(post, by=village.gus, **LAW)
    removal = Removal.objects.get()
    actions.counter(removal, by=village.bram, text="Why?")
    assert queries.troubles() == []
    late = datetime.now(UTC) - timedelta(days=2)
    Notice.objects.update(due_at=late)
    Removal.objects.update(due_at=late)
    assert len(queries.troubles()) == 2
    assert "A notice of unlawful content waits for an administrator, 2 days longer" in "\n".join(troubles())
    assert "overdue" in village.signed_in(village.gus).get("/site/notices/").content.decode()
    forget_kept()
    assert Removal.objects.get().source
    old = datetime.now(UTC) - rules.CONTEST - timedelta(days=1)
    Removal.objects.update(removed_at=old)
    Notice.objects.update(decided_at=old, removed=False)
    forget_kept()
    assert Removal.objects.get().source == ""
    assert Notice.objects.get().email == Notice.objects.get().name == ""


def test_letters_go_where_mail_is_set(village, post, monkeypatch):
    monkeypatch.setattr(settings, "MAIL_URL", "smtp://mail.example")
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "folkmoot.site.mail.Outbox")
    _notify(post, email="ida@moot.example")
    _decide(village)
    to = [letter.recipients for letter in Letter.objects.order_by("pk")]
    assert to == ["ida@moot.example", "ida@moot.example", "bram@moot.example"]


def test_the_founding_texts_say_where_a_notice_is_sent(village):
    for page in ("/terms/", "/contact/", "/legal/"):
        assert 'href="/legal/notice/"' in Client().get(page).content.decode()
    assert "Who holds an office" in Client().get("/terms/").content.decode()
    assert "{place}" not in Client().get("/terms/").content.decode()


def test_a_posts_own_pages_lead_to_the_notice(village, post):
    for page in (f"/posts/{post.pk}/alone/", f"/posts/{post.pk}/alert/"):
        assert f"/legal/notice/?where=/posts/{post.pk}/" in Client().get(page).content.decode()
    assert f"/posts/{post.pk}/remove/" in village.signed_in(village.gus).get(f"/posts/{post.pk}/alone/").content.decode()
    assert f"/posts/{post.pk}/remove/" not in village.signed_in(village.ada).get(f"/posts/{post.pk}/alone/").content.decode()
