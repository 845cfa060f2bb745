"""Whatever happens to a spreadsheet on its way, it is read right or each cell that is not read is told with its place.

Read again by other libraries: workbooks by calamine, csv by Python's reader, Markdown by pyxform's.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from python_calamine import CalamineWorkbook
from pyxform.xls2json_backends import md_to_dict

from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.content.grids import Opened, cell_findings
from spheres_core.foundation.content.packs import ContentInvalid, Finding, say_plainly
from spheres_core.foundation.content.spreadsheets import open_spreadsheet
from tests.mutated_copies import mutated_copies
from tests.mutated_workbooks import mutated_workbooks

ROOT: Final = Path(__file__).parents[3]
Place = tuple[str, int, int]
"""Sheet, row and column, from 0."""
Cells = dict[Place, str]
EMPTY: Final = ("", None)


def files(suffix: str) -> list[str]:
    found = [*(ROOT / "tests" / "assets").rglob(f"*{suffix}"), *(ROOT / "plugins").rglob(f"forms/*{suffix}")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found if path.stem != "README")


WORKBOOKS: Final = [name for name in files(".xlsx") if "damaged" not in name]
TABLES: Final = [name for name in files(".md") if "| survey |" in (ROOT / name).read_text(encoding="utf-8")]


def by_calamine(data: bytes) -> Cells | None:
    """Returns what calamine reads, an empty text for what it shows nothing of; None when it opens nothing."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except Exception:  # whatever it says of a damaged file
        return None
    return {
        (name, row, column): text
        for name, rows in sheets.items()
        for row, cells in enumerate(rows)
        for column, value in enumerate(cells)
        if (text := said(value))
    }


def said(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    return " ".join(str(value).split())


def ours(opened: Opened) -> Cells:
    return {
        (grid.sheet or "", number - 1, column): " ".join(text.split())
        for grid in opened.grids
        for number, cells in [(grid.top, grid.headers), *((row.number, row.cells) for row in grid.rows)]
        for column, text in enumerate(cells)
        if text
    }


def told(opened: Opened) -> set[Place]:
    """Returns the cells that have a finding instead of a text."""
    return {
        (grid.sheet or "", row.number - 1, column)
        for grid in opened.grids
        for row in grid.rows
        for column in row.unreadable
    }


def assert_told(findings: Iterable[Finding]) -> None:
    """Each finding says in words what is wrong, and in which file."""
    said = [(each.file, say_plainly(each.message)) for each in findings]
    assert said
    assert all(file and sentence and "{" not in sentence.replace("${", "") for file, sentence in said), said


def assert_told_or_asked(data: bytes, suffix: str) -> None:
    """A form is asked, or it is told why not."""
    reading = inspect(data, key="form", suffix=suffix)
    if reading.form is None:
        assert_told(reading.findings)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_read_as_another_library_reads_it(name: str) -> None:
    data = (ROOT / name).read_bytes()

    opened = open_spreadsheet(data, file=name, suffix=".xlsx")

    assert ours(opened) == by_calamine(data)
    assert ours(opened)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_no_mutated_workbook_loses_a_cell_in_silence(name: str) -> None:
    original = ours(open_spreadsheet(ROOT / name))
    outcomes: Counter[str] = Counter()
    for kind, data in mutated_workbooks((ROOT / name).read_bytes(), seed=name):
        try:
            opened = open_spreadsheet(data, file="form.xlsx", suffix=".xlsx")
        except ContentInvalid as refused:
            assert_told(refused.findings)
            outcomes["refused"] += 1
            continue
        found, other = ours(opened), by_calamine(data)
        outcomes["read"] += 1
        if found != original:
            assert_told_or_asked(data, ".xlsx")
        if other is not None:
            assert found == other, kind
        if kind in ("error cells", "formulas"):
            assert original.keys() - found.keys() <= told(opened), kind
            assert all(each.row and each.column for grid in opened.grids for each in cell_findings(grid))
        elif kind == "gaps":
            assert Counter(found.values()) == Counter(original.values())
        else:
            assert found == original, kind
    assert all(outcomes[each] > 5 for each in ("refused", "read")), outcomes


def rows_of(name: str) -> list[list[str]]:
    """Returns a workbook's form as the rows of a csv file."""
    rows: list[list[str]] = []
    for grid in open_spreadsheet(ROOT / name).grids:
        rows.append([str(grid.sheet)])
        rows += [["", *cells] for cells in (grid.headers, *(row.cells for row in grid.rows))]
    return rows


@pytest.mark.parametrize("name", WORKBOOKS)
def test_no_mutated_csv_file_loses_a_cell_in_silence(name: str) -> None:
    delimiter = ",;"[WORKBOOKS.index(name) % 2]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows_of(name))
    for kind, data in mutated_copies(out.getvalue(), seed=name):
        try:
            opened = open_spreadsheet(data, file="form.csv", suffix=".csv")
        except ContentInvalid as refused:
            assert_told(refused.findings)
            continue
        is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode("utf-16" if is_utf16 else "cp1252" if opened.warnings else "utf-8-sig")
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        other = {
            ("", row, column): " ".join(cell.split())
            for row, record in enumerate(records)
            for column, cell in enumerate(record)
            if cell.strip()
        }
        assert ours(opened) == other, kind
        assert_told_or_asked(data, ".csv")
        assert kind not in ("markers", "nul"), "two versions or a damaged file stood there unnoticed"


def test_no_mutated_table_loses_a_question_in_silence() -> None:
    tables = [(ROOT / name).read_text(encoding="utf-8") for name in TABLES]
    for kind, data in mutated_copies(*tables, seed="tables"):
        form = inspect(data, key="form", suffix=".md")
        if form.form is None:
            assert_told(form.findings)
            continue
        if any(each.severity == "error" for each in form.findings):
            continue
        other = md_to_dict(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
        asked = {row["name"] for row in other["survey"] if row.get("name")}
        assert {question.name for question in form.form.walk()} >= asked, kind
