"""What may stand in a news forum, by tables and properties, without a database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from folkmoot.base import markup
from folkmoot.base.time import HOUR, MINUTE
from folkmoot.forums.rules import LINKED, NEWS, NO_RULES, RuleSet
from folkmoot.threads import rules
from folkmoot.threads.rules import Earlier, Facts, host_of, link_key, may_link, split_quote, with_quote

pytestmark = pytest.mark.no_database


@dataclass
class Person:
    is_administrator: bool = False
    is_sealed: bool = False
    banned_at: datetime | None = None
    paused_until: datetime | None = None
    host_of: tuple[int, ...] = ()


NOW = 1_790_000_000_000_000
GOOD = Facts("https://lantern.example/dam", "The Lantern", "", NOW - HOUR)
EARLIER = Earlier(7, "The dam holds")


def _troubles(facts=GOOD, rule_set=NEWS, *, headline="The dam holds", quoted=4, now=NOW, same_link=None):
    return rules.news_troubles(facts, rule_set, headline=headline, quoted=quoted, now=now, same_link=same_link)


def _fields(*args, **kwargs):
    return [trouble.field for trouble in _troubles(*args, **kwargs)]


def test_an_article_that_obeys_is_not_troubled():
    assert _troubles() == []
    assert _troubles(replace(GOOD, published=None), LINKED) == []
    assert _troubles(Facts(), NO_RULES, headline="", quoted=99) == []


@pytest.mark.parametrize(
    ("facts", "more", "field", "says"),
    [
        (replace(GOOD, link=""), {}, "link", "brings a link"),
        (replace(GOOD, publication=" "), {}, "publication", "names its publication"),
        (GOOD, {"headline": " "}, "subject", "own headline"),
        (replace(GOOD, published=NOW - 12 * HOUR - 1), {}, "published_on", "at most 12 hours old. This one is 12 hours old"),
        (replace(GOOD, published=NOW - 27 * HOUR - 5 * MINUTE), {}, "published_on", "27 hours and 5 min old"),
        (replace(GOOD, published=NOW - 100 * HOUR), {}, "published_on", "4 days old"),
        (replace(GOOD, published=None), {}, "published_on", "Say when"),
        (GOOD, {"same_link": EARLIER}, "link", "no link is posted twice within 365 days"),
        (GOOD, {"quoted": 5}, "quote", "at most 4 paragraphs may be quoted. Here are 5"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named_beside_its_field(facts, more, field, says):
    (trouble,) = _troubles(facts, **more)
    assert (trouble.field, trouble.is_rule) == (field, True)
    assert trouble.sentence.startswith("A rule here: ")
    assert says in trouble.sentence


def test_every_broken_rule_is_said_at_once():
    troubles = _troubles(Facts("", "", "", NOW - 13 * HOUR), headline="", quoted=9)
    assert [t.field for t in troubles] == ["link", "subject", "publication", "published_on", "quote"]


def test_the_edges_of_age():
    assert _fields(replace(GOOD, published=NOW - 12 * HOUR)) == []
    assert _fields(replace(GOOD, published=NOW + 10 * MINUTE)) == [], "clocks differ a little"
    (trouble,) = _troubles(replace(GOOD, published=NOW + 11 * MINUTE))
    assert (trouble.field, trouble.is_rule) == ("published_on", False)
    assert "future" in trouble.sentence


def test_an_edit_is_not_asked_its_age_and_all_else():
    assert _fields(replace(GOOD, published=NOW - 99 * HOUR), now=None) == []
    assert _fields(replace(GOOD, published=None), now=None) == ["published_on"]
    assert _fields(GOOD, now=None, quoted=5) == ["quote"]


def test_a_rule_that_is_not_asked_is_not_broken():
    old = Facts("https://a.example", "A", "", NOW - 999 * HOUR)
    for rule_set in (NO_RULES, LINKED, RuleSet(max_quoted_paragraphs=9)):
        assert _fields(old, rule_set, headline="", quoted=9, same_link=EARLIER) == []
    assert _fields(Facts(), RuleSet(max_age_hours=2)) == [], "no article, no age"
    assert _fields(Facts(link="https://a.example"), RuleSet(max_age_hours=2)) == ["published_on"]


def test_what_is_no_link_is_nobodys_to_let_stand():
    (trouble,) = _troubles(replace(GOOD, link="javascript:alert(1)"))
    assert (trouble.field, trouble.is_rule) == ("link", False)


def test_only_an_office_overrides():
    assert rules.may_override(Person(is_administrator=True), 7)
    assert rules.may_override(Person(host_of=(7,)), 7)
    for member in (None, Person(), Person(True, datetime(2026, 11, 24, tzinfo=UTC))):
        assert "Only hosts and administrators" in str(rules.may_override(member, 7).reason)


@pytest.mark.parametrize(
    "link",
    [
        "", "https://a.example", "HTTP://A.example/x?y=1#z", "https://a.example:8443/", "https://[2001:db8::1]/x", "http://münchen.example/a?b=ü",
        "https://a.example/?q=a|b{c}", "https://a.example/~user/(x)/it's", "https://a.example/" + "x" * 1981,
    ],
)  # fmt: skip
def test_links_that_are_taken(link):
    assert may_link(link), link


@pytest.mark.parametrize(
    "link",
    [
        "a.example/x", "ftp://a.example", "javascript:alert(1)", "data:text/html,x", "//a.example", "https://", "https:///x", "https://ada@a.example",
        "https://ada:secret@a.example/x", "https://a.example:99999/", "https://a.example:x/", "https://a.example/\nx", "https://a.example/ x",
        "https://a.example\\@b.example/", "https://a.example/<b>", 'https://a.example/"', "https://a.example/\u202etxt", "https://[1.2.3/",
        "https://a..example/", "https://.example/", "https://a.example/" + "x" * 1983, "https://%61.example/", "https://a.example/\x00", "https:a.example",
    ],
)  # fmt: skip
def test_links_that_are_refused(link):
    assert not may_link(link), link


@given(st.text() | st.from_regex(r"https?://[^\s]{0,40}"))
def test_no_text_breaks_the_rules_of_links(text):
    link_key(text)
    host_of(text)
    if may_link(text) and text:
        assert host_of(text)
        assert link_key(text)


def test_a_look_alike_host_shows_itself():
    assert host_of("https://www.Lantern.example/x") == "lantern.example"
    assert host_of("https://lаntern.example/") == "xn--lntern-3nf.example", "the second letter is Cyrillic"


words = st.text("abcxyz019-._~", min_size=1, max_size=8).filter(lambda w: set(w) != {"."})
hosts = st.lists(st.text("abcxyz", min_size=1, max_size=6), min_size=1, max_size=3).map(
    lambda parts: ".".join([*parts, "example"])
)
paths = st.lists(words, max_size=4).map(lambda parts: "".join(f"/{part}" for part in parts))
pairs = st.lists(st.tuples(st.text("abxy", min_size=1, max_size=4), words), max_size=4)


def _link(host, path, query, *, scheme="https", port="", end="", fragment=""):
    joined = "&".join(f"{name}={value}" for name, value in query)
    return f"{scheme}://{host}{port}{path}{end}" + (f"?{joined}" if joined else "") + fragment


@given(hosts, paths, pairs, st.data())
def test_links_to_one_article_have_one_key(host, path, query, data):
    plain = _link(host, path, query)
    draw = data.draw
    tracking = draw(
        st.lists(st.sampled_from([("utm_source", "x"), ("UTM_medium", "y"), ("fbclid", "Iw"), ("gclid", "1")]), max_size=3)
    )
    other = _link(
        draw(st.sampled_from(["", "www.", "WWW."])) + draw(st.sampled_from([host, host.upper(), host + "."])),
        path, draw(st.permutations([*query, *tracking])),
        scheme=draw(st.sampled_from(["http", "https", "HTTPS"])), port=draw(st.sampled_from(["", ":80", ":443"])),
        end=draw(st.sampled_from(["", "/"])), fragment=draw(st.sampled_from(["", "#comments", "#"])),
    )  # fmt: skip
    assert may_link(plain)
    assert may_link(other)
    assert link_key(plain) == link_key(other)


@given(hosts, paths, pairs, hosts, paths, pairs)
def test_links_to_two_articles_have_two_keys(host, path, query, other_host, other_path, other_query):
    assume((host, path, sorted(query)) != (other_host, other_path, sorted(other_query)))
    assert link_key(_link(host, path, query)) != link_key(_link(other_host, other_path, other_query))


def test_what_else_tells_links_apart_and_not():
    assert link_key("https://a.example:8080/x") != link_key("https://a.example/x")
    assert link_key("https://a.example/X") != link_key("https://a.example/x"), "a path has its own case"
    assert link_key("https://a.example/a%2Fb") != link_key("https://a.example/a/b")
    assert link_key("https://a.example/%7eada?q=%c3%bc") == link_key("https://a.example/~ada?q=ü")
    assert link_key("https://www.example/") != link_key("https://example/"), "here www is the name itself"
    assert link_key("") == ""


lines = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30)
blocks = st.lists(lines, max_size=6).map("\n".join)


@given(blocks, blocks)
@example("", " \n0")
def test_a_quotation_can_be_taken_apart_and_put_together_again(quote, view):
    text = with_quote(quote, view)
    assert with_quote(*split_quote(text)) == text


@given(st.lists(st.text("abc ,.", min_size=1, max_size=30).filter(str.strip), max_size=8), st.text("xyz \n", max_size=40))
def test_each_line_of_a_quotation_counts_once(quoted, view):
    assert markup.quoted_lines(with_quote("\n".join(quoted), view)) == len(quoted)


def test_quotations_are_counted_wherever_they_stand():
    assert markup.quoted_lines("No quotation\n\n- > one in a list\n\n> two\nlazily three\n> > four\n\n```\n> not this\n```") == 4
    assert split_quote("> One\n\n> Two\n>\n> Three\n\nMine\n\n> theirs") == ("One\n\nTwo\n\nThree", "Mine\n\n> theirs")
    assert with_quote("> Already marked\n\n", "Mine") == "> Already marked\n\nMine"


def test_a_refusal_names_every_rule_that_is_broken():
    troubles = _troubles(replace(GOOD, published=None), headline="", quoted=9)
    refusal = rules.BrokenRules(troubles)
    assert len(refusal.troubles) > 1
    for trouble in troubles:
        assert trouble.sentence in str(refusal.reason)
