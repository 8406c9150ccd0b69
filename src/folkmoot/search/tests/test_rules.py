"""Words, questions, excerpts and slices of time: by tables and properties, without a database."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.search import rules
from folkmoot.search.rules import Phrase, Question, Unclear
from folkmoot.search.rules.excerpt import WIDTH
from folkmoot.search.rules.slices import LEVELS, slice_marks, slice_of
from folkmoot.search.rules.words import SAME_WORD, TEXT_WORDS, WORD_MAX

pytestmark = pytest.mark.no_database


def words(text: str) -> list[str]:
    return [token.word for token in rules.tokens(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Bridge, closed!", ["the", "bridge", "closed"]),
        ("Café CAFE\u0301 cafe", ["cafe", "cafe", "cafe"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Ёлка, елка", ["елка", "елка"]),
        ("Ὀδυσσεύς", ["οδυσσευσ"]),
        ("don't e-mail city.example", ["don", "t", "e", "mail", "city", "example"]),
        ("snake_case __init__ 3,000", ["snake", "case", "init", "3", "000"]),
        ("ＦＵＬＬ ﬁne ½", ["full", "fine", "1", "2"]),
        ("soft\u00adware zero\u200cwidth", ["software", "zerowidth"]),
        ("東京都", ["東京", "京都", "都"]),
        ("水", ["水"]),
        ("iPhone用 アプリ", ["iphone", "用", "アプ", "プリ", "リ"]),
        ("ｶﾞｽ", ["ガス", "ス"]),
        ("서울은", ["서울", "울은", "은"]),
        ("हिन्दी", ["हिन्दी"]),
        ("كِتَاب", ["كتاب"]),
        ("", []),
        ("!?… 🙂", []),
    ],
)
def test_a_text_is_its_words(text, found):
    assert words(text) == found


LETTERS = st.text(alphabet="abcdzäöüéñçßøåčşğ ÀÉÎÕÜŠŽ'-.,_0189\n", max_size=60)
ANY = st.text(max_size=80)


@given(LETTERS)
def test_case_and_composition_make_no_difference(text):
    assert words(text) == words(text.swapcase()) == words(unicodedata.normalize("NFD", text))


@given(ANY)
def test_words_are_letters_and_digits_that_no_quote_can_end(text):
    for token in rules.tokens(text):
        assert 0 < len(token.word) <= WORD_MAX
        assert not set(token.word) & set("'\"\\ :*()&|!<>=^\0\n")
        assert 0 <= token.start < token.end <= len(text)
        assert token.word == token.word.casefold()


@given(ANY)
def test_words_taken_apart_again_stay_the_same(text):
    for token in rules.tokens(text):
        if not unicodedata.category(token.word[0]).startswith("M"):  # a vowel sign, cut from what it stands on
            assert words(token.word) in ([token.word], [token.word, token.word[1:]])


@given(st.text(alphabet="東京都日本語ひらがなカタ", min_size=1, max_size=12), st.data())
def test_any_part_of_an_unspaced_text_finds_it_and_nothing_else_does(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    asked = rules.phrase(text[start:end])
    assert start in rules.places(asked, words(text))
    other = data.draw(st.text(alphabet="東京都日本語", min_size=1, max_size=4))
    assert bool(list(rules.places(rules.phrase(other), words(text)))) == (other in text)


def test_a_phrase_of_unspaced_and_spaced_words():
    text = words("新しいiPhone用のアプリ")
    assert list(rules.places(rules.phrase("iPhone用"), text))
    assert list(rules.places(rules.phrase("iphone"), text))
    assert not list(rules.places(rules.phrase("iPhone東"), text))
    assert rules.phrase("...") is None


def test_what_is_indexed_has_bounds():
    post = rules.indexed(5, "a word", "x " * 300 + "word " * TEXT_WORDS, author_id=1, forum_id=2)
    assert len(post.subject) + len(post.body) == TEXT_WORDS
    assert post.body.count("x") == SAME_WORD
    assert list(post.subject).count("word") + list(post.body).count("word") == SAME_WORD
    assert post.body[SAME_WORD] == rules.GAP


def test_a_rendered_post_becomes_plain_text():
    html = '<p>One <em>w</em>ord &amp; <span class="spoiler" tabindex="0">the <b>end</b></span></p><ul><li>a</li><li>b</li></ul>'
    assert rules.plain(html) == "One word & the end a b"
    assert rules.plain(html, spoilers=False) == "One word & [spoiler] a b"


def one(*asked: str, is_open: bool = False) -> Phrase:
    return Phrase(asked, is_open)


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("bridge closed", Question((one("bridge"), one("closed")))),
        ("bridge Bridge", Question((one("bridge"),))),
        ('"bridge closed" now', Question((one("bridge", "closed"), one("now")))),
        ("“bridge closed”", Question((one("bridge", "closed"),))),
        ('"never ended', Question((one("never", "ended"),))),
        ('one"two three"', Question((one("one"), one("two", "three")))),
        ("don't", Question((one("don", "t"),))),
        ("tram*", Question((one("tram", is_open=True),))),
        ('"tram*"', Question((one("tram"),))),
        ("author:Ada", Question(author="Ada")),
        ("Author: @Ada bus", Question((one("bus"),), author="Ada")),
        ("author:Ada author:ADA", Question(author="Ada")),
        ('forum:"General Discussion"', Question(forum="General Discussion")),
        ("subject:budget", Question(subject=(one("budget"),))),
        ('subject:"the budget" x', Question((one("x"),), (one("the", "budget"),))),
        ("after:2020", Question(after=date(2020, 1, 1))),
        ("after:2020 after:2021-03", Question(after=date(2021, 3, 1))),
        ("before:2020-2-3 before:2021", Question(before=date(2020, 2, 3))),
        ("https://x.example/", Question((one("https", "x", "example"),))),
        ("- & | () ", Question()),
        ("", Question()),
        ("東*", Question((one("東", is_open=True),))),
        ("bus !!! -", Question((one("bus"),))),
    ],
)
def test_the_box_is_read(typed, question):
    found, unclear = rules.read({"q": typed})
    assert found == question
    assert bool(unclear) == (question.is_empty and bool(typed))


def test_fields_say_the_same_as_the_box():
    boxed, _ = rules.read({"q": 'bus subject:"the budget" author:Ada forum:books after:2020-01-02 before:2021'})
    fields = {"q": "bus", "subject": '"the budget"', "author": "Ada", "forum": "books", "after": "2020-01-02", "before": "2021"}
    assert rules.read(fields) == (boxed, [])
    assert rules.read({"subject": "author:Ada"})[0].subject == (one("author", "ada"),)
    assert rules.read({"subject": "author:"})[0].subject == (one("author"),)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"q": "author:"}, "q", "author: wants something behind it, such as author:Ada."),
        ({"q": "bus subject:"}, "q", "subject: wants something"),
        ({"q": "after:soon"}, "q", "after: wants a day like 2020-02-11"),
        ({"q": "before:2020-13"}, "q", "before: wants"),
        ({"q": "before:2020-02-30"}, "q", "before: wants"),
        ({"q": "after:1066"}, "q", "after: wants"),
        ({"after": "x"}, "after", "after: wants"),
        ({"q": "author:Ada author:Bram"}, "q", "one author; you ask for Ada and for Bram"),
        ({"q": "author:Ada", "author": "Bram"}, "author", "one author"),
        ({"q": "forum:books forum:cars"}, "q", "one forum; you ask for books and for cars"),
        ({"q": "tr*"}, "q", "at least 3 letters"),
        ({"q": "!!!"}, "q", "no letter and no digit"),
        ({"subject": "?"}, "q", "no letter and no digit"),
        ({"q": "after:2021 before:2020"}, "before", "Nothing was written from 2021-01-01 on and before 2020-01-01"),
        ({"q": " ".join(f"w{n}" for n in range(13))}, "q", "12 words or phrases"),
        ({"q": '"' + "a b " * 21 + '"'}, "q", "12 words or phrases"),
    ],
)
def test_what_is_unclear_is_said_in_a_sentence(typed, field, says):
    _, unclear = rules.read(typed)
    assert [u.field for u in unclear] == [field]
    assert says in unclear[0].sentence
    assert isinstance(unclear[0], Unclear)


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=200) for name in ("q", "subject", "author", "forum", "after", "before")}))  # fmt: skip
def test_whatever_is_typed_has_an_answer(typed):
    question, unclear = rules.read(typed)
    if not unclear:
        assert len(question.words) + len(question.subject) <= 12
    for phrase in question.words + question.subject:
        assert phrase.words
        assert all(phrase.words)


@given(ANY, ANY)
def test_marking_loses_nothing(text, asked):
    phrases = [p for p in [rules.phrase(asked), rules.phrase(text[3:9])] if p]
    assert "".join(piece for piece, _ in rules.marked(text, phrases)) == text


def test_a_subject_is_marked_where_the_words_stand():
    assert rules.marked("The Bridge is CLOSED", [one("bridge"), one("is", "closed")]) == [
        ("The ", False), ("Bridge", True), (" ", False), ("is CLOSED", True),
    ]  # fmt: skip
    assert rules.marked("東京都", [rules.phrase("京都")]) == [("東", False), ("京都", True)]
    assert rules.marked("aあい", [one("a"), rules.phrase("あい")]) == [("aあい", True)]
    assert rules.marked("half ½ done", [one("1", "2")]) == [("half ", False), ("½", True), (" done", False)]
    assert rules.marked("trams", [one("tram", is_open=True)]) == [("trams", True)]


def test_an_excerpt_shows_where_most_of_the_words_stand():
    text = "bus " + "filler " * 100 + "the bus lane on Mill Street " + "more " * 100
    pieces = rules.excerpt(text.strip(), [one("bus"), one("lane")])
    said = "".join(piece for piece, _ in pieces)
    assert "bus lane on Mill Street" in said
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) <= WIDTH + 4
    assert [piece for piece, asked in pieces if asked] == ["bus", "lane"]
    assert rules.excerpt("Short.", []) == [("Short.", False)]
    assert "".join(p for p, _ in rules.excerpt("x" * 1000, [])) == "x" * WIDTH + " …"
    assert "".join(p for p, _ in rules.excerpt("y" * 500 + " bus", [one("bus")])) == "… " + "y" * 59 + " bus"


@given(ANY, st.lists(st.text(min_size=1, max_size=5), max_size=3))
def test_an_excerpt_is_part_of_the_text(text, asked):
    phrases = [p for p in map(rules.phrase, asked) if p]
    said = "".join(piece for piece, _ in rules.excerpt(text, phrases))
    assert said.removeprefix("… ").removesuffix(" …") in text


@given(st.integers(-5, 1 << 55))
def test_a_moment_has_a_slice_on_each_level(moment):
    number = slice_of(moment)
    assert number == max(moment, 0) // 2**35
    assert slice_marks(moment) == [f"={level}:{number // 4**level}" for level in range(LEVELS)]


def test_asking_for_the_subject_keeps_the_rest():
    asked = rules.Asked((one("a"),), (one("b"),), ("=a1",), 5, 6)
    assert asked.in_subject == rules.Asked((), (one("a"), one("b")), ("=a1",), 5, 6)


def test_authors_and_forums_are_words_that_nobody_can_write():
    assert (rules.author_mark(7), rules.forum_mark(7)) == ("=a7", "=f7")
    assert words("=a7 =f7") == ["a7", "f7"]
