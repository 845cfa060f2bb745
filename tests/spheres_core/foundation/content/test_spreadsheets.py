"""Spreadsheets of strangers: whatever wrote them they are read, and what would hurt is refused before it is opened."""

from __future__ import annotations

import datetime as dt
import io
import tomllib
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.content import toml
from spheres_core.foundation.content.grids import LIMITS, Opened
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.content.spreadsheets import open_spreadsheet
from spheres_core.foundation.content.workbooks import WrittenColumn, WrittenSheet, workbook

DANGEROUS = ("=1+1", "=cmd|'/c calc'!A1", "+33", "-1", "@SUM(A1)", "https://example.org", "00123", "TRUE")


def opened(tmp_path: Path, name: str, data: bytes) -> Opened:
    path = tmp_path / name
    path.write_bytes(data)
    return open_spreadsheet(path)


def saved(cells: dict[tuple[int, int], object]) -> bytes:
    """Returns a workbook of one sheet with these cells, by row and column from 1."""
    book = openpyxl.Workbook()
    for (row, column), value in cells.items():
        book.active.cell(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refused(tmp_path: Path, name: str, data: bytes) -> str:
    with pytest.raises(ContentInvalid) as invalid:
        opened(tmp_path, name, data)
    return invalid.value.findings[0].message.msgid


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_is_read_with_any_separator_and_with_or_without_a_mark_of_its_encoding(
    tmp_path: Path, mark: str, encoding: str
) -> None:
    text = mark.join(["organisation", "téléphone"]) + "\r\n" + mark.join(['"La Maison, l\'été; été"', "418"]) + "\r\n"

    (grid,) = opened(tmp_path, "a.csv", text.encode(encoding)).grids

    assert grid.headers == ("organisation", "téléphone")
    assert [(row.number, row.cells) for row in grid.rows] == [(2, ("La Maison, l'été; été", "418"))]


def test_what_an_old_program_saved_is_read_and_said(tmp_path: Path) -> None:
    read = opened(tmp_path, "old.csv", "nom\nÉté\n".encode("windows-1252"))

    assert read.grids[0].rows[0].cells == ("Été",)
    assert [each.severity for each in read.warnings] == ["warning"]
    assert "Windows-1252" in read.warnings[0].message.msgid


def test_a_cell_keeps_its_outer_blanks_when_it_is_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('nom\n" Été\n"\n', encoding="utf-8")

    assert open_spreadsheet(path).grids[0].rows[0].cells == ("Été",)
    assert open_spreadsheet(path, exact=True).grids[0].rows[0].cells == (" Été\n",)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    assert "UTF-8" in refused(tmp_path, "a.csv", "nom\n".encode("utf-16-be"))
    assert "UTF-8" in refused(tmp_path, "a.csv", b"nom\n\x00\n")
    assert "workbook" in refused(tmp_path, "a.xlsx", b"not a workbook")


def test_a_workbook_that_would_unfold_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (LIMITS.uncompressed + 1))
    assert len(bomb.getvalue()) < 100_000

    assert "too large" in refused(tmp_path, "bomb.xlsx", bomb.getvalue())
    assert "larger" in refused(tmp_path, "a.csv", b"a" * (LIMITS.file + 1))


def test_sheets_beyond_the_limits_are_refused(tmp_path: Path) -> None:
    assert "rows" in refused(tmp_path, "a.csv", b"a\n" * (LIMITS.rows + 2))
    assert "columns" in refused(tmp_path, "a.csv", b",".join([b"a"] * (LIMITS.columns + 1)))
    assert "characters" in refused(tmp_path, "a.csv", b"a\n" + b"b" * (LIMITS.characters + 1))
    assert "columns" in refused(tmp_path, "far.xlsx", saved({(1, 1): "a", (1, LIMITS.columns + 1): "far away"}))


def test_cells_of_a_workbook_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Feuil1"
    book.active.append([])
    book.active.append(["nombre", "jour", "heure", "vrai"])
    book.active.append([12.0, dt.datetime(2026, 11, 21), dt.time(9, 30), True])
    out = io.BytesIO()
    book.save(out)

    (grid,) = opened(tmp_path, "a.xlsx", out.getvalue()).grids

    assert (grid.sheet, grid.top) == ("Feuil1", 2)
    assert [(row.number, row.cells) for row in grid.rows] == [(3, ("12", "2026-11-21", "09:30", "TRUE"))]


def test_a_cell_is_never_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    columns = tuple(WrittenColumn(f"c{i}", "about", ("a", "b")) for i in range(len(DANGEROUS)))
    data = workbook([WrittenSheet("sheet", columns, (DANGEROUS,))])

    cells = openpyxl.load_workbook(io.BytesIO(data))["sheet"][2]
    (grid, *_) = opened(tmp_path, "a.xlsx", data).grids

    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(t, "s", None) for t in DANGEROUS]
    assert grid.rows[0].cells == DANGEROUS


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
KEYS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
PLAIN = st.one_of(TEXTS, st.integers(-(2**60), 2**60), st.booleans(), st.dates(), st.lists(st.integers(), max_size=3))
CONTENT = st.recursive(
    st.dictionaries(KEYS, PLAIN, max_size=4),
    lambda inner: st.dictionaries(KEYS, st.one_of(PLAIN, inner, st.lists(inner, max_size=3)), max_size=4),
    max_leaves=12,
)


@given(CONTENT)
def test_toml_that_is_written_reads_back_equal(content: dict[str, object]) -> None:
    assert tomllib.loads(toml.document(content)) == content
