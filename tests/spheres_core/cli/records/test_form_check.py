"""Forms are checked one by one, or a folder at a time, by people and by programs."""

from __future__ import annotations

from pathlib import Path

from spheres_core.forms.meanings import REQUIRED_OF_A_REFERRAL
from tests.spheres_core.cli.conftest import Spheres


def written(folder: Path, **forms: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, row in forms.items():
        (folder / f"{name}.md").write_text(f"| survey |\n| | type | name | label |\n| | {row} |\n", encoding="utf-8")
    return folder


def test_a_form_without_meanings_is_told_what_its_questions_look_like_and_what_it_lacks(
    spheres: Spheres, tmp_path: Path
) -> None:
    path = written(tmp_path, plain="integer | age | Age") / "plain.md"

    said = spheres("form", "check", str(path), "--json")

    advised = [each for each in said.json["findings"] if each["severity"] == "advice"]
    assert (said.code, said.json["ok"]) == (0, True)
    assert (advised[0]["row"], advised[0]["column"], advised[0]["key"]) == (2, "meaning", "age")
    assert len(advised) == len(REQUIRED_OF_A_REFERRAL)


def test_a_folder_of_forms_is_checked_at_once_with_the_reasons_of_refusal(spheres: Spheres, tmp_path: Path) -> None:
    folder = written(tmp_path, one="text | a | A", two="osm | b | B", three="osm | c | C", four="hidden | d | D")

    told = spheres("form", "check", str(folder), "--json")
    plain = spheres("form", "check", str(folder))

    assert (told.code, plain.code) == (1, 1)
    assert told.json["accepted"] == 1
    assert "one.md: errors 0, warnings 0" in plain.out
    assert {name: each["ok"] for name, each in told.json["files"].items()} == {
        "four.md": False,
        "one.md": True,
        "three.md": False,
        "two.md": False,
    }
    assert [each["files"] for each in told.json["reasons"]] == [3, 2]


def test_of_many_warnings_with_the_same_words_people_are_shown_the_first(spheres: Spheres, tmp_path: Path) -> None:
    rows = "".join(f"| | text | q{number} | Q | L |\n" for number in range(9))
    (tmp_path / "ask.md").write_text(f"| survey |\n| | type | name | label | hint::English |\n{rows}", encoding="utf-8")

    plain = spheres("form", "check", str(tmp_path / "ask.md"))
    told = spheres("form", "check", str(tmp_path / "ask.md"), "--json")

    alike = [each for each in told.json["findings"] if each["severity"] == "warning"]
    assert plain.out.count("ask.md: survey, row") < len(alike)
    assert "more warnings with the same words" in plain.out


def test_a_folder_without_forms_is_told_so(spheres: Spheres, tmp_path: Path) -> None:
    assert "no form in this folder" in spheres("form", "check", str(tmp_path)).err


def test_a_list_that_is_to_come_is_a_warning_until_the_form_lies_in_a_plugin(spheres: Spheres, tmp_path: Path) -> None:
    path = written(tmp_path / "forms", ask="select_one_from_file a.csv | a | A") / "ask.md"
    before = spheres("form", "check", str(path), "--json")

    (tmp_path / "plugin.toml").touch()
    after = spheres("form", "check", str(path), "--json")

    assert (before.code, after.code) == (0, 1)
    for said, severity in ((before, "warning"), (after, "error")):
        (missing,) = [each for each in said.json["findings"] if "a.csv" in str(each)]
        assert (missing["severity"], missing["column"]) == (severity, "type")
