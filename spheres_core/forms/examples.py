"""Answers that are valid today, found by trying: for documentation, for clients, and for the forms' own proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, Final

from spheres_core.forms.answer_types import TYPES
from spheres_core.forms.answers import check, filtered
from spheres_core.forms.compiled_form import Place, Plan, Step, plan_of, settle
from spheres_core.forms.expressions import Tree
from spheres_core.forms.expressions.rule_tree import nodes
from spheres_core.forms.pattern_examples import example_of
from spheres_core.forms.schemas import Form

ROUNDS: Final = 3
"""A constraint may look at a later answer; a few rounds let them find each other."""
TEXTS: Final = {
    "participant_name": "A.",
    "referrer_name": "Camille Exemple",
    "phone": "514 555-0142",
    "email": "exemple@example.org",
}
USUAL_NUMBERS: Final = (17, 1, 0, 2, 5, 10, 20, 50, 100, 1000, -1)


def example(form: Form, *, today: dt.date) -> dict[str, Any]:
    """Answers to every relevant question, one entry in each repeat, that `check` accepts on this day.

    A question that no trial satisfies is left out; `check` then says whether it was needed.
    """
    plan = plan_of(form)
    root = Place(today.isoformat())
    _open_entries(plan, "", root)
    for _ in range(ROUNDS):
        for step in plan.order:
            for place in _places(root, step.entry):
                _answer(step, place, root, plan)
    return check(form, _written(plan, "", root), today=today).values


def _open_entries(plan: Plan, parent: str, place: Place) -> None:
    for step in plan.children[parent]:
        if step.kind == "group":
            _open_entries(plan, step.path, place)
        elif step.kind == "repeat":
            inside = Place(place.today, parent=place, prefix=f"{step.shown(place)}[0]")
            place.repeats[step.path] = [inside]
            _open_entries(plan, step.path, inside)


def _places(place: Place, entry: str) -> Iterator[Place]:
    if not entry:
        yield place
        return
    waiting = [place]
    while waiting:
        here = waiting.pop()
        for repeat, entries in here.repeats.items():
            if repeat == entry:
                yield from entries
            waiting.extend(entries)


def _answer(step: Step, place: Place, root: Place, plan: Plan) -> None:
    """The first trial that the question accepts as things stand."""
    if step.kind not in TYPES:
        return
    _settle_anew(plan, root)
    if step.path in place.hidden:
        return
    kept = place.clean.get(step.path)
    for trial in ([kept] if kept is not None else []) + list(_trials(step, place)):
        typed = TYPES[step.kind](trial, step)
        if typed.problem is not None or typed.clean is None:
            continue
        place.clean[step.path] = typed.clean
        place.values[step.path] = place.own = typed.value
        if step.constraint is None or step.constraint(place) not in (False, None, 0.0, ""):
            return
    place.clean.pop(step.path, None)
    place.values.pop(step.path, None)


def _settle_anew(plan: Plan, root: Place) -> None:
    """Relevance and computed values once more, from what has been answered so far."""
    waiting = [root]
    while waiting:
        place = waiting.pop()
        place.hidden.clear()
        for path, value in place.clean.items():
            place.values[path] = float(value) if type(value) is int else value
        for entries in place.repeats.values():
            waiting.extend(entries)
    settle(plan, root)


def _trials(step: Step, place: Place) -> Iterator[Any]:
    written = list(_written_in(step.question.constraint))
    return _TRIALS[step.kind](step, place, written)


def _written_in(tree: Tree | None) -> Iterator[Any]:
    """Texts and figures of a constraint: what it is likely to want."""
    for node in nodes(tree) if tree else ():
        if node[0] in ("text", "figure"):
            yield node[1]
        elif node[0] == "regex":
            yield example_of(node[2])


def _texts(step: Step, _place: Place, written: list[Any]) -> Iterator[Any]:
    question = step.question
    words = [*question.appearance.split(), question.meaning]
    yield from (TEXTS[word] for word in words if word in TEXTS)
    yield from (text for text in written if isinstance(text, str))
    yield "Exemple"
    yield "E"
    yield from (f"{figure:g}" for figure in written if isinstance(figure, float))
    yield from ("x" * int(figure) for figure in written if isinstance(figure, float) and 0 < figure < 5000)


def _integers(_step: Step, _place: Place, written: list[Any]) -> Iterator[Any]:
    yield from USUAL_NUMBERS
    for figure in written:
        if isinstance(figure, float):
            yield from (int(figure), int(figure) + 1, int(figure) - 1)
            yield from (-int(figure), -int(figure) - 1)


def _decimals(step: Step, place: Place, written: list[Any]) -> Iterator[Any]:
    yield from _integers(step, place, written)
    yield from (figure + 0.5 for figure in written if isinstance(figure, float))


def _dates(step: Step, place: Place, written: list[Any]) -> Iterator[Any]:
    today = dt.date.fromisoformat(place.today)
    years = 17 if step.question.meaning == "birth_date" else 0
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


def _offered(step: Step, place: Place) -> list[str]:
    codes = step.offered if step.choice_filter is None else filtered(step, place)
    return [name for name in dict.fromkeys(choice.name for choice in step.options) if name in codes]


def _ones(step: Step, place: Place, _written: list[Any]) -> Iterator[Any]:
    yield from _offered(step, place)


def _manies(step: Step, place: Place, _written: list[Any]) -> Iterator[Any]:
    codes = _offered(step, place)
    yield codes[:2]
    yield from ([code] for code in codes)
    yield codes


def _ticks(_step: Step, _place: Place, _written: list[Any]) -> Iterator[Any]:
    yield True


_TRIALS: Final[dict[str, Callable[[Step, Place, list[Any]], Iterator[Any]]]] = {
    "text": _texts,
    "integer": _integers,
    "decimal": _decimals,
    "date": _dates,
    "select_one": _ones,
    "select_multiple": _manies,
    "acknowledge": _ticks,
}


def _written(plan: Plan, parent: str, place: Place) -> dict[str, Any]:
    """The answers object of what was found."""
    found: dict[str, Any] = {}
    for step in plan.children[parent]:
        name = step.question.name
        if step.path in place.hidden:
            continue
        if step.kind == "group":
            found[name] = _written(plan, step.path, place)
        elif step.kind == "repeat":
            entries = [_written(plan, step.path, entry) for entry in place.repeats[step.path]]
            found[name] = [entry for entry in entries if entry]
        elif step.kind in TYPES and step.path in place.clean:
            found[name] = place.clean[step.path]
    return found
