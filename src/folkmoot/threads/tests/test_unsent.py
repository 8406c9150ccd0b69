"""Drafts: nothing that was typed is lost, nothing is posted twice, and nobody else reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from folkmoot.threads import actions, tasks
from folkmoot.threads.models import Post, Unsent


def _keep(client, path, **typed):
    return client.post("/mine/drafts/keep/", {"path": path, **typed})


def test_what_is_previewed_and_left_is_there_again_and_listed(village):
    opening = village.opening("The bridge")
    path, bram = f"/posts/{opening.pk}/reply/", village.signed_in(village.bram)
    bram.post(path, {"subject": "Half", "text": "A half-made thought", "key": "k1", "preview": "1"})
    form = bram.get(path).content.decode()
    assert "A half-made thought" in form
    assert 'value="k1"' in form, "the form's own key, so that it cannot be posted twice"
    assert "Your draft is in the form" in form
    page = bram.get("/mine/drafts/").content.decode()
    assert f'href="{path}">Half</a>' in page
    assert "A reply in The bridge" in page
    bram.post("/mine/drafts/drop/", {"path": path})
    assert "A half-made thought" not in bram.get(path).content.decode()
    assert "No drafts" in bram.get("/mine/drafts/").content.decode()


def test_posting_ends_the_draft_and_a_late_script_does_not_bring_it_back(village):
    opening = village.opening()
    path, bram = f"/posts/{opening.pk}/reply/", village.signed_in(village.bram)
    words = {"subject": "", "text": "All of it", "key": "k1"}
    assert _keep(bram, path, **words).content == b"Your draft is kept."
    bram.post(path, words)
    assert not Unsent.objects.exists()
    assert _keep(bram, path, **words).content == b""
    assert not Unsent.objects.exists()
    bram.post(path, words)
    assert Post.objects.filter(author=village.bram).count() == 1


def test_what_is_refused_is_kept(village):
    bram = village.signed_in(village.bram)
    path = f"/forums/{village.forum.slug}/new/"
    assert bram.post(path, {"subject": "", "text": "A thread without a subject", "key": "k"}).status_code == 422
    assert "A thread without a subject" in bram.get(path).content.decode()
    assert "A thread in " in bram.get("/mine/drafts/").content.decode()


def test_an_emptied_form_is_no_draft(village):
    path, bram = f"/posts/{village.opening().pk}/reply/", village.signed_in(village.bram)
    _keep(bram, path, text="Words", key="k")
    _keep(bram, path, text="  ", key="k")
    assert not Unsent.objects.exists()


def test_a_draft_of_an_edit_says_when_the_post_was_changed_elsewhere(village):
    post = village.opening("The bridge", by=village.bram)
    path, bram = f"/posts/{post.pk}/edit/", village.signed_in(village.bram)
    bram.post(path, {"subject": "The bridge", "text": "Mine", "seen_edits": "0", "preview": "1"})
    actions.edit(post, by=village.bram, subject="The bridge", text="Changed on another machine")
    form = bram.get(path).content.decode()
    assert 'name="seen_edits" value="0"' in form
    again = bram.post(path, {"subject": "The bridge", "text": "Mine", "seen_edits": "0"})
    assert again.status_code == 422


@pytest.mark.parametrize("path", ["/sign-in/", "", "/posts/1/hide/", "//evil.example/"])
def test_only_writing_forms_keep_drafts(village, path):
    assert _keep(village.signed_in(village.bram), path, text="Words").status_code == 403
    assert not Unsent.objects.exists()


def test_nobody_else_reads_or_drops_it(village):
    path = f"/posts/{village.opening().pk}/reply/"
    _keep(village.signed_in(village.bram), path, text="For nobody else", key="k")
    for client in (Client(), village.signed_in(village.ada), village.signed_in(village.gus)):
        assert "For nobody else" not in client.get(path).content.decode()
        assert "For nobody else" not in client.get("/mine/drafts/", follow=True).content.decode()
        client.post("/mine/drafts/drop/", {"path": path})
    assert Unsent.objects.count() == 1
    assert _keep(Client(), path, text="x").status_code == 302


def test_the_oldest_of_too_many_makes_room_and_what_nobody_touches_goes(village):
    opening, bram = village.opening(), village.signed_in(village.bram)
    for n in range(32):
        _keep(bram, f"/posts/{opening.pk + n}/reply/", text=f"Draft {n}", key=f"k{n}")
    assert Unsent.objects.count() == 30
    assert not Unsent.objects.filter(path=f"/posts/{opening.pk}/reply/").exists()
    Unsent.objects.filter(path=f"/posts/{opening.pk + 31}/reply/").update(saved_at=datetime.now(UTC) - timedelta(days=200))
    tasks.forget_unsent()
    assert Unsent.objects.count() == 29
