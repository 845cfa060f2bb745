"""From an author's spreadsheet to a form version, or to everything that stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core.facts import Words
from spheres_core.forms.default_answers import ANSWERED
from spheres_core.forms.expressions import ExpressionInvalid, Tree
from spheres_core.forms.form_media import FilesBeside
from spheres_core.forms.references import resolve_paths, resolve_references
from spheres_core.forms.schemas import ATTACHMENTS, Choice, Form, Question, hashed
from spheres_core.forms.xlsform.beside import FilesOfForm
from spheres_core.forms.xlsform.consistency import consistency
from spheres_core.forms.xlsform.device_metadata import is_filled_by_device, without_device_metadata
from spheres_core.forms.xlsform.lint import lint
from spheres_core.forms.xlsform.lint_rules import too_deep
from spheres_core.forms.xlsform.lint_texts import KINDS_WITHOUT_LABEL
from spheres_core.forms.xlsform.placements import is_hidden, is_kept_from_outside, kind_of_row, usable_default
from spheres_core.forms.xlsform.question_looks import is_known
from spheres_core.forms.xlsform.question_parameters import OF_FILES, parsed
from spheres_core.forms.xlsform.question_types import QuestionType, parse_type
from spheres_core.forms.xlsform.row_values import is_computed, is_dynamic_default
from spheres_core.forms.xlsform.rule_cells import YES, required_rule, rule_of
from spheres_core.forms.xlsform.sheets import (
    SheetRow,
    XlsformSheets,
    open_source,
)
from spheres_core.forms.xlsform.structure import ROW_MARK, check_as_xform, structure_of
from spheres_core.forms.xlsform.tables import FormTables
from spheres_core.forms.xlsform.triggers import with_triggers
from spheres_core.forms.xlsform.usable_names import with_usable_names
from spheres_core.foundation.content.packs import ContentInvalid, Finding

OTHER: Final = {"fr": "Autre", "en": "Other"}
SPECIFY: Final = {"fr": "Précisez", "en": "Please specify"}
"""Words for what XLSForm's `or_other` adds, which no cell of the author's holds."""
NEVER_REQUIRED: Final = ATTACHMENTS | {"geopoint"}
"""Kinds that may always be left without an answer."""


class XlsformResult(Struct, frozen=True):
    """The result of reading a form: the version when nothing stands against it, and every finding."""

    form: Form | None
    findings: tuple[Finding, ...]
    rows: Mapping[str, int] = {}
    """The row of each question by path."""


def read(
    source: Path | bytes,
    *,
    key: str,
    languages: tuple[str, ...] = (),
    file: str = "",
    suffix: str = "",
    role: str = "",
) -> Form:
    """Returns the form version in an xlsx, csv or markdown file. Raises ContentInvalid with all findings.

    `languages` are the tenant's tags: a text that is not said in one of them is an error, and one that the form does
    not speak at all a warning. `role` is the key of a form that the program knows (`referral`, `self_referral`) and
    asks for the meanings that it cannot do without; the form's own key when left out.
    """
    reading = inspect(source, key=key, languages=languages, file=file, suffix=suffix, role=role)
    if reading.form is None:
        raise ContentInvalid(reading.findings)
    return reading.form


def inspect(
    source: Path | bytes | FormTables,
    *,
    key: str,
    languages: tuple[str, ...] = (),
    in_part: tuple[str, ...] = (),
    file: str = "",
    suffix: str = "",
    role: str = "",
    files: FilesBeside | None = None,
    lists_to_come: bool = False,
) -> XlsformResult:
    """Reads a form as `read` does, with the warnings too, and never raising for what an author wrote.

    `in_part`: languages in which it may say only some texts, beside those that its plugin.toml names so. `files` reads
    the files beside it: lists of choices, pictures, recordings; those of its own folder when left out.
    `lists_to_come`: a list of choices that is not there is a warning, for a form that is looked at before it is laid
    where it is asked.
    """
    if isinstance(source, Path):
        file, suffix = file or source.name, suffix or source.suffix.lower()
    try:
        opened = open_source(
            source,
            file=file or f"{key}{suffix}",
            suffix=suffix,
            in_part=in_part,
            in_whole=languages,
            files=files,
        )
    except ContentInvalid as invalid:
        return XlsformResult(None, invalid.findings)
    opened = without_device_metadata(with_usable_names(opened))
    unread = {(each.sheet, each.row, each.column) for each in opened.findings if each.severity == "error"}
    linted = [each for each in lint(opened, languages) if (each.sheet, each.row, each.column) not in unread]
    findings = [*opened.findings, *linted]
    if too_deep(opened):
        return XlsformResult(None, _worst_first(findings))
    try:
        tree = structure_of(opened, key)
    except ContentInvalid as invalid:
        new = [each for refusal in invalid.findings for each in _new(refusal, findings)]
        return XlsformResult(None, _worst_first([*findings, *new]))
    read = _Builder(opened, tree, lists_to_come=lists_to_come).form(key)
    triggered = with_triggers(resolve_paths(read.form), opened, read.rows)
    built = msgspec.structs.replace(read, form=triggered.form)
    findings += [*built.findings, *triggered.findings, *consistency(built.form, opened, built.rows, role=role or key)]
    form = resolve_references(built.form)
    if not _errors(findings):
        try:
            check_as_xform(opened, tree)
        except ContentInvalid as invalid:
            findings += invalid.findings
    if _errors(findings):
        return XlsformResult(None, _worst_first(findings))
    return XlsformResult(hashed(form), _worst_first(findings), built.rows)


def _errors(findings: list[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _worst_first(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors before warnings, each by its place; what two checks found is said once."""
    once: dict[object, Finding] = {}
    for finding in findings:
        place = (finding.sheet, finding.row, finding.column, finding.message.msgid)
        once.setdefault(place, finding)
    return tuple(sorted(once.values(), key=lambda f: (f.severity != "error", f.sheet != "survey", f.row or 0)))


def _new(finding: Finding, known: list[Finding]) -> list[Finding]:
    """Returns the reader's finding, unless one of ours already names the place."""
    places = {(each.sheet, each.row) for each in known if each.severity == "error"}
    return [] if (finding.sheet, finding.row) in places and finding.row else [finding]


class _Built(Struct, frozen=True):
    form: Form
    rows: dict[str, int]
    """The row of each question by path; what `or_other` added has none."""
    findings: tuple[Finding, ...]
    """Findings about files beside the form."""


class _Builder:
    """Turns pyxform's tree and the author's cells into questions. References stay as written."""

    def __init__(self, source: XlsformSheets, tree: dict[str, Any], *, lists_to_come: bool) -> None:
        self.source = source
        self.tree = tree
        self.default = source.default_language
        self.rows: dict[str, int] = {}
        self.files = FilesOfForm(source, to_come=lists_to_come)

    def form(self, key: str) -> _Built:
        questions = self.questions(self.tree["children"], "")
        title = self.source.settings.rows[0].words("form_title", self.default) if (self.source.settings.rows) else {}
        form = Form(
            key=key,
            version="",
            title=title or {self.default: key},
            default_language=self.default,
            languages=self.source.languages or (self.default,),
            questions=questions,
            choices={**self.lists(), **self.files.lists},
        )
        return _Built(form, self.rows, tuple(self.files.findings))

    def questions(self, nodes: list[dict[str, Any]], parent: str) -> tuple[Question, ...]:
        return tuple(question for node in nodes for question in [self.question(node, parent)] if question is not None)

    def question(self, node: dict[str, Any], parent: str) -> Question | None:
        path = f"{parent}.{node['name']}" if parent else str(node["name"])
        if ROW_MARK not in node:
            return self.specified(node, path, parent) if _is_specified(node) else None
        row = self.source.survey.row(int(node[ROW_MARK]))
        kind = parse_type(row.cell("type"))
        if kind is None or is_filled_by_device(row, self.default):
            return None
        self.rows[path] = row.number
        if kind.kind == "loop":
            return self.loop(node, row, path)
        limit = row.cell("limit")
        becomes = kind_of_row(kind, row)
        is_asked = becomes in ANSWERED
        computed = is_asked and is_computed(row, kind)
        default = "" if computed else usable_default(becomes, row)
        return Question(
            name=str(node["name"]),
            kind=becomes,
            path=path,
            labels=self.label(row, kind.kind, str(node["name"])),
            hints=row.words("hint", self.default),
            guidance=row.words("guidance_hint", self.default),
            default=default,
            default_rule=_rule(default) if default and is_dynamic_default(row, kind) else None,
            repeat_count=_rule(row.cell("repeat_count")) if becomes == "repeat" else None,
            read_only=computed or (is_asked and row.cell("read_only").strip().lower() in YES),
            relevant=_rule(row.cell("relevant")),
            required=_required(row.cell("required")) if is_asked and becomes not in NEVER_REQUIRED else None,
            constraint=_rule(row.cell("constraint")) if is_asked else None,
            calculation=_computation(row, kind) if computed or becomes == "calculate" else None,
            choice_filter=_rule(row.cell("choice_filter")) if kind.choices or kind.file else None,
            required_messages=row.words("required_message", self.default),
            constraint_messages=row.words("constraint_message", self.default),
            choices=self.files.list_name(row, kind, self.tree.get("choices") or {}) if kind.file else kind.choices,
            meaning=row.cell("meaning").strip(),
            appearance="" if is_hidden(kind, row) else _appearance(row, kind.look),
            parameters=_parameters(row, kind),
            media=self.files.media(row, self.source.survey),
            limit=int(limit) if limit.isascii() and limit.isdigit() else 0,
            children=self.questions(node.get("children") or [], path),
        )

    def label(self, row: SheetRow, kind: str, name: str) -> Words:
        """Returns the words of a row; its name where it is shown and has none."""
        words = row.words("label", self.default)
        return words or ({} if kind in KINDS_WITHOUT_LABEL else {self.default: name})

    def in_its_languages(self, words: Mapping[str, str]) -> dict[str, str]:
        """Returns words of ours in the languages of the form; all of them at once where it has none of theirs."""
        spoken = self.source.languages or (self.default,)
        known = {tag: words[tag] for tag in spoken if tag in words}
        return known or {spoken[0]: " / ".join(words.values())}

    def specified(self, node: dict[str, Any], path: str, parent: str) -> Question:
        """Returns the text that `or_other` adds after a select."""
        asked = str(node["name"]).removesuffix("_other")
        before = f"{parent}.{asked}" if parent else asked
        return Question(
            name=str(node["name"]),
            kind="text",
            path=path,
            labels=self.in_its_languages(SPECIFY),
            relevant=["selected", ["ref", before], ["text", "other"]],
        )

    def loop(self, node: dict[str, Any], row: SheetRow, path: str) -> Question:
        """Returns the same questions once for each choice of a list, as groups named after the choices."""
        rounds = []
        for column in node.get("columns") or []:
            here = f"{path}.{column['name']}"
            labels = self.choice_words(column)
            children = self.questions(node.get("children") or [], here)
            rounds.append(
                Question(
                    name=str(column["name"]),
                    kind="group",
                    path=here,
                    labels=labels,
                    children=tuple(_labelled_for(child, str(column["name"]), labels) for child in children),
                )
            )
        return Question(
            name=str(node["name"]),
            kind="group",
            path=path,
            labels=row.words("label", self.default),
            relevant=_rule(row.cell("relevant")),
            appearance=_appearance(row, ""),
            children=tuple(rounds),
        )

    def choice_words(self, choice: dict[str, Any]) -> Words:
        if ROW_MARK not in choice:
            return self.in_its_languages(OTHER)
        row = self.source.choices.row(int(choice[ROW_MARK]))
        return row.words("label", self.default) or {self.default: row.cell("name")}

    def lists(self) -> dict[str, tuple[Choice, ...]]:
        return {
            str(name): tuple(self.choice(choice) for choice in choices)
            for name, choices in (self.tree.get("choices") or {}).items()
        }

    def choice(self, choice: dict[str, Any]) -> Choice:
        if ROW_MARK not in choice:
            return Choice(str(choice["name"]), self.in_its_languages(OTHER))
        return self.files.choice(self.source.choices.row(int(choice[ROW_MARK])), self.source.choices)


def _is_specified(node: dict[str, Any]) -> bool:
    """Returns whether `or_other` made this node; `table-list` makes others, which are looks only."""
    relevant = str((node.get("bind") or {}).get("relevant", ""))
    return node.get("type") == "text" and relevant.startswith("selected(../")


def _rule(cell: str) -> Tree | None:
    """Returns the rule of a cell; one that cannot be read has its finding already."""
    try:
        return rule_of(cell) if cell else None
    except ExpressionInvalid:
        return None


def _required(cell: str) -> Tree | None:
    try:
        return required_rule(cell)
    except ExpressionInvalid:
        return None


def _parameters(row: SheetRow, kind: QuestionType) -> dict[str, str]:
    """Returns the parameters of a question; those that say how its file is read have had their effect."""
    of_files = OF_FILES if kind.file else ()
    return {name: value for name, value in parsed(row.cell("parameters")).items() if name not in of_files}


def _computation(row: SheetRow, kind: QuestionType) -> Tree | None:
    """Returns the rule of a value that nobody gives: its calculation, or the default of what is hidden or read only."""
    default = row.cell("default").strip()
    if is_kept_from_outside(row):
        return ["text", ""]
    if row.cell("calculation"):
        return _rule(row.cell("calculation"))
    if is_hidden(kind, row):
        return _rule(default) if is_dynamic_default(row, kind) else ["text", default]
    return _rule(default) if default else None


def _appearance(row: SheetRow, implied: str) -> str:
    written = " ".join(each.lower() if is_known(each.lower()) else each for each in row.cell("appearance").split())
    return f"{written} {implied}".strip() if implied not in written.split() else written


def _labelled_for(question: Question, name: str, labels: Words) -> Question:
    """Returns a question of a loop with the choice's words in its own."""

    def filled(words: Words) -> Words:
        return {
            language: text.replace("%(name)s", name).replace(
                "%(label)s", labels.get(language) or next(iter(labels.values()), name)
            )
            for language, text in words.items()
        }

    return msgspec.structs.replace(
        question,
        labels=filled(question.labels),
        hints=filled(question.hints),
        guidance=filled(question.guidance),
        children=tuple(_labelled_for(child, name, labels) for child in question.children),
    )
