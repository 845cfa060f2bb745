"""The rules on imports and names that no contract of import-linter shows (`tests/linters.py` runs that)."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import grimp
import pytest

from tests import syntax

ROOT = Path(__file__).parents[2]
CORE = ROOT / "spheres_core"

KINDS_WITHOUT_WEB = {"operations", "queries", "models", "schemas", "api_schemas", "settings", "permissions"}
WEB = {"litestar", "jinja2"}
VERBS = {"get", "post", "put", "patch", "delete"}
MOST_LINES = 400
"""Of a module."""
MOST_STATEMENTS = 7
"""Of a handler, with its `try` and its docstring."""


def room_contract() -> dict[str, Any]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return next(each for each in contracts["contracts"] if each["id"] == "room")


def pure_rules() -> set[str]:
    """Returns the modules that the room contract names as pure rules of the field."""
    layer = next(each for each in room_contract()["layers"] if "(eligibility)" in each)
    return set(re.findall(r"\((\w+)\)", layer))


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("spheres_core", include_external_packages=True)


def test_every_pure_rule_that_the_contract_names_exists_in_a_room(imports: grimp.ImportGraph) -> None:
    rooms = room_contract()["containers"]
    known = {name for room in rooms for name in pure_rules() if f"{room}.{name}" in imports.modules}

    assert pure_rules() - known == set()


def test_whatever_decides_imports_neither_litestar_nor_jinja(imports: grimp.ImportGraph) -> None:
    kinds = pure_rules() | KINDS_WITHOUT_WEB
    rooms = room_contract()["containers"]
    deciding = [
        module
        for module in imports.modules
        if any(kind in kinds for room in rooms for kind in [module.removeprefix(f"{room}.").partition(".")[0]])
    ]
    found = {module: WEB & imports.find_modules_directly_imported_by(module) for module in deciding}

    assert len(deciding) > 100
    assert {module: sorted(web) for module, web in found.items() if web} == {}


def test_type_checking_imports_stand_in_hookspecs_only() -> None:
    found = [
        path.relative_to(CORE).as_posix()
        for path in CORE.rglob("*.py")
        if "TYPE_CHECKING" in path.read_text(encoding="utf-8")
    ]

    assert {path.rpartition("/")[0] for path in found} == {"hookspecs"}


def long_modules(folder: Path) -> dict[str, int]:
    """Returns the modules that are two topics, with their lines. A revision stays as it was applied."""
    lines = {
        path.relative_to(folder).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in folder.rglob("*.py")
        if path.parent.name != "migrations"
    }
    return {path: number for path, number in lines.items() if number > MOST_LINES}


@pytest.mark.parametrize("folder", ["spheres_core", "plugins"])
def test_no_module_is_two_topics(folder: str) -> None:
    assert long_modules(ROOT / folder) == {}


def test_a_module_that_is_two_topics_is_found(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * (MOST_LINES + 1))
    (tmp_path / "short.py").write_text("x = 1\n" * MOST_LINES)

    assert long_modules(tmp_path) == {"long.py": MOST_LINES + 1}


def long_handlers(source: str) -> list[str]:
    """Returns the handlers of too many statements: what they decide belongs in operations or views."""
    return [
        node.name
        for node in syntax.nodes(source, (f"@{verb}" for verb in VERBS))
        if isinstance(node, ast.AsyncFunctionDef)
        if any(isinstance(each, ast.Call) and ast.unparse(each.func) in VERBS for each in node.decorator_list)
        if sum(isinstance(each, ast.stmt) for each in ast.walk(node)) - 1 > MOST_STATEMENTS
    ]


def test_handlers_of_requests_carry_and_do_not_decide() -> None:
    found = {
        str(path.relative_to(CORE)): long for path in CORE.rglob("*.py") if (long := long_handlers(path.read_text()))
    }

    assert found == {}


def test_a_handler_that_decides_is_found() -> None:
    lines = "".join(f"    x{number} = {number}\n" for number in range(MOST_STATEMENTS + 1))

    assert long_handlers(f"@get('/a')\nasync def a():\n{lines}\n\nasync def b():\n{lines}") == ["a"]


def test_no_file_is_named_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "common", "base", "manager", "misc", "lib"}

    assert [path for path in CORE.rglob("*.py") if path.stem in nothing] == []


def test_no_tenant_or_plugin_is_named_in_the_core() -> None:
    names = {path.stem for path in (ROOT / "tenants").glob("*.toml")} | {
        path.parent.name for path in (ROOT / "plugins").glob("*/plugin.toml")
    }
    word = re.compile(rf"\b({'|'.join(sorted(names))})\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in CORE.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if word.search(line) and "copy" not in line.lower()
    ]

    assert found == []
