"""Signs and functions of rules by name, each the same in `static/expressions.js`."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from spheres_core.forms.expressions import number_functions as numbers
from spheres_core.forms.expressions import text_functions as texts
from spheres_core.forms.expressions.dates import (
    Clock,
    Moment,
    beginning_of,
    days_apart,
    formatted,
    months_apart,
    part_of_day,
    part_of_moment,
    time_of,
)
from spheres_core.forms.expressions.patterns import REACH
from spheres_core.forms.expressions.values import (
    LONGEST_TEXT,
    SPACE,
    Value,
    chosen,
    different,
    each,
    equal,
    first,
    moment,
    number,
    ordered,
    selected,
    text,
    truth,
)

Operation = Callable[..., Value]
"""Takes the clock and the values."""


def _number(compute: Callable[..., float]) -> Operation:
    return lambda clock, *values: compute(*[number(value, clock.offset) for value in values])


def _numbers_of_two(compute: Callable[[float, float], float]) -> Operation:
    return lambda clock, one, two: compute(number(one, clock.offset), number(two, clock.offset))


def _text(compute: Callable[..., Value]) -> Operation:
    return lambda _clock, *values: compute(*map(text, values))


def _order(holds: Callable[[float, float], bool]) -> Operation:
    return lambda clock, left, right: ordered(left, right, holds, clock.offset)


def _numbers(compute: Callable[..., float]) -> Operation:
    return lambda clock, *values: compute([number(value, clock.offset) for value in each(*values)])


def _joined(_clock: Clock, mark: Value, *values: Value) -> str:
    """Joins texts. One that grows too long is blank: rules that double a text would fill the memory in forty steps."""
    between, parts, left = text(mark), list[str](), LONGEST_TEXT
    for value in each(*values):
        part = text(value) if not parts else between + text(value)
        left -= len(part)
        if left < 0:
            return ""
        parts.append(part)
    return "".join(parts)


def _number_of(clock: Clock, value: Value) -> Value:
    """Returns a number. A date that is written as text is one whose text is its whole days."""
    given = first(value)
    time = time_of(given.strip(SPACE), clock.offset) if isinstance(given, str) else None
    return number(given, clock.offset) if time is None else Moment(time, clock.offset, in_days=True)


def _days(clock: Clock, value: Value) -> float:
    given = first(value)
    return given if isinstance(given, float) else number(_date_only(clock, given), clock.offset)


def _date_only(clock: Clock, given: Value) -> Moment:
    if isinstance(given, str):
        time = time_of(given, clock.offset)
        return Moment(math.nan if time is None else time, clock.offset)
    return moment(given, clock.offset)


def _part_of_day(clock: Clock, value: Value) -> float:
    given = first(value)
    if isinstance(given, str):
        found = _date_only(clock, given)
        return part_of_day(given, clock.offset) if math.isnan(found.time) else part_of_moment(found)
    return part_of_moment(given) if isinstance(given, Moment) else math.nan


def _apart(compute: Callable[[Moment, Moment], int], each: int = 1) -> Operation:
    """Returns how to count the whole spans between two dates, each so many days or months; blank without both."""

    def value(clock: Clock, one: Value, two: Value) -> Value:
        first, second = moment(one, clock.offset), moment(two, clock.offset)
        if math.isnan(first.time) or math.isnan(second.time):
            return ""
        return float(math.trunc(compute(first, second) / each))

    return value


def _boolean_from_string(_clock: Clock, value: Value) -> bool:
    given = first(value)
    if isinstance(given, float):
        return given > 0 and given.is_integer()
    return text(given) in ("1", "true")


def _count(_clock: Clock, value: Value) -> float:
    return float(len(value)) if isinstance(value, list) else float(text(value) != "")


def _ticked(value: Value) -> bool:
    return truth(value.strip(SPACE) if isinstance(value, str) else value)


def _between(count: float, least: float, most: float) -> bool:
    return (least < 0 or count >= least) and (most < 0 or count <= most)


def _checklist(clock: Clock, least: Value, most: Value, *values: Value) -> bool:
    ticked = float(sum(map(_ticked, each(*values))))
    return _between(ticked, number(least, clock.offset), number(most, clock.offset))


def _weighted_checklist(clock: Clock, least: Value, most: Value, *values: Value) -> bool:
    ticked = list(each(*values[::2]))
    weights = [number(weight, clock.offset) for weight in each(*values[1::2])]
    found = 0.0
    for index, one in enumerate(ticked):
        if _ticked(one) and index < len(weights) and not math.isnan(weights[index]):
            found += weights[index]
    return _between(found, number(least, clock.offset), number(most, clock.offset))


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> Any:
    return re.compile(pattern).fullmatch


def _regex(_clock: Clock, value: Value, pattern: str) -> bool:
    written = text(value)
    return len(written) <= REACH and _matcher(pattern)(written) is not None


def _substr(clock: Clock, value: Value, start: Value, end: Value = None) -> str:
    last = None if end is None else number(end, clock.offset)
    return texts.part(text(value), number(start, clock.offset), last)


def _substring(clock: Clock, value: Value, start: Value, length: Value = math.inf) -> str:
    return texts.substring(text(value), number(start, clock.offset), number(length, clock.offset))


def _any(*terms: Any) -> Any:
    return lambda scope: any(truth(term(scope)) for term in terms)


def _all(*terms: Any) -> Any:
    return lambda scope: all(truth(term(scope)) for term in terms)


def _if(condition: Any, then: Any, otherwise: Any) -> Any:
    return lambda scope: then(scope) if truth(condition(scope)) else otherwise(scope)


def _first_filled(*terms: Any) -> Any:
    def value(scope: Any) -> Value:
        for term in terms:
            found = first(term(scope))
            if found != "" and not (isinstance(found, float) and math.isnan(found)) and text(found) != "":
                return found
        return ""

    return value


LAZY: Final[dict[str, Callable[..., Any]]] = {"or": _any, "and": _all, "if": _if, "coalesce": _first_filled}
"""Functions that evaluate only what they need: they take compiled terms."""

OPERATIONS: Final[dict[str, Operation]] = {
    "not": lambda _clock, value: not truth(value),
    "blank": lambda _clock, value: text(value) == "",
    "=": lambda clock, left, right: equal(left, right, clock.offset),
    "!=": lambda clock, left, right: different(left, right, clock.offset),
    "<": _order(operator.lt),
    "<=": _order(operator.le),
    ">": _order(operator.gt),
    ">=": _order(operator.ge),
    "+": _numbers_of_two(operator.add),
    "-": _numbers_of_two(operator.sub),
    "*": _numbers_of_two(operator.mul),
    "div": _numbers_of_two(numbers.divided),
    "mod": _numbers_of_two(numbers.remainder),
    "negate": _number(operator.neg),
    "null": lambda _clock: [],
    "true": lambda _clock: True,
    "false": lambda _clock: False,
    "boolean": lambda _clock, value: truth(value),
    "boolean-from-string": _boolean_from_string,
    "checklist": _checklist,
    "weighted-checklist": _weighted_checklist,
    "selected": lambda _clock, value, code: selected(value, code),
    "selected-at": lambda clock, value, index: texts.at(text(value), number(index, clock.offset)),
    "count-selected": lambda _clock, value: float(len(chosen(value))),
    "count": _count,
    "count-non-empty": lambda _clock, value: float(sum(text(one) != "" for one in each(value))),
    "sum": _numbers(numbers.total),
    "min": _numbers(numbers.smallest),
    "max": _numbers(numbers.largest),
    "number": _number_of,
    "int": _number(numbers.whole),
    "round": _number(numbers.rounded),
    "floor": _number(numbers.floor),
    "ceiling": _number(numbers.ceiling),
    "abs": _number(abs),
    "pow": _number(numbers.power),
    "sqrt": _number(numbers.square_root),
    "exp": _number(numbers.one_of(math.exp)),
    "exp10": _number(lambda value: numbers.power(10.0, value)),
    "log": _number(numbers.logarithm(math.log)),
    "log10": _number(numbers.logarithm(math.log10)),
    "sin": _number(numbers.one_of(math.sin)),
    "cos": _number(numbers.one_of(math.cos)),
    "tan": _number(numbers.one_of(math.tan)),
    "asin": _number(numbers.one_of(math.asin)),
    "acos": _number(numbers.one_of(math.acos)),
    "atan": _number(numbers.one_of(math.atan)),
    "atan2": _number(numbers.angle),
    "pi": lambda _clock: math.pi,
    "string": lambda _clock, value: text(value),
    "concat": lambda clock, *values: _joined(clock, "", *values),
    "join": _joined,
    "substr": _substr,
    "substring": _substring,
    "substring-before": _text(texts.before),
    "substring-after": _text(texts.after),
    "string-length": _text(lambda value: float(len(value))),
    "normalize-space": _text(texts.normalized),
    "translate": _text(texts.translated),
    "contains": _text(lambda value, part: part in value),
    "starts-with": _text(str.startswith),
    "ends-with": _text(str.endswith),
    "regex": _regex,
    "digest": lambda _clock, value, algorithm, encoding: texts.digest(text(value), algorithm, encoding),
    "base64-decode": _text(texts.decoded),
    "today": lambda clock: beginning_of(clock.today, clock.offset),
    "now": lambda clock: Moment(clock.now, clock.offset),
    "date": lambda clock, value: moment(value, clock.offset),
    "date-time": lambda clock, value: moment(value, clock.offset),
    "decimal-date-time": _days,
    "decimal-time": _part_of_day,
    "cht:difference-in-days": _apart(days_apart),
    "cht:difference-in-weeks": _apart(days_apart, 7),
    "cht:difference-in-months": _apart(months_apart),
    "cht:difference-in-years": _apart(months_apart, 12),
    "format-date": lambda clock, value, pattern: formatted(moment(value, clock.offset), pattern),
    "format-date-time": lambda clock, value, pattern: formatted(moment(value, clock.offset), pattern),
}
"""Functions that evaluate all their values first."""
