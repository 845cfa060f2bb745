"""docs/languages.md does what it says: its commands are run and its files are read, in the order of the page."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from spheres_core import app
from spheres_core.cli import main
from spheres_core.foundation.languages import localization
from spheres_core.foundation.languages.registry import Settings
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.manifest import Manifest
from spheres_core.foundation.plugins.set_builder import build_set

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "languages.md").read_text()
BLOCKS: Final = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def translate(path: Path, source: str, text: str) -> None:
    """What a translator does in between."""
    book = openpyxl.load_workbook(path)
    page: Any = book.active
    names = [cell.value for cell in page[1]]
    for row in range(2, page.max_row + 1):
        if page.cell(row, names.index("source") + 1).value == source:
            page.cell(row, names.index("translation") + 1).value = text
    book.save(path)


def test_the_page_from_its_first_command_to_its_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "plugins", tmp_path / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "plugins" / "spanish").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SPHERES_PLUGINS", raising=False)
    shutil.copytree(app.catalog_folder(), tmp_path / "core")  # the page writes to it, and other tests read it meanwhile
    monkeypatch.setattr(localization, "core_catalog_folder", lambda: tmp_path / "core")
    catalog = tmp_path / "core" / "fr_CA" / "LC_MESSAGES" / "spheres.po"
    before = catalog.read_text(encoding="utf-8")
    failed = []
    for language, text in BLOCKS:
        if language == "toml" and (place := re.match(r"# (plugins/\S+)\n", text)):
            (tmp_path / place[1]).write_text(text)
        for line in text.splitlines() if language == "sh" else ():
            if line == "spheres locale sheet import --into spanish spanish.xlsx":
                translate(tmp_path / "spanish.xlsx", "Sign in", "Entrar")
            if main.run(line.split()[1:]) != 0:
                failed.append(line)

    assert failed == []
    assert catalog.read_text(encoding="utf-8") == before
    found = tmp_path / "plugins" / "spanish" / "plugin.toml"
    found.write_text(found.read_text() + '\n[provides]\ncontent = ["locales.toml"]\nlocales = ["es-419"]\n')
    made = build_set(discover([tmp_path / "plugins"]), ["spanish"], app.rooms(), app.catalog_folder())
    assert made.left_out == {}
    said = made.locale("es-419", ("es-419", "fr-CA")).say("Sign in")
    assert (str(said), said.lang) == ("Entrar", "es")


def test_the_lines_for_a_manifest_on_the_page_fit_one() -> None:
    block = next(text for language, text in BLOCKS if language == "toml" and text.startswith("languages_in_part"))

    assert tomllib.loads(block).keys() <= set(Manifest.__struct_fields__)


def test_the_settings_on_the_page_are_those_of_languages() -> None:
    block = next(text for language, text in BLOCKS if language == "toml" and text.startswith("[settings.languages]"))

    assert tomllib.loads(block)["settings"]["languages"].keys() == set(Settings.__struct_fields__)
