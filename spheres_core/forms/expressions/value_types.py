"""Which values of a rule are dates, so that none of them is taken for a number: its result would always be blank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions.rule_tree import Tree, nodes

_ARITHMETIC: Final = frozenset({"+", "-", "*", "div", "mod", "negate", "round", "number"})
_NUMBERS: Final = frozenset({*_ARITHMETIC, "figure", "count", "count-selected", "string-length"})
_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})


def is_date(tree: Tree, reads_date: Callable[[str], bool], *, own: bool = False) -> bool:
    """Returns whether a value is a date. `reads_date` tells it of a reference, `own` of the answer itself."""
    match tree[0]:
        case "today":
            return True
        case "ref":
            return reads_date(tree[1])
        case "self":
            return own
        case "if":
            return any(is_date(each, reads_date, own=own) for each in tree[2:])
        case "coalesce":
            return any(is_date(each, reads_date, own=own) for each in tree[1:])
    return False


def date_problem(tree: Tree, reads_date: Callable[[str], bool], *, own: bool = False) -> Message | None:
    """Returns why a rule that calculates with dates, or compares one with what is none, can never hold."""
    for node in nodes(tree):
        values = [each for each in node[1:] if isinstance(each, list)]
        dates = [is_date(each, reads_date, own=own) for each in values]
        if not any(dates):
            continue
        if node[0] in _ARITHMETIC:
            return _not_computed()
        if node[0] in _COMPARISONS:
            other = values[dates.index(True) - 1]
            if other[0] in _NUMBERS:
                return _not_computed()
            if other[0] == "text" and not _is_day(other[1]):
                return msg("“{value}” is not a date. Write one as in '2026-11-21'.", value=other[1])
    return None


def _not_computed() -> Message:
    return msg("Forms do not calculate with dates yet, so this would never hold. Compare dates with each other, with "
               "today() or with a date such as '2026-11-21'.")  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
