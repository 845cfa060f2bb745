"""Answers that are valid today, found by trying: for documentation, for clients, and for the forms' own proof."""

from __future__ import annotations

import copy
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, Final

from spheres_core.forms.answer_types import TYPES, rule_value
from spheres_core.forms.answers import check, offered_choices
from spheres_core.forms.compiled_form import AnswerScope, CompiledForm, CompiledQuestion, compile_form, evaluate_rules
from spheres_core.forms.default_answers import default_answer
from spheres_core.forms.expressions import Tree
from spheres_core.forms.expressions.rule_tree import nodes
from spheres_core.forms.expressions.values import truth
from spheres_core.forms.pattern_examples import example_of
from spheres_core.forms.schemas import Form

ROUNDS: Final = 3
"""A constraint may look at a later answer; a few rounds let them find each other."""
MOST_STEPS: Final = 5_000_000
"""Evaluations of a sign, function or reference on the way to an example; a form of sixty questions takes 50,000."""
KEPT: Final = 64
"""Examples that a process keeps."""
_FOUND: Final[OrderedDict[tuple[str, str, dt.date], dict[str, Any]]] = OrderedDict()
TEXTS: Final = {
    "participant_name": "A.",
    "referrer_name": "Camille Exemple",
    "phone": "514 555-0142",
    "email": "exemple@example.org",
}
USUAL_NUMBERS: Final = (17, 1, 0, 2, 5, 10, 20, 50, 100, 1000, -1)


def example(form: Form, *, today: dt.date) -> dict[str, Any]:
    """Returns answers to every relevant question, one entry in each repeat, that `check` accepts on this day.

    A question that no candidate satisfies is left out, and so are those for which no step is left; `check` then says
    whether they were needed. Found once for a version and a day.
    """
    found = _FOUND.get((form.key, form.version, today))
    if found is None:
        found = _FOUND[form.key, form.version, today] = _find(form, today)
        while len(_FOUND) > KEPT:
            _FOUND.popitem(last=False)
    return copy.deepcopy(found)


def _find(form: Form, today: dt.date) -> dict[str, Any]:
    compiled_form = compile_form(form)
    root = AnswerScope(today.isoformat())
    _open_entries(compiled_form, "", root)
    turns = MOST_STEPS // _steps(compiled_form)
    for _ in range(ROUNDS):
        for item in compiled_form.order:
            for scope in _places(root, item.entry):
                turns -= 1
                if turns >= 0:
                    _answer(item, scope, root, compiled_form)
    return check(form, _written(compiled_form, "", root), today=today).values


def _steps(compiled_form: CompiledForm) -> int:
    """Returns how many steps it takes to evaluate every rule of a form once."""
    rules = (
        rule
        for item in compiled_form.order
        for rule in (item.question.relevant, item.question.required, item.question.calculation)
    )
    return len(compiled_form.order) + sum(1 for rule in rules if rule for _ in nodes(rule)) + 1


def _open_entries(compiled_form: CompiledForm, parent: str, scope: AnswerScope) -> None:
    for item in compiled_form.children[parent]:
        if item.kind == "group":
            _open_entries(compiled_form, item.path, scope)
        elif item.kind == "repeat":
            inside = AnswerScope(scope.today, parent=scope, prefix=f"{item.shown(scope)}[0]")
            scope.repeats[item.path] = [inside]
            _open_entries(compiled_form, item.path, inside)


def _places(scope: AnswerScope, entry: str) -> Iterator[AnswerScope]:
    if not entry:
        yield scope
        return
    waiting = [scope]
    while waiting:
        here = waiting.pop()
        for repeat, entries in here.repeats.items():
            if repeat == entry:
                yield from entries
            waiting.extend(entries)


def _answer(item: CompiledQuestion, scope: AnswerScope, root: AnswerScope, compiled_form: CompiledForm) -> None:
    """Gives a question the first answer that it accepts as things stand."""
    if item.kind not in TYPES:
        return
    _evaluate_again(compiled_form, root)
    if item.path in scope.hidden:
        return
    begun = default_answer(item.question, scope.today)
    kept = scope.clean.get(item.path)
    first = [each for each in (kept, begun) if each is not None]
    for candidate in first + ([] if item.question.read_only else list(_candidates(item, scope))):
        typed = TYPES[item.kind](candidate, item)
        if typed.problem is not None or typed.clean is None:
            continue
        scope.clean[item.path] = typed.clean
        scope.values[item.path] = scope.own = typed.value
        if item.constraint is None or item.question.read_only or truth(item.constraint(scope)):
            return
    scope.clean.pop(item.path, None)
    scope.values.pop(item.path, None)


def _evaluate_again(compiled_form: CompiledForm, root: AnswerScope) -> None:
    """Evaluates relevance and computed values once more, from what has been answered so far."""
    waiting = [root]
    while waiting:
        scope = waiting.pop()
        scope.hidden.clear()
        for path, value in scope.clean.items():
            scope.values[path] = rule_value(value)
        for entries in scope.repeats.values():
            waiting.extend(entries)
    evaluate_rules(compiled_form, root)


def _candidates(item: CompiledQuestion, scope: AnswerScope) -> Iterator[Any]:
    written = list(_written_in(item.question.constraint))
    return _CANDIDATES[item.kind](item, scope, written)


def _written_in(tree: Tree | None) -> Iterator[Any]:
    """Yields texts and figures of a constraint: what it is likely to want."""
    for node in nodes(tree) if tree else ():
        if node[0] in ("text", "figure"):
            yield node[1]
        elif node[0] == "regex":
            yield example_of(node[2])


def _texts(item: CompiledQuestion, _place: AnswerScope, written: list[Any]) -> Iterator[Any]:
    question = item.question
    words = [*question.appearance.split(), question.meaning]
    yield from (TEXTS[word] for word in words if word in TEXTS)
    yield from (text for text in written if isinstance(text, str))
    yield "Exemple"
    yield "E"
    yield from (f"{figure:g}" for figure in written if isinstance(figure, float))
    yield from ("x" * int(figure) for figure in written if isinstance(figure, float) and 0 < figure < 5000)


def _places_in_words(_step: CompiledQuestion, _place: AnswerScope, written: list[Any]) -> Iterator[Any]:
    yield "1, rue Exemple"
    yield from (text for text in written if isinstance(text, str))


def _integers(_step: CompiledQuestion, _place: AnswerScope, written: list[Any]) -> Iterator[Any]:
    yield from USUAL_NUMBERS
    for figure in written:
        if isinstance(figure, float):
            yield from (int(figure), int(figure) + 1, int(figure) - 1)
            yield from (-int(figure), -int(figure) - 1)


def _decimals(item: CompiledQuestion, scope: AnswerScope, written: list[Any]) -> Iterator[Any]:
    yield from _integers(item, scope, written)
    yield from (figure + 0.5 for figure in written if isinstance(figure, float))


def _dates(item: CompiledQuestion, scope: AnswerScope, written: list[Any]) -> Iterator[Any]:
    today = dt.date.fromisoformat(scope.today)
    years = 17 if item.question.meaning == "birth_date" else 0
    yield today.replace(year=today.year - years, day=1).isoformat()
    yield today.isoformat()
    for text in (text for text in written if isinstance(text, str)):
        yield text
        yield from _around(text)
    yield (today - dt.timedelta(days=365)).isoformat()
    yield (today + dt.timedelta(days=1)).isoformat()


def _around(text: str) -> Iterator[str]:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return
    yield (day + dt.timedelta(days=1)).isoformat()
    yield (day - dt.timedelta(days=1)).isoformat()


def _ranges(item: CompiledQuestion, scope: AnswerScope, written: list[Any]) -> Iterator[Any]:
    steps = item.question.steps
    for number in (steps.lowest + steps.step * (steps.size // 2), steps.lowest, steps.highest):
        yield int(number) if steps.whole else float(number)
    yield from _decimals(item, scope, written)


def _times(_step: CompiledQuestion, _place: AnswerScope, written: list[Any]) -> Iterator[Any]:
    yield from ("14:30", "09:00", "23:00", "00:30")
    yield from (text for text in written if isinstance(text, str))


def _date_times(item: CompiledQuestion, scope: AnswerScope, written: list[Any]) -> Iterator[Any]:
    yield from (each if "T" in each else f"{each}T14:30" for each in _dates(item, scope, written))


def _offered(item: CompiledQuestion, scope: AnswerScope) -> list[str]:
    codes = item.offered if item.choice_filter is None else offered_choices(item, scope)
    return [name for name in dict.fromkeys(choice.name for choice in item.options) if name in codes]


def _single_choices(item: CompiledQuestion, scope: AnswerScope, _written: list[Any]) -> Iterator[Any]:
    yield from _offered(item, scope)


def _multiple_choices(item: CompiledQuestion, scope: AnswerScope, _written: list[Any]) -> Iterator[Any]:
    codes = _offered(item, scope)
    yield codes[:2]
    yield from ([code] for code in codes)
    yield codes


def _rankings(item: CompiledQuestion, scope: AnswerScope, _written: list[Any]) -> Iterator[Any]:
    codes = _offered(item, scope)
    yield from (codes[turn:] + codes[:turn] for turn in range(len(codes)))


def _no_files(_step: CompiledQuestion, _place: AnswerScope, _written: list[Any]) -> Iterator[Any]:
    """Yields nothing: a file is sent before, and is never required."""
    yield from ()


def _acknowledgements(_step: CompiledQuestion, _place: AnswerScope, _written: list[Any]) -> Iterator[Any]:
    yield True


_CANDIDATES: Final[dict[str, Callable[[CompiledQuestion, AnswerScope, list[Any]], Iterator[Any]]]] = {
    "text": _texts,
    "integer": _integers,
    "decimal": _decimals,
    "range": _ranges,
    "date": _dates,
    "time": _times,
    "datetime": _date_times,
    "select_one": _single_choices,
    "select_multiple": _multiple_choices,
    "rank": _rankings,
    "geopoint": _places_in_words,
    "image": _no_files,
    "audio": _no_files,
    "video": _no_files,
    "file": _no_files,
    "acknowledge": _acknowledgements,
}


def _written(compiled_form: CompiledForm, parent: str, scope: AnswerScope) -> dict[str, Any]:
    """Returns the answers object of what was found."""
    found: dict[str, Any] = {}
    for item in compiled_form.children[parent]:
        name = item.question.name
        if item.path in scope.hidden:
            continue
        if item.kind == "group":
            found[name] = _written(compiled_form, item.path, scope)
        elif item.kind == "repeat":
            entries = [_written(compiled_form, item.path, entry) for entry in scope.repeats[item.path]]
            found[name] = [entry for entry in entries if entry]
        elif item.kind in TYPES and item.path in scope.clean:
            found[name] = scope.clean[item.path]
    return found
