"""Where a rule of a form finds the answers that it reads: at its own place, above it, and in the entries of repeats.

`static/places.js` finds the same ones in the browser.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from spheres_core.forms.choice_labels import label_of
from spheres_core.forms.expressions import Compiled, RulePlace, Value
from spheres_core.forms.expressions.values import number, text
from spheres_core.forms.references import QuestionNames
from spheres_core.forms.schemas import Form, Question

Scope = Any
"""An `AnswerScope` of `compiled_form`, which compiles rules by what is found here."""


def place_of(question: Question, form: Form, names: QuestionNames) -> RulePlace:
    """Returns how a rule of a question finds what it reads."""
    above = names.repeats_above(question.path)
    tail = question.path[len(above[-1]) :] if above else question.path
    return RulePlace(
        answer=lambda path: _lookup(path, question.path, names),
        own=_read_one(question.path, 0),
        entry_number=lambda repeat: _entry_number(len(above) - above.index(repeat) - 1 if repeat in above else -1),
        indexed=partial(_indexed, names, above),
        label=partial(_label, form, names),
        shown=lambda scope: scope.prefix + tail,  # type: ignore[attr-defined]  # scopes of forms have one
    )


def _lookup(target: str, near: str, names: QuestionNames) -> Compiled:
    """Returns how a rule at `near` reads `target`: its own place, one above, or every entry of a repeat below."""
    here, there = names.repeats_above(near), names.repeats_above(target)
    is_repeat = names.by_path[target].kind == "repeat"
    shared = sum(1 for one, two in zip(here, there, strict=False) if one == two)
    climb = len(here) - shared
    below = there[shared:]
    if not below and not is_repeat:
        return _read_one(target, climb)
    return _read_all(target, climb, below, is_repeat=is_repeat)


def _read_one(target: str, climb: int) -> Compiled:
    def here(scope: Scope) -> Value:
        found = scope.values.get(target)
        return "" if found is None else found

    def value(scope: Scope) -> Value:
        found = _above(scope, climb).values.get(target)
        return "" if found is None else found

    return value if climb else here


def _read_all(target: str, climb: int, below: tuple[str, ...], *, is_repeat: bool) -> Compiled:
    def value(scope: Scope) -> Value:
        found: list[Value] = []
        for place in _entries(_above(scope, climb), below):
            if target in place.hidden:
                continue
            if is_repeat:
                found.extend([1.0] * len(place.repeats.get(target, ())))
            else:
                answer = place.values.get(target)
                found.append("" if answer is None else answer)
        return found

    return value


def _entry_number(climb: int) -> Compiled:
    """Returns how to tell which entry of a repeat this is, that many levels up; there is none when it is negative."""

    def value(scope: Scope) -> Value:
        index = _above(scope, climb).prefix.rpartition("[")[2].removesuffix("]")
        return float(index) + 1.0 if index.isdigit() else ""  # the blank entry that the browser copies has none

    return value if climb >= 0 else lambda _scope: ""


def _indexed(
    names: QuestionNames, here: tuple[str, ...], target: str, chosen: Sequence[tuple[str, Compiled]]
) -> Compiled:
    """Returns how to read a question in entries that are chosen by their number; where none is chosen, the entry in
    which the rule stands, or the first."""
    there = names.repeats_above(target)
    numbers = dict(chosen)

    def value(scope: Scope) -> Value:
        place = _above(scope, len(here))
        for level, repeat in enumerate(there):
            entries = place.repeats.get(repeat, ())
            if repeat in numbers:
                index = number(numbers[repeat](scope), scope.clock.offset)
            elif here[: level + 1] == there[: level + 1]:
                own = _above(scope, len(here) - level - 1)
                index = entries.index(own) + 1.0 if own in entries else 1.0
            else:
                index = 1.0
            if not math.isfinite(index) or not 1 <= math.trunc(index) <= len(entries):
                return ""
            place = entries[math.trunc(index) - 1]
        found = place.values.get(target)
        return "" if found is None else found

    return value


def _label(form: Form, names: QuestionNames, path: str, code: Compiled) -> Compiled:
    asked = names.by_path.get(path)
    options = form.choices.get(asked.choices, ()) if asked else ()

    def value(scope: Scope) -> Value:
        said = text(code(scope))
        return label_of(options, said, scope.language, form.default_language) if said else ""

    return value


def _above(scope: Scope, levels: int) -> Scope:
    for _ in range(levels):
        assert scope.parent is not None
        scope = scope.parent
    return scope


def _entries(scope: Scope, below: tuple[str, ...]) -> Iterator[Scope]:
    scopes = [scope]
    for repeat in below:
        scopes = [entry for each in scopes for entry in each.repeats.get(repeat, ())]
    yield from scopes
