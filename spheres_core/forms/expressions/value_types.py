"""Which values of a rule are dates, and which comparisons of them, or of words by size, can never hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions.dates import date_of, time_of
from spheres_core.forms.expressions.rule_tree import Tree, nodes
from spheres_core.forms.expressions.values import number, number_text

_DATES: Final = frozenset({"today", "now", "date", "date-time"})
_ORDERS: Final = frozenset({"<", "<=", ">", ">="})
_COMPARISONS: Final = frozenset({"=", "!=", *_ORDERS})
EARLIEST_USUAL: Final = 10_000
"""Days from 1970 to 1997: a smaller number next to a date is an age, a year or a count."""


def is_date(tree: Tree, reads_date: Callable[[str], bool], *, own: bool = False) -> bool:
    """Returns whether a value is a date. `reads_date` tells it of a reference, `own` of the answer itself."""
    match tree[0]:
        case "ref":
            return reads_date(tree[1])
        case "self":
            return own
        case "once":
            return is_date(tree[1], reads_date, own=own)
        case "if":
            return any(is_date(each, reads_date, own=own) for each in tree[2:])
        case "coalesce":
            return any(is_date(each, reads_date, own=own) for each in tree[1:])
    return tree[0] in _DATES


def comparison_problem(tree: Tree, reads_date: Callable[[str], bool], *, own: bool = False) -> Message | None:
    """Returns why a comparison can never hold: a date with what is none, or words by their size."""
    for node in nodes(tree):
        if node[0] not in _COMPARISONS:
            continue
        for value, other in ((node[1], node[2]), (node[2], node[1])):
            if other[0] != "text" or not other[1]:
                continue
            if is_date(value, reads_date, own=own) and time_of(other[1], 0) is None and other[1] != "Invalid Date":
                return msg("“{value}” is not a date. Write one as in '2026-11-21'.", value=other[1])
            if node[0] in _ORDERS and math.isnan(number(other[1], 0)):
                return msg("“{value}” is no number: only numbers and dates are larger or smaller.", value=other[1])
    return None


def suspicious_number(tree: Tree, reads_date: Callable[[str], bool], *, own: bool = False) -> Message | None:
    """Returns what a number next to a date stands for, where its author may have meant an age or a year."""
    for node in nodes(tree):
        if node[0] not in _COMPARISONS:
            continue
        for value, other in ((node[1], node[2]), (node[2], node[1])):
            if other[0] == "figure" and other[1] < EARLIEST_USUAL and is_date(value, reads_date, own=own):
                year, month, day = date_of(int(other[1]))
                return msg(
                    "A date is a number of days since 1970, and {number} is {date}. For an age write {rule}.",
                    number=number_text(other[1]),
                    date=f"{year}-{month:02d}-{day:02d}",
                    rule="int((today() - ${birth_date}) div 365.25)",
                )
    return None
