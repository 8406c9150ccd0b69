"""Putting a reply into its thread's tree. The caller holds the thread's row lock."""

from django.db.models import Case, Value, When

from folkmoot.base.rows import Columns, run, value
from folkmoot.threads.models import Anchor, Post, Thread
from folkmoot.threads.rules import PAGE_SIZE, tree

FIRST_PLACE = 1
"""Where the first page of replies begins: below every reply's place, so that it holds whatever comes first."""


def arrive(post: Post, thread: Thread) -> None:
    """Give the reply its number and place, and count it onto its page."""
    parent = post.parent
    assert parent is not None
    run("UPDATE threads_thread SET last_number = last_number + 1 WHERE id = %s", [thread.pk])
    post.number = thread.last_number = value("SELECT last_number FROM threads_thread WHERE id = %s", [thread.pk])
    post.depth = parent.depth + 1
    post.place, at_the_end = _place(thread, parent)
    _grow_page(thread, post, at_the_end=at_the_end)


def arrive_at_last(post: Post) -> None:
    """The same for a reply that waited and has no number yet; its thread is held here."""
    if post.number is None:
        arrive(post, Thread.objects.select_for_update(no_key=True).get(pk=post.thread_id))
        post.save(update_fields=["number", "depth", "place"])


_END = "SELECT place FROM threads_post WHERE thread_id = %s AND place > %s AND depth <= %s ORDER BY place LIMIT 1"
_LAST = "SELECT place FROM threads_post WHERE thread_id = %s AND place IS NOT NULL ORDER BY place DESC LIMIT 1"
_LAST_BEFORE = "SELECT place FROM threads_post WHERE thread_id = %s AND place < %s ORDER BY place DESC LIMIT 1"


def _place(thread: Thread, parent: Post) -> tuple[int, bool]:
    """Where the newest reply to `parent` goes, and whether that is the end of the thread."""
    for _ in range(2):
        assert parent.place is not None
        end: int | None = value(_END, [thread.pk, parent.place, parent.depth]) if parent.depth > 0 else None
        before = value(_LAST, [thread.pk]) if end is None else value(_LAST_BEFORE, [thread.pk, end])
        place = tree.place_between(before, end)
        if place is not None:
            return place, end is None
        _relabel(thread, around=before)
        parent.refresh_from_db(fields=["place"])
    raise AssertionError("a relabelled window has room")


def _relabel(thread: Thread, *, around: int) -> int:
    """Spread the smallest window of neighbours that has room; returns how many posts moved."""
    posts = Post.objects.filter(thread=thread, place__gt=0)
    half = 4
    while True:
        before = list(posts.filter(place__lte=around).order_by("-place").values_list("pk", "place")[: half + 1])
        after = list(posts.filter(place__gt=around).order_by("place").values_list("pk", "place")[: half + 1])
        low = before[half][1] if len(before) > half else 0
        high = after[half][1] if len(after) > half else None
        window = before[:half][::-1] + after[:half]
        labels = tree.spread(low or 0, high, len(window))
        if labels is not None:
            break
        half *= 2
    new = {old: label for (_, old), label in zip(window, labels, strict=True) if old is not None}
    posts.filter(pk__in=[pk for pk, _ in window]).update(
        place=Case(*[When(pk=pk, then=Value(label)) for (pk, _), label in zip(window, labels, strict=True)])
    )
    for anchor in Anchor.objects.filter(thread=thread, place__in=new):
        Anchor.objects.filter(pk=anchor.pk).update(place=new[anchor.place])
    return len(window)


_ANCHOR = Columns(Anchor, "a")


def _grow_page(thread: Thread, post: Post, *, at_the_end: bool) -> None:
    assert post.place is not None
    anchor = _ANCHOR.first("a.thread_id = %s AND a.place <= %s ORDER BY a.place DESC", [thread.pk, post.place])
    if anchor is None:
        Anchor.objects.create(thread=thread, place=FIRST_PLACE, size=1)
        return
    anchor.size += 1
    keeps = tree.split_at(anchor.size, at_the_end=at_the_end, limit=PAGE_SIZE)
    if keeps is not None:
        # The post itself is not saved yet, so its place is merged in by hand.
        following = Anchor.objects.filter(thread=thread, place__gt=post.place).order_by("place").first()
        places = Post.objects.filter(thread=thread, place__gte=max(anchor.place, FIRST_PLACE))
        if following is not None:
            places = places.filter(place__lt=following.place)
        begins = sorted([place for place in places.values_list("place", flat=True) if place is not None] + [post.place])
        Anchor.objects.create(thread=thread, place=begins[keeps], size=anchor.size - keeps)
        anchor.size = keeps
    run("UPDATE threads_anchor SET size = %s WHERE id = %s", [anchor.size, anchor.pk])
