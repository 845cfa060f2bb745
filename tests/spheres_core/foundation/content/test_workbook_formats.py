"""Workbooks of every kind are read alike: what a cell shows, and where nothing can be read, why."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.foundation.content.grids import Grid, Limits, cell_findings
from spheres_core.foundation.content.packs import ContentInvalid, Finding, say_plainly
from spheres_core.foundation.content.spreadsheets import open_spreadsheet
from tests.workbooks import ods_rows, patched, repacked, saved, saved_as_ods

XLS: Final = Path(__file__).parents[3] / "assets" / "workbooks" / "shown.xls"
ODS: Final = saved_as_ods({"partenaires": ods_rows([["nom", "ville"], ["L’Abri", "Gatineau"]])})


def grid_of(data: bytes | Path, suffix: str = "") -> Grid:
    return open_spreadsheet(data, file="f", suffix=suffix).grids[0]


def rows_of(grid: Grid) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in grid.rows]


def refusal(data: bytes, suffix: str, limits: Limits | None = None) -> str:
    with pytest.raises(ContentInvalid) as refused:
        open_spreadsheet(data, file="f", suffix=suffix, limits=limits or Limits())
    return say_plainly(refused.value.findings[0].message)


def test_an_xls_workbook_is_read_as_it_shows() -> None:
    grid = grid_of(XLS)

    assert grid.headers == ("nom", "ville", "téléphone", "ouvert")
    assert rows_of(grid) == [
        (2, ("L’Abri", "Gatineau", "0450", "2026-11-28")),
        (3, ("La Maison", "Laval", "1.5", "TRUE")),
        (4, ("La Maison", "Québec", "", "09:30")),
        (10, ("", "Nunavik 𝔘ᐃᓄᒃ", "", "")),
    ]
    assert [dict(row.shapes) for row in grid.rows] == [{3: "day"}, {3: "flag"}, {3: "time"}, {}]
    assert [(each.row, each.column) for each in cell_findings(grid, {2: frozenset()})] == [(4, "téléphone")]


def test_an_xls_workbook_keeps_outer_blanks_when_it_is_read_exactly() -> None:
    assert open_spreadsheet(XLS, exact=True).grids[0].rows[0].cells[0] == "  L’Abri  "


def test_no_damaged_xls_workbook_raises_anything_else() -> None:
    whole, chance = XLS.read_bytes(), random.Random(9)
    copies = [whole[: chance.randrange(len(whole))] for _ in range(30)]
    for _ in range(90):
        at = chance.randrange(len(whole))
        copies.append(whole[:at] + bytes([whole[at] ^ chance.randrange(1, 256)]) + whole[at + 1 :])

    outcomes = [told_of(each) for each in copies]

    assert {bool(each) for each in outcomes} == {True, False}
    assert all(say_plainly(each.message) for findings in outcomes for each in findings)


def told_of(data: bytes) -> tuple[Finding, ...]:
    try:
        open_spreadsheet(data, file="f", suffix=".xls")
    except ContentInvalid as invalid:
        return invalid.findings
    return ()


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=12).map(str.strip)
TABLES = st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=6)


@given(TABLES)
@settings(max_examples=25)
def test_the_same_texts_as_xlsx_and_as_ods_are_the_same_grid(rows: list[list[str]]) -> None:
    rows = [["a", "b", "c"], *([text.replace("=", "").replace("#", "") for text in row] for row in rows)]

    assert rows_of(grid_of(saved_as_ods({"s": ods_rows(rows)}), ".ods")) == rows_of(
        grid_of(saved({"s": rows}), ".xlsx")
    )


@pytest.mark.parametrize(
    ("cell", "shown", "shape"),
    [
        ('office:value-type="float" office:value="0.5"><text:p>0,5</text:p>', "0.5", None),
        ('office:value-type="float" office:value="450"><text:p>0450</text:p>', "0450", None),
        ('office:value-type="percentage" office:value="0.5"><text:p>50 %</text:p>', "50 %", None),
        ('office:value-type="boolean" office:boolean-value="true"><text:p>VRAI</text:p>', "TRUE", "flag"),
        ('office:value-type="date" office:date-value="2026-11-28"><text:p>28/11/26</text:p>', "2026-11-28", "day"),
        ('office:value-type="time" office:time-value="PT09H30M00S"><text:p>09:30</text:p>', "09:30", "time"),
        ("><text:p>one<text:line-break/>two</text:p><text:p>three</text:p>", "one\ntwo\nthree", None),
        ("><text:p><text:span>Marie</text:span> et <text:a>Léa</text:a></text:p>", "Marie et Léa", None),
        ("><office:annotation><text:p>a comment</text:p></office:annotation><text:p>a</text:p>", "a", None),
    ],
)
def test_a_cell_of_an_ods_workbook_is_read_as_it_shows(cell: str, shown: str, shape: str | None) -> None:
    row = f"<table:table-row><table:table-cell {cell}</table:table-cell></table:table-row>"

    (read,) = grid_of(saved_as_ods({"s": ods_rows([["a"]]) + row}), ".ods").rows

    assert read.cells == (shown,)
    assert read.shapes.get(0) == shape


@pytest.mark.parametrize(
    "cell",
    [
        'office:value-type="string" calcext:value-type="error"><text:p>#REF!</text:p>',
        "><text:p>#N/A</text:p>",
        'table:formula="of:=[.A1]">',
    ],
)
def test_a_cell_of_an_ods_workbook_that_shows_no_text_is_told(cell: str) -> None:
    row = f"<table:table-row><table:table-cell {cell}</table:table-cell></table:table-row>"

    grid = grid_of(saved_as_ods({"s": ods_rows([["a"]]) + row}), ".ods")

    assert [(each.row, each.column) for each in cell_findings(grid)] == [(2, "a")]


def test_rows_and_columns_of_an_ods_workbook_that_stand_for_many_are_counted() -> None:
    empty = '<table:table-row table:number-rows-repeated="70"><table:table-cell/></table:table-row>'
    wide = '<table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell>'
    rows = f'{ods_rows([["a", "b"]])}{empty}<table:table-row table:number-rows-repeated="2">{wide}</table:table-row>'

    assert rows_of(grid_of(saved_as_ods({"s": rows}), ".ods")) == [(72, ("x", "x")), (73, ("x", "x"))]


@pytest.mark.parametrize(
    "row",
    [
        '<table:table-row table:number-rows-repeated="99999999"><table:table-cell><text:p>x</text:p>'
        "</table:table-cell>",
        '<table:table-row><table:table-cell table:number-columns-repeated="99999999"><text:p>x</text:p>'
        "</table:table-cell>",
    ],
)
def test_an_ods_workbook_that_stands_for_too_much_is_refused(row: str) -> None:
    assert "more than" in refusal(saved_as_ods({"s": f"{row}</table:table-row>"}), ".ods")


@pytest.mark.parametrize(
    ("data", "suffix", "said"),
    [
        (b"nom,ville\n", ".xls", "not an .xls workbook"),
        (b"<html><table></table></html>", ".xls", "not an .xls workbook"),
        (saved({"s": [["a"]]}), ".xls", "under the name .xls"),
        (XLS.read_bytes()[:700], ".xls", "damaged"),
        (b"nom,ville\n", ".ods", "not an .ods workbook"),
        (saved({"s": [["a"]]}), ".ods", "not an .ods workbook"),
        (ODS[: len(ODS) // 2], ".ods", "damaged"),
        (
            repacked(ODS, lambda name, data: data[: len(data) // 2] if name == "content.xml" else data),
            ".ods",
            "damaged",
        ),
        (repacked(ODS, lambda name, data: b"encryption-data" if "manifest" in name else data), ".ods", "password"),
        (
            repacked(ODS, lambda name, data: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + data if "content" in name else data),
            ".ods",
            "damaged",
        ),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused_in_words(data: bytes, suffix: str, said: str) -> None:
    assert said in refusal(data, suffix)


def merged(*areas: str, rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in areas:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_cell_merged_over_rows_stands_in_each_and_one_over_columns_in_the_first() -> None:
    rows = [["list", "name", "label"], ["yes_no", "yes", "Oui"], [None, "no", "Non"], ["other", None, "Autre"]]

    grid = grid_of(merged("A2:A3", "A4:B4", rows=rows), ".xlsx")

    assert rows_of(grid) == [
        (2, ("yes_no", "yes", "Oui")),
        (3, ("yes_no", "no", "Non")),
        (4, ("other", "", "Autre")),
    ]


def test_a_cell_merged_over_the_whole_sheet_makes_no_rows() -> None:
    ends = "</sheetData>"
    whole = patched(
        saved({"s": [["a", "b"], ["x", "y"]]}),
        lambda xml: xml.replace(ends, f'{ends}<mergeCells count="1"><mergeCell ref="A2:A1048576"/></mergeCells>'),
    )

    assert rows_of(grid_of(whole, ".xlsx")) == [(2, ("x", "y"))]


def test_merged_cells_count_as_cells() -> None:
    rows: list[list[object]] = [["a", "b"], ["x", 1], *([None, number] for number in range(60))]

    assert "more than 100 cells" in refusal(merged("A2:A62", rows=rows), ".xlsx", Limits(cells=100))


def test_unicode_text_of_a_spreadsheet_program_is_read() -> None:
    grid = grid_of("nom\tville\r\nL’Abri\tGatineau\r\n".encode("utf-16"), ".csv")

    assert rows_of(grid) == [(2, ("L’Abri", "Gatineau"))]
