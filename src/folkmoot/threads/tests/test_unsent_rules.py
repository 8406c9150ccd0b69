"""What is kept of a form, without a database."""

import pytest

from folkmoot.threads import rules

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("path", ["/posts/12/reply/", "/posts/12/edit/", "/forums/general-discussion/new/"])
def test_writing_forms_are_kept(path):
    assert rules.may_keep_unsent(path, {"text": "x"})


@pytest.mark.parametrize(
    "path",
    ["", "/", "/sign-in/", "/posts/12/hide/", "/posts/x/reply/", "/forums/a/b/new/", "//evil.example/posts/1/reply/", "/posts/1/reply/?x",
     f"/forums/{'a' * 200}/new/"],
)  # fmt: skip
def test_nothing_else_is(path):
    assert not rules.may_keep_unsent(path, {"text": "x"})


def test_a_draft_has_a_limit():
    assert rules.may_keep_unsent("/posts/1/reply/", {"text": "ü" * 150_000})
    assert "too long" in str(rules.may_keep_unsent("/posts/1/reply/", {"text": "ü" * 150_001}).reason)


def test_only_fields_of_the_form_are_kept():
    assert rules.typed_of({"text": "a", "subject": "", "csrfmiddlewaretoken": "t", "password": "p"}) == {"text": "a"}
    assert rules.typed_of({"text": "a\0\ud800b", "subject": "\0"}) == {"text": "a?b"}
    assert rules.is_empty({"key": "k", "text": "  "})
    assert not rules.is_empty({"link": "https://a.example"})
