"""Hands a form's sheets to pyxform, which finds out how groups, repeats, loops and lists belong together."""

from __future__ import annotations

import re
from typing import Any, Final

from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData

from spheres_core.facts import msg
from spheres_core.forms.xlsform.sheets import Sheet, XlsformSheets
from spheres_core.foundation.content.packs import ContentInvalid, Finding

ROW_MARK: Final = "spheres_row"
"""A column added to what pyxform reads, so that its tree still knows the rows."""
_OURS: Final = frozenset({"meaning", "limit", "default", "read_only", "guidance_hint", "save_to"})
"""Columns that are read here alone."""


def structure_of(source: XlsformSheets, key: str) -> dict[str, Any]:
    """Returns pyxform's tree of the form; its nodes carry `ROW_MARK`. Raises ContentInvalid with pyxform's reason."""
    survey, choices, settings = (_rows(sheet) for sheet in (source.survey, source.choices, source.settings))
    definition = DefinitionData(
        survey=survey,
        survey_header=_headers(source.survey),
        choices=choices,
        choices_header=_headers(source.choices),
        settings=[{name: text for name, text in row.items() if name != ROW_MARK} for row in settings],
        settings_header=[dict.fromkeys(header.written for header in source.settings.headers)],
        sheet_names=["survey", "choices", "settings"],
    )
    try:
        tree: dict[str, Any] = workbook_to_json(definition, form_name="data", fallback_form_name=key)
    except PyXFormError as error:
        raise ContentInvalid([_refusal(source, str(error))]) from None
    except Exception as error:  # pyxform meets what it has not thought of
        said = msg("The form cannot be understood: {reason}", reason=f"{type(error).__name__} {error}"[:200])
        raise ContentInvalid([Finding(source.file, said, sheet="survey", row=source.survey.top)]) from None
    return tree


def _rows(sheet: Sheet) -> list[dict[str, str]]:
    own = {header.written for header in sheet.headers if header.column in _OURS}
    return [
        {name: text for name, text in row.written.items() if name not in own} | {ROW_MARK: str(row.number)}
        for row in sheet.rows
    ]


def _headers(sheet: Sheet) -> list[dict[str, Any]]:
    kept = [header.written for header in sheet.headers if header.column not in _OURS]
    return [dict.fromkeys([*kept, ROW_MARK])]


def _refusal(source: XlsformSheets, said: str) -> Finding:
    """Returns pyxform's refusal as a finding, with the place it names."""
    row = re.search(r"\[row : (\d+)\]", said)
    sheet = re.search(r"'(survey|choices|settings)'", said)
    column = re.search(r"the '(\w+)' (?:value|column)", said)
    reason = re.sub(r"\s*Learn more:.*", "", re.sub(r"^\[row : \d+\]\s*", "", said), flags=re.DOTALL)
    name = sheet[1] if sheet else "survey"
    return Finding(
        source.file,
        msg("The spreadsheet cannot be understood: {reason}", reason=reason),
        sheet=name,
        row=_row(source.choices if name == "choices" else source.survey, int(row[1])) if row else None,
        column=column[1] if column else None,
    )


def _row(sheet: Sheet, counted: int) -> int:
    """Returns the number of a row that pyxform counted: it sees no empty ones."""
    place = counted - 2
    return sheet.rows[place].number if 0 <= place < len(sheet.rows) else counted
