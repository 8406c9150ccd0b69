"""BBCode in both storages says the same as Markdown; what was text stays text, whatever it looks like."""

import html
import re
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from folkmoot.base import markup
from folkmoot.exchange.bbcode import Context, Ref, convert, plain_text, with_addresses

pytestmark = pytest.mark.no_database


def md(stored: str, uid: str = "", **context) -> str:
    return with_addresses(convert(stored, uid, Context(**context)).text, lambda ref: f"/new/{ref.kind}/{ref.id}/")


def r(inside: str) -> str:
    return md(f"<r>{inside}</r>")


@pytest.mark.parametrize(
    ("inside", "markdown"),
    [
        ("<B><s>[b]</s>bold<e>[/b]</e></B> and <I>slanted</I>", "**bold** and *slanted*"),
        ("a<B>b</B>c", "a**b**c"),
        ("<B> spaced </B>out", "**spaced** out"),
        ("<B><I>both</I></B>", "***both***"),
        ("<B>a <I>b</I> c</B>", "**a** ***b*** **c**"),
        ("<B>one<br/>\ntwo</B>", "**one**\n**two**"),
        ("x<B>(y)</B>z", "x(y)z"),
        ("<U>Title</U> <S>gone</S>", "*Title* ~~gone~~"),
        ("<SPOILER title=\"End\">He dies</SPOILER>", "End: ||He dies||"),
        ("<COLOR color=\"red\"><s>[color=red]</s><SIZE size=\"200\">Big</SIZE><e>[/color]</e></COLOR>", "Big"),
        ("<CODE><s>[code]</s>a = `b` ```c\n  d [b]x[/b] &lt;b&gt;<e>[/code]</e></CODE>", "````\na = `b` ```c\n  d [b]x[/b] <b>\n````"),
        ("<LIST><LI>one</LI><LI>two<br/>\nlines</LI></LIST>", "- one\n- two\n  lines"),
        ("<LIST type=\"decimal\"><LI>one<LIST><LI>in</LI></LIST></LI><LI>two</LI></LIST>", "1. one\n\n   - in\n\n2. two"),
        ("<LIST><LI>a</LI></LIST><LIST><LI>b</LI></LIST>", "- a\n\n+ b"),
        ("<URL url=\"https://a.example/x(1)\">here [1]</URL>", "[here \\[1\\]](https://a.example/x%281%29)"),
        ("<URL url=\"https://a.example/x\">https://a.example/x</URL>", "<https://a.example/x>"),
        ("<URL url=\"https://a.example/long\"><LINK_TEXT text=\"https://a.ex ... g\">https://a.example/long</LINK_TEXT></URL>", "<https://a.example/long>"),
        ("<URL url=\"javascript:alert(1)\">x</URL>", "x (javascript:alert(1))"),
        ("<URL url=\"data:text/html,x\">x</URL>", "x (data:text/html,x)"),
        ("<IMG src=\"https://a.example/p.png\"><s>[img]</s>https://a.example/p.png<e>[/img]</e></IMG>", "<https://a.example/p.png>"),
        ("<URL url=\"https://b.example/\"><IMG src=\"https://a.example/p.png\">https://a.example/p.png</IMG></URL>", "[https://a.example/p.png](https://b.example/)"),
        ("<EMAIL email=\"a@b.example\">a@b.example</EMAIL>", "<a@b.example>"),
        ("<YOUTUBE id=\"abc123\">https://youtu.be/abc123</YOUTUBE>", "<https://www.youtube.com/watch?v=abc123>"),
        ("<E>:D</E> <EMOJI seq=\"1f600\" tseq=\"1f600\">:grinning:</EMOJI>", ":D 😀"),
        ("<FOO><s>[foo=1]</s>kept<e>[/foo]</e></FOO>", "[foo=1]kept[/foo]"),
        ("a<i>[/b]</i>b", "ab"),
        ("<HR/>x", "---\n\nx"),
        ("<QUOTE author=\"A &amp; *B*\" post_id=\"7\">said</QUOTE>\n\nyes", "> [A & \\*B\\*](/new/post/7/) wrote:\n>\n> said\n\nyes"),
        ("<QUOTE>said</QUOTE><QUOTE>again</QUOTE>", "> said\n\n> again"),
        ("<QUOTE author=\"A\"><QUOTE author=\"B\">deep</QUOTE>up</QUOTE>", "> A wrote:\n>\n> > B wrote:\n> >\n> > deep\n>\n> up"),
        ("<QUOTE author=\"1. x\">y</QUOTE>", "> 1\\. x wrote:\n>\n> y"),
        ("<QUOTE></QUOTE>", ""),
        ("https://a.example/a_b_c, or https://a.example/*", "<https://a.example/a_b_c>, or <https://a.example/*>"),
    ],
)  # fmt: skip
def test_the_xml_storage_becomes_markdown(inside, markdown):
    assert r(inside) == markdown


@pytest.mark.parametrize(
    ("stored", "markdown"),
    [
        ("[b:u1]x[/b:u1] [b]y[/b]", "**x** [b]y[/b]"),
        ("[quote=&quot;A &amp; B&quot;:u1]said[/quote:u1]yes", "> A & B wrote:\n>\n> said\n\nyes"),
        ("[quote:u1]said[/quote:u1]", "> said"),
        ("[list:u1][*:u1]a[/*:m:u1][*:u1]b[/*:m:u1][/list:u:u1]", "- a\n- b"),
        ("[list=1:u1][*:u1]a[*:u1]b[/list:o:u1]", "1. a\n2. b"),
        ("[code=php:u1]a&#58; [b:u1] &lt;x&gt;[/code:u1]", "```\na: [b:u1] <x>\n```"),
        ("[url=http&#58;//a&#46;example/:u1]x[/url:u1]", "[x](http://a.example/)"),
        ("[url:u1]http&#58;//a&#46;example/[/url:u1]", "<http://a.example/>"),
        ("[img:u1]http&#58;//a&#46;example/p&#46;png[/img:u1]", "<http://a.example/p.png>"),
        ('<!-- w --><a class="postlink" href="http://www.a.example/x">www.a.example/x</a><!-- w -->', "[www.a.example/x](http://www.a.example/x)"),
        ('<!-- e --><a href="mailto:a@b.example">a@b.example</a><!-- e -->', "<a@b.example>"),
        ("[size=150:u1][color=#FF0000:u1]x[/color:u1][/size:u1]", "x"),
        ("[attachment=0:u1]<!-- ia0 -->p.png<!-- ia0 -->[/attachment:u1]", "[p.png](/new/attachment/44/)"),
        ("[foo:u1]x[/foo:u1]", "[foo]x[/foo]"),
        ("[/b:u1]x", "[/b]x"),
        ("[youtube:u1]abc[/youtube:u1]", "<https://www.youtube.com/watch?v=abc>"),
        ("a\r\nb\n\n\nc", "a\nb\n\nc"),
        ("&amp;lt;", "\\&lt;"),
    ],
)  # fmt: skip
def test_the_oldest_storage_becomes_markdown(stored, markdown):
    assert md(stored, "u1", attachment=lambda index: "44" if index == "0" else None) == markdown


HOSTILE = [
    "*a* **b** _c_ __d__ ***", "snake_case_word and _edge_", "`code` ``x``", "# heading", "####### seven", "> quote", "- a\n- b", "+ a",
    "1. a\n2) b", "1986. A year", "---", "===", "a\n===", "a\n---", "a\n-", "***", "___", "```\nx", "~~~\nx", "~~gone~~", "~one~", "||spoiler||",
    "| a | b |\n|---|---|\n| c | d |", "a | b\n:-|-:\nc | d", "[a](http://b.example)", "[a]: http://b.example", "![a](b)", "<b>x</b>",
    "<http://a.example>", "&amp; &lt; &#60; &copy; & x", "\\* \\\\ C:\\dir\\", "    indented", "\tindented", "a  \nb", "a\\\nb", "[a][b]", "[ ] x",
    "<!-- x -->", "<script>alert(1)</script>", "a*b*c", "(*a*)", "![", "](x)", "javascript:alert(1)", "\u202eabc", "\u00a0\u00a0x", "||", "|", "*",
    "_", "\\", "`", "<", "&", "# ", "-", "+", "1.", ">", "~", "=", ":", "::", ":-", ":-:", "-:-\n:-:",
]  # fmt: skip


def shown(text: str) -> str:
    """The words that a reader sees of a Markdown text."""
    rendered = markup.render(text)
    return html.unescape(re.sub(r"<[^>]+>", "", rendered.replace("<br>\n", "\n").replace("<br>", "\n")))


def same(a: str, b: str) -> bool:
    return re.sub(r"\s+", "", a) == re.sub(r"\s+", "", b)


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "x\n{}\ny", "<B>{}</B>", "a <I>{}</I> b", "<QUOTE>{}</QUOTE>", "<LIST><LI>{}</LI></LIST>", "x<B>y</B>{}<B>z</B>"])  # fmt: skip
def test_what_was_text_stays_text(words, around):
    escaped = html.escape(words).replace("\n", "<br/>\n")
    stored = f"<r>{around.replace(chr(10), '<br/>' + chr(10)).format(escaped)}</r>"
    seen = shown(md(stored))
    expected = re.sub(r"<[^>]+>", "", around).format(words)
    assert same(seen, expected), (md(stored), seen)
    rendered = markup.render(md(stored))
    for tag in ("<h4", "<h5", "<h6", "<table", "<hr", "<code", "<s>", 'class="spoiler"', "<script"):
        assert tag not in rendered, (tag, md(stored))
    assert rendered.count("<blockquote") == around.count("<QUOTE")
    assert rendered.count("<li>") == around.count("<LI>")
    assert "<a " not in rendered or "http://a.example" in words or "b.example" in words


pieces = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(["word", " ", "\n", "\n\n", "(", ")", "\"", "'"]),
)  # fmt: skip
marked = st.recursive(
    pieces.map(lambda words: (html.escape(words, quote=False).replace("\n", "<br/>\n"), words)),
    lambda inner: st.tuples(
        st.sampled_from(["B", "I", "S", "QUOTE", "LIST", "SPOILER", "COLOR", "CODE"]), st.lists(inner, max_size=4)
    ).map(lambda made: _within(made[0], made[1])),
    max_leaves=12,
)


def _within(tag: str, inner: list[tuple[str, str]]) -> tuple[str, str]:
    stored, words = "".join(a for a, _ in inner), "".join(b for _, b in inner)
    if tag == "CODE":
        return f"<CODE>{html.escape(words, quote=False)}</CODE>", words
    return f"<{tag}>{f'<LI>{stored}</LI>' if tag == 'LIST' else stored}</{tag}>", words


@settings(max_examples=400, deadline=None)
@given(st.lists(marked, max_size=6))
@example([("\u09dc", "\u09dc")])
def test_no_word_is_lost_or_added_whatever_stands_in_whatever(parts):
    stored, words = "<r>" + "".join(a for a, _ in parts) + "</r>", "".join(b for _, b in parts)
    text = md(stored)
    # decomposed, because what is moved in is composed, which takes some letters apart
    letters = [re.sub(r"\W|_", "", unicodedata.normalize("NFD", html.unescape(seen))) for seen in (shown(text), words)]
    # addresses may be shown decoded, and an entity in code stands as it was written
    assert letters[0] == letters[1] or "%" in words or "&" in words, (stored, text, shown(text))


@settings(max_examples=200)
@given(st.text(alphabet="[]/<>*:=\"'abquoteristlcd&;#\n 1u-!", max_size=200), st.sampled_from(["", "1u", "u"]))
def test_no_stored_text_is_too_broken_to_be_read(stored, uid):
    convert(stored, uid)
    convert(f"<r>{stored}", uid)
    plain_text(stored, uid)


def test_quotes_and_lists_too_deep_for_a_page_lose_no_word():
    text = md("<r>" + "<QUOTE><LIST><LI>" * 200 + "the deepest" + "</LI></LIST></QUOTE>" * 200 + "</r>")
    assert "the deepest" in shown(text)
    text = md("[quote:u]" * 3000 + "deep" + "[/quote:u]" * 3000, "u")
    assert "deep" in shown(text)


@pytest.mark.parametrize(
    "stored",
    [
        "<!-- s" * 20_000, "[b:u" * 20_000, "[b=" * 20_000, "<!-- m --><a " * 8_000, "<r>" + "<B>" * 30_000, "<r>" + "<B x=\"" * 20_000,
        "[quote:u]" * 10_000, "[*:u]" * 20_000, "<r>" + "https://" * 10_000, "*" * 50_000, "_a" * 30_000, "`" * 50_000, "[" * 50_000,
        "&" * 50_000, "<r>" + "<B>x</B>" * 10_000,
    ],
)  # fmt: skip
def test_hostile_texts_take_no_time(stored):
    started = time.process_time()
    md(stored, "u")
    assert time.process_time() - started < 4


def test_a_thing_that_is_nowhere_here_keeps_its_old_address_or_its_bare_name():
    context = Context(base="http://old.example/", old_link=lambda a: Ref("thread", "5") if "old.example" in a else None)
    text = convert('<r><QUOTE author="Ann" post_id="7">x</QUOTE><URL url="/viewtopic.php?t=5">it</URL></r>', "", context).text
    assert with_addresses(text, lambda ref: None) == "> Ann wrote:\n>\n> x\n\n[it](http://old.example/viewtopic.php?t=5)"


def test_no_text_can_forge_a_reference():
    assert "\x1a" not in md("<r>\x1apost:1\x1e[x](\x1f)\x1ex\x1a</r>")
    assert md("<t>&#26;post:1&#30;x</t>") .find("/new/") < 0  # fmt: skip
