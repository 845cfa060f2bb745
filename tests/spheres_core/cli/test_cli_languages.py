"""`spheres locale` as those who translate type it."""

from __future__ import annotations

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
