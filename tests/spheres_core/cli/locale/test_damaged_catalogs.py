"""A damaged catalog is refused with its file and line by every command that reads it, and the plugin does not load."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.foundation.plugins.set_builder import build_set
from tests.spheres_core.cli.conftest import ROOT, Spheres

SAMPLES = ROOT / "tests" / "assets" / "field_reports"
PLACE = "locales/fr_CA/LC_MESSAGES/regional_intake.po"
CATALOG = (ROOT / "plugins" / "regional_intake" / PLACE).read_text(encoding="utf-8")
LINES = CATALOG.count("\n")


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spheres: Spheres) -> Path:
    """The French catalog of a plugin of this machine, which may be damaged."""
    folder = tmp_path / "plugins"
    shutil.copytree(ROOT / "plugins" / "regional_intake", folder / "regional_intake")
    monkeypatch.setenv("SPHERES_PLUGINS", str(folder))
    return folder / "regional_intake" / PLACE


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (SAMPLES / "catalog_raw_newline.po", 7),
        (SAMPLES / "catalog_charset_placeholder.po", 4),
        (CATALOG[: CATALOG.rindex("msgstr")], LINES - 1),
        (CATALOG[:-4], LINES),
        (CATALOG + CATALOG[CATALOG.index("msgid", 5) :], LINES + 1),
        (CATALOG + '<<<<<<< HEAD\nmsgid "a"\nmsgstr "un"\n', LINES + 1),
    ],
    ids=["raw newline", "character set", "cut before msgstr", "cut in a text", "twice", "merge"],
)
def test_check_status_and_lint_name_the_line_and_the_plugin_is_left_out(
    content: Path | str, line: int, catalog: Path, spheres: Spheres
) -> None:
    text = content.read_text(encoding="utf-8") if isinstance(content, Path) else content
    catalog.write_text(text, encoding="utf-8")

    checked = spheres("check", "--json")
    status = spheres("locale", "status", "--json")
    lint = spheres("locale", "lint", catalog.parent, "--language", "fr", "--json")
    made = build_set(app.machine(), ["regional_intake"], app.rooms(), app.catalog_folder())

    assert checked.code == status.code == lint.code == 1
    (found,) = (each for each in checked.json["checked"] if each["what"] == "locales")
    for findings in (found["findings"], status.json["findings"]):
        assert (findings[0]["file"], findings[0]["line"]) == (f"plugins/regional_intake/{PLACE}", line)
    assert [(each["file"], each["kind"], each["line"]) for each in lint.json["findings"]][:1] == [
        (str(catalog), "damaged", line)
    ]
    assert f"{PLACE}:{line}" in made.left_out["regional_intake"].params["reason"]


def test_the_check_of_a_plugin_names_the_line(catalog: Path, at_home: Spheres) -> None:
    catalog.write_text(CATALOG[:-4], encoding="utf-8")

    said = at_home("plugin", "check", catalog.parents[3], "--level", "bronze", "--json")

    assert said.code == 1
    found = {each["id"]: each["findings"] for each in said.json["rules"]}
    assert [(each["file"], each["line"]) for each in found["B1"]] == [(PLACE, LINES)]


def test_a_catalog_with_a_bom_is_read_as_the_same_without(catalog: Path, spheres: Spheres) -> None:
    before = spheres("locale", "status", "--json").json
    catalog.write_bytes(b"\xef\xbb\xbf" + catalog.read_bytes())

    assert spheres("locale", "status", "--json").json == before
    assert spheres("locale", "lint", catalog, "--language", "fr", "--json").json["ok"]
    made = build_set(app.machine(), ["regional_intake"], app.rooms(), app.catalog_folder())
    assert made.left_out == {}


def test_a_damaged_catalog_is_never_written_over(catalog: Path, spheres: Spheres) -> None:
    catalog.write_text(CATALOG[:-4], encoding="utf-8")

    said = spheres("locale", "extract", "regional_intake", "--json")

    assert (said.code, said.json["findings"][0]["line"]) == (1, LINES)
    assert catalog.read_text(encoding="utf-8") == CATALOG[:-4]
