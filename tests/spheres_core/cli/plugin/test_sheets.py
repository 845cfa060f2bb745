"""`spheres plugin sheets` and `spheres plugin new --from-folder`, for people and for programs."""

from __future__ import annotations

from pathlib import Path

from tests.spheres_core.cli.conftest import Spheres


def test_a_pack_is_written_as_sheets_and_made_of_them_again(spheres: Spheres, tmp_path: Path) -> None:
    written = spheres("plugin", "sheets", "plugins/outaouais", tmp_path / "sheets", "--json")
    made = spheres(
        "plugin", "new", "--from-folder", tmp_path / "sheets", "--id", "outaouais", "--yes", tmp_path / "p", "--json"
    )
    again = spheres("plugin", "new", "--from-folder", tmp_path / "sheets", "--id", "outaouais", "--yes", tmp_path / "p")

    assert (written.code, made.code, again.code) == (0, 0, 1), (written, made, again)
    assert {"pack.xlsx", "partners.xlsx", "terms.xlsx", "forms/referral.xlsx"} <= set(written.json["files"])
    assert (made.json["organizations"], made.json["forms"], made.json["tier"]) == (9, 7, "pack")
    assert "not empty" in again.err


def test_what_is_wrong_with_sheets_is_told_in_the_readers_language_with_its_cell(
    spheres: Spheres, tmp_path: Path
) -> None:
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "partners.csv").write_text("organisation;âgs\nLa Maison;x\n")
    command = ("plugin", "new", "--from-folder", tmp_path / "sheets", "--id", "my_region", "--languages", "fr-CA")

    told = spheres(*command, "--yes", tmp_path / "p", "--json")
    plainly = spheres(*command, "--yes", tmp_path / "p", "--language", "fr")

    assert (told.code, told.json["ok"], plainly.code) == (1, False, 1)
    assert ("partners.csv", 1, "âgs") in [(f["file"], f.get("row"), f.get("column")) for f in told.json["findings"]]
    assert "partners.csv: ligne 1, âgs" in plainly.err
    assert "S’agit-il de «\u00a0âges\u00a0»?" in plainly.err
    assert not (tmp_path / "p").exists()


def test_folders_that_are_not_there_or_taken_and_code_of_sheets_are_refused(spheres: Spheres, tmp_path: Path) -> None:
    assert spheres("plugin", "sheets", "--empty", tmp_path / "empty", "--languages", "fr-CA").code == 0
    for wrong in (
        ("plugin", "sheets", "--empty", tmp_path / "empty"),
        ("plugin", "sheets", tmp_path / "nowhere", tmp_path / "out"),
        ("plugin", "sheets", "plugins/regional_intake", tmp_path / "out"),
        ("plugin", "new", "--from-folder", tmp_path / "nowhere", "--id", "my_region", "--yes", tmp_path / "p"),
        ("plugin", "new", "--tier", "code", "--from-folder", tmp_path / "empty", "--id", "my_region", tmp_path / "p"),
    ):
        assert spheres(*wrong).code == 1, wrong
    assert spheres("plugin", "sheets", tmp_path / "one").code == 2
    assert not (tmp_path / "p").exists()
