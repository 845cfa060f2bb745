"""Finds rows that are read as something else than an author may expect: a place that must be given, what a device would
fill in, a value that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.forms.schemas import ATTACHMENTS
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.placements import is_hidden
from spheres_core.forms.xlsform.question_parameters import ParameterProblem, parameter_problems
from spheres_core.forms.xlsform.question_types import QuestionType, parse_type
from spheres_core.forms.xlsform.rule_cells import NO
from spheres_core.forms.xlsform.sheets import SheetRow, XlsformSheets
from spheres_core.foundation.content.packs import Finding

_TYPED: Final[Mapping[str, Message]] = {
    "geotrace": msg("A line is told in words here, as a place is: nobody draws it on a map."),
    "geoshape": msg("An area is told in words here, as a place is: nobody draws it on a map."),
    "barcode": msg("The code is typed here: no camera reads it."),
}


def check_special_types(source: XlsformSheets) -> Iterator[Finding]:
    for row in source.survey.rows:
        kind = parse_type(row.cell("type"))
        for problem, severity in _parameter_problems(row, kind):
            yield cell_finding(source, source.survey, row.number, "parameters", problem, severity=severity)
        for column, message in _problems(row, kind, source.default_language) if kind else ():
            yield cell_finding(source, source.survey, row.number, column, message, severity="warning")


def _parameter_problems(row: SheetRow, kind: QuestionType | None) -> Iterator[ParameterProblem]:
    if kind is None:
        return iter(())
    return parameter_problems(kind.kind, row.cell("parameters"), from_file=bool(kind.file))


def _problems(row: SheetRow, kind: QuestionType, language: str) -> Iterator[tuple[str, Message]]:
    if kind.kind == "geopoint" and row.cell("required").strip().lower() not in NO | {""}:
        yield "required", msg("A place is never required, and never taken from a device: a person may write one.")
    if kind.typed in _TYPED:
        yield "type", _TYPED[kind.typed]
    if kind.kind in ATTACHMENTS:
        yield "type", msg("A file is asked only in a region that takes files ([settings.forms] attachments = true).")
        if row.cell("required").strip().lower() not in NO | {""}:
            yield "required", msg("A file is never required: not everybody has one, or a device to give it with.")
    if kind.of_device and not row.words("label", language):
        yield "type", msg("Without a label a device would fill this in; that is not collected.")
    if is_hidden(kind, row) and kind.kind != "hidden":
        yield "appearance", msg("This is hidden, so nobody is asked: it is what its calculation or its default says.")
    if is_hidden(kind, row) and not row.cell("calculation") and not row.cell("default").strip():
        yield "type", msg("This is never shown and has neither a calculation nor a default, so it is always blank.")
    if kind.kind == "select_one" and "label" in row.cell("appearance").split():
        yield "appearance", msg("This is shown as a note: each question shows its own choices.")
