"""Rules are pure, thin doors are thin, and payment buys no power."""

import ast
import sys

import pytest

from tests.house.reading import HOUSE, furniture, imports, name, syntax, words

pytestmark = pytest.mark.no_database
IMPURE = {
    "asyncio", "ctypes", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "signal",
    "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib.request", "uuid",
}  # fmt: skip
"""Standard modules that ask the clock, chance, the machine or the world."""

TABLES = {"confusable_homoglyphs"}
"""Libraries that are only a table and a look-up."""

CLOCKS = {"now", "today", "utcnow", "localtime"}
POWERLESS = {"star", "stars", "paid", "payment", "payments", "premium", "donation", "donor"}
MOST_LINES_OF_A_VIEW = 12


def _path_of(module: str):
    for path in (HOUSE.parent / (module.replace(".", "/") + ".py"), HOUSE.parent / module.replace(".", "/") / "__init__.py"):
        if path.exists():
            return path
    return None


@pytest.mark.parametrize("path", furniture("rules"), ids=name)
def test_a_rule_is_pure(path):
    for line, module in imports(path):
        top = module.split(".")[0]
        if top == "folkmoot":
            other = _path_of(module)
            if other is None or module == "folkmoot.base.answers" or other in furniture("rules"):
                continue
            outside = {m for _, m in imports(other) if m.split(".")[0] not in sys.stdlib_module_names}
            assert not outside, (
                f"{name(path)}, line {line}: {module} is not pure; pass what the rule needs to know as an argument"
            )
        else:
            pure = top in sys.stdlib_module_names and not {top, module} & IMPURE
            assert pure or top in TABLES, (
                f"{name(path)}, line {line}: a rule may not import {module}; `now` and `seed` are arguments"
            )
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS, (
                f"{name(path)}, line {node.lineno}: a rule has no clock; take `now` as an argument"
            )


@pytest.mark.parametrize("path", furniture("rules"), ids=name)
def test_payment_buys_no_power(path):
    """No rule knows who paid: a Star buys comfort."""
    for node in ast.walk(syntax(path)):
        named = (
            getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "arg", None) or getattr(node, "name", None)
        )
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        found = set(words(str(named or ""))) & POWERLESS or (text.isidentifier() and set(words(text)) & POWERLESS)
        assert not found, f"{name(path)}, line {node.lineno}: a rule that looks at who paid sells power. Decide without it."
    bought = [m for _, m in imports(path) if m.startswith("folkmoot.stars")]
    assert not bought, f"{name(path)} imports {bought}: no rule knows who paid"


def test_a_view_is_a_thin_door():
    troubles = []
    for path in furniture("views") + furniture("api"):
        for node in syntax(path).body:
            if isinstance(node, ast.FunctionDef):
                documented = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
                body = node.body[1:] if documented else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                if lines > MOST_LINES_OF_A_VIEW:
                    troubles.append(f"{name(path)}: {node.name} has {lines} lines")
    assert troubles == [], "A view is form → action or query → answer, in at most 12 lines: decide in rules, read in queries"
