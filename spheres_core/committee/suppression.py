"""Hides small numbers of a table, and as many more as it takes so that none of them can be worked out.

A table counts by two things, with its sums. A number below the smallest is hidden; so is another one where a hidden
number could be told from its line's sum, or from several lines together, to be small. How far one who knows all that
is shown could still be wrong is the greatest flow through the hidden numbers: sums of a line bind them as a flow is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import product

ALL = None
"""In place of a row or a column: all of them."""
Key = str | None
Place = tuple[Key, Key]
Node = tuple[str, Key]


def shown_counts(found: Mapping[tuple[str, str], frozenset[object]], smallest: int) -> dict[Place, int]:
    """Returns the numbers that may be shown, by row and column or `ALL`; whatever is not there is hidden.

    `found`: who is counted, by row and column. In a sum somebody counts once for each cell; where fewer than `smallest`
    persons stand behind a number, it is hidden, also none.
    """
    rows, columns = sorted({row for row, _ in found}), sorted({column for _, column in found})
    values, hidden = _with_sums(found, rows, columns), set[Place]()
    for row, column in values:
        behind = {each for (r, c), who in found.items() if row in (r, ALL) and column in (c, ALL) for each in who}
        if len(behind) < smallest:
            hidden.add((row, column))
    small = sorted(hidden, key=str)
    while unsafe := [place for place in small if not _could_be_more(values, hidden, place, smallest)]:
        hidden.add(_next_to_hide(values, hidden, unsafe[0]))
    return {place: value for place, value in values.items() if place not in hidden}


def _with_sums(
    found: Mapping[tuple[str, str], frozenset[object]], rows: Sequence[str], columns: Sequence[str]
) -> dict[Place, int]:
    values: dict[Place, int] = {}
    for row, column in product((*rows, ALL), (*columns, ALL)):
        values[row, column] = sum(len(who) for (r, c), who in found.items() if row in (r, ALL) and column in (c, ALL))
    return values


def _could_be_more(values: Mapping[Place, int], hidden: set[Place], place: Place, smallest: int) -> bool:
    """Returns whether a hidden number could, by all that is shown, be as much as the smallest that is shown, and more
    than it is."""
    wanted = max(smallest - values[place], 1)
    row, column = ("row", place[0]), ("column", place[1])
    ends = (column, row) if _is_sum(place) else (row, column)
    return _flow(values, hidden - {place}, *ends, wanted) >= wanted


def _flow(values: Mapping[Place, int], hidden: set[Place], start: Node, end: Node, wanted: int) -> int:
    """Returns how much can be moved from number to number so that no line's sum changes, up to what is wanted."""
    left: dict[tuple[Node, Node], int] = {}
    for place in hidden:
        row, column = ("row", place[0]), ("column", place[1])
        less, more = values[place], wanted
        if _is_sum(place):
            less, more = more, less
        left[row, column], left[column, row] = less, more
    nexts: dict[Node, list[Node]] = {}
    for one, other in left:
        nexts.setdefault(one, []).append(other)
    moved = 0
    while moved < wanted and (way := _way(left, nexts, start, end)):
        step = min(wanted - moved, *(left[each] for each in way))
        for one, other in way:
            left[one, other] -= step
            left[other, one] += step
        moved += step
    return moved


def _way(
    left: Mapping[tuple[Node, Node], int], nexts: Mapping[Node, Sequence[Node]], start: Node, end: Node
) -> list[tuple[Node, Node]]:
    came: dict[Node, Node] = {start: start}
    waiting = deque([start])
    while waiting and end not in came:
        one = waiting.popleft()
        for other in nexts.get(one, ()):
            if other not in came and left[one, other] > 0:
                came[other] = one
                waiting.append(other)
    if end not in came:
        return []
    way, at = [], end
    while at != start:
        way.append((came[at], at))
        at = came[at]
    return way


def _is_sum(place: Place) -> bool:
    """Returns whether a number is the sum of one line; the sum of all is not."""
    return (place[0] is ALL) != (place[1] is ALL)


def _next_to_hide(values: Mapping[Place, int], hidden: set[Place], place: Place) -> Place:
    """Returns what is hidden next to protect a number: the least that is shown in its lines, cells before sums; else
    the least that is shown anywhere."""
    shown = [each for each in values if each not in hidden]
    beside = [each for each in shown if each[0] == place[0] or each[1] == place[1]]
    return min(beside or shown, key=lambda each: (sum(part is ALL for part in each), values[each], str(each)))
