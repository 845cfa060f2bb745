"""In which order choices are shown whose order shall not speak: drawn anew for each person, or by a number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, TypeVar

from spheres_core.forms.compiled_form import AnswerScope, CompiledQuestion
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.question_parameters import IS_TRUE, is_seed

_MODULUS: Final = 2**31 - 1
_FACTOR: Final = 16_807
"""Those of Park and Miller, by which ODK draws, too."""
_T = TypeVar("_T")


def in_order(shown: Sequence[_T], item: CompiledQuestion, scope: AnswerScope, drawn: str) -> tuple[_T, ...]:
    """Returns what a question shows in the order in which it is shown here. `drawn` stands for the person: the same
    text gives the same order, so that a page that is shown again is the same; without it they stand as listed."""
    if item.question.parameters.get("randomize") not in IS_TRUE:
        return tuple(shown)
    seed = _seed(item, scope, drawn)
    return tuple(shown) if seed is None else _shuffled(shown, seed)


def draws_an_order(form: Form) -> bool:
    """Tells whether choices of a form stand in an order that is drawn for each person."""
    return any(question.parameters.get("randomize") in IS_TRUE for question in form.walk())


def _seed(item: CompiledQuestion, scope: AnswerScope, drawn: str) -> int | None:
    wanted = item.question.parameters.get("seed", "")
    if is_seed(wanted):
        return int(float(wanted))
    if not drawn:
        return None
    return int.from_bytes(hashlib.sha256(f"{drawn} {item.shown(scope)}".encode()).digest()[:7])


def _shuffled(shown: Sequence[_T], seed: int) -> tuple[_T, ...]:
    state = seed % _MODULUS or _MODULUS - 1
    order = list(shown)
    for last in range(len(order) - 1, 0, -1):
        state = state * _FACTOR % _MODULUS
        other = (state - 1) * (last + 1) // (_MODULUS - 1)
        order[last], order[other] = order[other], order[last]
    return tuple(order)
