"""Prepares a form version for answers: compiles its rules and orders its questions by how they depend on each other.

Done once for each version and kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from spheres_core.forms.expressions import Clock, Compiled, RuleScope, compile_tree, references_of
from spheres_core.forms.expressions.values import number, stored, truth
from spheres_core.forms.references import QuestionNames, asked_when
from spheres_core.forms.rule_places import place_of
from spheres_core.forms.schemas import Choice, Form, Question


class AnswerScope(RuleScope):
    """Where answers stand: the whole form, or one entry of a repeat."""

    __slots__ = ("clean", "hidden", "prefix", "repeats", "sent", "surplus")

    def __init__(self, today: str | Clock, *, parent: AnswerScope | None = None, prefix: str = "") -> None:
        super().__init__({}, today=today, parent=parent)
        self.prefix = prefix
        """The shown path of this entry, e.g. `household[0]`; empty for the form."""
        self.repeats: dict[str, list[AnswerScope]] = {}
        self.surplus: dict[str, list[AnswerScope]] = {}
        """Entries that came beyond the number that a repeat has."""
        self.hidden: set[str] = set()
        """Paths that are not relevant here."""
        self.sent: set[str] = set()
        """Paths that came with an answer."""
        self.clean: dict[str, Any] = {}
        """Answers as they are kept, where `values` has them as rules see them."""


class CompiledQuestion:
    """One question, ready: what its rules are and where it stands."""

    __slots__ = (
        "calculation",
        "choice_filter",
        "constraint",
        "default_rule",
        "entry",
        "kind",
        "offered",
        "options",
        "parent",
        "path",
        "question",
        "relevant",
        "relevant_rule",
        "repeat_count",
        "required",
        "tail",
    )

    def __init__(self, question: Question, form: Form, names: QuestionNames) -> None:
        place = place_of(question, form, names)

        def compiled(tree: Any) -> Compiled | None:
            return None if tree is None else compile_tree(tree, place)

        self.question = question
        self.path = question.path
        self.kind = question.kind
        above = names.repeats_above(question.path)
        self.entry = above[-1] if above else ""
        """The repeat it stands in; empty for none."""
        self.tail = question.path[len(self.entry) :]
        self.parent = question.path.rpartition(".")[0]
        self.relevant_rule = asked_when(question, names)
        self.relevant = compiled(self.relevant_rule)
        self.required = compiled(question.required)
        self.constraint = compiled(question.constraint)
        self.calculation = compiled(question.calculation)
        self.choice_filter = compiled(question.choice_filter)
        self.default_rule = compiled(question.default_rule)
        self.repeat_count = compiled(question.repeat_count)
        self.options: tuple[Choice, ...] = form.choices.get(question.choices, ())
        self.offered = frozenset(choice.name for choice in self.options if not choice.retired)

    def shown(self, scope: AnswerScope) -> str:
        """Returns the path as people and clients read it: `household[0].age`."""
        return scope.prefix + self.tail


class CompiledForm:
    """A form version, compiled."""

    def __init__(self, form: Form) -> None:
        self.form = form
        names = QuestionNames(form)
        self.questions = {question.path: CompiledQuestion(question, form, names) for question in form.walk()}
        order, circle = dependency_order(form)
        if circle:
            raise ValueError(f"form {form.key} {form.version} has a circle: {circle}")
        self.order = tuple(self.questions[path] for path in order)
        kept = (question.path for question in form.walk() if question.read_only)
        self.fixed = frozenset(above for path in kept for above in _with_above(path))
        """Paths of the questions that nobody changes the answer of, and of what they stand in."""
        self.rules = tuple(item for item in self.order if _can_change(item))
        self.children: dict[str, tuple[CompiledQuestion, ...]] = {
            "": tuple(self.questions[question.path] for question in form.questions)
        }
        for question in form.walk():
            if question.children:
                self.children[question.path] = tuple(self.questions[child.path] for child in question.children)


def _with_above(path: str) -> Iterator[str]:
    parts = path.split(".")
    yield from (".".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _can_change(item: CompiledQuestion) -> bool:
    """Returns whether a question may be hidden or computed at all; the others need no second look."""
    rules = (item.relevant, item.calculation, item.repeat_count)
    return any(rule is not None for rule in rules) or bool(item.parent)


@lru_cache(maxsize=512)
def compile_form(form: Form) -> CompiledForm:
    """Compiles a form version; kept for the next call."""
    return CompiledForm(form)


def dependency_order(form: Form) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns paths in an order in which each comes after all that it depends on, or the circle that makes it
    impossible."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    names = QuestionNames(form)
    for question in form.walk():
        needs = [question.path.rpartition(".")[0]] if "." in question.path else []
        for tree in (asked_when(question, names), question.calculation, question.repeat_count):
            if tree is not None:
                needs.extend(sorted(references_of(tree)))
        sorter.add(question.path, *needs)
    try:
        known = {question.path for question in form.walk()}
        return tuple(path for path in sorter.static_order() if path in known), ()
    except CycleError as error:
        return (), tuple(reversed(error.args[1]))


def evaluate_rules(compiled_form: CompiledForm, root: AnswerScope) -> None:
    """Decides what is relevant and computes what is computed, everywhere, in dependency order."""
    scopes = scopes_by_repeat(root)
    for item in compiled_form.rules:
        for scope in scopes.get(item.entry, ()):
            if item.repeat_count is not None and _set_count(item, scope):
                scopes = scopes_by_repeat(root)
            if item.calculation is not None:
                scope.values.pop(item.path, None)  # what was sent, which once() must not find
            if _inherits_hidden(item, scope) or not _relevant(item, scope):
                scope.hidden.add(item.path)
                scope.values.pop(item.path, None)
            elif item.calculation is not None:
                scope.values[item.path] = stored(item.calculation(scope))


def _set_count(item: CompiledQuestion, scope: AnswerScope) -> bool:
    """Gives a repeat as many entries as its rule says, blank ones where more are needed; returns whether that changed
    any."""
    assert item.repeat_count is not None
    counted = number(item.repeat_count(scope), scope.clock.offset)
    wanted = max(0, min(int(counted), item.question.most)) if math.isfinite(counted) else 0
    entries = scope.repeats.setdefault(item.path, [])
    if len(entries) == wanted:
        return False
    scope.surplus[item.path] = entries[wanted:]
    del entries[wanted:]
    for index in range(len(entries), wanted):
        entries.append(AnswerScope(scope.today, parent=scope, prefix=f"{item.shown(scope)}[{index}]"))
    return True


def scopes_by_repeat(root: AnswerScope) -> dict[str, list[AnswerScope]]:
    """Returns all scopes by the repeat they belong to; the form itself under the empty name."""
    found: dict[str, list[AnswerScope]] = {"": [root]}
    waiting = [root]
    while waiting:
        scope = waiting.pop()
        for repeat, entries in scope.repeats.items():
            found.setdefault(repeat, []).extend(entries)
            waiting.extend(entries)
    return found


def _inherits_hidden(item: CompiledQuestion, scope: AnswerScope) -> bool:
    if not item.parent:
        return False
    if item.parent == item.entry:
        return scope.parent is not None and item.parent in scope.parent.hidden  # type: ignore[attr-defined]
    return item.parent in scope.hidden


def _relevant(item: CompiledQuestion, scope: AnswerScope) -> bool:
    return item.relevant is None or truth(item.relevant(scope))
