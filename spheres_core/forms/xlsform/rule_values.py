"""Finds rules that can never hold: dates compared with what is none, codes that no choice has, missing columns."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions import Tree, columns_of
from spheres_core.forms.expressions.rule_tree import nodes
from spheres_core.forms.expressions.value_types import comparison_problem, is_date, suspicious_number
from spheres_core.forms.expressions.values import number_text
from spheres_core.forms.references import QuestionNames, rules_of
from spheres_core.forms.schemas import Form, Question

_MOST_SHOWN: Final = 12


class RuleProblem(NamedTuple):
    """A rule of a question that can never hold, or may mean something else, by its column."""

    question: Question
    column: str
    message: Message
    severity: str = "error"


def rule_problems(form: Form, names: QuestionNames) -> Iterator[RuleProblem]:
    """Yields every rule that can never hold, whatever is answered. In a form without meanings, as other programs have
    them, a code that no choice has is a warning: the rule means there what it means here."""
    dates = _Dates(names)
    is_ours = any(question.meaning for question in form.walk())
    for question in form.walk():
        reading = _Reading(form, names, question, dates)
        for column, tree in rules_of(question):
            own = question.kind == "date"
            message = comparison_problem(tree, reading.reads_date, own=own) or reading.code_problem(tree)
            if message is None and column == "choice_filter":
                message = reading.column_problem(tree)
            if message is not None:
                yield RuleProblem(question, column, message, "error" if is_ours or not _is_code(message) else "warning")
            elif (said := suspicious_number(tree, reading.reads_date, own=own)) is not None:
                yield RuleProblem(question, column, said, "warning")


def _is_code(message: Message) -> bool:
    return "code" in message.params


class _Dates:
    """Which questions have dates, each found once: calculations may read each other in long chains."""

    def __init__(self, names: QuestionNames) -> None:
        self._names = names
        self._known: dict[str, bool] = {}

    def has_date(self, name: str, near: str) -> bool:
        """Tells whether the question that is called so near another one has a date."""
        wanted = self._names.find(name, near)
        waiting = [] if wanted is None else [wanted]
        begun: set[str] = set()
        while waiting:
            path = waiting[-1]
            found = self._names.by_path[path]
            if path not in begun and found.calculation is not None:
                begun.add(path)
                waiting += [each for each in self._read_by(found) if each not in self._known and each not in begun]
                continue
            waiting.pop()
            self._known.setdefault(path, self._is_date(found))
        return wanted is not None and self._known[wanted]

    def _read_by(self, question: Question) -> Iterator[str]:
        for node in nodes(question.calculation or []):
            path = self._names.find(node[1], question.path) if node[0] == "ref" else None
            if path is not None:
                yield path

    def _is_date(self, question: Question) -> bool:
        if question.calculation is None:
            return question.kind == "date"
        return is_date(question.calculation, lambda other: self._known_date(other, question.path))

    def _known_date(self, name: str, near: str) -> bool:
        path = self._names.find(name, near)
        return path is not None and self._known.get(path, False)  # False in a circle, which is found elsewhere


class _Reading:
    """The answers that a rule of one question reads."""

    def __init__(self, form: Form, names: QuestionNames, question: Question, dates: _Dates) -> None:
        self.form = form
        self.names = names
        self.question = question
        self._dates = dates

    def reads_date(self, name: str) -> bool:
        return self._dates.has_date(name, self.question.path)

    def code_problem(self, tree: Tree) -> Message | None:
        """Returns the first code in a rule that its question does not offer, and never did."""
        for node in nodes(tree):
            if node[0] not in ("=", "!=", "selected") or len(node) != 3:
                continue
            for value, code in ((node[1], node[2]), (node[2], node[1])):
                asked = self.asked(value)
                if asked is not None and (message := self.unknown_code(asked, code)) is not None:
                    return message
        return None

    def asked(self, value: Tree) -> Question | None:
        """Returns the question with choices that a value is the answer of."""
        if value[0] == "self":
            return self.question if self.question.choices else None
        path = self.names.find(value[1], self.question.path) if value[0] == "ref" else None
        found = None if path is None else self.names.by_path[path]
        return found if found is not None and found.choices else None

    def unknown_code(self, asked: Question, code: Tree) -> Message | None:
        codes = [choice.name for choice in self.form.choices.get(asked.choices, ())]
        if code[0] not in ("text", "figure") or code[1] == "" or not codes:
            return None
        written = code[1] if code[0] == "text" else number_text(code[1])
        wanted = written.split() if asked.kind == "select_multiple" else [written]
        unknown = next((each for each in wanted if each not in codes), None)
        if unknown is None:
            return None
        if close := get_close_matches(unknown, codes, 1, 0.6):
            return msg("“{code}” is no choice of “{name}”. Is it “{close}”?", code=unknown, name=asked.name,
                       close=close[0])  # fmt: skip
        shown = ", ".join(codes[:_MOST_SHOWN]) + (", …" if len(codes) > _MOST_SHOWN else "")
        return msg("“{code}” is no choice of “{name}”. They are: {codes}.", code=unknown, name=asked.name, codes=shown)

    def column_problem(self, tree: Tree) -> Message | None:
        choices = self.form.choices.get(self.question.choices, ())
        there = {"name", *(column for choice in choices for column in choice.columns)}
        missing = sorted(columns_of(tree) - there)
        if not missing or not choices:
            return None
        return msg("The choices of “{list}” have no column “{column}”.", list=self.question.choices, column=missing[0])
