"""What moves in cannot be told from what was written here."""

import json

from folkmoot.exchange.jsonl import import_board
from folkmoot.threads.models import Thread


def test_an_imported_thread_and_a_written_one_have_the_same_rows(tmp_path, village):
    opening = village.opening("A ferry", "One.")
    first = village.reply(opening, "Two.")
    village.reply(opening, "Three.")
    village.reply(first, "Four.")
    told = [(1, None, "One."), (2, 1, "Two."), (3, 1, "Three."), (4, 2, "Four.")]
    words = {"thread_id": 1, "author": "Ann", "title": "A ferry"}
    lines = [{**words, "id": n, "parent_id": parent, "body": text, "created_at": n * 1e9} for n, parent, text in told]
    (tmp_path / "b.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    import_board(tmp_path / "b.jsonl")
    shapes = []
    for thread in Thread.objects.order_by("pk"):
        posts = [(p.number, p.depth, p.subject, p.has_text, p.state) for p in thread.posts.order_by("place")]
        pages = [(a.place, a.size) for a in thread.anchors.order_by("place")]
        newest = thread.posts.get(moment=thread.last_moment)
        counts = (thread.last_number, thread.reply_count, thread.listed, thread.subject, newest.number)
        shapes.append((posts, pages, counts, thread.opening and thread.opening.number))
    assert shapes[0] == shapes[1]
