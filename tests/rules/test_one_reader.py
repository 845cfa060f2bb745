"""Spreadsheets, TOML, PO and JSON that people write are read in `foundation/content`, by one module for each kind."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import spheres_core

ROOT = Path(spheres_core.__file__).parents[1]
CONTENT = "spheres_core/foundation/content"
READERS = {
    "openpyxl": {f"{CONTENT}/workbook_reader.py"},
    "csv": {f"{CONTENT}/csv_reader.py", f"{CONTENT}/workbooks.py"},
    "xlsxwriter": {f"{CONTENT}/workbooks.py"},
    "tomllib": {f"{CONTENT}/toml.py"},
    "polib": {f"{CONTENT}/po.py"},
    "babel.messages.pofile": {f"{CONTENT}/po.py"},
    "xlrd": {f"{CONTENT}/xls_reader.py"},
    "defusedxml": {f"{CONTENT}/ods_reader.py", f"{CONTENT}/item_lists.py"},
    "tomli_w": set(),
}


def imported(source: str) -> set[str]:
    """Returns the modules that a source imports and the packages they are in, wherever the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return {name[: place.start()] for name in found for place in re.finditer(r"\.|$", name)}


@cache
def imports_by_file() -> dict[str, set[str]]:
    return {
        path.relative_to(ROOT).as_posix(): imported(path.read_text(encoding="utf-8"))
        for folder in ("spheres_core", "plugins")
        for path in (ROOT / folder).rglob("*.py")
    }


@pytest.mark.parametrize("library", sorted(READERS))
def test_a_library_for_files_is_imported_by_its_module_only(library: str) -> None:
    assert {file for file, modules in imports_by_file().items() if library in modules} == READERS[library]


def test_an_import_inside_a_function_is_found_too() -> None:
    assert imported("def read():\n    import openpyxl  # heavy\n") == {"openpyxl"}
    assert imported("from csv import reader\n") == {"csv", "csv.reader"}
    assert imported("from babel.messages import pofile\n") == {"babel", "babel.messages", "babel.messages.pofile"}


JSON_OF_OURS = {
    "spheres_core/cli/processes.py": "what a running process notes of its plugins",
    "spheres_core/cli/demo_data/sign_ins.py": "sign-ins that the demo wrote",
    "spheres_core/foundation/encryption.py": "the key file that `spheres` wrote",
    "spheres_core/foundation/plugins/api_lock.py": "the lock that `spheres hooks` wrote",
    "spheres_core/foundation/postgres/server_record.py": "the record of a server that we started",
    "spheres_core/foundation/plugins/signatures.py": "bills and signatures that `spheres plugin build` wrote",
}
"""Modules that decode a JSON file themselves, which a program of ours wrote; why."""
DECODES_A_FILE = re.compile(r"json\.(loads?|decode)\([^\n]*read_(bytes|text)\(")


def test_json_that_people_write_is_decoded_by_its_reader() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "spheres_core").rglob("*.py")
        if DECODES_A_FILE.search(path.read_text(encoding="utf-8"))
    }

    assert found == set(JSON_OF_OURS)
