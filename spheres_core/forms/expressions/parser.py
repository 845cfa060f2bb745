"""Reads a rule as it stands in a spreadsheet cell into a JSON tree, or says in plain words why not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from typing import Any, Final, cast

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions.dates import FORMAT
from spheres_core.forms.expressions.functions import FORMER_NAMES, FUNCTIONS, OF_THE_ANSWER, REFUSED
from spheres_core.forms.expressions.patterns import PatternInvalid, safe_pattern
from spheres_core.forms.expressions.rule_tree import Tree, depth, nodes
from spheres_core.forms.expressions.text_functions import DIGESTS, ENCODINGS

LONGEST: Final = 4_000
"""Characters of one rule."""
DEEPEST: Final = 64
"""Brackets, signs and operators inside each other in one rule."""


class ExpressionInvalid(Exception):
    """A rule that cannot be read; `message` says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


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
    if any(node[0] == "parent" for node in nodes(tree)):
        raise ExpressionInvalid(msg("“..” stands for what is around a question: only position(..) reads it."))
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
    near = source[place:].lstrip()
    refused = next((name for name in _CALLED.findall(source) if name in REFUSED and name != "current"), None)
    if refused is not None:
        return _unknown(refused)
    advice = next((said for sign, said in _CONSTRUCTS.items() if near.startswith(sign)), None)
    if advice is not None:
        return advice
    return msg(
        "The rule “{rule}” cannot be read from “{near}” on.",
        rule=_shortened(source),
        near=_shortened(near, 20),
    )


_CALLED: Final = re.compile(r"([A-Za-z][A-Za-z0-9:-]*)\s*\(")
_CONSTRUCTS: Final = {
    "*": msg("“*” for every answer is not understood. Write {reference} for one.", reference="${name}"),
    "[": msg("Conditions in square brackets are not understood. Write if(), or a choice filter."),
    "|": msg("“|” for several sets of answers is not understood. Write join() or sum() with each of them."),
    "::": msg("Axes such as “parent::” are not understood. Write {reference}.", reference="${name}"),
    ":": msg("Names with “:” are not understood. Write {reference}.", reference="${name}"),
    "$": msg("Variables are not understood. Write {reference} for an answer.", reference="${name}"),
    "@": msg("Attributes are not understood. Write {reference} for an answer.", reference="${name}"),
    "/": msg("This path is not understood. Write {reference} for an answer.", reference="${name}"),
    "…": msg("“…” is no value."),
}
"""Parts of the language of forms elsewhere that this one leaves out, with what to write instead."""


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
        return [str(operator), left, right]

    def signed(self, sign: Token, value: Tree) -> Tree:
        return ["negate", value] if sign == "-" else ["number", value]

    def string(self, token: Token) -> Tree:
        return ["text", str(token)[1:-1]]

    def number(self, token: Token) -> Tree:
        value = float(token)
        if not math.isfinite(value):
            raise ExpressionInvalid(msg("The number {number} is too large.", number=str(token)))
        return ["figure", value]

    def reference(self, token: Token) -> Tree:
        name = str(token)[2:-1].strip()
        if "#" in name:
            raise ExpressionInvalid(
                msg("Answers of an earlier form (“{name}”) are not kept. Ask again, or use a default.", name=name)
            )
        return ["ref", name]

    def own(self, _token: Token) -> Tree:
        return ["self"]

    def parent(self, token: Token) -> Tree:
        return ["parent", str(token).count("..")]

    def path(self, token: Token) -> Tree:
        return path_of(str(token))

    def column(self, token: Token) -> Tree:
        word = str(token)
        return ["null"] if word == "null" else ["column", word]

    def call(self, function: Token, *values: Tree) -> Tree:
        name = FORMER_NAMES.get(str(function), str(function))
        if name not in FUNCTIONS:
            raise ExpressionInvalid(_unknown(name))
        if not FUNCTIONS[name].allows(len(values)):
            raise ExpressionInvalid(msg("{name}() was given {count} values.", name=name, count=len(values)))
        tree: Tree = [name, *values] if values or name not in OF_THE_ANSWER else [name, ["self"]]
        return _CHECKED[name](tree) if name in _CHECKED else tree


def _unknown(name: str) -> Message:
    if name in REFUSED:
        why, rule = REFUSED[name]
        return Message(why.msgid, {"name": name, **({"rule": rule} if rule else {})})
    close = get_close_matches(name, FUNCTIONS, 1, 0.7)
    if close:
        return msg("Forms do not know the function {name}(). Is it {close}()?", name=name, close=close[0])
    return msg("Forms do not know the function {name}().", name=name)


def path_of(written: str) -> Tree:
    """Returns `../name`, `./name` or `/form/group/name` as `["path", levels up, "group.name"]`; -1 is from the top."""
    if written.startswith("/"):
        return ["path", -1, ".".join(written.split("/")[2:])]
    steps = written.removeprefix("current()/").split("/")
    names = [step for step in steps if step not in ("..", ".") and not step.startswith("current")]
    return ["path", steps.count(".."), ".".join(names)]


def _written(tree: Tree, place: int) -> str:
    """Returns a text that must stand in the rule itself, so that it can be judged before anyone answers."""
    if tree[place][0] != "text":
        raise ExpressionInvalid(
            msg("The value {number} of {name}() must be written in quotation marks.", number=place, name=tree[0])
        )
    return str(tree[place][1])


def _regex(tree: Tree) -> Tree:
    try:
        return ["regex", tree[1], safe_pattern(_written(tree, 2))]
    except PatternInvalid as error:
        raise ExpressionInvalid(error.message) from None


def _date_format(tree: Tree) -> Tree:
    pattern = _written(tree, 2)
    if FORMAT.fullmatch(pattern) is None:
        raise ExpressionInvalid(
            msg(
                "The date format “{format}” has a part that is not known. Known are: {known}.",
                format=pattern,
                known="%Y %y %m %n %b %d %e %H %h %M %S %3 %a %%",
            )
        )
    return [tree[0], tree[1], pattern]


def _digest(tree: Tree) -> Tree:
    algorithm = _written(tree, 2).upper()
    encoding = _written(tree, 3).lower() if len(tree) > 3 else "base64"
    if algorithm not in DIGESTS or encoding not in ENCODINGS:
        raise ExpressionInvalid(
            msg(
                "digest() knows {algorithms}, written as {encodings}.",
                algorithms=", ".join(DIGESTS),
                encodings=", ".join(ENCODINGS),
            )
        )
    return ["digest", tree[1], algorithm, encoding]


def _position(tree: Tree) -> Tree:
    """Returns the number of the entry that is so many levels up, or of a repeat by name."""
    if len(tree) == 1:
        return ["index"]
    if tree[1][0] not in ("parent", "ref", "path"):
        raise ExpressionInvalid(msg("position() tells which entry of a repeat this is: write position(..)."))
    return ["position", tree[1]] if tree[1][0] != "parent" else ["position", tree[1][1]]


def _indexed_repeat(tree: Tree) -> Tree:
    if len(tree) % 2:
        raise ExpressionInvalid(msg("{name}() was given {count} values.", name=tree[0], count=len(tree) - 1))
    if any(tree[at][0] not in ("ref", "path") for at in (1, *range(2, len(tree), 2))):
        raise ExpressionInvalid(msg("Write {rule}.", rule="indexed-repeat(${question}, ${repeat}, number)"))
    return tree


def _of_answers(tree: Tree) -> Tree:
    if tree[1][0] not in ("ref", "path"):
        raise ExpressionInvalid(
            msg("{name}() reads the answers of a repeat: write {rule}.", name=tree[0], rule=f"{tree[0]}(${{name}})")
        )
    return tree


def _choice_name(tree: Tree) -> Tree:
    """Returns the tree with the question whose choices are meant; authors write it in quotation marks."""
    asked = tree[2]
    if asked[0] == "text":
        written = asked[1].strip()
        if written.startswith("${") and written.endswith("}"):
            asked = ["ref", written[2:-1].strip()]
        elif "/" in written:
            asked = path_of(written)
    if asked[0] not in ("ref", "path"):
        raise ExpressionInvalid(msg("Write {rule}.", rule="jr:choice-name(${name}, '${name}')"))
    return [tree[0], tree[1], asked]


_CHECKED: Final[dict[str, Callable[[Tree], Tree]]] = {
    "regex": _regex,
    "format-date": _date_format,
    "format-date-time": _date_format,
    "digest": _digest,
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "count": _of_answers,
    "count-non-empty": _of_answers,
    "sum": _of_answers,
    "jr:choice-name": _choice_name,
}
"""Functions of which more is known than how many values they take."""
