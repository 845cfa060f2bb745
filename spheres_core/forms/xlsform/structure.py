"""Hands a form's sheets to pyxform, which finds out how groups, repeats, loops and lists belong together."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any, Final

from pyxform.builder import create_survey_element_from_dict
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData

from spheres_core.facts import msg
from spheres_core.forms.xlsform.sheets import Sheet, XlsformSheets
from spheres_core.foundation.content.packs import ContentInvalid, Finding

ROW_MARK: Final = "spheres_row"
"""A column added to what pyxform reads, so that its tree still knows the rows."""
_PATH: Final = re.compile(r"\$\{\s*([\w-]+(?:\.[\w-]+)+)\s*\}")
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
    with _told(source):
        tree: dict[str, Any] = workbook_to_json(definition, form_name="data", fallback_form_name=key)
    return tree


def check_as_xform(source: XlsformSheets, tree: dict[str, Any]) -> None:
    """Makes an XForm of pyxform's tree, as other programs would ask it. Raises ContentInvalid with pyxform's reason."""
    with _told(source):
        named = {**tree, "title": str(tree["name"])}  # a title in several languages is of this program alone
        create_survey_element_from_dict(named).to_xml(validate=False, pretty_print=False)


@contextlib.contextmanager
def _told(source: XlsformSheets) -> Iterator[None]:
    """Turns whatever pyxform raises into a finding."""
    try:
        yield
    except PyXFormError as error:
        raise ContentInvalid([_refusal(source, str(error))]) from None
    except Exception as error:  # pyxform meets what it has not thought of
        said = msg("The form cannot be understood: {reason}", reason=f"{type(error).__name__} {error}"[:200])
        raise ContentInvalid([Finding(source.file, said, sheet="survey", row=source.survey.top)]) from None


def _rows(sheet: Sheet) -> list[dict[str, str]]:
    own = {header.written for header in sheet.headers if header.column in _OURS}
    return [
        {name: _with_paths(text) for name, text in row.written.items() if name not in own} | {ROW_MARK: str(row.number)}
        for row in sheet.rows
    ]


def _with_paths(text: str) -> str:
    """Returns a cell with `${group.question}`, which is of this program alone, as a path."""
    return _PATH.sub(lambda found: f"/data/{found[1].replace('.', '/')}", text) if "${" in text else text


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
    place = _row(source.choices if name == "choices" else source.survey, int(row[1])) if row else _named(source, said)
    return Finding(
        source.file,
        msg("The spreadsheet cannot be understood: {reason}", reason=reason),
        sheet=name,
        row=place,
        column=column[1] if column else None,
    )


def _named(source: XlsformSheets, said: str) -> int | None:
    """Returns the row of the first question that a refusal names in quotation marks."""
    names = re.findall(r"['\[{]([^'\]}]+)['\]}]", said)
    rows = {row.cell("name"): row.number for row in source.survey.rows}
    return next((rows[name] for name in names if name in rows), None)


def _row(sheet: Sheet, counted: int) -> int:
    """Returns the number of a row that pyxform counted: it sees no empty ones."""
    place = counted - 2
    return sheet.rows[place].number if 0 <= place < len(sheet.rows) else counted
