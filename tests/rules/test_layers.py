"""Who may import whom, held by import-linter; and the few rules that imports alone do not show."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import grimp
import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "spheres_core"
LINT = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"

KINDS_WITHOUT_WEB = {"operations", "queries", "models", "schemas", "api_schemas", "settings", "permissions"}
WEB = {"litestar", "jinja2"}


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


def contract_problems(root: Path) -> list[str]:
    """Returns the lines in which import-linter names broken contracts and why, for the tree in `root`."""
    ran = subprocess.run([sys.executable, "-c", LINT], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0 or "Broken contracts" in ran.stdout, ran.stdout + ran.stderr
    return ran.stdout.partition("Broken contracts")[2].splitlines()


def cycle_problems(root: Path) -> list[str]:
    """Returns each group of siblings of the core in `root` that import one another."""
    script = Path(__file__).with_name("import_cycles.py")
    ran = subprocess.run([sys.executable, script], cwd=root, capture_output=True, text=True, check=True)
    return [line for line in ran.stdout.splitlines() if line]


def test_every_contract_on_imports_is_kept() -> None:
    assert contract_problems(ROOT) == []


def test_no_packages_or_modules_import_each_other() -> None:
    assert cycle_problems(ROOT) == []


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

    assert found == ["hookspecs.py"]


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
        if word.search(line) and "copy" not in line.lower() and not line.lstrip().startswith(("#", '"'))
    ]

    assert found == []
