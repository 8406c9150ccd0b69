"""The search through the front door: what is written can be found, what is hidden cannot, a moment later."""

import re

from django.test import Client

from folkmoot.exchange.jsonl import import_board
from folkmoot.search import actions
from folkmoot.search.models import Gap
from folkmoot.search.queries import troubles
from folkmoot.threads import actions as threads


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
