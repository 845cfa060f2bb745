"""`spheres locale` as those who translate type it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.plugins.packing import po
from tests.spheres_core.cli.conftest import ROOT, Spheres

PAGE = ROOT / "tests" / "assets" / "passages" / "services_en.txt"


def test_the_command_ends_with_one_and_names_file_line_and_kind(spheres: Spheres) -> None:
    said = spheres("locale", "lint", PAGE, "--language", "en", "--json")
    clean = spheres("locale", "lint", ROOT / "docs", "--language=en")
    spoken = spheres("--language", "fr", "locale", "lint", PAGE, "--language", "en")

    assert said.code == spoken.code == 1
    assert [(each["file"], each["line"], each["kind"]) for each in said.json["findings"]] == [
        (str(PAGE), 7, "untranslated"), (str(PAGE), 7, "apostrophe"), (str(PAGE), 7, "apostrophe"),
    ]  # fmt: skip
    assert (clean.code, "Nothing stands out" in clean.out) == (0, True)
    assert "apostrophe semble perdue" in spoken.out.replace("’", "'")


def test_a_sheet_goes_out_and_back_and_the_catalog_stays_as_it_is(spheres: Spheres, tmp_path: Path) -> None:
    catalog = ROOT / "locales" / "fr_CA" / "LC_MESSAGES" / "spheres.po"
    before = catalog.read_bytes()

    out = spheres("locale", "sheet", "export", tmp_path / "core.xlsx", "--language", "fr-CA", "--json")
    back = spheres("locale", "sheet", "import", tmp_path / "core.xlsx", "--dry-run", "--json")

    assert (out.code, back.code) == (0, 0), out
    assert out.json["rows"] > 900
    assert (back.json["changed"], back.json["written"]) == (0, False)
    assert catalog.read_bytes() == before


def test_the_sheet_for_visitors_has_what_they_read_and_the_french_beside_it(spheres: Spheres, tmp_path: Path) -> None:
    whole, public = tmp_path / "all.csv", tmp_path / "public.csv"
    said = [
        spheres("locale", "sheet", "export", path, "--language", "es", "--into", "quebec", *more, "--json")
        for path, more in ((whole, []), (public, ["--public"]))
    ]

    every, few = (list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())) for path in (whole, public))
    assert [each.code for each in said] == [0, 0]
    assert len(few) < len(every) / 3
    texts = {row["source"]: row["french"] for row in few}
    assert texts["Our partners"] == "Nos partenaires"
    assert all(texts.values())
    assert "Nothing stands out." not in texts
    assert "Sign out" not in texts
    assert spheres("locale", "sheet", "import", public, "--into", "quebec", "--dry-run").code == 0


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spheres: Spheres) -> Path:
    """Plugins that may be written to."""
    folder = tmp_path / "plugins"
    shutil.copytree(ROOT / "plugins", folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("SPHERES_PLUGINS", str(folder))
    return folder


def test_a_plugins_words_are_translated_in_a_sheet(spheres: Spheres, plugins: Path, tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    assert spheres("locale", "sheet", "export", "regional_intake", path, "--language", "en-CA").code == 0
    lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    place = lines[0].index("translation")
    lines[1][place] += "!"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)

    said = spheres("locale", "sheet", "import", path, "--json")

    assert (said.code, said.json["changed"]) == (0, 1)
    assert lines[1][place] in (plugins / "regional_intake/locales/en_CA/LC_MESSAGES/regional_intake.po").read_text()


def test_the_core_is_translated_into_another_language_in_a_plugin(
    spheres: Spheres, plugins: Path, tmp_path: Path
) -> None:
    path = tmp_path / "core.xlsx"
    without = spheres("locale", "sheet", "export", path, "--language", "iu-Latn")
    within = spheres("locale", "sheet", "export", path, "--language", "iu-Latn", "--into", "inuktitut", "--json")
    book = openpyxl.load_workbook(path)
    headers = [cell.value for cell in book.active[1]]
    book.active.cell(2, headers.index("translation") + 1).value = book.active.cell(2, headers.index("source") + 1).value
    book.save(path)
    back = spheres("locale", "sheet", "import", path, "--into", "inuktitut", "--json")

    assert (without.code, within.code, back.code) == (1, 0, 0), back
    assert "--into" in without.err
    rows = [row for row in spheres("locale", "status", "--json").json["catalogs"] if row["language"] == "iu-Latn"]
    assert [(row["catalog"], row["brought"], row["translated"], row["required"]) for row in rows] == [
        ("spheres", "inuktitut", 1, False)
    ]


def test_what_seems_to_be_in_another_language_is_imported_and_accepted_once(
    spheres: Spheres, plugins: Path, tmp_path: Path
) -> None:
    path = tmp_path / "words.csv"
    spheres("locale", "sheet", "export", "regional_intake", path, "--language", "fr")
    lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    lines[1][lines[0].index("translation")] = "We are here for you and with you."
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)

    warned = spheres("locale", "sheet", "import", path, "--json")
    before = spheres("locale", "lint", plugins / "regional_intake", "--language", "en", "--json")
    accepted = spheres("locale", "lint", plugins / "regional_intake", "--language", "en", "--accept", "--json")
    after = spheres("locale", "lint", plugins / "regional_intake", "--language", "en", "--json")

    assert (warned.code, warned.json["changed"], warned.json["written"]) == (0, 1, True)
    assert [(each["row"], each["severity"]) for each in warned.json["findings"]] == [(2, "warning")]
    assert [(each["kind"], each["severity"]) for each in before.json["findings"]] == [("untranslated", "warning")]
    assert (before.code, accepted.code, after.code) == (1, 0, 0)
    assert "We are here for you" in (plugins / "regional_intake" / "accepted_texts.toml").read_text()


def test_a_pack_speaks_a_further_language_in_part_and_its_coverage_is_told(spheres: Spheres, plugins: Path) -> None:
    manifest = plugins / "montreal" / "plugin.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(
        text.replace('languages = ["fr-CA", "en-CA"]', 'languages = ["fr-CA", "en-CA"]\nlanguages_in_part = ["es"]')
    )
    page = plugins / "montreal" / "pages" / "es" / "youth.md"
    page.parent.mkdir()
    page.write_text("# Aquí puedes hablar\n\nNo es tu culpa. Estamos aquí para ti.\n", encoding="utf-8")

    status = spheres("locale", "status", "--json")
    checked = spheres("check", "--json")
    lint = spheres("locale", "lint", plugins / "montreal", "--language", "en", "--json")

    (row,) = (each for each in status.json["catalogs"] if (each["catalog"], each["language"]) == ("montreal", "es"))
    assert (status.code, lint.json["findings"]) == (0, [])
    assert (row["required"], row["translated"], row["in_part"]) == (False, 1, True)
    assert row["texts"] > 100
    (found,) = (each for each in checked.json["checked"] if each["what"] == "montreal es")
    assert (found["state"], checked.json["ok"]) == ("warn", True)


@pytest.mark.parametrize("tag", ["fr-AC", "fra-CA", "xx"])
def test_a_misspelt_language_is_refused_by_every_command_that_takes_one(
    spheres: Spheres, tag: str, tmp_path: Path
) -> None:
    said = [
        spheres("locale", "lint", ROOT / "docs", "--language", tag),
        spheres("locale", "sheet", "export", tmp_path / "x.csv", "--language", tag),
        spheres("plugin", "new", tmp_path / "my_pack", "--languages", f"{tag},en-CA", "--tier", "pack", "--yes"),
    ]

    assert [each.code for each in said][:2] == [1, 1]
    assert all("is not in the registry" in each.err for each in said[:2])
    assert (said[2].code == 1) is (tag != "xx")


def test_a_sheet_with_anything_wrong_names_its_row_and_writes_nothing(
    spheres: Spheres, plugins: Path, tmp_path: Path
) -> None:
    path = tmp_path / "words.csv"
    spheres("locale", "sheet", "export", "regional_intake", path, "--language", "fr-CA")
    lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    lines[1][lines[0].index("translation")] = "Voir l eau {gone}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    catalog = plugins / "regional_intake/locales/fr_CA/LC_MESSAGES/regional_intake.po"
    before = catalog.read_bytes()

    said = spheres("locale", "sheet", "import", path, "--json")

    assert said.code == 1
    assert {(each["row"], each["column"]) for each in said.json["findings"]} == {(2, "translation")}
    assert len(said.json["findings"]) >= 2
    assert catalog.read_bytes() == before


def test_texts_of_a_plugin_are_extracted_into_its_catalogs(spheres: Spheres, plugins: Path) -> None:
    said = spheres("locale", "extract", "regional_intake", "--json")

    assert said.code == 0
    assert said.json["texts"] > 0
    assert (plugins / "regional_intake/locales/regional_intake.pot").is_file()
    assert spheres("locale", "status", "--json").code == 0


def test_a_pseudo_locale_is_a_plugin_that_loads(spheres: Spheres, plugins: Path) -> None:
    said = [spheres("locale", "pseudo", plugins, *more, "--json") for more in ((), ("--rtl",))]

    assert [(each.code, each.json["language"]) for each in said] == [(0, "qps-ploc"), (0, "qps-plocm")]
    assert spheres("plugin", "show", "pseudo").code == spheres("plugin", "show", "pseudo_rtl").code == 0
    assert spheres("locale", "pseudo", plugins).code == 1


def test_status_tells_each_room_form_and_way_of_writing(spheres: Spheres, plugins: Path) -> None:
    way = plugins / "quebec" / "locales" / "fr_CA@feminin" / "LC_MESSAGES"
    way.mkdir(parents=True)
    (way / "spheres.po").write_text(po({"Coordinator": "La coordonnatrice"}))

    said = spheres("locale", "status", "--json")
    told = spheres("locale", "status", "--parts")

    rows = {(row["catalog"], row["language"]): row for row in said.json["catalogs"]}
    assert said.code == told.code == 0
    assert {part["room"] for part in rows["spheres", "fr-CA"]["rooms"]} >= {"forms", "partners", "referrals", "site"}
    assert [part["form"] for part in rows["montreal", "en-CA"]["forms"]] == ["referral", "self_referral"]
    assert rows["spheres", "fr-CA@feminin"]["translated"] == 1
    assert "referral" in told.out
