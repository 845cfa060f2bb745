"""Finds what is wrong with the columns, types, names, texts and languages of a form."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from spheres_core.facts import msg
from spheres_core.forms.expressions import ExpressionInvalid, columns_of
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.question_types import DEVICE, SUPPORTED, parse_type
from spheres_core.forms.xlsform.rule_cells import rule_of
from spheres_core.forms.xlsform.sheets import (
    CHOICE_COLUMNS,
    NOTES,
    SETTINGS_COLUMNS,
    SURVEY_COLUMNS,
    TRANSLATED,
    UNKNOWN,
    Sheet,
    XlsformSheets,
    all_rows,
)
from spheres_core.forms.xlsform.usable_names import NAME
from spheres_core.foundation.content.packs import Finding

UNUSED: Final = frozenset(
    {
        *("rows", "media", "autoplay"),
        *("instance", "bind", "body", "control", "save_to"),
    }
)
"""XLSForm columns that change nothing here."""


NAMED_BY_READER: Final = frozenset({"note"})
"""Kinds of rows that get a name of their row where they have none."""
KINDS_WITHOUT_LABEL: Final = frozenset({"calculate", "hidden", DEVICE, "group", "repeat", "loop", "end"})


def check_columns(source: XlsformSheets) -> Iterator[Finding]:
    used = _filter_columns(source)
    for sheet, known in ((source.survey, SURVEY_COLUMNS), (source.choices, CHOICE_COLUMNS)):
        for header in sheet.headers:
            if header.language.startswith(UNKNOWN):
                said = msg("“{column}” names no language and is not read: write its code in brackets, such as "
                           "Français (fr).", column=header.written)  # fmt: skip
                others = any(each.column == "label" and not each.language.startswith(UNKNOWN) for each in sheet.headers)
                yield cell_finding(source, sheet, sheet.top, header.column, said, language=header.language,
                                   severity="warning" if others else "error")  # fmt: skip
            name = header.written.partition(":")[0].strip().lower()
            if header.column in known.values() or name in NOTES or name.startswith(("#", "_")):
                continue
            if name in UNUSED:
                if (first := next((row for row in sheet.rows if row.written.get(header.written)), None)) is not None:
                    said = msg("The column “{column}” is not used.", column=header.written)
                    yield Finding(source.file, said, sheet=sheet.name, row=first.number, column=header.written,
                                  severity="warning")  # fmt: skip
                continue
            if sheet.name == "choices" and header.column in used:
                continue
            yield _unknown_column(source, sheet, header.written, known)


def check_settings(source: XlsformSheets) -> Iterator[Finding]:
    """Finds settings that are misspelt, and settings of further rows; XLSForm has many that change nothing here."""
    sheet = source.settings
    for header in sheet.headers:
        name = "_".join(header.written.partition(":")[0].split()).lower()
        if header.column in SETTINGS_COLUMNS.values():
            continue
        if close := get_close_matches(name, SETTINGS_COLUMNS, 1, 0.85):
            said = msg("There is no column “{column}”. Is it “{close}”?", column=header.written, close=close[0])
            yield Finding(source.file, said, sheet=sheet.name, row=sheet.top, column=header.written)
    for row in sheet.rows[1:]:
        said = msg("Only the first row of settings is read.")
        yield Finding(source.file, said, sheet=sheet.name, row=row.number, severity="warning")


def _unknown_column(source: XlsformSheets, sheet: Sheet, written: str, known: dict[str, str]) -> Finding:
    head = "_".join(written.partition(":")[0].split()).lower()
    close = get_close_matches(head, known, 1, 0.75)
    if close:
        message = msg("There is no column “{column}”. Is it “{close}”?", column=written, close=close[0])
    elif sheet.name == "choices":
        message = msg("No choice filter uses the column “{column}”.", column=written)
    else:
        message = msg("The column “{column}” is not used.", column=written)
    severity = "error" if close else "warning"
    return Finding(source.file, message, sheet=sheet.name, row=sheet.top, column=written, severity=severity)


def _filter_columns(source: XlsformSheets) -> set[str]:
    used: set[str] = set()
    for row in source.survey.rows:
        try:
            used |= columns_of(rule_of(row.cell("choice_filter") or "true()"))
        except ExpressionInvalid:
            continue
    return used


def check_types(source: XlsformSheets) -> Iterator[Finding]:
    for row in source.survey.rows:
        written = row.cell("type")
        if written and parse_type(written) is None:
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


def check_names(source: XlsformSheets) -> Iterator[Finding]:
    """Finds what cannot be a name. Codes are joined by spaces where several are chosen: there none has one."""
    asked = [kind for row in source.survey.rows if (kind := parse_type(row.cell("type"))) is not None]
    joined = {kind.choices for kind in asked if kind.kind in ("select_multiple", "rank")}
    for sheet, row in all_rows(source):
        name = row.cell("name")
        kind = parse_type(row.cell("type")) if sheet.name == "survey" else None
        if sheet.name == "survey" and (kind is None or kind.kind in ("end", DEVICE)):
            continue
        if not name:
            if (kind is None and row.cell("list_name")) or (kind is not None and kind.kind not in NAMED_BY_READER):
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
        elif " " in name and row.cell("list_name") in joined:
            said = msg("“{name}” has a space in it.", name=name)
            yield cell_finding(source, sheet, row.number, "name", said)


def _spoken_whole(source: XlsformSheets, spoken: tuple[str, ...]) -> set[str]:
    """Returns the languages in which each text must be said."""
    in_part = {name for tag in source.in_part for name in (tag, tag.partition("-")[0])}
    in_whole = {tag.partition("-")[0] for tag in source.in_whole}
    return {tag for tag in spoken if tag.partition("-")[0] in in_whole and tag not in in_part}


def check_texts(source: XlsformSheets) -> Iterator[Finding]:
    """Finds cells without a translation, and questions without words."""
    spoken = source.languages or (source.default_language,)
    unlabelled = [sheet for sheet in (source.survey, source.choices) if not sheet.has("label")]
    whole = _spoken_whole(source, spoken)
    for sheet, row in all_rows(source):
        kind = parse_type(row.cell("type")) if sheet.name == "survey" else None
        if sheet.name == "survey" and (kind is None or kind.kind in ("end", DEVICE)):
            continue
        if sheet.name == "choices" and not row.cell("list_name"):
            continue
        for column in TRANSLATED if sheet.name == "survey" else ("label",):
            words = row.words(column, source.default_language)
            if not words:
                if column == "label" and not (kind and (kind.kind in KINDS_WITHOUT_LABEL or kind.of_device)):
                    if sheet in unlabelled:
                        unlabelled.remove(sheet)
                        yield _without_words(source, sheet)
                    if not sheet.has("label"):
                        continue
                    yield cell_finding(
                        source,
                        sheet,
                        row.number,
                        "label",
                        msg("There are no words to show: its name is shown."),
                        language=next(iter(source.languages), ""),
                        severity="warning",
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
                        severity="error" if language in whole else "warning",
                    )


def _without_words(source: XlsformSheets, sheet: Sheet) -> Finding:
    """Returns what is wrong with a sheet without any words: choices may show their names, questions may not."""
    if sheet.name == "choices":
        said = msg("There are no words to show: its name is shown.")
        return cell_finding(source, sheet, sheet.top, "label", said, severity="warning")
    return cell_finding(source, sheet, sheet.top, "label", msg("The column “{column}” is missing.", column="label"))


def check_languages(source: XlsformSheets, languages: tuple[str, ...]) -> Iterator[Finding]:
    shorts = {tag.partition("-")[0] for tag in source.languages}
    for language in languages:
        if source.languages and language.partition("-")[0] not in shorts:
            yield Finding(
                source.file,
                msg("The form has no column in “{language}”.", language=language),
                sheet="survey",
                row=source.survey.top,
                column=f"label::{language}",
                severity="warning",
            )
