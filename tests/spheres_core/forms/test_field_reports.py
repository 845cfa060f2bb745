"""Forms as they came from the field: each is read whole, or every cell that cannot be used is named."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from spheres_core.forms.form_files import read_forms
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import XlsformResult, inspect
from spheres_core.foundation.content.packs import ContentInvalid, say_plainly
from tests.workbooks import patched, saved

REPORTS: Final = Path(__file__).parents[2] / "assets" / "field_reports"
PLUGINS: Final = Path(__file__).parents[3] / "plugins"
HEADER: Final = ["type", "name", "label::Français (fr)", "label::English (en)"]
NAME: Final = ["text", "called", "Votre nom", "Your name"]


def read_report(name: str) -> XlsformResult:
    return inspect(REPORTS / name, key="report")


def read_workbook(
    *rows: Sequence[object], header: Sequence[str] = HEADER, **sheets: Sequence[Sequence[object]]
) -> XlsformResult:
    return inspect(saved({"survey": [header, *rows], **sheets}), key="x", suffix=".xlsx")


def form_of(reading: XlsformResult) -> Form:
    assert reading.form is not None, reading.findings
    return reading.form


def names(reading: XlsformResult) -> list[str]:
    return [question.path for question in form_of(reading).walk()]


def places(reading: XlsformResult, severity: str = "error") -> set[tuple[str | None, int | None, str | None]]:
    return {(each.sheet, each.row, each.column) for each in reading.findings if each.severity == severity}


def said(reading: XlsformResult) -> str:
    return "\n".join(say_plainly(each.message) for each in reading.findings)


def test_a_csv_file_with_a_mark_is_read_like_the_one_without() -> None:
    data = (REPORTS / "form_bom.csv").read_bytes()

    with_mark = inspect(data, key="x", suffix=".csv")
    without = inspect(data.removeprefix(b"\xef\xbb\xbf"), key="x", suffix=".csv")

    assert data.startswith(b"\xef\xbb\xbf")
    assert form_of(with_mark) == form_of(without)
    assert len(names(with_mark)) == 19


def test_a_csv_file_with_semicolons_is_read() -> None:
    data = (REPORTS / "form_semicolons_bom.csv").read_bytes()
    variants = [data, data.replace(b";", b"\t"), data.replace(b"\xef\xbb\xbf", b"\xef\xbb\xbfsep=;\r\n")]

    assert {form_of(inspect(each, key="x", suffix=".CSV")).version for each in variants} == {
        form_of(inspect(data.replace(b";", b","), key="x", suffix=".csv")).version
    }


def test_a_csv_file_of_a_code_page_is_read_and_said() -> None:
    text = "survey;;;;\n;type;name;label::Français (fr);label::English (en)\n;text;called;Prénom;Name\n"

    reading = inspect(text.encode("windows-1252"), key="x", suffix=".csv")

    assert form_of(reading).questions[0].labels["fr"] == "Prénom"
    assert "Windows-1252" in said(reading)


def test_a_csv_file_without_the_names_of_sheets_is_the_survey() -> None:
    assert names(inspect(b"type,name,label\ntext,called,Name\n", key="x", suffix=".csv")) == ["called"]


def test_the_rows_of_a_csv_file_are_numbered_as_a_spreadsheet_program_shows_them() -> None:
    text = "survey,,,\n,type,name,label::fr\n\n,text,a,A\n,txet,b,B\nchoices,,,\n,list_name,name,label::fr\n,yn,,Oui\n"

    reading = inspect(text.encode(), key="x", suffix=".csv")

    assert {("survey", 5, "type"), ("choices", 8, "name")} <= places(reading)


def test_the_question_after_seventy_empty_rows_is_asked() -> None:
    assert len(names(read_report("form_seventy_empty_rows.xlsx"))) == 2


@pytest.mark.parametrize("gap", [1, 61, 5_000])
def test_questions_choices_and_rules_after_a_gap_are_kept_with_their_rows(gap: int) -> None:
    empty: list[list[object]] = [[]] * gap

    reading = read_workbook(
        ["select_one yn", "knows", "Sait", "Knows"],
        *empty,
        ["text", "why", "Pourquoi", None],
        choices=[["list_name", "name", "label::fr", "label::en"], ["yn", "yes", "Oui", "Yes"], *empty, ["yn", "no"]],
    )

    missing = {("survey", 3 + gap, "label::English (en)"), ("choices", 3 + gap, "label::fr")}
    assert missing <= places(reading, "warning")


def test_a_form_whose_sheet_says_a_wrong_size_is_read_whole() -> None:
    data = patched(saved({"survey": [HEADER, NAME]}), lambda xml: xml.replace('ref="A1:D2"', 'ref="A1"'))

    assert names(inspect(data, key="x", suffix=".xlsx")) == ["called"]


@pytest.mark.parametrize("sheets", [(" survey ", "Choices  "), ("SURVEY", "choices"), ("Survey", " choices")])
def test_sheets_are_known_whatever_blanks_and_capitals_their_names_have(sheets: tuple[str, str]) -> None:
    survey, choices = sheets

    reading = inspect(
        saved({
            survey: [HEADER, ["select_one yn", "knows", "Sait", "Knows"]],
            choices: [["list_name", "name", "label::fr", "label::en"], ["yn", "yes", "Oui", "Yes"]],
        }),
        key="x", suffix=".xlsx",
    )  # fmt: skip

    assert [choice.name for choice in form_of(reading).choices["yn"]] == ["yes"]


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [("choice", "Is it “choices”?"), ("chioces", "Is it “choices”?"), ("Choices ", "twice"), ("Feuil3", "not used")],
)
def test_a_sheet_that_is_not_read_is_named(sheet: str, sentence: str) -> None:
    rows = [["list_name", "name", "label"], ["yn", "yes", "Oui"]]
    sheets = {"choices": rows} if sheet == "Choices " else {}

    reading = inspect(saved({"survey": [HEADER, NAME], **sheets, sheet: rows}), key="x", suffix=".xlsx")

    assert sentence in said(reading)
    assert sheet in {each.sheet for each in reading.findings}


def test_a_workbook_without_a_survey_is_told_which_sheet_is_missing() -> None:
    reading = inspect(
        saved({"choices": [["list_name", "name"]], "settings": [["form_title"]]}), key="x", suffix=".xlsx"
    )

    assert "There is no sheet “survey”" in said(reading)


@pytest.mark.parametrize(
    ("header", "missing"),
    [(["name", "label"], "type"), (["type", "label"], "name"), (["Type de question", "name", "label"], "type")],
)
def test_a_missing_column_is_named_as_such(header: list[str], missing: str) -> None:
    reading = inspect(saved({"survey": [header, ["text", "a", "A"]]}), key="x", suffix=".xlsx")

    assert ("survey", 1, missing) in places(reading)
    assert f"The column “{missing}” is missing." in said(reading)


def test_a_form_without_any_label_column_is_told_so_once() -> None:
    reading = read_workbook(["text", "a"], ["text", "b"], header=["type", "name"])

    assert said(reading) == "The column “label” is missing."


def test_a_title_may_stand_above_the_header() -> None:
    above = [["Formulaire de référence"], ["Version", "novembre 2026"]]

    reading = inspect(saved({"survey": [*above, HEADER, NAME, ["text", "b", "B", None]]}), key="x", suffix=".xlsx")

    assert places(reading, "warning") == {("survey", 2, None), ("survey", 5, "label::English (en)")}


def test_a_formula_without_its_value_is_named_by_its_cell() -> None:
    assert places(read_report("form_formula_without_value.xlsx")) == {
        ("survey", row, f"{column}::{language}")
        for row, column in ((2, "hint"), (3, "label"))
        for language in ("Français (fr)", "English (en)")
    }


def test_an_error_cell_is_named_and_never_becomes_the_label() -> None:
    reading = read_report("form_error_cell_as_label.xlsx")

    assert reading.form is None
    assert places(reading) == {("survey", 2, "label::Français (fr)"), ("survey", 2, "label::English (en)")}
    assert "#REF!" in said(reading)


@pytest.mark.parametrize("column", range(4))
def test_an_error_is_named_in_whatever_column_it_stands(column: int) -> None:
    row = [*NAME]
    row[column] = "#REF!"

    assert ("survey", 3, HEADER[column]) in places(read_workbook(["text", "a", "A", "A"], row))


def test_a_label_that_became_a_date_is_named() -> None:
    book = openpyxl.load_workbook(io.BytesIO(saved({"survey": [HEADER, NAME]})))
    book["survey"]["C2"] = 46373
    book["survey"]["C2"].number_format = "d-mmm"
    out = io.BytesIO()
    book.save(out)

    reading = inspect(out.getvalue(), key="x", suffix=".xlsx")

    assert places(reading) == {("survey", 2, "label::Français (fr)")}
    assert "a date" in said(reading)


def test_a_damaged_workbook_is_a_finding() -> None:
    reading = read_report("form_damaged_sheet.xlsx")

    assert reading.form is None
    assert "damaged" in said(reading)


@pytest.mark.parametrize("suffix", [".xlsb", ".fods", ".numbers", ".XLSB"])
def test_a_form_of_another_kind_in_a_pack_is_refused_by_its_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"referral{suffix}"
    path.write_bytes(b"\xd0\xcf\x11\xe0")

    with pytest.raises(ContentInvalid) as refused:
        read_forms([path], "region")

    assert [each.file for each in refused.value.findings] == [f"forms/referral{suffix}"]


def test_a_form_in_capitals_is_a_form(tmp_path: Path) -> None:
    path = tmp_path / "referral_short.XLSX"
    path.write_bytes(saved({"survey": [HEADER, NAME]}))

    assert [form.key for form in read_forms([path], "region")] == ["referral_short"]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("region", ["montreal", "nunavik"])
def test_a_form_as_tables_is_the_same_whatever_its_marks_and_line_ends(region: str, end: str, mark: str) -> None:
    text = (PLUGINS / region / "forms" / "referral.md").read_text(encoding="utf-8")

    marked = inspect((mark + text.replace("\n", end)).encode(), key="referral", suffix=".MD")

    assert form_of(marked) == form_of(inspect(text.encode(), key="referral", suffix=".md"))


@pytest.mark.parametrize(
    ("line", "at"),
    [("text | a | A |", 3), ("and more | B |", 3)],
)
def test_a_line_of_a_table_that_would_be_lost_is_named(line: str, at: int) -> None:
    text = f"| survey |\n| | type | name | label |\n{line}\n| | text | b | B |\n"

    reading = inspect(text.encode(), key="x", suffix=".md")

    assert [each.line for each in reading.findings] == [at]


def test_a_line_without_its_last_bar_is_read() -> None:
    text = "| survey |\n| | type | name | label |\n| | text | a | A \\| B\n"

    assert form_of(inspect(text.encode(), key="x", suffix=".md")).questions[0].labels == {"und": "A | B"}
