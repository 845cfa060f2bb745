"""Rules as FHIR says them: `enableWhen` of an item, and the least and the greatest value of an answer.

Only what means the same is written: a rule that `enableWhen` has no words for gives None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from spheres_core.forms.expressions import Tree
from spheres_core.forms.schemas import Question

Condition = dict[str, Any]
Coding = Callable[[Question, str], dict[str, Any]]
"""From a question and the name of one of its choices, the choice as a FHIR Coding."""
_OPPOSITE: Final[Mapping[str, str]] = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED: Final[Mapping[str, str]] = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_ANSWERS: Final[Mapping[str, str]] = {
    "integer": "answerInteger", "decimal": "answerDecimal", "range": "answerDecimal", "date": "answerDate",
}  # fmt: skip


class Enabled(Struct, frozen=True):
    """Conditions of an item, and whether `all` of them or `any` must hold; empty when there is but one."""

    conditions: tuple[Condition, ...]
    behavior: str = ""


class ConditionWriter:
    """Writes the rules of one form. `readable` decides whether one question's rule may name another question."""

    def __init__(self, questions: Mapping[str, Question], coding: Coding, readable: Callable[[str, str], bool]) -> None:
        self.questions = questions
        self.coding = coding
        self.readable = readable

    def enabled(self, question: Question) -> Enabled | None:
        """Returns what the `relevant` rule of a question says; None when FHIR cannot say it."""
        return self._enabled(question.relevant, question.path, negated=False) if question.relevant else None

    def _enabled(self, tree: Tree, near: str, *, negated: bool) -> Enabled | None:
        operator = tree[0]
        if operator == "not":
            return self._enabled(tree[1], near, negated=not negated)
        if operator in ("and", "or"):
            behavior = "all" if (operator == "and") != negated else "any"
            return _joined([self._enabled(term, near, negated=negated) for term in tree[1:]], behavior)
        return self._single(tree, near, negated=negated)

    def _single(self, tree: Tree, near: str, *, negated: bool) -> Enabled | None:
        operator = tree[0]
        if operator == "ref":
            return self._confirmed(self._named(tree, near), negated=negated)
        if len(tree) != (2 if operator == "blank" else 3):
            return None
        if operator == "blank":
            return _exists(self._named(tree[1], near), wanted=negated)
        left, right = tree[1], tree[2]
        if operator == "selected":
            return self._selected(self._named(left, near), right, negated=negated)
        if operator not in _TURNED:
            return None
        if left[0] != "ref" and right[0] in ("ref", "count-selected", "string-length"):
            operator, left, right = _TURNED[operator], right, left
        if left[0] in ("count-selected", "string-length"):
            return self._counted(operator, self._named(left[1], near), right, negated=negated)
        return self._compared(operator, self._named(left, near), right, negated=negated)

    def _named(self, tree: Any, near: str) -> Question | None:
        """Returns the question that a reference names when its answer can be asked for here."""
        if not isinstance(tree, list) or tree[0] != "ref":
            return None
        return self.questions.get(tree[1]) if self.readable(near, tree[1]) else None

    def _confirmed(self, asked: Question | None, *, negated: bool) -> Enabled | None:
        if asked is None or asked.kind != "acknowledge":
            return None
        return _exists(asked, wanted=False) if negated else Enabled((_condition(asked, "=", "answerBoolean", True),))

    def _selected(self, asked: Question | None, right: Tree, *, negated: bool) -> Enabled | None:
        if asked is None or right[0] != "text" or asked.kind not in ("select_one", "select_multiple"):
            return None
        if not negated:
            return Enabled((_condition(asked, "=", "answerCoding", self.coding(asked, right[1])),))
        return _other(asked, "answerCoding", self.coding(asked, right[1])) if asked.kind == "select_one" else None

    def _counted(self, operator: str, asked: Question | None, right: Tree, *, negated: bool) -> Enabled | None:
        """Returns the condition for `count-selected(x) > 0` and its like: whether there is an answer."""
        some = {(">", 0.0): True, (">=", 1.0): True, ("=", 0.0): False, ("<", 1.0): False, ("!=", 0.0): True}
        wanted = some.get((operator, right[1])) if right[0] == "figure" else None
        return None if wanted is None else _exists(asked, wanted=wanted != negated)

    def _compared(self, operator: str, asked: Question | None, right: Tree, *, negated: bool) -> Enabled | None:
        if right[0] == "date" and right[1][0] == "text":
            right = right[1]
        if asked is None or right[0] not in ("text", "figure"):
            return None
        if right == ["text", ""] and operator in ("=", "!="):
            return _exists(asked, wanted=(operator == "!=") != negated)
        found = self._literal(asked, right)
        if found is None or (asked.kind == "select_one" and operator not in ("=", "!=")):
            return None
        if operator in ("=", "!="):
            equal = (operator == "=") != negated
            return Enabled((_condition(asked, "=", *found),)) if equal else _other(asked, *found)
        if not negated:
            return Enabled((_condition(asked, operator, *found),))
        return Enabled((_missing(asked), _condition(asked, _OPPOSITE[operator], *found)), "any")

    def _literal(self, asked: Question, right: Tree) -> tuple[str, Any] | None:
        """Returns the `answer[x]` of a comparison with a value that stands in the rule."""
        kind, value = asked.kind, right[1]
        if kind == "select_one":
            return "answerCoding", self.coding(asked, _plain(value))
        if kind == "acknowledge" and value == "OK":
            return "answerBoolean", True
        if kind in ("integer", "decimal", "range") and right[0] == "figure":
            return _ANSWERS[kind], _number(value, kind)
        if kind == "date" and right[0] == "text" and not asked.asks_month:
            return _ANSWERS[kind], value
        return ("answerString", value) if kind == "text" and right[0] == "text" else None


def limits_of(question: Question) -> dict[str, Any] | None:
    """Returns the least and the greatest value (`least`, `most`) that a constraint allows; None when it says more."""
    if question.constraint is None:
        return {}
    terms = question.constraint[1:] if question.constraint[0] == "and" else [question.constraint]
    found: dict[str, Any] = {}
    for term in terms:
        side = {">=": "least", "<=": "most"}.get(term[0])
        if side is None or term[1] != ["self"] or side in found or question.kind not in _ANSWERS:
            return None
        if term[2][0] == "figure" and question.kind != "date":
            found[side] = _number(term[2][1], question.kind)
        elif term[2][0] == "text" and question.kind == "date":
            found[side] = term[2][1]
        else:
            return None
    return found


def _joined(parts: list[Enabled | None], behavior: str) -> Enabled | None:
    """Returns all conditions as one list, unless some are joined the other way."""
    if any(part is None or part.behavior not in ("", behavior) for part in parts):
        return None
    conditions = tuple(each for part in parts if part is not None for each in part.conditions)
    return Enabled(conditions, behavior if len(conditions) > 1 else "")


def _exists(asked: Question | None, *, wanted: bool) -> Enabled | None:
    return None if asked is None else Enabled((_condition(asked, "exists", "answerBoolean", wanted),))


def _missing(asked: Question) -> Condition:
    return _condition(asked, "exists", "answerBoolean", False)


def _condition(asked: Question, operator: str, name: str, value: Any) -> Condition:
    return {"question": asked.path, "operator": operator, name: value}


def _number(value: float, kind: str) -> float | int:
    return int(value) if float(value).is_integer() or kind == "integer" else value


def _plain(value: str | float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _other(asked: Question, name: str, value: Any) -> Enabled:
    """Returns the condition for another answer, or none at all: a rule with `!=` holds for both."""
    if name == "answerBoolean":
        return Enabled((_missing(asked),))
    return Enabled((_missing(asked), _condition(asked, "!=", name, value)), "any")
