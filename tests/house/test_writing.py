"""Rows are changed in actions, in one transaction, and in no second way."""

import ast
import re

import pytest

from tests.house.reading import HOUSE, ROOT, files, furniture, imports, is_furniture, name, strings, syntax

pytestmark = pytest.mark.no_database
ELSEWHERE = {
    "base/bulk.py": "the bulk way to write rows, which actions call",
    "site/backup.py": "empties a whole database before a backup takes its place",
    "base/events.py": "tell() itself logs what an event touches",
    "exchange/board.py": "an importer's memory of what has moved in, beside the rooms' own actions",
    "exchange/whole/read.py": "moves a whole community in: every row as it was",
    "exchange/whole/write.py": "reads in one transaction, so that an export is of one moment",
    "exchange/phpbb/tables.py": "a temporary file of the importer's own, no database of the community",
    "search/postgres.py": "the index itself, which the room's actions call",
    "search/sqlite.py": "the index itself, which the room's actions call",
    "exchange/staging.py": "a temporary file of the importer's own, no database of the community",
    "site/demo.py": "founds the village: posting history that no action can give",
    "site/neighbours.py": "the same, of who fills its juries",
    "site/recount.py": "mends counters that the actions keep",
    "site/simulate/people.py": "the same, of a simulation's people, in a folder that is thrown away",
    "threads/queries/reading.py": "reading places: what a visit writes goes to `state`, in one statement",
}
"""Files outside actions, listeners and tasks that write or open a transaction, and why."""

_WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
_SQL = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|ALTER|DROP)\s", re.IGNORECASE)


def _writes(tree: ast.AST) -> list[str]:
    """Calls that write rows. `update` and `delete` are the ORM's when they have only keywords, or nothing."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        call = ast.unparse(node.func)
        orm_update = node.func.attr == "update" and node.keywords and not node.args and call != "os.environ.update"
        orm_delete = node.func.attr == "delete" and not node.keywords and not node.args
        if node.func.attr in _WRITES or orm_update or orm_delete or call == "transaction.atomic":
            found.append(f"line {node.lineno}: {call}()")
    return found


def _opens_transaction(function: ast.FunctionDef) -> bool:
    return any("transaction.atomic" in ast.unparse(d) for d in function.decorator_list)


def test_only_actions_listeners_and_tasks_write():
    troubles, needed = [], set()
    for path in files(".py"):
        if any(is_furniture(path, kind) for kind in ("actions", "listeners", "tasks")):
            continue
        found = _writes(syntax(path)) + [f"line {line}: {text[:40]!r}" for line, text in strings(path) if _SQL.match(text)]
        found += [
            f"line {f.lineno}: @transaction.atomic"
            for f in ast.walk(syntax(path))
            if isinstance(f, ast.FunctionDef) and _opens_transaction(f)
        ]
        if found and name(path) not in ELSEWHERE:
            troubles.append(f"{name(path)}, {found[0]}: write it in the room's actions.py and call that")
        needed |= {name(path)} if found else set()
    assert not troubles, "\n".join(troubles)
    assert set(ELSEWHERE) <= needed, f"{set(ELSEWHERE) - needed} write no more: take them off the list of exceptions"


def _exported(room: str) -> list[tuple[str, ast.FunctionDef]]:
    """The actions of a room as others call them."""
    names = None
    if (init := HOUSE / room / "actions" / "__init__.py").exists():
        names = {word for _, word in strings(init)}
    found = []
    for path in furniture("actions"):
        if path.relative_to(HOUSE).parts[0] == room:
            functions = [node for node in syntax(path).body if isinstance(node, ast.FunctionDef)]
            found += [(name(path), f) for f in functions if (f.name in names if names else not f.name.startswith("_"))]
    return found


@pytest.mark.parametrize("room", sorted({p.relative_to(HOUSE).parts[0] for p in furniture("actions")}))
def test_an_action_is_one_transaction(room):
    for path, action in _exported(room):
        nodes = list(ast.walk(action))
        tells = any(isinstance(n, ast.Call) and ast.unparse(n.func) == "tell" for n in nodes)
        own_sql = any(isinstance(n, ast.Constant) and isinstance(n.value, str) and _SQL.match(n.value) for n in nodes)
        assert not (tells or own_sql or _writes(action)) or _opens_transaction(action), (
            f"{path}: {action.name} writes or tells without @transaction.atomic. Decorate it, so that it happens whole or not at all."
        )


def test_the_inside_of_an_actions_folder_stays_inside():
    for path in files(".py", tests=True) + sorted((ROOT / "tests").rglob("*.py")):
        for line, module in imports(path):
            match = re.match(r"folkmoot\.(\w+)\.actions\.(\w+)\.", module)
            if match and not (path.is_relative_to(HOUSE) and is_furniture(path, "actions")):
                inside = (HOUSE / match[1] / "actions" / f"{match[2]}.py").exists()
                assert not inside, f"{name(path)}, line {line}: import {match[1]}.actions; only it opens transactions"


def test_no_signals_of_our_own():
    for path in files(".py"):
        for line, module in imports(path):
            assert not module.startswith(("django.dispatch", "django.db.models.signals", "django.core.signals")), (
                f"{name(path)}, line {line}: no Django signals. Tell an event in the action, hear it in listeners.py."
            )


def test_saving_sets_nothing_off():
    for path in files(".py"):
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(base) for base in node.bases):
                own = {f.name for f in node.body if isinstance(f, ast.FunctionDef)} & {"save", "delete", "full_clean"}
                assert not own, (
                    f"{name(path)}: {node.name} overrides {own}. What a change sets off stands in its action, where one reads it."
                )


def test_no_generic_foreign_keys_and_no_triggers():
    for path in files(".py", ".sql", migrations=True):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"GenericForeignKey|GenericRelation", text), f"{name(path)}: use a real foreign key for each kind"
        trigger = re.search(r"CREATE\s+(CONSTRAINT\s+)?TRIGGER", text, re.IGNORECASE)
        assert not trigger, f"{name(path)}: no triggers. The action writes it, or a listener in its transaction."


def test_no_page_is_found_by_offset():
    for path in files(".py"):
        paginators = [m for _, m in imports(path) if m.startswith("django.core.paginator")]
        assert not paginators, f"{name(path)}: page by base.paging.Cursor (or stored anchors); an OFFSET reads all that it skips"
        for line, text in strings(path):
            assert not re.search(r"\bOFFSET\s+[%\d{:]", text, re.IGNORECASE), (
                f"{name(path)}, line {line}: no OFFSET. Begin after the cursor: WHERE moment < %s ORDER BY moment DESC LIMIT n."
            )
