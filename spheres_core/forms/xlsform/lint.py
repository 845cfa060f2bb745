"""What pyxform lets through, cell by cell: columns, types, languages, rules, lists. All findings in one go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions import ExpressionInvalid, Tree, columns_of, parse
from spheres_core.forms.references import SPOKEN_REFERENCE
from spheres_core.forms.xlsform.question_types import SUPPORTED, understand
from spheres_core.forms.xlsform.sheets import (
    CHOICE_COLUMNS,
    RULES,
    SURVEY_COLUMNS,
    TRANSLATED,
    Row,
    Sheet,
    Source,
    all_rows,
)
from spheres_core.foundation.content.packs import Finding

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
YES: Final = frozenset({"yes", "true", "true()", "1"})
NO: Final = frozenset({"no", "false", "false()", "0"})
UNUSED: Final = frozenset(
    {
        *("default", "read_only", "readonly", "rows", "parameters", "guidance_hint", "trigger"),
        *("image", "big-image", "audio", "video", "media", "autoplay"),
        *("note", "notes", "comment", "comments", "disabled"),
        *("instance", "bind", "body", "control", "save_to"),
    }
)
"""XLSForm columns that change nothing here."""
KINDS_WITHOUT_LABEL: Final = frozenset({"calculate", "group", "repeat", "loop", "end"})
DEEPEST_GROUP: Final = 8
APPEARANCES_CHECKED: Final = ("phone", "email")


def lint(source: Source, languages: tuple[str, ...] = ()) -> list[Finding]:
    """Everything to mend that can be seen without understanding the form as a whole."""
    return [
        *_nesting(source),
        *_columns(source),
        *_types(source),
        *_names(source),
        *_texts(source),
        *_rules(source),
        *_references(source),
        *_lists(source),
        *_numbers_and_flags(source),
        *_missing_languages(source, languages),
    ]


def cell_finding(
    source: Source,
    sheet: Sheet,
    row: int | None,
    column: str,
    message: Message,
    *,
    language: str = "",
    severity: str = "error",
) -> Finding:
    """A finding at a cell, named as the author sees it."""
    return Finding(
        source.file,
        message,
        sheet=sheet.name,
        row=row,
        column=sheet.written(column, language),
        severity=severity,
    )


def rule_of(cell: str) -> Tree:
    """The tree of a rule cell; typographic quotation marks count as plain ones. Raises ExpressionInvalid."""
    for typographic, plain in (("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"'), ("\u00a0", " ")):
        cell = cell.replace(typographic, plain)
    return parse(cell)


def required_rule(cell: str) -> Tree | None:
    """A `required` cell: yes, no, or a rule. None means never."""
    said = cell.strip().lower()
    if said in YES:
        return ["true"]
    return None if said in NO or not said else rule_of(cell)


def _columns(source: Source) -> Iterator[Finding]:
    used = _filter_columns(source)
    for sheet, known in ((source.survey, SURVEY_COLUMNS), (source.choices, CHOICE_COLUMNS)):
        for header in sheet.headers:
            if header.language.startswith("?"):
                yield cell_finding(
                    source,
                    sheet,
                    1,
                    header.column,
                    msg(
                        "“{column}” names no language; write its code in brackets, such as Français (fr).",
                        column=header.written,
                    ),
                    language=header.language,
                )
            name = header.written.partition(":")[0].strip().lower()
            if header.column in known.values() or name in UNUSED or name.startswith(("#", "_")):
                continue
            if sheet.name == "choices" and header.column in used:
                continue
            yield _unknown_column(source, sheet, header.written, known)


def _unknown_column(source: Source, sheet: Sheet, written: str, known: dict[str, str]) -> Finding:
    head = "_".join(written.partition(":")[0].split()).lower()
    close = get_close_matches(head, known, 1, 0.75)
    if close:
        message = msg("There is no column “{column}”. Is it “{close}”?", column=written, close=close[0])
    elif sheet.name == "choices":
        message = msg("No choice filter uses the column “{column}”.", column=written)
    else:
        message = msg("The column “{column}” is not used.", column=written)
    severity = "error" if close else "warning"
    return Finding(source.file, message, sheet=sheet.name, row=1, column=written, severity=severity)


def _filter_columns(source: Source) -> set[str]:
    used: set[str] = set()
    for row in source.survey.rows:
        try:
            used |= columns_of(rule_of(row.cell("choice_filter") or "true()"))
        except ExpressionInvalid:
            continue
    return used


def _types(source: Source) -> Iterator[Finding]:
    for row in source.survey.rows:
        written = row.cell("type")
        if written and understand(written) is None:
            yield cell_finding(
                source,
                source.survey,
                row.number,
                "type",
                msg(
                    "Questions of type “{type}” are not supported. Supported are: {supported}.",
                    type=written,
                    supported=SUPPORTED,
                ),
            )
        elif not written and (row.cell("name") or row.words("label", "und")):
            yield cell_finding(source, source.survey, row.number, "type", msg("The type is missing."))


def _names(source: Source) -> Iterator[Finding]:
    for sheet, row in all_rows(source):
        name = row.cell("name")
        kind = understand(row.cell("type")) if sheet.name == "survey" else None
        if sheet.name == "survey" and (kind is None or kind.kind == "end"):
            continue
        if not name:
            yield cell_finding(source, sheet, row.number, "name", msg("The name is missing."))
        elif sheet.name == "survey" and not NAME.fullmatch(name):
            yield cell_finding(
                source,
                sheet,
                row.number,
                "name",
                msg(
                    "“{name}” cannot be a name: a letter first, then letters, digits, - or _, at most 64.",
                    name=name,
                ),
            )
        elif " " in name:
            yield cell_finding(source, sheet, row.number, "name", msg("“{name}” has a space in it.", name=name))


def _texts(source: Source) -> Iterator[Finding]:
    """Cells without a translation, and questions without words."""
    spoken = source.languages or (source.default_language,)
    for sheet, row in all_rows(source):
        kind = understand(row.cell("type")) if sheet.name == "survey" else None
        if sheet.name == "survey" and (kind is None or kind.kind == "end"):
            continue
        for column in TRANSLATED if sheet.name == "survey" else ("label",):
            words = row.words(column, source.default_language)
            if not words:
                if column == "label" and not (kind and kind.kind in KINDS_WITHOUT_LABEL):
                    yield cell_finding(
                        source,
                        sheet,
                        row.number,
                        "label",
                        msg("There are no words to show."),
                        language=next(iter(source.languages), ""),
                    )
                continue
            for language in spoken:
                if not words.get(language):
                    yield cell_finding(
                        source,
                        sheet,
                        row.number,
                        column,
                        msg(
                            "The translation into “{language}” is missing for “{text}”.",
                            language=language,
                            text=next(iter(words.values()))[:60],
                        ),
                        language=language,
                    )


def _rules(source: Source) -> Iterator[Finding]:
    for row in source.survey.rows:
        for column in RULES:
            cell = row.cell(column)
            if not cell:
                continue
            message = _rule_problem(column, cell)
            if message:
                yield cell_finding(source, source.survey, row.number, column, message)
        kind = understand(row.cell("type"))
        if kind and kind.kind == "calculate" and not row.cell("calculation"):
            yield cell_finding(source, source.survey, row.number, "calculation", msg("There is no calculation."))
        if row.cell("repeat_count"):
            yield cell_finding(
                source,
                source.survey,
                row.number,
                "repeat_count",
                msg("A fixed number of repeats is not supported; use the column “limit” for the most."),
            )


def _references(source: Source) -> Iterator[Finding]:
    """References to no question at all; which one of several is meant only the whole form shows."""
    known = {row.cell("name") for row in source.survey.rows}
    for row in source.survey.rows:
        for header in source.survey.headers:
            if header.column not in (*RULES, *TRANSLATED):
                continue
            cell = row.cell(header.column, header.language)
            for name in sorted(set(SPOKEN_REFERENCE.findall(cell)) - known):
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
    if tree and column != "choice_filter" and columns_of(tree):
        word = min(columns_of(tree))
        return msg(
            "“{word}” is neither a reference nor a text: write {reference} or '{word}'.",
            word=word,
            reference=f"${{{word}}}",
        )
    return None


def _lists(source: Source) -> Iterator[Finding]:
    offered: dict[str, Row] = {}
    for row in source.choices.rows:
        if row.cell("list_name"):
            offered.setdefault(row.cell("list_name"), row)
        else:
            yield cell_finding(
                source,
                source.choices,
                row.number,
                "list_name",
                msg("The name of the list is missing."),
            )
    asked: set[str] = set()
    for row in source.survey.rows:
        kind = understand(row.cell("type"))
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


def too_deep(source: Source) -> bool:
    """Whether groups stand inside each other deeper than any reader could follow."""
    return any(True for _ in _nesting(source))


def _nesting(source: Source) -> Iterator[Finding]:
    level = 0
    for row in source.survey.rows:
        kind = understand(row.cell("type"))
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


def _numbers_and_flags(source: Source) -> Iterator[Finding]:
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
    for row in source.choices.rows:
        retired = row.cell("retired").strip().lower()
        if retired and retired not in YES | NO:
            yield cell_finding(source, source.choices, row.number, "retired", msg("Write “yes” or leave it empty."))


def _missing_languages(source: Source, languages: tuple[str, ...]) -> Iterator[Finding]:
    shorts = {tag.partition("-")[0] for tag in source.languages}
    for language in languages:
        if source.languages and language.partition("-")[0] not in shorts:
            yield Finding(
                source.file,
                msg("The form has no column in “{language}”.", language=language),
                sheet="survey",
                row=1,
                column=f"label::{language}",
                severity="warning",
            )
