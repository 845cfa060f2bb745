"""Workbooks as other programs and mishaps leave them: made by openpyxl, then changed part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import openpyxl

Rows = Sequence[Sequence[object]]
SHEET = "xl/worksheets/sheet1.xml"


def saved(sheets: Mapping[str, Rows]) -> bytes:
    """Returns a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def patched(data: bytes, change: Callable[[str], str], part: str = SHEET) -> bytes:
    """Returns a workbook with one part changed. The change must change something."""
    return repacked(data, lambda name, content: changed(content, change) if name == part else content)


def changed(content: bytes, change: Callable[[str], str]) -> bytes:
    new = change(content.decode()).encode()
    assert new != content
    return new


def repacked(data: bytes, part: Callable[[str, bytes], bytes | None]) -> bytes:
    """Returns a workbook with each of its parts as `part(name, content)` gives it; None leaves it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            content = part(each, old.read(each))
            if content is not None:
                new.writestr(each, content)
    return out.getvalue()
