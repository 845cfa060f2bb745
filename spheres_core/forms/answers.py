"""Checks answers: the server's word on what was sent, question by question.

Whatever is sent, the result is a list of problems with paths, never an exception.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from spheres_core.facts import Message, Words, msg
from spheres_core.forms.answer_placement import MOST_PROBLEMS, AnswerPlacement, shown_path
from spheres_core.forms.answer_types import LARGEST_NUMBER, TYPES
from spheres_core.forms.compiled_form import AnswerScope, CompiledForm, CompiledQuestion, compile_form, evaluate_rules
from spheres_core.forms.expressions import Clock
from spheres_core.forms.expressions.values import truth
from spheres_core.forms.first_answers import answer_by_rule
from spheres_core.forms.schemas import CheckedAnswers, Form
from spheres_core.forms.wording import with_values


def check(
    form: Form, answers: object, *, language: str = "", today: dt.date, clock: Clock | None = None
) -> CheckedAnswers:
    """Returns the answers that hold, by the form version that asked, and the problems of the others. `today` is the day
    in the tenant's zone.

    `clock` tells the time and the zone too, for rules that read them; without it the day has just begun, in UTC.
    Problems carry the form's own words (by language) or a message of the core; `language` is the one in which values
    are spoken inside the form's words.
    """
    compiled_form = compile_form(form)
    placement = AnswerPlacement(compiled_form, clock or today.isoformat())
    placement.root.language = language or form.default_language
    if isinstance(answers, dict):
        placement.place_all(answers, "", placement.root)
    elif answers is not None:
        placement.add_problem(shown_path(""), msg("The answers must be an object, by question name."), "wrong_type")
        placement.refused = True
    if placement.refused:
        return CheckedAnswers({}, (), tuple(placement.problems))
    evaluate_rules(compiled_form, placement.root)
    checking = _AnswerCheck(compiled_form, placement, language or form.default_language)
    values = checking.check_all("", placement.root)
    return CheckedAnswers(values, tuple(checking.ignored), tuple(placement.problems[:MOST_PROBLEMS]))


class _AnswerCheck:
    """Second pass, once it is known what is relevant: drop, require, constrain, and build what is kept."""

    def __init__(self, compiled_form: CompiledForm, placement: AnswerPlacement, language: str) -> None:
        self.compiled_form = compiled_form
        self.placement = placement
        self.language = language
        self.ignored: list[str] = []

    def check_all(self, parent: str, scope: AnswerScope) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for item in self.compiled_form.children[parent]:
            value = self.check_one(item, scope)
            if value is not None:
                kept[item.question.name] = value
        return kept

    def check_one(self, item: CompiledQuestion, scope: AnswerScope) -> Any:
        if item.path in scope.hidden:
            self.drop(item, scope)
            return None
        shown_wrong = self.placement.wrong and self.placement.wrong.get(item.shown(scope))
        if shown_wrong:
            self.placement.add_problem(item.shown(scope), *shown_wrong)
            return None
        if item.kind == "group":
            return self.check_all(item.path, scope) or None
        if item.kind == "repeat":
            return self.check_entries(item, scope)
        if item.kind == "note":
            return None
        if item.calculation is not None:
            return self.check_computed(item, scope)
        return self.check_answer(item, scope)

    def check_entries(self, item: CompiledQuestion, scope: AnswerScope) -> list[dict[str, Any]] | None:
        for entry in scope.surplus.get(item.path, ()):
            self.ignored.append(entry.prefix)
        kept = []
        for entry in scope.repeats.get(item.path, ()):
            wrong = self.placement.wrong.get(entry.prefix)
            if wrong:
                self.placement.add_problem(entry.prefix, *wrong)
                continue
            kept.append(self.check_all(item.path, entry))
        return kept or None

    def drop(self, item: CompiledQuestion, scope: AnswerScope) -> None:
        """Names what was answered although it is not asked."""
        if item.path in scope.sent:
            self.ignored.append(item.shown(scope))
        elif item.kind == "group":
            for child in self.compiled_form.children[item.path]:
                self.drop(child, scope)
        elif item.kind == "repeat":
            for entry in scope.repeats.get(item.path, ()):
                for child in self.compiled_form.children[item.path]:
                    self.drop(child, entry)

    def check_computed(self, item: CompiledQuestion, scope: AnswerScope) -> Any:
        computed = scope.values.get(item.path)
        typed = answer_by_rule(item, computed) if item.kind in TYPES else None
        value = _kept(computed) if typed is None else typed.clean
        if item.path in scope.sent and scope.clean[item.path] != value:
            self.ignored.append(item.shown(scope))
        return value

    def check_answer(self, item: CompiledQuestion, scope: AnswerScope) -> Any:
        value = scope.clean.get(item.path)
        if item.question.read_only:
            if item.path in scope.sent:
                self.ignored.append(item.shown(scope))
            return value
        if value is None:
            if item.required is not None and truth(item.required(scope)):
                self.add_problem(item, scope, item.question.required_messages, _unanswered(item), "required")
            return None
        if item.options and not self.check_choice(item, scope, value):
            return None
        if item.constraint is not None:
            scope.own = scope.values[item.path]
            if not truth(item.constraint(scope)):
                message = msg("This answer does not fit.")
                self.add_problem(item, scope, item.question.constraint_messages, message, "constraint")
        return value

    def check_choice(self, item: CompiledQuestion, scope: AnswerScope, value: Any) -> bool:
        """Returns whether the answer was offered, after filters; notes a problem when it was not."""
        offered = item.offered if item.choice_filter is None else offered_choices(item, scope)
        if item.kind == "select_one":
            if value in offered:
                return True
            self.placement.add_problem(item.shown(scope), msg("Choose one of the answers offered."), "not_offered")
            return False
        right = True
        for index, code in enumerate(value):
            path = f"{item.shown(scope)}[{index}]"
            if not isinstance(code, str) or code not in offered:
                self.placement.add_problem(path, msg("This is not one of the answers offered."), "not_offered")
                right = False
            elif code in value[:index]:
                self.placement.add_problem(path, msg("This answer stands here twice."), "twice")
                right = False
        if item.kind == "rank" and right and len(value) < len(offered):
            self.placement.add_problem(
                item.shown(scope), msg("Give each answer its place, from first to last."), "incomplete"
            )
            return False
        return right

    def add_problem(
        self, item: CompiledQuestion, scope: AnswerScope, words: Words, message: Message, code: str
    ) -> None:
        """Notes a problem, in the form's own words when it has some, else in the core's."""
        said = with_values(words, self.compiled_form, scope, self.language) if words else message
        self.placement.add_problem(item.shown(scope), said, code)


def offered_choices(item: CompiledQuestion, scope: AnswerScope) -> frozenset[str]:
    """Returns the choices that are offered at this place, retired ones left out."""
    assert item.choice_filter is not None
    kept = set()
    scope.own = scope.values.get(item.path)
    for choice in item.options:
        scope.columns = {**choice.columns, "name": choice.name}
        if not choice.retired and truth(item.choice_filter(scope)):
            kept.add(choice.name)
    scope.columns = {}
    return frozenset(kept)


def _kept(value: Any) -> Any:
    """Returns a computed value as it is kept: whole numbers without a point, blanks not at all."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_NUMBER:
        return int(value)
    return None if value in ("", []) else value


def _unanswered(item: CompiledQuestion) -> Message:
    if item.kind == "acknowledge":
        return msg("Please confirm this to go on.")
    return msg("Please answer this question.")
