"""Puts the answers that were sent in their places, as rules see them, and notes what cannot be an answer.

Whatever is sent, the result is a list of problems with paths, never an exception.
"""

from __future__ import annotations

from typing import Any, Final

from spheres_core.facts import Message, Problem, Words, msg
from spheres_core.forms.answer_types import TYPES, rule_value
from spheres_core.forms.compiled_form import AnswerScope, CompiledForm, CompiledQuestion, compile_form, evaluate_rules
from spheres_core.forms.default_answers import default_answer
from spheres_core.forms.expressions import Clock
from spheres_core.forms.schemas import Form

MOST_VALUES: Final = 5_000
"""Answers in one set, entries and choices counted."""


MOST_CHARACTERS: Final = 200_000
"""Characters of all texts together."""


MOST_PROBLEMS: Final = 100


_NAMELESS: Final = msg("This form has no question with this name.")


def place_answers(
    form: Form, answers: dict[str, Any], today: str | Clock, *, settled: bool = True, language: str = ""
) -> tuple[CompiledForm, AnswerScope]:
    """Returns answers in their places without judging them: what pages and readers look them up in."""
    compiled_form = compile_form(form)
    taking = AnswerPlacement(compiled_form, today)
    taking.root.language = language or form.default_language
    taking.place_all(answers, "", taking.root)
    if settled:
        evaluate_rules(compiled_form, taking.root)
    return compiled_form, taking.root


class AnswerPlacement:
    """First pass: put every sent value in its place, as rules see it, and note what cannot be one."""

    def __init__(self, compiled_form: CompiledForm, today: str | Clock) -> None:
        self.compiled_form = compiled_form
        self.root = AnswerScope(today)
        self.problems: list[Problem] = []
        self.wrong: dict[str, tuple[Message, str]] = {}
        """Problems with values, by shown path; reported only when its question is relevant."""
        self.values = 0
        self.characters = 0
        self.refused = False

    def add_problem(self, path: str, message: Message | Words, code: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(message, path, code))

    def place_all(self, sent: dict[Any, Any], parent: str, scope: AnswerScope) -> None:
        """Answers of a form, a group or an entry."""
        known = 0
        for item in self.compiled_form.children[parent]:
            name = item.question.name
            if name in sent:
                known += 1
            if item.path in self.compiled_form.fixed:
                self.place_fixed(sent.get(name), item, scope)
            elif name in sent:
                self.place_one(sent[name], item, scope)
        if known < len(sent):
            names = {item.question.name for item in self.compiled_form.children[parent]}
            above = (
                self.compiled_form.questions[parent].shown(scope)
                if parent and not _is_entry(parent, scope)
                else scope.prefix
            )
            for name in list(sent)[: MOST_VALUES + 1]:
                if name not in names:
                    self.add_problem(shown_path(name, above), _NAMELESS, "unknown_name")

    def place_one(self, sent: Any, item: CompiledQuestion, scope: AnswerScope) -> None:
        if self.refused or sent is None:
            return
        if item.kind == "group":
            self.place_group(sent, item, scope)
        elif item.kind == "repeat":
            self.place_entries(sent, item, scope)
        elif item.kind == "note":
            self.add_problem(item.shown(scope), msg("This is shown, not asked."), "unknown_name")
        elif item.calculation is not None:
            scope.sent.add(item.path)
            scope.clean[item.path] = sent
            scope.values[item.path] = rule_value(sent)
        else:
            self.place_answer(sent, item, scope)

    def place_fixed(self, sent: Any, item: CompiledQuestion, scope: AnswerScope) -> None:
        """Places the answer that a question begins with, whatever was sent, here and in the group it stands in."""
        if item.calculation is not None:
            self.place_one(sent, item, scope)
            return
        if item.kind == "group" and sent is None:
            self.place_all({}, item.path, scope)
        elif item.kind in ("group", "repeat"):
            self.place_one(sent, item, scope)
        elif item.kind in TYPES:
            typed = TYPES[item.kind](default_answer(item.question, scope.today), item)
            scope.clean[item.path], scope.values[item.path] = typed.clean, typed.value
            if sent not in (None, "", [], typed.clean):
                scope.sent.add(item.path)

    def place_answer(self, sent: Any, item: CompiledQuestion, scope: AnswerScope) -> None:
        if sent == "" or sent == []:
            return
        scope.sent.add(item.path)
        typed = TYPES[item.kind](sent, item)
        if typed.problem is not None:
            self.wrong[item.shown(scope)] = (typed.problem, typed.code)
        elif typed.clean is None:
            scope.sent.discard(item.path)
        else:
            scope.clean[item.path] = typed.clean
            scope.values[item.path] = typed.value
            self.count_size(sent)

    def place_group(self, sent: Any, item: CompiledQuestion, scope: AnswerScope) -> None:
        if isinstance(sent, dict):
            self.place_all(sent, item.path, scope)
        else:
            scope.sent.add(item.path)
            self.wrong[item.shown(scope)] = (
                msg("These answers belong together, as an object."),
                "wrong_type",
            )

    def place_entries(self, sent: Any, item: CompiledQuestion, scope: AnswerScope) -> None:
        shown = item.shown(scope)
        if not isinstance(sent, list):
            scope.sent.add(item.path)
            self.wrong[shown] = (
                msg("Entries are expected here, as a list of objects."),
                "wrong_type",
            )
            return
        if len(sent) > item.question.most:
            scope.sent.add(item.path)
            limit = item.question.most
            self.wrong[shown] = (
                msg("There are too many entries: at most {limit}.", limit=limit),
                "too_many",
            )
            return
        entries = scope.repeats[item.path] = []
        for index, entry in enumerate(sent):
            inside = AnswerScope(scope.today, parent=scope, prefix=f"{shown}[{index}]")
            entries.append(inside)
            self.count_size(entry)
            if isinstance(entry, dict):
                self.place_all(entry, item.path, inside)
            else:
                inside.sent.add(item.path)
                self.wrong[inside.prefix] = (
                    msg("These answers belong together, as an object."),
                    "wrong_type",
                )

    def count_size(self, sent: Any) -> None:
        """Counts an answer, and refuses all of them when together they are more than anyone could have meant."""
        self.values += len(sent) if isinstance(sent, list) else 1
        if isinstance(sent, str):
            self.characters += len(sent)
        if self.values > MOST_VALUES or self.characters > MOST_CHARACTERS:
            self.refused = True
            self.problems = [Problem(msg("These answers are too long altogether."), "", "too_long")]


def _is_entry(parent: str, scope: AnswerScope) -> bool:
    """Returns whether `parent` is the repeat that this place is an entry of."""
    return bool(scope.prefix) and scope.parent is not None and parent in scope.parent.repeats  # type: ignore[attr-defined]


def shown_path(name: object, above: str = "") -> str:
    """Returns a path that can be said back, whatever was sent as a name."""
    said = str(name)[:80].encode("utf-8", "replace").decode().replace("\0", "?")
    return f"{above}.{said}" if above else said
