"""Spreadsheets as they come from the field: read as they show, or refused with a reason and the place of each cell."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from spheres_core.foundation.content.grids import Grid, cell_findings, with_header
from spheres_core.foundation.content.number_formats import shown_number
from spheres_core.foundation.content.packs import ContentInvalid, Finding, say_plainly
from spheres_core.foundation.content.spreadsheets import open_spreadsheet
from spheres_core.foundation.content.workbooks import WrittenColumn, WrittenSheet, workbook
from tests.workbooks import patched, repacked, saved

HEADER = ["nom", "ville"]
PLAIN = saved({"partenaires": [HEADER, ["La Maison", "Laval"], ["L’Abri", "Gatineau"]]})
READ = [(2, ("La Maison", "Laval")), (3, ("L’Abri", "Gatineau"))]


def grid_of(data: bytes, suffix: str = ".xlsx") -> Grid:
    (grid,) = open_spreadsheet(data, file="f", suffix=suffix).grids
    return grid


def rows_of(grid: Grid) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in grid.rows]


def refusal(data: bytes, suffix: str = ".xlsx") -> Finding:
    with pytest.raises(ContentInvalid) as refused:
        open_spreadsheet(data, file="f", suffix=suffix)
    return refused.value.findings[0]


def told(grid: Grid) -> list[tuple[int | None, str | None, str]]:
    return [(each.row, each.column, say_plainly(each.message)) for each in cell_findings(grid)]


@pytest.mark.parametrize("size", ['ref="A1"', 'ref="A1:A2"', 'ref="A1:XFD1048576"', 'ref="C7:D9"'])
def test_a_sheet_that_says_a_wrong_size_is_read_whole(size: str) -> None:
    wrong = patched(PLAIN, lambda xml: xml.replace('ref="A1:B3"', size))

    assert rows_of(grid_of(wrong)) == READ


@pytest.mark.parametrize("row", [70, 5_001, 1_048_576])
def test_a_row_after_a_gap_of_any_length_is_read(row: int) -> None:
    far = patched(PLAIN, lambda xml: xml.replace('r="3"', f'r="{row}"').replace('3" t=', f'{row}" t='))

    assert rows_of(grid_of(far)) == [READ[0], (row, READ[1][1])]


def test_rows_that_stand_in_another_order_are_read() -> None:
    def turned(xml: str) -> str:
        second, third = xml.index('<row r="2"'), xml.index('<row r="3"')
        end = xml.index("</sheetData>")
        return xml[:second] + xml[third:end] + xml[second:third] + xml[end:]

    assert rows_of(grid_of(patched(PLAIN, turned))) == READ


@pytest.mark.parametrize("name", [" partenaires", "Mes partenaires 2026 ", "partenaires (2)"])
def test_a_sheet_may_have_blanks_in_its_name(name: str) -> None:
    assert grid_of(saved({name: [HEADER, ["a", "b"]]})).sheet == name


@pytest.mark.parametrize("suffix", [".xlsb", ".XLSB", ".fods", ".numbers", ".tsv", ""])
def test_another_kind_of_spreadsheet_is_refused_by_its_name(suffix: str) -> None:
    assert f"“{suffix.lower()}”" in say_plainly(refusal(PLAIN, suffix).message)


@pytest.mark.parametrize(("suffix", "data"), [(".XLSX", PLAIN), (".Csv", b"nom,ville\na,b\n")])
def test_an_ending_in_capitals_is_the_same_ending(suffix: str, data: bytes) -> None:
    assert grid_of(data, suffix).headers == ("nom", "ville")


STRICT = repacked(
    PLAIN,
    lambda _, content: content.replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                                       b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
)  # fmt: skip
NAMELESS = repacked(PLAIN, lambda name, content: None if "sheet1" in name and "rels" not in name else content)
NO_WORDS = repacked(
    workbook([WrittenSheet("s", (WrittenColumn("nom"),), (("La Maison",),))]),
    lambda name, content: None if "sharedStrings" in name else content,
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (STRICT, "Strict Open XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (PLAIN[: len(PLAIN) // 2], "damaged"),
        (patched(PLAIN, lambda xml: xml[: len(xml) // 2]), "damaged"),
        (patched(PLAIN, lambda xml: xml.replace('<row r="3"', '<row r="2"')), "damaged"),
        (NAMELESS, "missing in it"),
        (NO_WORDS, "damaged"),
        (b"nom,ville\n", "not an .xlsx workbook"),
        (b"", "not an .xlsx workbook"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused_in_words(data: bytes, said: str) -> None:
    assert said in say_plainly(refusal(data).message)


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#NAME?"])
def test_a_cell_that_shows_an_error_is_a_finding_and_no_text(error: str) -> None:
    grid = grid_of(saved({"s": [HEADER, ["La Maison", error]]}))

    assert grid.rows[0].cells == ("La Maison", "")
    assert [(row, column, error in said) for row, column, said in told(grid)] == [(2, "ville", True)]


@pytest.mark.parametrize("error", ["#REF!", "#NOM?", "#VALEUR!", "#N/A"])
def test_an_error_that_was_saved_into_a_csv_file_is_a_finding_too(error: str) -> None:
    grid = grid_of(f"nom;ville\nLa Maison;{error}\n".encode(), ".csv")

    assert [(row, column, error in said) for row, column, said in told(grid)] == [(2, "ville", True)]


def test_a_formula_without_its_value_is_a_finding() -> None:
    grid = grid_of(saved({"s": [HEADER, ['="La "&"Maison"', "Laval"]]}))

    assert grid.rows[0].cells == ("", "Laval")
    assert [(row, column) for row, column, _ in told(grid)] == [(2, "nom")]


def test_a_formula_with_the_nought_of_a_library_is_a_finding() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("s")
        sheet.write_row(0, 0, HEADER)
        sheet.write_formula(1, 0, '="La "&"Maison"')
        sheet.write_formula(1, 1, '="La"&"val"', None, "Laval")

    grid = grid_of(out.getvalue())

    assert grid.rows[0].cells == ("", "Laval")
    assert [(row, column) for row, column, _ in told(grid)] == [(2, "nom")]


def test_a_formula_that_shows_nothing_is_empty_and_no_finding() -> None:
    formula = '<c r="B3" t="str"><f>IF(1=2,"a","")</f><v></v></c>'
    made = patched(PLAIN, lambda xml: re.sub(r'<c r="B3".*?</c>', formula, xml))

    grid = grid_of(made)

    assert grid.rows[1].cells == ("L’Abri", "")
    assert told(grid) == []


@pytest.mark.parametrize(
    ("value", "text", "said"),
    [
        (dt.datetime(2026, 12, 17), "2026-12-17", "a date"),
        (dt.time(9, 30), "09:30", "a time"),
        (True, "TRUE", "a truth value"),
    ],
)
def test_a_text_that_the_program_changed_is_a_finding_where_text_is_expected(
    value: object, text: str, said: str
) -> None:
    grid = grid_of(saved({"s": [HEADER, [value, "Laval"]]}))

    assert grid.rows[0].cells == (text, "Laval")
    ((row, column, sentence),) = told(grid)
    assert (row, column) == (2, "nom")
    assert said in sentence


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [
        (5145550123, "General", "5145550123"),
        (5145550123, "000\\-000\\-0000", "514-555-0123"),
        (5145550123, '"("000") "000-0000', "(514) 555-0123"),
        (5145550123, "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", "(514) 555-0123"),
        (5550123, "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", "555-0123"),
        (742, "00000", "00742"),
        (0.25, "0%", "25%"),
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, "#,##0.00\\ $", "1,234.50 $"),
        (-3, "0", "-3"),
        (-3, "0;(0)", "(3)"),
        (0.1 + 0.2, "General", "0.3"),
        (12.0, "0", "12"),
        (2.5, "0.##", "2.5"),
        (7, '0" ans"', "7 ans"),
        (1.5, "0.00E+00", None),
        (0.5, "# ?/?", None),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value: float, format: str, shown: str | None) -> None:
    assert shown_number(value, format) == shown


def test_a_telephone_number_with_a_format_is_read_as_shown_and_an_unknown_format_is_a_finding() -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append([5145550123, 1.5])
    book.active["A2"].number_format = "000\\-000\\-0000"
    book.active["B2"].number_format = "0.00E+00"
    out = io.BytesIO()
    book.save(out)

    grid = grid_of(out.getvalue())

    assert grid.rows[0].cells == ("514-555-0123", "")
    assert [(row, column) for row, column, _ in told(grid)] == [(2, "ville")]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"sep=;\r\n", b"\xef\xbb\xbfsep=;\n", b'"sep=;"\r\n'])
def test_a_csv_file_of_a_french_spreadsheet_program_is_read(start: bytes) -> None:
    grid = grid_of(start + "nom;ville\r\nLa Maison, l’Abri;Laval\r\n".encode(), ".csv")

    assert (grid.headers, rows_of(grid)) == (("nom", "ville"), [(2, ("La Maison, l’Abri", "Laval"))])


def test_a_title_with_commas_does_not_hide_the_separator() -> None:
    text = "Partenaires, écoles, cliniques\n\nnom;ville\nLa Maison, l’Abri;Laval\nLe Centre;Gatineau\n"

    grid = with_header(grid_of(text.encode(), ".csv"), HEADER.__contains__)

    assert (grid.top, grid.headers[:2]) == (3, ("nom", "ville"))
    assert rows_of(grid)[0] == (4, ("La Maison, l’Abri", "Laval"))


def test_a_header_below_titles_is_found_in_the_first_five_rows_and_no_further() -> None:
    above = [["Partenaires 2026"], ["Mise à jour", "novembre"], [], ["Brouillon"]]

    found = with_header(grid_of(saved({"s": [*above, HEADER, ["La Maison", "Laval"]]})), HEADER.__contains__)
    deeper = with_header(grid_of(saved({"s": [["t"]] * 5 + [HEADER]})), HEADER.__contains__)

    assert (found.top, rows_of(found), len(found.titles)) == (5, [(6, ("La Maison", "Laval"))], 3)
    assert deeper.top == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"nom,ville\n" + b"a" * 200_000 + b",b\n", "characters"),
        (b'nom,ville\na,b\n"c,d\ne,f\n', "quotation mark"),
        (b'nom,ville\na,b\n"c"d,e\n', "quotation mark"),
        (PLAIN, ".xlsx workbook under the name .csv"),
        (b"\xef\xbb\xbfnom,ville\n\xc9cole,b\n", "UTF-8"),
        ("nom,ville\n".encode("utf-16-le"), "UTF-8"),
        (b"\xff\xfen", "UTF-8"),
    ],
)
def test_a_csv_file_that_would_lose_something_is_refused(data: bytes, said: str) -> None:
    assert said in say_plainly(refusal(data, ".csv").message)


def test_the_row_of_a_mistaken_quotation_mark_is_named() -> None:
    assert refusal(b'nom,ville\na,b\n"c"d,e\n', ".csv").row == 3


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(ContentInvalid):
        open_spreadsheet(tmp_path / "gone.xlsx")
