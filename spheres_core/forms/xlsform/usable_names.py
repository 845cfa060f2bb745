"""Gives questions that XLSForm lets have any name of XML a name that rules, addresses and exports can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec
from pyxform.parsing.expression import is_xml_tag

from spheres_core.facts import msg
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.question_types import parse_type
from spheres_core.forms.xlsform.sheets import TRANSLATED, Sheet, SheetRow, XlsformSheets
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.text_comparison import without_accents

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LONGEST: Final = 64
_NOT_USED: Final = re.compile(r"[^A-Za-z0-9_-]+")
_WRITTEN: Final = re.compile(r"(\$\{\s*(?:last-saved#)?|(?<![\w.])(?:\.\.?/)+|/)([^\W\d][\w.-]*)")
"""Where a cell may name a question: `${name}`, and a step of a path."""


def with_usable_names(source: XlsformSheets) -> XlsformSheets:
    """Returns the form with names of letters, digits, - and _, in rules and texts too, and a warning for each that it
    changes. What XLSForm refuses as a name stays as it is."""
    changed = _changed(source)
    if not changed:
        return source
    survey = _renamed(source.survey, changed)
    return msgspec.structs.replace(
        source,
        survey=survey,
        choices=_renamed(source.choices, changed),
        findings=(*source.findings, *_findings(source, changed)),
    )


def _changed(source: XlsformSheets) -> dict[str, str]:
    asked = [(row.number, row.cell("name")) for row in source.survey.rows if _has_name(row)]
    taken = {name.lower() for _, name in asked}
    changed: dict[str, str] = {}
    for number, name in asked:
        if NAME.fullmatch(name) or name in changed or not is_xml_tag(name):
            continue
        new = _free(_usable(name) or f"question_{number}", taken)
        taken.add(new.lower())
        changed[name] = new
    return changed


def _has_name(row: SheetRow) -> bool:
    kind = parse_type(row.cell("type"))
    return kind is not None and kind.kind != "end" and bool(row.cell("name"))


def _usable(name: str) -> str:
    """Returns a name without accents, dots and leading marks; empty when nothing is left of it."""
    left = _NOT_USED.sub("_", without_accents(name)).lstrip("_-")
    if not left.strip("_-"):
        return ""
    return (left if left[0].isalpha() else f"q_{left}")[:_LONGEST]


def _free(name: str, taken: Iterable[str]) -> str:
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name[: _LONGEST - 4]}_{number}"
    return free


def _renamed(sheet: Sheet, changed: Mapping[str, str]) -> Sheet:
    columns = {header.written: header.column for header in sheet.headers}
    is_survey = sheet.name == "survey"
    rows = tuple(
        msgspec.structs.replace(
            row,
            cells={key: _said(key[0], text, changed, is_survey) for key, text in row.cells.items()},
            written={head: _said(columns[head], text, changed, is_survey) for head, text in row.written.items()},
        )
        for row in sheet.rows
    )
    return msgspec.structs.replace(sheet, rows=rows)


def _said(column: str, text: str, changed: Mapping[str, str], is_survey: bool) -> str:
    if column == "name" and is_survey:
        return changed.get(text, text)
    if column in ("name", "type", "list_name") or ("${" not in text and "/" not in text):
        return text
    in_words = column in TRANSLATED or not is_survey

    def called(match: re.Match[str]) -> str:
        if in_words and not match[1].startswith("$"):
            return match[0]
        return match[1] + changed.get(match[2], match[2])

    return _WRITTEN.sub(called, text)


def _findings(source: XlsformSheets, changed: Mapping[str, str]) -> Iterator[Finding]:
    for row in source.survey.rows:
        name = row.cell("name")
        if name in changed and _has_name(row):
            said = msg("“{name}” is called “{new}” here: a letter first, then letters, digits, - or _.", name=name,
                       new=changed[name])  # fmt: skip
            yield cell_finding(source, source.survey, row.number, "name", said, severity="warning")
