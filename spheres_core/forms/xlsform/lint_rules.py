"""Finds what is wrong with the rules, references, lists and limits of a form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions import ExpressionInvalid
from spheres_core.forms.references import TEXT_REFERENCE
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.question_types import QuestionType, parse_type
from spheres_core.forms.xlsform.row_values import is_dynamic_default
from spheres_core.forms.xlsform.rule_cells import NO, YES, lone_word_problem, required_rule, rule_of, says_null
from spheres_core.forms.xlsform.sheets import RULES, TRANSLATED, SheetRow, XlsformSheets
from spheres_core.foundation.content.packs import Finding

DEEPEST_GROUP: Final = 8


def check_rules(source: XlsformSheets) -> Iterator[Finding]:
    for row in source.survey.rows:
        for column in RULES:
            cell = row.cell(column)
            if not cell:
                continue
            message = _rule_problem(column, cell)
            if message:
                yield cell_finding(source, source.survey, row.number, column, message)
            elif "null" in cell and says_null(cell):
                said = msg("“null” is no value: compared with anything it is false. Write '' for a blank.")
                yield cell_finding(source, source.survey, row.number, column, said, severity="warning")
        kind = parse_type(row.cell("type"))
        if kind and kind.kind == "calculate" and not row.cell("calculation"):
            yield cell_finding(source, source.survey, row.number, "calculation", msg("There is no calculation."))
        if kind and (message := _default_problem(row, kind)):
            yield cell_finding(source, source.survey, row.number, "default", message)
        if kind and row.cell("repeat_count") and kind.kind != "repeat":
            said = msg("Only a repeat has a number of entries.")
            yield cell_finding(source, source.survey, row.number, "repeat_count", said, severity="warning")


def check_references(source: XlsformSheets) -> Iterator[Finding]:
    """Finds references to no question at all; which one of several is meant only the whole form shows."""
    known = {row.cell("name") for row in source.survey.rows}
    for row in source.survey.rows:
        for header in source.survey.headers:
            if header.column not in (*RULES, *TRANSLATED):
                continue
            cell = row.cell(header.column, header.language)
            named = {name for name in TEXT_REFERENCE.findall(cell) if "." not in name}  # a path is followed later
            for name in sorted(named - known):
                yield cell_finding(
                    source,
                    source.survey,
                    row.number,
                    header.column,
                    msg("There is no question called “{name}”.", name=name),
                    language=header.language,
                )


def _rule_problem(column: str, cell: str) -> Message | None:
    try:
        tree = required_rule(cell) if column == "required" else rule_of(cell)
    except ExpressionInvalid as error:
        return error.message
    return lone_word_problem(tree) if tree and column != "choice_filter" else None


def _default_problem(row: SheetRow, kind: QuestionType) -> Message | None:
    """Returns why a default that is a rule cannot be read."""
    if not is_dynamic_default(row, kind):
        return None
    return _rule_problem("default", row.cell("default").strip())


def check_lists(source: XlsformSheets) -> Iterator[Finding]:
    offered: dict[str, SheetRow] = {}
    for row in source.choices.rows:
        if row.cell("list_name"):
            offered.setdefault(row.cell("list_name"), row)
        else:
            yield cell_finding(
                source,
                source.choices,
                row.number,
                "list_name",
                msg("The name of the list is missing: the choice is not read."),
                severity="warning",
            )
    asked: set[str] = set()
    for row in source.survey.rows:
        kind = parse_type(row.cell("type"))
        if not kind or not kind.choices:
            continue
        asked.add(kind.choices)
        if kind.choices not in offered:
            yield cell_finding(
                source,
                source.survey,
                row.number,
                "type",
                msg("There is no list “{list}” on the choices sheet.", list=kind.choices),
            )
    for name, row in offered.items():
        if name not in asked:
            yield cell_finding(
                source,
                source.choices,
                row.number,
                "list_name",
                msg("No question uses the list “{list}”.", list=name),
                severity="warning",
            )


def check_unique(source: XlsformSheets) -> Iterator[Finding]:
    """Finds names that stand twice in one group, and codes that stand twice in one list."""
    levels: list[set[str]] = [set()]
    for row in source.survey.rows:
        kind, name = parse_type(row.cell("type")), row.cell("name")
        if kind is not None and kind.kind == "end":
            levels = levels[:-1] or [set()]
            continue
        if name and kind is not None and name in levels[-1]:
            said = msg("The name “{name}” stands there twice.", name=name)
            yield cell_finding(source, source.survey, row.number, "name", said)
        levels[-1].add(name)
        if kind is not None and kind.kind in ("group", "repeat", "loop"):
            levels.append(set())
    if source.setting("allow_choice_duplicates").lower() in YES:
        return
    codes: set[tuple[str, str]] = set()
    for row in source.choices.rows:
        code = (row.cell("list_name"), row.cell("name"))
        if all(code) and code in codes:
            said = msg("The choice “{name}” stands twice in the list “{list}”.", name=code[1], list=code[0])
            yield cell_finding(source, source.choices, row.number, "name", said)
        codes.add(code)


def too_deep(source: XlsformSheets) -> bool:
    """Returns whether groups stand inside each other deeper than any reader could follow."""
    return any(True for _ in check_nesting(source))


def check_nesting(source: XlsformSheets) -> Iterator[Finding]:
    level = 0
    for row in source.survey.rows:
        kind = parse_type(row.cell("type"))
        level += kind is not None and kind.kind in ("group", "repeat", "loop")
        level -= kind is not None and kind.kind == "end"
        if level > DEEPEST_GROUP:
            yield cell_finding(
                source,
                source.survey,
                row.number,
                "type",
                msg("Groups stand more than {limit} deep inside each other.", limit=DEEPEST_GROUP),
            )
            return


def check_limits_and_flags(source: XlsformSheets) -> Iterator[Finding]:
    for row in source.survey.rows:
        limit = row.cell("limit")
        if limit and not (limit.isascii() and limit.isdigit() and 0 < int(limit) <= 100_000):
            yield cell_finding(
                source,
                source.survey,
                row.number,
                "limit",
                msg("A limit is a number from 1 to 100,000."),
            )
        read_only = row.cell("read_only").strip().lower()
        if read_only and read_only not in YES | NO:
            said = msg("Write “yes” or leave it empty.")
            yield cell_finding(source, source.survey, row.number, "read_only", said)
    for row in source.choices.rows:
        retired = row.cell("retired").strip().lower()
        if retired and retired not in YES | NO:
            yield cell_finding(source, source.choices, row.number, "retired", msg("Write “yes” or leave it empty."))
