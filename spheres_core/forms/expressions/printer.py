"""Writes a rule tree as an author writes it in a cell: `parse(written(tree))` is the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from spheres_core.forms.expressions.rule_tree import Tree

_OR, _AND, _EQUALITY, _RELATION, _SUM, _PRODUCT, _UNARY, _OPERAND = range(8)
_BINARY: Final = {
    **dict.fromkeys(("=", "!="), _EQUALITY),
    **dict.fromkeys(("<", "<=", ">", ">="), _RELATION),
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "div", "mod"), _PRODUCT),
}
_BY_NUMBER: Final = re.compile(r"\\(\\|x[0-9a-f]{2})")
"""A mark of a pattern as `safe_pattern` writes it; an escaped backslash is found first, so that it stays."""
_JOINED: Final = {"or": _OR, "and": _AND}


def written(tree: Tree, name_of: Callable[[str], str] = str) -> str:
    """Returns the text of a rule. `name_of` gives the name under which a cell refers to a question."""
    return _Printer(name_of).text(tree, _OR)


class _Printer:
    def __init__(self, name_of: Callable[[str], str]) -> None:
        self.name_of = name_of

    def text(self, tree: Tree, least: int) -> str:
        """Returns the text, in brackets when it binds less than `least`."""
        text, binds = self.bound(tree)
        return text if binds >= least else f"({text})"

    def bound(self, tree: Tree) -> tuple[str, int]:
        """Returns the text of a tree without brackets around it, and how strongly it holds together."""
        operator, *parts = tree
        if operator in _JOINED:
            binds = _JOINED[operator]
            return f" {operator} ".join(self.text(each, binds + 1) for each in parts), binds
        if operator in _BINARY and len(parts) == 2:
            binds = _BINARY[operator]
            return f"{self.text(parts[0], binds)} {operator} {self.text(parts[1], binds + 1)}", binds
        match operator:
            case "blank":
                return f"{self.text(parts[0], _EQUALITY)} = ''", _EQUALITY
            case "not" if parts[0][0] == "blank":
                return f"{self.text(parts[0][1], _EQUALITY)} != ''", _EQUALITY
            case "negate":
                return f"-{self.text(parts[0], _UNARY)}", _UNARY
            case _:
                return self.operand(operator, parts), _OPERAND

    def operand(self, operator: str, parts: Tree) -> str:
        match operator:
            case "ref":
                return f"${{{self.name_of(parts[0])}}}"
            case "self":
                return "."
            case "null":
                return "null"
            case "column":
                return str(parts[0])
            case "text":
                return _quoted(str(parts[0]))
            case "figure":
                return _figure(parts[0])
            case "regex":
                return f"regex({self.text(parts[0], _OR)}, {_quoted(_pattern(parts[1]))})"
            case "round" if parts[1:] == [0]:
                return f"round({self.text(parts[0], _OR)})"
            case "path":
                return _path(*parts)
            case "position" if isinstance(parts[0], int):
                return f"position({'/'.join(['..'] * parts[0])})"
            case "entry-number":
                return f"position(${{{self.name_of(parts[0])}}})"
            case _:
                return f"{operator}({', '.join(self.argument(each) for each in parts)})"

    def argument(self, part: object) -> str:
        """Returns one value of a function: a rule, or a text or a number that the reader has judged already."""
        if isinstance(part, list):
            return self.text(part, _OR)
        return _quoted(part) if isinstance(part, str) else str(part)


def _path(levels: int, name: str) -> str:
    steps = name.split(".") if name else []
    if levels < 0:
        return "/" + "/".join(["form", *steps])
    return "/".join([*([".."] * levels or ["."]), *steps])


def _pattern(safe: str) -> str:
    """Returns a pattern as an author may write it: marks by themselves, which readers of patterns write by number."""
    return _BY_NUMBER.sub(lambda found: found[0] if found[1] == "\\" else f"\\{chr(int(found[1][1:], 16))}", safe)


def _quoted(text: str) -> str:
    mark = '"' if "'" in text else "'"
    return f"{mark}{text}{mark}"


def _figure(value: float) -> str:
    return format(Decimal(repr(value)).normalize(), "f")
