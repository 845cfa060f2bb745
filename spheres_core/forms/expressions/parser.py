"""Reading a rule as it stands in a spreadsheet cell into a JSON tree, or saying in plain words why not."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import Any, Final, NamedTuple, cast

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions.patterns import PatternInvalid, safe_pattern
from spheres_core.forms.expressions.rule_tree import Tree, depth

LONGEST: Final = 4_000
"""Characters of one rule."""
DEEPEST: Final = 64
"""Brackets, signs and operators inside each other in one rule."""


class ExpressionInvalid(Exception):
    """A rule that cannot be read; `message` says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


class _Arity(NamedTuple):
    least: int
    most: int | None


FUNCTIONS: Final[dict[str, _Arity]] = {
    "selected": _Arity(2, 2),
    "if": _Arity(3, 3),
    "not": _Arity(1, 1),
    "count": _Arity(1, 1),
    "count-selected": _Arity(1, 1),
    "string-length": _Arity(1, 1),
    "regex": _Arity(2, 2),
    "today": _Arity(0, 0),
    "concat": _Arity(1, None),
    "coalesce": _Arity(1, None),
    "round": _Arity(1, 2),
    "number": _Arity(1, 1),
    "true": _Arity(0, 0),
    "false": _Arity(0, 0),
}
"""Functions that a rule may call, with how many values each takes."""


def parse(source: str) -> Tree:
    """Returns the rule's tree; references stay as written (`["ref", "name"]`). Raises ExpressionInvalid."""
    _refuse_excess(source)
    try:
        tree = cast(Tree, _parser().parse(source))
    except UnexpectedInput as error:
        raise ExpressionInvalid(_unreadable(source, error)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, ExpressionInvalid):
            raise error.orig_exc from None
        raise
    if depth(tree) > DEEPEST:
        raise ExpressionInvalid(_too_deep())
    return tree


def _refuse_excess(source: str) -> None:
    if len(source) > LONGEST:
        raise ExpressionInvalid(msg("The rule is longer than {limit} characters.", limit=LONGEST))
    level = 0
    for mark in source:
        level += (mark == "(") - (mark == ")")
        if level > DEEPEST:
            raise ExpressionInvalid(_too_deep())


def _too_deep() -> Message:
    return msg("The rule has more than {limit} brackets or signs inside each other.", limit=DEEPEST)


def _unreadable(source: str, error: UnexpectedInput) -> Message:
    place = error.pos_in_stream
    if place is None or place < 0 or not source[place:].strip():
        return msg("The rule “{rule}” ends too early.", rule=_shortened(source))
    return msg(
        "The rule “{rule}” cannot be read from “{near}” on.",
        rule=_shortened(source),
        near=_shortened(source[place:], 20),
    )


def _shortened(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", transformer=_Trees(), maybe_placeholders=False)


@v_args(inline=True)
class _Trees(Transformer[Token, Any]):
    """Builds the tree while reading, so that depth never costs stack."""

    def disjunction(self, *terms: Tree) -> Tree:
        return terms[0] if len(terms) == 1 else ["or", *terms]

    def conjunction(self, *terms: Tree) -> Tree:
        return terms[0] if len(terms) == 1 else ["and", *terms]

    def binary(self, left: Tree, operator: Token, right: Tree) -> Tree:
        sign = str(operator)
        if sign in ("=", "!="):
            blank = _asked_for_blank(left, right)
            if blank is not None:
                return blank if sign == "=" else ["not", blank]
        return [sign, left, right]

    def signed(self, sign: Token, value: Tree) -> Tree:
        return ["negate", value] if sign == "-" else ["number", value]

    def string(self, token: Token) -> Tree:
        return ["text", str(token)[1:-1]]

    def number(self, token: Token) -> Tree:
        value = float(token)
        if value > 1e15:
            raise ExpressionInvalid(msg("The number {number} is too large.", number=str(token)))
        return ["figure", value]

    def reference(self, token: Token) -> Tree:
        return ["ref", str(token)[2:-1].strip()]

    def own(self, _token: Token) -> Tree:
        return ["self"]

    def column(self, token: Token) -> Tree:
        return ["column", str(token)]

    def call(self, function: Token, *values: Tree) -> Tree:
        name = str(function)
        if name not in FUNCTIONS:
            raise ExpressionInvalid(
                msg(
                    "Forms do not know the function {name}(). They know: {known}.",
                    name=name,
                    known=", ".join(sorted(FUNCTIONS)),
                )
            )
        least, most = FUNCTIONS[name]
        if len(values) < least or (most is not None and len(values) > most):
            raise ExpressionInvalid(msg("{name}() was given {count} values.", name=name, count=len(values)))
        tree: Tree = [name, *values]
        return _CHECKED[name](tree) if name in _CHECKED else tree


def _asked_for_blank(left: Tree, right: Tree) -> Tree | None:
    """Rewrites `x = ''`, which is how authors ask whether x is blank; a comparison would never hold."""
    if right == ["text", ""]:
        return ["blank", left]
    return ["blank", right] if left == ["text", ""] else None


def _regex(tree: Tree) -> Tree:
    """Reads a pattern, which must stand in the rule itself, so that it can be judged before anyone answers."""
    if tree[2][0] != "text":
        raise ExpressionInvalid(msg("The pattern of regex() must be written in quotation marks."))
    try:
        return ["regex", tree[1], safe_pattern(tree[2][1])]
    except PatternInvalid as error:
        raise ExpressionInvalid(error.message) from None


def _round(tree: Tree) -> Tree:
    if len(tree) == 2:
        return ["round", tree[1], 0]
    digits = tree[2]
    if digits[0] != "figure" or digits[1] not in range(7):
        raise ExpressionInvalid(msg("round() takes a number of digits from 0 to 6."))
    return ["round", tree[1], int(digits[1])]


_CHECKED: Final[dict[str, Callable[[Tree], Tree]]] = {"regex": _regex, "round": _round}
