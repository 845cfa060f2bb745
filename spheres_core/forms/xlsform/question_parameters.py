"""Which parameters are supported, on which kinds of questions, and what they may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from spheres_core.facts import Message, msg
from spheres_core.forms.schemas import steps_of

_ORDER: Final = ("randomize", "seed")
PARAMETERS: Final = {
    "range": ("start", "end", "step"),
    "select_one": _ORDER,
    "select_multiple": _ORDER,
    "rank": _ORDER,
    "text": ("rows",),
}
"""The parameters of each kind of question."""
OF_FILES: Final = ("value", "label")
"""Parameters of questions with choices from a file: its columns with their codes and their words."""
MOST_LINES: Final = 40
_PARAMETER: Final = re.compile(r"([A-Za-z_-]+)\s*=\s*([^\s,;]*)")
IS_TRUE: Final = frozenset({"true", "true()"})
_TRUTH: Final = IS_TRUE | {"false", "false()"}
_SEED: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


class ParameterProblem(NamedTuple):
    """A parameter that changes nothing, or cannot be used."""

    message: Message
    severity: str


def parsed(cell: str) -> dict[str, str]:
    """Returns the parameters of a cell: `start=0 end=10`."""
    return {name.lower(): value for name, value in _PARAMETER.findall(cell)}


def is_understood(cell: str) -> bool:
    """Returns whether a cell holds parameters and nothing else."""
    return not _PARAMETER.sub("", cell).strip(" ,;")


def parameter_problems(kind: str, cell: str, *, from_file: bool = False) -> Iterator[ParameterProblem]:
    """Yields what is wrong with the parameters of a question of this kind."""
    if not is_understood(cell):
        yield ParameterProblem(msg("Parameters are written as name=value, with blanks between them."), "warning")
    parameters = parsed(cell)
    for name, value in parameters.items():
        if name not in (*PARAMETERS.get(kind, ()), *(OF_FILES if from_file else ())):
            yield ParameterProblem(msg("The parameter “{name}” changes nothing here.", name=name), "warning")
        elif name == "seed" and not is_seed(value):
            yield ParameterProblem(msg("A seed is a number here: the order is drawn anew for each person."), "warning")
        elif not _is_right(name, value):
            yield ParameterProblem(msg("The parameter “{name}” cannot be “{value}”.", name=name, value=value), "error")
    if kind == "range" and not has_steps(parameters):
        yield ParameterProblem(msg("A range has a start, an end and a step that are numbers."), "error")


def has_steps(parameters: Mapping[str, str]) -> bool:
    """Returns whether a range with these parameters can be asked at all."""
    try:
        return steps_of(parameters).size > 0
    except ValueError:
        return False


def is_seed(value: str) -> bool:
    """Returns whether an order can be drawn by this value: a number, and no rule."""
    return bool(_SEED.fullmatch(value))


def _is_right(name: str, value: str) -> bool:
    match name:
        case "randomize":
            return value in _TRUTH
        case "rows":
            return value.isascii() and value.isdigit() and 0 < int(value) <= MOST_LINES
        case _:
            return True
