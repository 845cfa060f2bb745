"""Workbooks as other programs and mishaps leave them: made by openpyxl or as XML, then changed part by part."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

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


_ODS: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def saved_as_ods(sheets: Mapping[str, str]) -> bytes:
    """Returns an OpenDocument workbook with these sheets, each given by the XML of its rows."""
    named = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _ODS.items())
    tables = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items())
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr("content.xml", f"<office:document-content {named}>{body}</office:document-content>")
    return out.getvalue()


def ods_rows(rows: Rows) -> str:
    """Returns the XML of rows of texts."""
    return "".join(f"<table:table-row>{''.join(map(_ods_text, row))}</table:table-row>" for row in rows)


def _ods_text(value: object) -> str:
    lines = "".join(f"<text:p>{_ods_line(line)}</text:p>" for line in str(value).split("\n")) if value else ""
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _ods_line(line: str) -> str:
    """Returns a line with its further blanks as elements, as XML would lose them."""
    return re.sub(" {2,}", lambda blanks: f' <text:s text:c="{len(blanks[0]) - 1}"/>', escape(line))
