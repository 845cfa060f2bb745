"""Writes a draft, or a form version, as an XLSForm workbook that reads as the same form."""

from __future__ import annotations

from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.decompiler import draft_of_form
from spheres_core.forms.xlsform.drafts import CHOICES, SETTINGS, SURVEY, Cells, Draft, columns_of
from spheres_core.foundation.content.workbooks import WrittenColumn, WrittenSheet, workbook
from spheres_core.foundation.languages.registry import CORE


def form_workbook(form: Form) -> bytes:
    """Returns a form version as an XLSForm (.xlsx). Reading it gives the same version."""
    return draft_workbook(draft_of_form(form))


def draft_workbook(draft: Draft) -> bytes:
    """Returns a draft as an XLSForm (.xlsx), with every cell that it holds."""
    sheets = (
        _sheet(SURVEY, [row.cells for row in draft.survey], draft.languages),
        _sheet(CHOICES, [row.cells for row in draft.choices], draft.languages),
        _sheet(SETTINGS, [draft.settings] if draft.settings else [], ()),
    )
    return workbook([sheet for sheet in sheets if sheet.name == SURVEY or sheet.rows])


def _sheet(name: str, rows: list[Cells], languages: tuple[str, ...]) -> WrittenSheet:
    columns = columns_of(name, rows, languages)
    cells = tuple(tuple(row.get(column, "") for column in columns) for row in rows)
    return WrittenSheet(name, tuple(WrittenColumn(_header(column), width=28) for column in columns), cells)


def _header(key: str) -> str:
    """Returns the header of a column as authors know it: `label::Français (fr)`."""
    column, _, tag = key.partition("::")
    language = next((each for each in CORE.values() if tag in (each.tag, each.tag.partition("-")[0])), None)
    return f"{column}::{language.autonym} ({tag})" if tag and language is not None else key
