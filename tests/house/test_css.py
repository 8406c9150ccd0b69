"""Stylesheets: small, flat, readable in browsers of 2022, and as right in a right-to-left script."""

import gzip
import re
from typing import NamedTuple

import pytest

from tests.house.reading import files, name

pytestmark = pytest.mark.no_database
SHEETS = files(".css")
MOST_BYTES = 16_000
PHYSICAL = {
    "left": "inset-inline-start", "right": "inset-inline-end", "top": "inset-block-start", "bottom": "inset-block-end",
    "width": "inline-size", "height": "block-size", "text-align: left": "text-align: start", "text-align: right": "text-align: end",
}  # fmt: skip
TOO_NEW = {
    "light-dark(": "a token in tokens.css for each theme", "color-mix(": "a token of its own",
    "@container": "a media query, or a layout that wraps", "@scope": "a class", "@starting-style": "no entry animation",
}  # fmt: skip
"""Not in Chrome 100, Safari 15.4 and Firefox 97."""


class Declaration(NamedTuple):
    around: tuple[str, ...]
    """Selectors and at-rules that it stands in, the outermost first."""
    name: str
    value: str


def _declarations(text: str) -> list[Declaration]:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found, around, start, quote, depth = [], [], 0, "", 0
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign in "{};" and depth == 0:
            said = " ".join(text[start:at].split())
            start = at + 1
            if sign == "{":
                around.append(said)
                continue
            if around and ":" in said and not said.startswith("@"):
                prop, _, value = said.partition(":")
                found.append(Declaration(tuple(around), prop.strip(), value.strip()))
            if sign == "}":
                around.pop()
    assert around == [], "a brace is left open"
    return found


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_no_rule_is_nested_in_a_rule(path):
    for one in _declarations(path.read_text(encoding="utf-8")):
        rules = [selector for selector in one.around if not selector.startswith("@")]
        keyframes = any(a.startswith("@keyframes") for a in one.around)
        assert keyframes or len(rules) <= 1, f"{name(path)}: {rules} is nested; browsers of 2022 skip it. Write the selector out."


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_only_logical_properties(path):
    for one in _declarations(path.read_text(encoding="utf-8")):
        physical = re.fullmatch(r"(min-|max-)?(left|right|top|bottom|width|height)", one.name)
        sided = re.search(
            r"^(margin|padding|border|scroll-margin|scroll-padding)(-\w+)?-(left|right|top|bottom)\b|^(float|clear)$", one.name
        )
        aligned = one.name == "text-align" and one.value in ("left", "right")
        wrong = physical or sided or aligned
        instead = PHYSICAL.get(
            f"{one.name}: {one.value}" if aligned else one.name, "-inline-start, -inline-end, -block-start or -block-end"
        )
        assert not wrong, (
            f"{name(path)}: {one.around[-1]} {{ {one.name} }}: say {instead}, so that right-to-left comes for nothing"
        )


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_an_srgb_colour_stands_before_each_oklch(path):
    seen: set[tuple[tuple[str, ...], str]] = set()
    for one in _declarations(path.read_text(encoding="utf-8")):
        around = tuple(a for a in one.around if not a.startswith("@supports"))
        if "oklch(" in one.value:
            assert (around, one.name) in seen, (
                f"{name(path)}: {around[-1]} {{ {one.name} }} has no sRGB value before its OKLCH: older browsers show nothing"
            )
        else:
            seen.add((around, one.name))


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_a_colour_has_a_name(path):
    if path.name == "tokens.css":
        return
    for one in _declarations(path.read_text(encoding="utf-8")):
        bare = re.search(r"#[0-9a-fA-F]{3,8}\b|\b(oklch|rgba?|hsla?)\(", one.value)
        assert not bare, f"{name(path)}: {one.around[-1]} {{ {one.name}: {one.value} }}: give the colour a name in tokens.css"


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_nothing_too_new_and_nothing_from_elsewhere(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for sign, instead in TOO_NEW.items():
        assert sign not in text, f"{name(path)}: {sign} is too new; use {instead}"
    assert "@import" not in text, f"{name(path)}: link the stylesheet instead; an @import waits for the one before"
    assert not re.search(r"url\(\s*['\"]?(https?:)?//", text), f"{name(path)}: a page asks nobody else"


def test_all_stylesheets_together_stay_small():
    weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in SHEETS)
    assert weight <= MOST_BYTES, (
        f"All CSS weighs {weight:,} bytes, packed; at most {MOST_BYTES:,}. Reuse the classes of site.css."
    )
