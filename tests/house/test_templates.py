"""Templates: two deep at most, no script or style inside, people's words always escaped."""

import ast
import re

import pytest
from jinja2 import nodes

from folkmoot.site.templating import environment
from tests.house.reading import files, imports, name, syntax

TEMPLATES = files(".html")
MAKES_MARKUP = {
    "members/accounts.py": "a QR code, of numbers alone",
    "threads/queries/history.py": "the marks of a diff, around words that Markup.format escapes",
    "threads/queries/posts.py": "a post's stored fragment, which base.markup cleaned",
    "juries/queries/pages.py": "what a jury was shown, which base.markup cleaned",
    "threads/fragments.py": "posts put together: stored fragments as they are, all other words escaped there (threads/tests/test_fragments.py)",
    "threads/views/write.py": "a preview, which base.markup cleaned",
    "search/queries.py": "the marks of an excerpt, around words that Markup.format escapes",
    "site/views/pages.py": "a member's own page, which base.markup cleaned",
}


READS = {"all", "filter", "exclude", "count", "exists", "first", "last", "order_by", "select_related", "values_list"}


def _parsed(path):
    return environment().parse(path.read_text(encoding="utf-8"))


@pytest.mark.no_database
@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_only_a_literal_is_safe(path):
    for node in _parsed(path).find_all(nodes.Filter):
        if node.name == "safe":
            parts = [node.node.expr1, node.node.expr2] if isinstance(node.node, nodes.CondExpr) else [node.node]
            literal = all(isinstance(part, nodes.Const) for part in parts)
            assert literal, f"{name(path)}, line {node.lineno}: |safe only on a literal. Clean it in base.markup and pass Markup."


@pytest.mark.no_database
@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_autoescape_is_never_off(path):
    off = list(_parsed(path).find_all(nodes.ScopedEvalContextModifier))
    assert off == [], (
        f"{name(path)} turns autoescape off: leave it on. What is shown by the hundred is a format string (threads/fragments.py)."
    )


@pytest.mark.no_database
def test_markup_is_made_only_where_it_was_cleaned():
    makers = set()
    for path in files(".py"):
        calls = [ast.unparse(n.func) for n in ast.walk(syntax(path)) if isinstance(n, ast.Call)]
        django_ways = [m for _, m in imports(path) if m.startswith("django.utils.safestring") or m.endswith("html.format_html")]
        assert django_ways == [], f"{name(path)}: use markupsafe.Markup, one way is enough"
        makers |= {name(path)} if "Markup" in calls else set()
    new = makers - MAKES_MARKUP.keys()
    assert not new, f"{new} make Markup: only what base.markup cleaned is Markup. If it is, list it here and say so."
    assert MAKES_MARKUP.keys() <= makers, f"{MAKES_MARKUP.keys() - makers} make none any more: take them off"


@pytest.mark.no_database
@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_is_deeper_than_two(path):
    parents = re.findall(r'{%-?\s*extends\s+"([^"]+)"', path.read_text(encoding="utf-8"))
    assert parents in ([], ["site/frame.html"]), (
        f"{name(path)} extends {parents}: a page extends site/frame.html and nothing else"
    )


@pytest.mark.no_database
@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_script_and_no_style_stand_in_a_page(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for pattern, instead in (
        (r"<script(?![^>]*\bsrc=)", "an ES module in the room's static folder"),
        (r"<style", "a stylesheet in the room's static folder"),
        (r"<[^>{}]*\sstyle\s*=", "a class"),
        (r"<[^>{}]*\son\w+\s*=", "an ES module that listens"),
        (r"javascript:", "a real address"),
        (r"""(?:src|href)=["'](?:https?:)?//""", "a file of our own: a page asks nobody else"),
    ):
        found = re.search(pattern, text, re.IGNORECASE)
        assert not found, f"{name(path)}: {found and found[0]!r}; the CSP forbids it. Use {instead}."


@pytest.mark.no_database
@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_reads_nothing_by_itself(path):
    """What the template shows, the query has fetched."""
    for call in _parsed(path).find_all(nodes.Call):
        asked = call.node.attr if isinstance(call.node, nodes.Getattr) else ""
        reads = asked in READS
        assert not reads, f"{name(path)}, line {call.lineno}: .{asked}() asks the database. Fetch it in the page's query."
