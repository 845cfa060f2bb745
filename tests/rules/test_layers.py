"""Who may import whom, held by import-linter; and the few rules that imports alone do not show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
CORE = ROOT / "spheres_core"


def test_every_contract_of_the_house_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert broken == 0, capsys.readouterr().out


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
