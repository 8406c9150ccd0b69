"""The search through the front door: what is written can be found, what is hidden cannot, a moment later."""

import re
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from folkmoot.base.time import HOUR, to_moment
from folkmoot.exchange.jsonl import import_board
from folkmoot.members.models import Member
from folkmoot.search import actions
from folkmoot.search.models import Built, Gap, engine
from folkmoot.search.queries import troubles
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post


def _found(query: str, client: Client | None = None) -> list[str]:
    page = (client or Client()).get("/search/", {"q": query}).content.decode()
    return [re.sub(r"</?mark>", "", subject) for subject in re.findall(r'<h2 class="row__subject"><a [^>]+>(.*?)</a>', page)]


def test_a_post_is_found_as_soon_as_it_stands_and_no_longer_than_it_does(village):
    opening = village.opening("The ferry", "A walrus came by.")
    reply = village.reply(opening, "It was a seal", subject="No walrus")
    assert _found("walrus") == ["No walrus", "The ferry"]
    assert _found("subject:walrus") == ["No walrus"]
    assert _found("WÁLRUS author:ada") == ["The ferry"]
    threads.edit(reply, by=village.bram, subject="A seal", text="It was a seal")
    assert _found("walrus") == ["The ferry"]
    threads.hide(opening, by=village.gus, reason="No animals.")
    assert _found("walrus") == []
    threads.restore(opening, by=village.gus, reason="Animals.")
    assert _found("walrus") == ["The ferry"]
    threads.withdraw(opening, by=village.ada)
    assert _found("walrus") == []


def test_what_waits_is_found_by_nobody_until_it_is_let_in(village):
    opening = village.opening()
    post = village.reply(opening, "A narwhal: https://new.example", by=village.dara)
    for client in (Client(), village.signed_in(village.dara), village.signed_in(village.gus)):
        assert _found("narwhal", client) == []
    threads.restore(post, by=village.gus, reason="Fine.")
    assert len(_found("narwhal")) == 1


def test_a_hit_opens_the_post_in_its_context_with_its_words_marked(village):
    village.reply(village.opening(), "A tram & a <b>bridge</b>", subject="Of trams")
    page = Client().get("/search/?q=bridge").content.decode()
    assert "<mark>bridge</mark>" in page
    assert "<b>" not in page
    address = re.search(r'<h2 class="row__subject"><a href="(/posts/\d+/)"', page)[1]
    assert Client().get(address).headers["Location"].endswith("#p1")


def test_a_question_that_is_unclear_is_answered_and_kept(village):
    for typed in ("after:yesterday bridge", 'author:"Nobody at all" bridge', "forum:none bridge", "x" * 900):
        answer = Client().get("/search/", {"q": typed})
        assert answer.status_code == 200
        assert typed.replace('"', "&#34;")[:300] in answer.content.decode()
    page = Client().get("/search/?q=author:Nobody").content.decode()
    assert "Nobody here is called" in page
    assert "No post has all of that" in Client().get("/search/?q=zebra").content.decode()


def test_pages_go_on_by_cursor_and_best_ranks_what_is_newest(village):
    opening = village.opening("Herons", "heron")
    for n in range(45):
        village.reply(opening, f"heron {n}", subject=f"Number {n}")
    first = Client().get("/search/?q=heron").content.decode()
    older = re.search(r'href="([^"]+)" rel="next">Older', first)[1].replace("&amp;", "&")
    assert "Number 44" in first
    assert "Number 44" not in Client().get("/search/" + older).content.decode()
    best = Client().get("/search/?q=heron*&order=best").content.decode()
    assert best.index("Herons") < best.index("Number 44"), "words in the subject come first"
    assert "all 46 hits" in re.sub(r"</?mark>", "", best)


def test_posts_that_moved_in_are_read_by_the_clock(village, tmp_path):
    moved = tmp_path / "old.jsonl"
    moved.write_text('{"id": 1, "title": "Old", "author": "Old hand", "created_at": 1200000000, "body": "a pangolin"}\n')
    import_board(moved)
    assert Gap.objects.exists()
    assert _found("pangolin") == []
    assert "still being read" in Client().get("/search/?q=pangolin").content.decode()
    while actions.fill():
        pass
    assert _found("pangolin") == ["Old"]
    assert troubles() == []


def test_the_index_is_built_anew(village):
    village.opening("A quokka", "smiles")
    assert actions.rebuild(lambda done, of: None) == 1
    assert _found("quokka") == ["A quokka"]
    assert troubles() == []


def test_nobody_learns_from_the_search_that_hidden_words_exist(village):
    """The page for a word that was hidden is, byte by byte, the page for a word that nobody ever wrote."""
    opening = village.opening("Birds", "Sparrows.")
    hidden = village.reply(opening, "capybaraaa", subject="capybaraaa")
    withdrawn = village.reply(opening, "capybaraaa", subject="capybaraaa")
    edited = village.reply(opening, "capybaraaa", subject="capybaraaa")
    village.reply(opening, "https://capybaraaa.example", by=village.dara)
    assert len(_found("capybaraaa")) == 3
    threads.hide(hidden, by=village.gus, reason="No.")
    threads.withdraw(withdrawn, by=village.bram)
    threads.edit(edited, by=village.bram, subject="A sparrow", text="A sparrow")
    for query in ("?q={}", "?q={}&order=best", "?q=subject:{}", "?q=author:Bram+{}", "?q={}*", "?q=sparrows+{}"):
        pages = [Client().get("/search/" + query.format(word)).content for word in ("capybaraaa", "neverwrote")]
        assert pages[0].replace(b"capybaraaa", b"neverwrote") == pages[1], query
    assert _found("author:bram") == ["A sparrow"]


def test_an_excerpt_keeps_a_spoiler_covered(village):
    village.opening("The film", "It ends well: ||the butler||. He did it.")
    page = Client().get("/search/?q=butler").content.decode()
    assert "[spoiler]" in page
    assert "the butler" not in page


def test_days_begin_where_the_reader_lives(village):
    """The Moot is in New York: its 12th of February begins at five in the morning, UTC."""
    noon = to_moment(datetime(2020, 2, 12, 4, 30, tzinfo=UTC))
    threads.start_thread(village.forum, by=village.ada, subject="Late", text="x", moment=noon)
    threads.start_thread(village.forum, by=village.ada, subject="Early", text="x", moment=noon + HOUR)
    assert _found("x after:2020-02-12") == ["Early"]
    assert _found("x before:2020-02-12") == ["Late"]
    assert _found("after:2020-02-11 before:2020-02-13") == ["Early", "Late"]
    Member.objects.filter(pk=village.bram.pk).update(zone="UTC")
    assert _found("x after:2020-02-12", village.signed_in(village.bram)) == ["Early", "Late"]


def test_the_fields_ask_as_the_box_does(village):
    village.opening("A tram", "on rails")
    village.opening("A bus", "no tram", by=village.bram)
    fields = {"q": "tram", "subject": "tram", "author": "ADA", "forum": "general-discussion", "after": "2020-01-01"}
    page = Client().get("/search/", fields).content.decode()
    assert page.count('<h2 class="row__subject">') == 1
    assert 'value="ADA"' in page
    assert '<option value="general-discussion" selected>' in page
    assert "<details" in page
    assert "open" in page.split("<details", 1)[1][:60]
    assert "order=best" in page
    assert "Turn the days around" in Client().get("/search/?after=2021-01-01&before=2020-01-01").content.decode()
    assert "Select a valid choice" in Client().get("/search/?forum=nowhere&q=tram").content.decode()


def test_what_is_asked_is_shown_as_text(village):
    for typed in ('"><script>alert(1)</script>', "<mark>", "{{ 7 * 7 }}", "'; DROP TABLE search_entry; --", 'a"b\\', "\x00a"):
        for order in ("newest", "best"):
            answer = Client().get("/search/", {"q": typed, "author": typed, "subject": typed, "order": order})
            assert answer.status_code == 200
            assert b"<script" not in answer.content
            assert b"<mark>" not in answer.content


def test_check_says_what_the_index_lacks_or_has_too_much(village):
    post = village.opening("A quokka", "smiles")
    assert troubles() == []
    engine().drop([post.moment])
    assert "search cannot find: 1." in troubles()[0]
    actions.note_gap(post.pk, post.pk)
    assert troubles() == []
    Gap.objects.update(made_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert "more than a day" in troubles()[0]
    while actions.fill():
        pass
    Post.objects.filter(pk=post.pk).update(state="hidden_by_office")
    assert "nobody may see: 1." in troubles()[0]
    assert _found("quokka") == [], "each hit is asked again whether it may be seen"
    Post.objects.filter(pk=post.pk).update(state="visible")
    Built.objects.update_or_create(pk=1, defaults={"normaliser": 0})
    assert "another version" in troubles()[0]
    actions.rebuild(lambda done, of: None)
    assert troubles() == []


def test_an_interrupted_rebuild_goes_on(village):
    opening = village.opening("Herons", "heron")
    last = [village.reply(opening, f"heron {n}", subject=f"Number {n}") for n in range(12)][-1]

    def interrupted(done: int, of: int) -> None:
        raise KeyboardInterrupt

    actions.fill()
    with pytest.raises(KeyboardInterrupt):
        actions.rebuild(interrupted)
    actions._empty()
    assert actions.fill(5) == 5
    assert "Number 11" in _found("heron")
    assert "Number 0" not in _found("heron")
    threads.hide(last, by=village.gus, reason="In the middle of it.")
    actions.rebuild(lambda done, of: None)
    assert len(_found("heron")) == 12
    assert troubles() == []


def test_an_action_that_fails_leaves_the_index_as_it_was(village):
    post = village.opening("Herons", "heron")

    @transaction.atomic
    def fails() -> None:
        threads.withdraw(post, by=village.ada)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert _found("heron") == ["Herons"]
    assert troubles() == []
