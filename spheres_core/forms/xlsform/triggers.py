"""The column `trigger`: a calculation waits for the answer to another question.

Elsewhere it is done when that answer changes, and only then. Here the server decides without knowing in which order
somebody answered: the calculation stands as soon as there is an answer, and follows what it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from spheres_core.facts import msg
from spheres_core.forms.compiled_form import dependency_order
from spheres_core.forms.default_answers import ANSWERED
from spheres_core.forms.expressions import Tree
from spheres_core.forms.references import TEXT_REFERENCE, QuestionNames, resolve_references
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.sheets import XlsformSheets
from spheres_core.foundation.content.packs import Finding

_BLANK: Final[Tree] = ["text", ""]


class TriggeredForm(NamedTuple):
    """A form whose calculations wait for their triggers, and a warning at each."""

    form: Form
    findings: tuple[Finding, ...]


def with_triggers(form: Form, source: XlsformSheets, rows: Mapping[str, int]) -> TriggeredForm:
    """Returns the form with what its triggers mean here. Where they would stand in a circle, none has an effect."""
    if not source.survey.has("trigger"):
        return TriggeredForm(form, ())
    waited = dict(_waited_for(form, source, rows))
    triggered = msgspec.structs.replace(form, questions=tuple(_waiting(each, waited) for each in form.questions))
    if waited and _has_circle(triggered) and not _has_circle(form):
        triggered, waited = form, {}
    return TriggeredForm(triggered, tuple(_findings(source, waited, rows)))


def _waited_for(form: Form, source: XlsformSheets, rows: Mapping[str, int]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields each question that is computed with the paths of those whose answers it waits for."""
    names = QuestionNames(form)
    for question in form.walk():
        if question.calculation is None or question.path not in rows:
            continue
        written = source.survey.row(rows[question.path]).cell("trigger")
        found = [names.find(name, question.path) for name in TEXT_REFERENCE.findall(written)]
        paths = tuple(path for path in found if path is not None and _has_answer(names.by_path[path])
                      and names.reachable(path, question.path))  # fmt: skip
        if paths and question.path not in paths:
            yield question.path, paths


def _has_answer(question: Question) -> bool:
    return question.kind in ANSWERED or question.is_computed


def _waiting(question: Question, waited: Mapping[str, tuple[str, ...]]) -> Question:
    children = tuple(_waiting(each, waited) for each in question.children)
    if question.path not in waited:
        return msgspec.structs.replace(question, children=children) if children else question
    answered: list[Tree] = [["!=", ["ref", path], _BLANK] for path in waited[question.path]]
    condition = answered[0] if len(answered) == 1 else ["or", *answered]
    return msgspec.structs.replace(question, calculation=["if", condition, question.calculation, _BLANK])


def _has_circle(form: Form) -> bool:
    return bool(dependency_order(resolve_references(form))[1])


def _findings(
    source: XlsformSheets, waited: Mapping[str, tuple[str, ...]], rows: Mapping[str, int]
) -> Iterator[Finding]:
    honoured = {rows[path]: paths for path, paths in waited.items()}
    for row in source.survey.rows:
        if not row.cell("trigger"):
            continue
        paths = honoured.get(row.number)
        said = (
            msg("Here this is computed once {names} is answered, and again whenever what it reads changes.",
                names=", ".join(paths))
            if paths
            else msg("The column “{column}” is not used.", column=source.survey.written("trigger"))
        )  # fmt: skip
        yield cell_finding(source, source.survey, row.number, "trigger", said, severity="warning")
