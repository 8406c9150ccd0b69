"""One question, two engines, one answer: what a plain walk over every post, in Python, finds too."""

import random
import re

import pytest
from django.db import connection

from folkmoot.base.time import DAY, HOUR
from folkmoot.search import rules
from folkmoot.search.models import Entry, engine
from folkmoot.threads.models import Post

NOW = 1_790_000_000_000_000
WORDS = ["the", "bus", "lane", "tram", "trams", "tramway", "café", "don't", "東京都", "京都", "水", "mill", "street", "a", "b"]


def _text(chance: random.Random, most: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(0, most)))


def _posts(chance: random.Random, count: int) -> list[rules.Indexed]:
    """Posts of twenty years, of one busy day, and of one busy hour."""
    moments = {NOW - chance.randrange(20 * 365 * DAY) for _ in range(count // 2)}
    moments |= {NOW - 400 * DAY - chance.randrange(DAY) for _ in range(count // 4)}
    moments |= {NOW - chance.randrange(HOUR) for _ in range(count - len(moments))}
    return [
        rules.indexed(m, _text(chance, 4), _text(chance, 12), author_id=chance.randint(1, 3), forum_id=chance.randint(1, 2))
        for m in moments
    ]


def _holds(words: list[str], asked: rules.Phrase) -> bool:
    said = [*asked.words[:-1], asked.words[-1] + "\\w*" * asked.is_open]
    return re.search(rf"(?<!\S){' '.join(said)}(?!\S)", " ".join(words)) is not None


def _answers(asked: rules.Asked, post: rules.Indexed) -> bool:
    marks = (rules.author_mark(post.author_id), rules.forum_mark(post.forum_id))
    return (
        all(_holds(post.subject, phrase) or _holds(post.body, phrase) for phrase in asked.words)
        and all(_holds(post.subject, phrase) for phrase in asked.subject)
        and all(mark in marks for mark in asked.marks)
        and (asked.since is None or post.moment >= asked.since)
        and (asked.until is None or post.moment < asked.until)
    )


def _asked(chance: random.Random, moments: list[int]) -> rules.Asked:
    def phrases(most: int) -> tuple[rules.Phrase, ...]:
        texts = [" ".join(chance.sample(WORDS, chance.choice([1, 1, 1, 2, 3]))) for _ in range(chance.randint(0, most))]
        found = [rules.phrase(text, is_open=chance.random() < 0.1) for text in texts]
        return tuple(phrase for phrase in found if phrase)

    marks = [rules.author_mark(chance.randint(1, 4))] * (chance.random() < 0.3)
    marks += [rules.forum_mark(chance.randint(1, 2))] * (chance.random() < 0.3)
    since = chance.choice(moments) if chance.random() < 0.2 else None
    until = chance.choice(moments) if chance.random() < 0.3 else None
    return rules.Asked(phrases(3), phrases(1) if chance.random() < 0.3 else (), tuple(marks), since, until)


@pytest.mark.parametrize("seed", range(3))
def test_both_engines_find_what_a_plain_walk_finds_in_the_same_order(seed, count):
    chance = random.Random(seed)
    posts = _posts(chance, 1500)
    engine().put(posts)
    moments = [post.moment for post in posts]
    some = 0
    for _ in range(120):
        asked = _asked(chance, moments)
        expected = sorted((post.moment for post in posts if _answers(asked, post)), reverse=True)
        for limit in (1, 21, 2000):
            assert engine().newest(asked, limit=limit, now=NOW) == expected[:limit], asked
        some += bool(expected)
    assert some > 60
    count("questions to the engine", 360)


def test_no_page_is_cut_where_many_posts_share_an_hour():
    """The walk by windows meets more hits than it reads at once, in one slice of time."""
    posts = [rules.indexed(NOW - n * 1000, "", "bus", author_id=1, forum_id=1) for n in range(3000)]
    posts += [rules.indexed(NOW - 9000 * DAY - n, "", "bus", author_id=1, forum_id=1) for n in range(1000)]
    engine().put(posts)
    found, asked = [], rules.Asked((rules.Phrase(("bus",)),))
    while page := engine().newest(asked, limit=150, now=NOW):
        found += page
        asked = rules.Asked(asked.words, until=page[-1])
    assert found == sorted((post.moment for post in posts), reverse=True)


def test_posts_ahead_of_the_clock_are_found():
    ahead = [NOW + 1, NOW + HOUR, NOW + 500 * DAY]
    engine().put([rules.indexed(m, "", "bus", author_id=1, forum_id=1) for m in [*ahead, NOW - DAY]])
    asked = rules.Asked((rules.Phrase(("bus",)),))
    assert engine().newest(asked, limit=9, now=NOW) == [*ahead[::-1], NOW - DAY]
    assert engine().newest(asked, limit=2, now=NOW) == ahead[:0:-1]
    late = rules.Asked(asked.words, since=NOW + 2)
    assert engine().newest(late, limit=9, now=NOW) == ahead[:0:-1]
    assert engine().newest(rules.Asked(asked.words, until=NOW), limit=9, now=NOW) == [NOW - DAY]


def test_a_word_beyond_what_is_indexed_is_not_found_and_a_repeated_one_is():
    long = "bus lane " + "filler " * 20_000 + "tram"
    engine().put([rules.indexed(NOW, "", long, author_id=1, forum_id=1)])

    def found(text: str) -> bool:
        return engine().newest(rules.Asked((rules.phrase(text),)), limit=2, now=NOW) == [NOW]

    assert found("bus lane")
    assert found("filler filler")
    assert not found("tram")
    assert not found("lane tram")


def test_a_post_put_again_leaves_nothing_of_what_it_said():
    def found(text: str) -> list[int]:
        return engine().newest(rules.Asked((rules.phrase(text),)), limit=9, now=NOW)

    engine().put([rules.indexed(NOW + n, "old", "words here", author_id=1, forum_id=1) for n in range(3)])
    engine().put([rules.indexed(NOW + 1, "new", "letters there", author_id=2, forum_id=1)])
    assert found("old") == found("words here") == [NOW + 2, NOW]
    assert found("letters there") == [NOW + 1]
    engine().drop([NOW, NOW + 1, NOW + 77])
    assert (found("new"), found("old")) == ([], [NOW + 2])
    assert Entry.objects.count() == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words (search_words, rank) VALUES ('integrity-check', 1)")
    engine().clear()
    assert (found("old"), Entry.objects.count()) == ([], 0)


def test_best_puts_the_subject_first_then_recommendations_then_the_newest(village):
    def post(subject: str, recs: int) -> int:
        made = village.opening(subject, "the bus")
        Post.objects.filter(pk=made.pk).update(recommendation_count=recs)
        return made.moment

    plain, loved, headed, headed_loved = post("a", 0), post("b", 7), post("The bus", 0), post("Bus, bus", 3)
    newest = post("c", 0)
    now = newest + 1
    asked = rules.Asked((rules.Phrase(("bus",)),))
    order = [headed_loved, headed, loved, newest, plain]
    assert engine().best(asked, among=2000, start=0, limit=9, now=now) == (order, 5)
    assert engine().best(asked, among=2000, start=1, limit=2, now=now) == (order[1:3], 5)
    assert engine().best(asked, among=2, start=0, limit=9, now=now) == ([headed_loved, newest], 2)
    assert engine().best(rules.Asked((rules.Phrase(("none",)),)), among=2, start=0, limit=9, now=now) == ([], 0)
