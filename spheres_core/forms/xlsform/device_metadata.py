"""Names the answers that a device would fill in about itself, its user and its way: not collected here, and said so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from spheres_core.facts import msg
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.question_types import DEVICE, parse_type
from spheres_core.forms.xlsform.sheets import RULES, TRANSLATED, Sheet, SheetRow, XlsformSheets
from spheres_core.foundation.content.packs import Finding

COMPUTED: Final = {"today": "today()", "start": "now()", "end": "now()"}
"""The function that a rule reads in the place of metadata that say when somebody answers."""
BLANK: Final = "''"
"""The text that a rule reads in the place of any other."""
_REFERENCE: Final = re.compile(r"\$\{\s*([^\s}]+)\s*\}")
_RULES: Final = (*RULES, "repeat_count")


def without_device_metadata(source: XlsformSheets) -> XlsformSheets:
    """Returns the form without what a device would fill in, with a warning for each such row and for each cell that
    reads one: rules compute the day and the time, and any other is blank, as for a device that does not tell it."""
    devices = dict(_devices(source))
    found = [*_not_collected(source), *_reading(source, devices)]
    survey = _without(source.survey, devices) if devices else source.survey
    return msgspec.structs.replace(source, survey=survey, findings=(*source.findings, *found))


def _devices(source: XlsformSheets) -> Iterator[tuple[str, str]]:
    asked = {row.cell("name") for row in source.survey.rows if not is_filled_by_device(row, source.default_language)}
    for row in source.survey.rows:
        name = row.cell("name")
        if name and name not in asked and is_filled_by_device(row, source.default_language):
            kind = parse_type(row.cell("type"))
            yield name, kind.look if kind else ""


def is_filled_by_device(row: SheetRow, language: str) -> bool:
    """Returns whether nobody answers a row: a device would."""
    kind = parse_type(row.cell("type"))
    return kind is not None and (kind.kind == DEVICE or (kind.of_device and not row.words("label", language)))


def _not_collected(source: XlsformSheets) -> Iterator[Finding]:
    for row in source.survey.rows:
        kind = parse_type(row.cell("type"))
        if kind is not None and kind.kind == DEVICE:
            said = msg("A device would fill in “{type}”; that is not collected here.", type=row.cell("type"))
            yield cell_finding(source, source.survey, row.number, "type", said, severity="warning")


def _reading(source: XlsformSheets, devices: Mapping[str, str]) -> Iterator[Finding]:
    for row in source.survey.rows:
        for (column, language), text in row.cells.items():
            if column not in (*_RULES, *TRANSLATED) or "${" not in text:
                continue
            for name in dict.fromkeys(_REFERENCE.findall(text)):
                if name in devices and (column in TRANSLATED or devices[name] not in COMPUTED):
                    said = msg("“{name}” is filled in by a device and not collected: it is blank here.", name=name)
                    yield cell_finding(source, source.survey, row.number, column, said, language=language,
                                       severity="warning")  # fmt: skip


def _without(survey: Sheet, devices: Mapping[str, str]) -> Sheet:
    columns = {header.written: header.column for header in survey.headers}

    def read(column: str, text: str) -> str:
        if "${" not in text or column not in (*_RULES, *TRANSLATED):
            return text
        blank = "" if column in TRANSLATED else BLANK

        def value(match: re.Match[str]) -> str:
            if match[1] not in devices:
                return match[0]
            return blank if column in TRANSLATED else COMPUTED.get(devices[match[1]], blank)

        return _REFERENCE.sub(value, text)

    rows = tuple(
        msgspec.structs.replace(
            row,
            cells={key: read(key[0], text) for key, text in row.cells.items()},
            written={head: read(columns[head], text) for head, text in row.written.items()},
        )
        for row in survey.rows
    )
    return msgspec.structs.replace(survey, rows=rows)
