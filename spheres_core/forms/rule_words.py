"""Rules in words: which conditions a rule is made of, and the rule that some conditions are.

Rules of plain conditions, joined by one *and* or one *or*, can be said in words; in the place of a condition there may
be a group of them, joined in its own way. All others stay as written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions import ExpressionInvalid, Tree
from spheres_core.forms.xlsform.rule_cells import rule_of

OWN: Final = "."
"""Stands for the answer itself, in a rule about which answers are accepted."""
TODAY: Final = "today"
MOST_CONDITIONS: Final = 20
_SIGNS: Final = {"=": "is", "!=": "is_not", "<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}
_WRITTEN: Final = {code: sign for sign, code in _SIGNS.items()}
WITHOUT_VALUE: Final = frozenset({"answered", "blank"})
SENTENCES: Final[Mapping[str, Message]] = {
    "is": msg("{question} is {value}"),
    "is_not": msg("{question} is not {value}"),
    "below": msg("{question} is below {value}"),
    "at_most": msg("{question} is at most {value}"),
    "above": msg("{question} is above {value}"),
    "at_least": msg("{question} is at least {value}"),
    "has": msg("{question} includes {value}"),
    "has_not": msg("{question} does not include {value}"),
    "answered": msg("{question} is answered"),
    "blank": msg("{question} is not answered"),
}
COMPARISONS: Final[Mapping[str, Message]] = {
    "is": msg("is"),
    "is_not": msg("is not"),
    "below": msg("is below"),
    "at_most": msg("is at most"),
    "above": msg("is above"),
    "at_least": msg("is at least"),
    "has": msg("includes"),
    "has_not": msg("does not include"),
    "answered": msg("is answered"),
    "blank": msg("is not answered"),
}
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
_APOSTROPHES: Final = frozenset("'’‘")
"""Marks that end a text in single quotes; readers of XLSForm take the typographic ones for the plain one."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Condition(Struct, frozen=True):
    """One condition: a question's name (`.` for the answer itself), a comparison, and a value as it is typed."""

    question: str
    comparison: str
    value: str = ""


class Conditions(Struct, frozen=True):
    """A rule of plain conditions and of groups of them; a group holds no further groups."""

    join: str
    """`and` or `or`."""
    conditions: tuple[Condition | Conditions, ...]

    @property
    def number(self) -> int:
        """Returns how many plain conditions there are, those of groups with them."""
        return sum(each.number if isinstance(each, Conditions) else 1 for each in self.conditions)


def conditions_of(cell: str) -> Conditions | None:
    """Returns what a rule cell says in plain conditions, or None when it says more. An empty cell has none."""
    if not cell.strip():
        return Conditions("and", ())
    try:
        tree = rule_of(cell)
    except ExpressionInvalid:
        return None
    found = _joined(tree, groups=True)
    return found if found is not None and found.number <= MOST_CONDITIONS else None


def _joined(tree: Tree, *, groups: bool) -> Conditions | None:
    """Returns the conditions that a tree joins, in groups where `groups` may stand, or None where one says more."""
    join = tree[0] if tree[0] in ("and", "or") else "and"
    known: list[Condition | Conditions] = []
    for each in _operands(tree, join):
        is_group = each[0] in ("and", "or")
        found = (_joined(each, groups=False) if groups else None) if is_group else _condition(each)
        if found is None:
            return None
        known.append(found)
    return Conditions(join, tuple(known))


def _operands(tree: Tree, join: str) -> list[Tree]:
    """Returns what a tree joins; `a and (b and c)` are three."""
    return [inner for each in tree[1:] for inner in _operands(each, join)] if tree[0] == join else [tree]


def _condition(tree: Tree) -> Condition | None:
    match tree:
        case ["not", inner]:
            found = _condition(inner)
            if found is None or found.comparison != "has":
                return None
            return Condition(found.question, "has_not", found.value)
        case ["=", asked, ["text", ""]]:
            name = _question(asked)
            return Condition(name, "blank") if name else None
        case ["!=", asked, ["text", ""]]:
            name = _question(asked)
            return Condition(name, "answered") if name else None
        case ["selected", asked, value]:
            return _compared(asked, "has", value)
        case [sign, asked, value] if sign in _SIGNS:
            return _compared(asked, _SIGNS[sign], value)
    return None


def _compared(asked: Tree, comparison: str, value: Tree) -> Condition | None:
    name, typed = _question(asked), _typed(value)
    return Condition(name, comparison, typed) if name and typed is not None else None


def _question(tree: object) -> str:
    match tree:
        case ["ref", str(name)]:
            return name
        case ["self"]:
            return OWN
    return ""


def _typed(tree: object) -> str | None:
    match tree:
        case ["text", str(text)] | ["date", ["text", str(text)]]:
            return text
        case ["figure", float(number)]:
            return f"{number:.15g}"
        case ["negate", ["figure", float(number)]]:
            return f"-{number:.15g}"
        case ["today"]:
            return TODAY
    return None


def written_rule(conditions: Sequence[Condition | Conditions], *, join: str, kinds: Mapping[str, str]) -> str:
    """Returns the rule cell of these conditions. `kinds`: the kind of each question by name, that tells how a value is
    written. Conditions without a question are left out, and groups of none."""
    parts = []
    for each in conditions:
        if isinstance(each, Conditions):
            inner = written_rule(each.conditions, join=each.join, kinds=kinds)
            asked = sum(1 for part in each.conditions if isinstance(part, Conditions) or part.question)
            parts += [f"({inner})" if asked > 1 and len(conditions) > 1 else inner] if inner else []
        elif each.question:
            parts.append(_part(each, kinds.get(each.question, "text")))
    return f" {'or' if join == 'or' else 'and'} ".join(parts)


def _part(condition: Condition, kind: str) -> str:
    asked = OWN if condition.question == OWN else f"${{{condition.question}}}"
    value = _value(condition.value.strip(), kind)
    match condition.comparison:
        case "blank":
            return f"{asked} = ''"
        case "has":
            return f"selected({asked}, {value})"
        case "has_not":
            return f"not(selected({asked}, {value}))"
        case code if code in _WRITTEN and code not in WITHOUT_VALUE:
            return f"{asked} {_WRITTEN[code]} {value}"
    return f"{asked} != ''"


def _value(typed: str, kind: str) -> str:
    if kind == "date" and typed == TODAY:
        return "today()"
    if kind == "date" and _DAY.fullmatch(typed):
        return f"date('{typed}')"
    if kind in ("integer", "decimal", "range", "calculate") and _NUMBER.fullmatch(typed):
        return typed
    return f'"{typed}"'.replace("\n", " ") if _APOSTROPHES.intersection(typed) else f"'{typed}'"
