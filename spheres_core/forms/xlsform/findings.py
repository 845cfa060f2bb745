"""Names a finding's cell as the author of the form sees it."""

from __future__ import annotations

from spheres_core.facts import Message
from spheres_core.forms.xlsform.sheets import Sheet, XlsformSheets
from spheres_core.foundation.content.packs import Finding


def cell_finding(
    source: XlsformSheets,
    sheet: Sheet,
    row: int | None,
    column: str,
    message: Message,
    *,
    language: str = "",
    severity: str = "error",
) -> Finding:
    """Returns a finding at a cell, named as the author sees it."""
    return Finding(
        source.file,
        message,
        sheet=sheet.name,
        row=row,
        column=sheet.written(column, language),
        severity=severity,
    )
