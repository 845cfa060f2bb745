"""Finds what only the form as a whole can show: references, circles, meanings, and what a referral must ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from spheres_core.facts import Message, msg
from spheres_core.forms.attached_forms import FILE_KINDS, record_kind_of
from spheres_core.forms.compiled_form import dependency_order
from spheres_core.forms.default_answers import ANSWERED, default_problem
from spheres_core.forms.expressions import references_of, uses_self
from spheres_core.forms.meanings import (
    ADVICE,
    HER_WORDS,
    MEANINGS,
    NEVER_IN_ADVICE,
    NEVER_REQUIRED,
    REFERRAL,
    REQUIRED_OF_A_REFERRAL,
    REQUIRED_OF_A_SELF_REFERRAL,
    SELF_REFERRAL,
    is_core,
    is_of_a_plugin,
)
from spheres_core.forms.references import (
    QuestionNames,
    reference_problem,
    references_in_texts,
    resolve_references,
    rules_of,
    scope_problem,
    words_of,
)
from spheres_core.forms.schemas import ATTACHMENTS, Form, Question
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.question_looks import appearance_problems
from spheres_core.forms.xlsform.question_parameters import has_steps
from spheres_core.forms.xlsform.rule_values import rule_problems
from spheres_core.forms.xlsform.sheets import XlsformSheets
from spheres_core.foundation.content.packs import Finding

_COLUMN_OF = {
    "labels": "label",
    "hints": "hint",
    "guidance": "guidance_hint",
    "required_messages": "required_message",
    "constraint_messages": "constraint_message",
    "default_rule": "default",
}
REQUIRED: Mapping[str, tuple[tuple[tuple[str, ...], ...], Message]] = {
    REFERRAL: (REQUIRED_OF_A_REFERRAL, msg("A referral form must ask one of these meanings: {meanings}.")),
    SELF_REFERRAL: (
        REQUIRED_OF_A_SELF_REFERRAL,
        msg("A form of the young person's own must ask one of these meanings: {meanings}."),
    ),
}
"""The meanings that each form the program knows must ask, and the finding when it does not."""


def consistency(form: Form, source: XlsformSheets, rows: dict[str, int], *, role: str) -> list[Finding]:
    """Finds everything to mend in the form as a whole; `rows` gives each question's row by path.

    `role`: the key of a form that the program knows, whose required meanings it must ask too; or of one on a record.
    """
    check = _Consistency(form, source, rows)
    findings = [
        *check.references(),
        *check.placements(),
        *check.meanings(),
        *check.choice_meanings(),
        *check.effects(),
    ]
    if not any(finding.severity == "error" for finding in findings):
        findings += check.circles()
    findings += check.asks(role)
    if role in REQUIRED:
        findings += check.required_meanings(role)
    if role == ADVICE:
        findings += check.of_nobody()
    if record_kind_of(role):
        findings += check.on_a_record()
    findings += check.in_a_file(role)
    return findings


class _Consistency:
    def __init__(self, form: Form, source: XlsformSheets, rows: dict[str, int]) -> None:
        self.form = form
        self.source = source
        self.rows = rows
        self.names = QuestionNames(form)
        self.written = {row.cell("name"): row.number for row in source.survey.rows}

    def finding(self, question: Question, column: str, message: Message, *, severity: str = "error") -> Finding:
        language = self.source.languages[0] if column in _COLUMN_OF.values() and (self.source.languages) else ""
        return cell_finding(
            self.source,
            self.source.survey,
            self.rows.get(question.path),
            column,
            message,
            language=language,
            severity=severity,
        )

    def references(self) -> Iterator[Finding]:
        for question in self.form.walk():
            for rule, tree in rules_of(question):
                field = _COLUMN_OF.get(rule, rule)
                for name in sorted(references_of(tree)):
                    message = reference_problem(self.names, self.written, name, question.path)
                    if message:
                        yield self.finding(question, field, message)
                    elif self.is_note(name, question.path):
                        said = msg("“{name}” is a note: it has no answer, so it is blank here.", name=name)
                        yield self.finding(question, field, said, severity="warning")
                message = scope_problem(self.names, tree, question.path)
                if message:
                    yield self.finding(question, field, message)
                if uses_self(tree) and field not in ("constraint", "choice_filter"):
                    yield self.finding(
                        question,
                        field,
                        msg("“.” means the answer itself; only a constraint has one."),
                    )
            for field, words in words_of(question):
                for name in sorted(references_in_texts(words)):
                    message = reference_problem(self.names, self.written, name, question.path)
                    if message:
                        yield self.finding(question, _COLUMN_OF[field], message)

    def is_note(self, name: str, near: str) -> bool:
        path = self.names.find(name, near)
        return path is not None and self.names.by_path[path].kind == "note"

    def placements(self) -> Iterator[Finding]:
        """Finds questions that nobody could answer, and groups without any."""
        for question in self.form.walk():
            kind = question.kind
            if kind in ("group", "repeat") and not question.children:
                said = msg("Nothing is asked in “{name}”.", name=question.name)
                yield self.finding(question, "type", said, severity="warning")
            if question.read_only and question.required is not None and not (question.default or question.is_computed):
                said = msg("Nobody can answer this, so it cannot be required.")
                yield self.finding(question, "required", said)
            codes = {choice.name for choice in self.form.choices.get(question.choices, ()) if not choice.retired}
            if question.kind == "range" and not has_steps(question.parameters):
                continue
            if question.choices and not self.form.choices.get(question.choices):
                continue  # a list that is to come
            if question.default_rule is None and (message := default_problem(question, codes)):
                yield self.finding(question, "default", message)

    def effects(self) -> Iterator[Finding]:
        """Finds what can never have an effect."""
        for question, column, message, severity in rule_problems(self.form, self.names):
            yield self.finding(question, column, message, severity=severity)
        for question in self.form.walk():
            shown = any(choice.media for choice in self.form.choices.get(question.choices, ()))
            if shown and (question.kind == "rank" or "minimal" in question.looks):
                said = msg("A ranking and a list to open show no pictures: choices with some stand open, or in words.")
                yield self.finding(question, "type", said, severity="warning")
            for rule, words, column in (
                (question.constraint, question.constraint_messages, "constraint_messages"),
                (question.required, question.required_messages, "required_messages"),
            ):
                if words and rule is None:
                    said = msg("These words are never said: nothing stands in the column “{column}”.",
                               column=_COLUMN_OF[column].removesuffix("_message"))  # fmt: skip
                    yield self.finding(question, _COLUMN_OF[column], said, severity="warning")
        for question, message, severity in appearance_problems(self.form):
            yield self.finding(question, "appearance", message, severity=severity)

    def asks(self, role: str) -> Iterator[Finding]:
        """Finds that a form asks nothing. One that the program does not know may only tell something."""
        if any(question.kind in ANSWERED for question in self.form.walk()):
            return
        tells = role not in REQUIRED and any(question.kind == "note" for question in self.form.walk())
        said = msg("Nothing is asked in this form.")
        severity = "warning" if tells else "error"
        yield Finding(self.source.file, said, sheet="survey", row=self.source.survey.top, column="type",
                      severity=severity)  # fmt: skip

    def meanings(self) -> Iterator[Finding]:
        seen: dict[str, str] = {}
        for question in self.form.walk():
            name = question.meaning
            if not name:
                continue
            meaning = MEANINGS.get(name)
            if meaning is None and name != HER_WORDS and not is_of_a_plugin(name):
                yield self.finding(
                    question,
                    "meaning",
                    msg(
                        "“{meaning}” is not a meaning of the core. Known are: {known}.",
                        meaning=name,
                        known=", ".join(MEANINGS),
                    ),
                )
            if meaning and question.kind not in meaning.kinds:
                yield self.finding(
                    question,
                    "meaning",
                    msg(
                        "“{meaning}” belongs to a question of type {kinds}.",
                        meaning=name,
                        kinds=", ".join(meaning.kinds),
                    ),
                )
            if name in seen and name != HER_WORDS:
                yield self.finding(question, "meaning", msg("“{meaning}” is asked twice.", meaning=name))
            if self.names.repeats_above(question.path):
                yield self.finding(question, "meaning", msg("A question with a meaning cannot stand in a repeat."))
            seen[name] = question.path

    def choice_meanings(self) -> Iterator[Finding]:
        """Finds choices without the core's code, where the core counts a question's codes."""
        for question in self.form.walk():
            meaning = MEANINGS.get(question.meaning)
            if meaning is None or not meaning.codes:
                continue
            for choice in self.form.choices.get(question.choices, ()):
                if choice.code not in meaning.codes:
                    yield cell_finding(
                        self.source,
                        self.source.choices,
                        self.choice_row(question.choices, choice.name),
                        "meaning",
                        msg(
                            "“{choice}” stands for no code of “{meaning}”. Its codes are: {codes}.",
                            choice=choice.code,
                            meaning=meaning.name,
                            codes=", ".join(meaning.codes),
                        ),
                    )

    def choice_row(self, list_name: str, name: str) -> int | None:
        for row in self.source.choices.rows:
            if (row.cell("list_name"), row.cell("name")) == (list_name, name):
                return row.number
        return None

    def circles(self) -> Iterator[Finding]:
        _, circle = dependency_order(resolve_references(self.form))
        if circle:
            question = self.names.by_path[circle[0]]
            column = "calculation" if question.calculation is not None else "relevant"
            yield self.finding(
                question,
                column,
                msg(
                    "These questions depend on each other in a circle: {names}.",
                    names=" → ".join(circle),
                ),
            )

    def on_a_record(self) -> Iterator[Finding]:
        """Finds what staff cannot be asked on a record: a meaning of the core, which is a referral's, and a file."""
        for question in self.form.walk():
            if is_core(question.meaning):
                said = msg(
                    "“{meaning}” is for referrals. A question on a record has no meaning, or one of a plugin, written"
                    " plugin:name.",
                    meaning=question.meaning,
                )
                yield self.finding(question, "meaning", said)
            if question.kind in ATTACHMENTS:
                yield self.finding(question, "type", msg("A question on a record is not answered with a file."))

    def of_nobody(self) -> Iterator[Finding]:
        """Finds what a form for advice may not ask: anything that tells about whom it is, and a file."""
        for question in self.form.walk():
            if question.meaning in NEVER_IN_ADVICE:
                said = msg("A form for advice may not ask “{meaning}”: it is about nobody.", meaning=question.meaning)
                yield self.finding(question, "meaning", said)
            if question.kind in ATTACHMENTS:
                yield self.finding(question, "type", msg("A form for advice is not answered with a file."))

    def in_a_file(self, role: str) -> Iterator[Finding]:
        """Finds her words where they are not kept apart, and what a form within the form of her file cannot ask."""
        of_a_file = record_kind_of(role) in FILE_KINDS
        for question in self.form.walk():
            if question.meaning == HER_WORDS and not of_a_file:
                said = msg("Her own words are kept apart on a record of a participant's file only: {kinds}.",
                           kinds=", ".join(f"on_{kind}" for kind in sorted(FILE_KINDS)))  # fmt: skip
                yield self.finding(question, "meaning", said)
            elif question.meaning == HER_WORDS and question.kind != "text":
                yield self.finding(question, "meaning", msg("Her own words are a text."))
            if of_a_file and question.kind == "repeat":
                said = msg("A question on a record of a participant's file is asked once: it stands in no repeat.")
                yield self.finding(question, "type", said)

    def required_meanings(self, role: str) -> Iterator[Finding]:
        """Finds what a form that the program knows lacks: it must ask what it cannot do without, and insist on no
        name."""
        asked = {question.meaning for question in self.form.walk() if is_core(question.meaning)}
        meanings, message = REQUIRED[role]
        for group in meanings:
            if not asked.intersection(group):
                yield Finding(
                    self.source.file,
                    Message(message.msgid, {"meanings": ", ".join(group)}),
                    sheet="survey",
                    row=self.source.survey.top,
                    column="meaning",
                )
        for question in self.form.walk():
            if question.meaning in NEVER_REQUIRED and question.required is not None:
                yield self.finding(question, "required", msg("A name may never be required."))
