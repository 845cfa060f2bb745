"""Spreadsheets and TOML are read and written in `foundation/content`, by one module for each kind of file."""

import ast
from pathlib import Path

import pytest

import spheres_core

ROOT = Path(spheres_core.__file__).parents[1]
CONTENT = "spheres_core/foundation/content"
READERS = {
    "openpyxl": {f"{CONTENT}/spreadsheets.py"},
    "csv": {f"{CONTENT}/spreadsheets.py", f"{CONTENT}/workbooks.py"},
    "xlsxwriter": {f"{CONTENT}/workbooks.py"},
    "tomllib": {f"{CONTENT}/toml.py"},
    "xlrd": set(),
    "tomli_w": set(),
}


def imported(source: str) -> set[str]:
    """Returns the top names of the modules that a source imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("library", sorted(READERS))
def test_a_library_for_files_is_imported_by_its_module_only(library: str) -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("spheres_core", "plugins")
        for path in (ROOT / folder).rglob("*.py")
        if library in imported(path.read_text(encoding="utf-8"))
    }

    assert importers == READERS[library]


def test_an_import_inside_a_function_is_found_too() -> None:
    assert imported("def read():\n    import openpyxl  # heavy\n") == {"openpyxl"}
    assert imported("from csv import reader\n") == {"csv"}
    assert imported("from spheres_core.foundation.content import spreadsheets\n") == {"spheres_core"}
