"""Finds cells that change nothing on a row of their kind, as XLSForm lets them stand: each with a warning."""

from __future__ import annotations

from collections.abc import Iterator

from spheres_core.facts import Message, msg
from spheres_core.forms.default_answers import ANSWERED
from spheres_core.forms.schemas import Kind
from spheres_core.forms.xlsform.device_metadata import is_filled_by_device
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.question_types import QuestionType, parse_type
from spheres_core.forms.xlsform.row_values import LAST_SAVED
from spheres_core.forms.xlsform.rule_cells import NO, YES
from spheres_core.forms.xlsform.sheets import SheetRow, XlsformSheets
from spheres_core.foundation.content.packs import Finding


def kind_of_row(kind: QuestionType, row: SheetRow) -> Kind:
    """Returns the kind of question that a row becomes: a value that is hidden, or that a note would have, is a
    calculation, and what only labels the questions below it is a note: each of them shows its choices itself."""
    if is_hidden(kind, row) or (row.cell("calculation") and kind.kind == "note"):
        return "calculate"
    if kind.kind == "select_one" and "label" in row.cell("appearance").split():
        return "note"
    return kind.kind  # type: ignore[return-value]  # of a question, a group or a repeat


def is_hidden(kind: QuestionType, row: SheetRow) -> bool:
    """Returns whether a row is a value that is never shown: by its type, or by the appearance that the Community Health
    Toolkit gives it."""
    return kind.kind == "hidden" or (kind.kind in ANSWERED and "hidden" in row.cell("appearance").split())


def is_kept_from_outside(row: SheetRow) -> bool:
    """Returns whether a calculation is the value itself, which another program sets."""
    return row.cell("calculation").strip() == "."


def usable_default(kind: Kind, row: SheetRow) -> str:
    """Returns the cell with what a question begins with, where it can begin with anything that is kept here."""
    written = row.cell("default").strip()
    return written if kind in ANSWERED and LAST_SAVED not in written else ""


def check_placements(source: XlsformSheets) -> Iterator[Finding]:
    for row in source.survey.rows:
        kind = parse_type(row.cell("type"))
        if kind is None or kind.kind == "end" or is_filled_by_device(row, source.default_language):
            continue
        for column, message in _problems(kind, kind_of_row(kind, row), row):
            yield cell_finding(source, source.survey, row.number, column, message, severity="warning")


def _problems(kind: QuestionType, becomes: Kind, row: SheetRow) -> Iterator[tuple[str, Message]]:
    is_read_only = row.cell("read_only").strip().lower() in YES
    if becomes not in ANSWERED:
        for column in ("required", "constraint"):
            if row.cell(column).strip().lower() not in NO | {""}:
                yield column, msg("Nobody answers this, so the column “{column}” changes nothing.", column=column)
    if row.cell("default").strip() and not is_hidden(kind, row):
        if becomes not in ANSWERED:
            yield "default", msg("Nobody answers this, so the column “{column}” changes nothing.", column="default")
        elif LAST_SAVED in row.cell("default"):
            yield "default", msg("What was answered before on a device is not kept: this begins blank.")
    if row.cell("calculation"):
        if becomes != "calculate" and becomes not in ANSWERED:
            yield (
                "calculation",
                msg("This has no value, so the column “{column}” changes nothing.", column="calculation"),
            )
        elif is_kept_from_outside(row):
            yield "calculation", msg("This keeps what another program would put here: it is blank.")
        elif becomes in ANSWERED and not is_read_only:
            yield "calculation", msg("This is computed: it is shown, and nobody changes it.")
        elif kind.kind == "note":
            said = msg("This is computed, so nobody is asked. A note shows it: write {reference} in its label.",
                       reference=f"${{{row.cell('name')}}}")  # fmt: skip
            yield "calculation", said
    if row.cell("choice_filter") and not kind.choices and not kind.file:
        yield (
            "choice_filter",
            msg("This has no choices, so the column “{column}” changes nothing.", column="choice_filter"),
        )
    if is_read_only and becomes in ANSWERED and not row.cell("calculation") and not usable_default(becomes, row):
        yield "read_only", msg("Nobody can answer this, and there is no default to show.")
