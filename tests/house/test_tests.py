"""The tests' own house: nothing is skipped, nothing is expected to fail, and a name is a sentence."""

import ast
import re

import pytest

from tests.house.reading import ROOT, files, imports, name, syntax

pytestmark = pytest.mark.no_database
TESTS = sorted(
    {p for p in files(".py", tests=True) if "tests" in p.parts and p.is_relative_to(ROOT / "src")}
    | set((ROOT / "tests").rglob("*.py"))
)
NEVER = {"skip", "skipif", "xfail", "importorskip", "skipIf", "skipUnless", "expectedFailure", "flaky"}


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_nothing_is_skipped_and_nothing_may_fail(path):
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Attribute) and node.attr in NEVER and ast.unparse(node).startswith(("pytest.", "unittest.")):
            pytest.fail(
                f"{name(path)}, line {node.lineno}: {ast.unparse(node)}. A test that is not asked is none: mend it, or take it away."
            )


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_a_tests_name_is_a_sentence(path):
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            assert node.name.count("_") >= 2, (
                f"{name(path)}: {node.name} says too little. Name what is true: test_a_locked_thread_refuses."
            )


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_no_mocks_of_our_own_code(path):
    found = [m for _, m in imports(path) if re.match(r"(unittest\.)?mock\b|pytest_mock", m)]
    assert found == [], f"{name(path)} imports {found}: use the real thing; the village is quickly built"
