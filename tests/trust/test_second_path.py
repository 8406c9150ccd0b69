"""The same act by another way gets the same decision: page, action, task, import, command line."""

import json

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.pages import Scene

from folkmoot.base import markup
from folkmoot.base.answers import Refused
from folkmoot.exchange.jsonl import import_board
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.members.rules import may_be_named, name_key
from folkmoot.site.cli import cli
from folkmoot.threads import actions
from folkmoot.threads.models import Post, State, Text, Thread


@pytest.fixture
def scene(village):
    return Scene(village)


def _doors(scene: Scene) -> dict[str, tuple[Member | None, str, dict[str, str], object]]:
    """An act that is refused: who asks, the page's address and fields, and the same act past the page."""
    v, forum = scene.village, scene.village.forum
    retired = type(forum).objects.select_related("category").get(pk=forum.pk)
    pinned, locked, reply, opening = scene.pinned, scene.locked, scene.reply, scene.opening
    news = type(forum).objects.select_related("category").get(slug="announcements")
    text = {"subject": "S", "text": "T"}
    reason = {"reason": "R"}
    first = locked.posts.get(number=0)
    return {
        "the banned start": (v.eli, f"/forums/{forum.slug}/new/", text, lambda: actions.start_thread(forum, by=v.eli, **text)),
        "the banned reply": (v.eli, f"/posts/{opening.pk}/reply/", text, lambda: actions.reply(opening, by=v.eli, **text)),
        "the banned recommend": (v.eli, f"/posts/{opening.pk}/recommend/", {}, lambda: actions.recommend(opening, by=v.eli)),
        "members announce": (v.ada, f"/forums/{news.slug}/new/", text, lambda: actions.start_thread(news, by=v.ada, **text)),
        "a reply in a locked thread": (v.bram, f"/posts/{first.pk}/reply/", text, lambda: actions.reply(first, by=v.bram, **text)),
        "a reply to a hidden post": (v.ada, f"/posts/{scene.hidden.pk}/reply/", text, lambda: actions.reply(scene.hidden, by=v.ada, **text)),
        "an edit of another's": (v.ada, f"/posts/{reply.pk}/edit/", text, lambda: actions.edit(reply, by=v.ada, **text)),
        "an administrator's edit": (v.gus, f"/posts/{reply.pk}/edit/", text, lambda: actions.edit(reply, by=v.gus, **text)),
        "an edit of a hidden post": (scene.hidden.author, f"/posts/{scene.hidden.pk}/edit/", text, lambda: actions.edit(scene.hidden, by=scene.hidden.author, **text)),
        "another's delete": (v.ada, f"/posts/{reply.pk}/delete/", {}, lambda: actions.withdraw(reply, by=v.ada)),
        "one's own recommendation": (v.ada, f"/posts/{opening.pk}/recommend/", {}, lambda: actions.recommend(opening, by=v.ada)),
        "a member hides": (v.ada, f"/posts/{reply.pk}/hide/", reason, lambda: actions.hide(reply, by=v.ada, **reason)),
        "a member restores": (v.ada, f"/posts/{scene.hidden.pk}/restore/", reason, lambda: actions.restore(scene.hidden, by=v.ada, **reason)),
        "a member locks": (v.ada, f"/threads/{pinned.pk}/lock/", reason, lambda: actions.lock(pinned, by=v.ada, **reason)),
        "a member unlocks": (v.ada, f"/threads/{locked.pk}/unlock/", reason, lambda: actions.unlock(locked, by=v.ada, **reason)),
        "a member bans": (v.ada, "/members/Cleo/ban/", reason, lambda: members.ban(v.cleo, by=v.ada, **reason)),
        "a member lifts a ban": (v.eli, "/members/Eli/unban/", reason, lambda: members.unban(v.eli, by=v.eli, **reason)),
        "an administrator is banned": (v.gus, "/members/Gus/ban/", reason, lambda: members.ban(v.gus, by=v.gus, **reason)),
        "a member gives a link": (v.ada, "/members/Cleo/link/", reason, lambda: members.give_link(v.cleo, by=v.ada, **reason)),
        "too long a text": (v.ada, f"/posts/{reply.pk}/reply/", {"text": "x" * 100_001, "subject": ""}, lambda: actions.reply(reply, by=v.ada, subject="", text="x" * 100_001)),
        "nothing at all": (v.ada, f"/posts/{reply.pk}/reply/", {"text": " ", "subject": " "}, lambda: actions.reply(reply, by=v.ada, subject=" ", text=" ")),
        "too long a subject": (v.ada, f"/forums/{retired.slug}/new/", {"subject": "s" * 151, "text": "t"}, lambda: actions.start_thread(retired, by=v.ada, subject="s" * 151, text="t")),
    }  # fmt: skip


def _world() -> list[object]:
    return [
        list(Post.objects.order_by("pk").values_list()), list(Thread.objects.order_by("pk").values_list()),
        list(Text.objects.order_by("pk").values_list()), list(Member.objects.order_by("pk").values_list("pk", "office", "banned_at", "post_count", "password")),
    ]  # fmt: skip


def test_what_the_page_refuses_the_action_refuses(scene, count):
    for what, (who, address, data, past_the_page) in _doors(scene).items():
        before = _world()
        client = Client()
        client.force_login(who)
        assert client.post(address, data).status_code in (200, 403, 404, 422), what
        assert _world() == before, f"{what}: the page let it through"
        with pytest.raises(Refused):
            past_the_page()
        assert _world() == before, f"{what}: the action let it through"
        count("second paths")


def test_an_edit_cannot_bring_in_what_writing_refuses(scene):
    ada, post = scene.village.ada, scene.opening
    for subject, text in (("", "  "), ("s" * 151, "t"), ("s", "é" * 50_001)):
        with pytest.raises(Refused):
            actions.edit(post, by=ada, subject=subject, text=text)
    dara = scene.village.reply(post, "No link yet", by=scene.village.dara)
    with pytest.raises(Refused, match="newcomer"):
        actions.edit(dara, by=scene.village.dara, subject="", text="https://new.example")


def test_a_kept_form_is_decided_when_it_is_sent(scene):
    """A visitor writes first and signs in after; a banned member's kept words are refused like any others."""
    client = Client()
    address = f"/posts/{scene.opening.pk}/reply/"
    client.post(address, {"text": "Kept words"})
    client.force_login(scene.village.eli)
    before = _world()
    assert client.post(address, {"text": "Kept words"}).status_code in (403, 422)
    assert _world() == before


def _import(tmp_path, *posts: dict[str, object]) -> None:
    path = tmp_path / "board.jsonl"
    path.write_text(
        "".join(
            json.dumps({"created_utc": 1_300_000_000 + n, "thread_id": "t", "id": f"p{n}", **p}) + "\n"
            for n, p in enumerate(posts)
        )
    )
    import_board(path, source="old")


def test_names_that_joining_refuses_do_not_move_in(scene, tmp_path):
    wanted = [
        "Ada",
        "АДА",
        "A d a",
        "admin",
        "Аdmin",
        "root",
        "x" * 80,
        "",
        "<script>alert(1)</script>",
        "a\u202eb",
        "ｆｕｌｌ",
        "_",
        "Gus\u0000",
        "1" * 200,
        "👍",
    ]
    _import(tmp_path, *({"author": name, "body": "Words"} for name in wanted))
    assert Thread.objects.filter(subject="Words").count() == 1
    keys = list(Member.objects.values_list("name_key", flat=True))
    assert len(keys) == len(set(keys))
    for member in Member.objects.filter(claimable=True):
        assert may_be_named(member.name), member.name
        assert member.name_key == name_key(member.name)


def test_hostile_posts_move_in_as_text(scene, tmp_path):
    from tests.hostile import STRINGS, outside_the_tags

    posts = [
        {"author": f"writer{n % 5}", "body": text, "subject": text, "title": text, "format": ("plain", "markdown")[n % 2]}
        for n, text in enumerate(STRINGS)
    ]
    _import(tmp_path, *posts, {"author": "writer0", "body": "**a** " * 40_000, "format": "markdown"})
    moved = Post.objects.filter(author__claimable=True).exclude(author__name="old.hand").select_related("fragment")
    assert moved.count() == len(posts) + 1
    for post in moved:
        assert outside_the_tags(post.fragment.html) == [], post.subject
        assert len(post.fragment.html) <= 12 * markup.MAX_BYTES
    thread = moved[0].thread
    assert Client().get(f"/threads/{thread.pk}/", follow=True).status_code == 200


def test_what_is_hidden_stays_hidden_by_every_way_of_counting_anew(scene):
    from folkmoot.site.recount import recount
    from folkmoot.threads.tasks import bring_views_over, refresh_shown_counts

    shown = Client().get(f"/threads/{scene.thread.pk}/the-bridge-is-closed/").content
    recount()
    bring_views_over()
    refresh_shown_counts()
    assert Post.objects.get(pk=scene.hidden.pk).state == State.HIDDEN_BY_OFFICE
    assert Client().get(f"/threads/{scene.thread.pk}/the-bridge-is-closed/").content.count(b"Answer number") == shown.count(
        b"Answer number"
    )


def test_the_command_line_names_nobody_whom_joining_would_refuse(scene):
    done = CliRunner().invoke(cli, ["admin", "<b>nobody</b>"])
    assert done.exit_code == 1
    assert not Member.objects.filter(name__contains="<").exists()
    done = CliRunner().invoke(cli, ["admin", "Gu5\u0455"])
    assert done.exit_code == 1
    assert CliRunner().invoke(cli, ["admin", "gus"]).exit_code == 0
