"""Docstrings say what a thing is or does: none begins with "What", and those of functions begin with a verb."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CORE: Final = ROOT / "spheres_core"
BEGINS_WITH_AN_ARTICLE: Final = re.compile(r"[\"'](\s|\\\\)*(An?|The)\s")
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yields the docstrings of a module, its classes and functions, and those below constants and fields: line, text.

    In Python's grammar each of them is a statement of a body that is nothing but a string.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Documented):
            for statement in node.body:
                match statement:
                    case ast.Expr(value=ast.Constant(value=str(text))):
                        yield statement.lineno, text.strip()


def begin_with_what(source: str) -> list[tuple[int, str]]:
    if "What" not in source:
        return []
    return [(line, text) for line, text in docstrings(source) if text.split(maxsplit=1)[:1] == ["What"]]


def test_no_docstring_of_the_core_begins_with_what() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.splitlines()[0]}"
        for path in sorted(CORE.rglob("*.py"))
        for line, text in begin_with_what(path.read_text())
    ]

    assert not found, "begin with a verb, or with the name of the thing:\n" + "\n".join(found)


def functions_without_a_verb(source: str) -> list[tuple[int, str]]:
    if BEGINS_WITH_AN_ARTICLE.search(source) is None:
        return []
    return [
        (node.lineno, text)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for text in [ast.get_docstring(node) or ""]
        if text.split(maxsplit=1)[:1] in (["A"], ["An"], ["The"])
    ]


def test_no_docstring_of_a_function_names_a_thing_in_place_of_a_verb() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.splitlines()[0]}"
        for path in sorted(CORE.rglob("*.py"))
        for line, text in functions_without_a_verb(path.read_text())
    ]

    assert not found, "begin with a verb:\n" + "\n".join(found)


def test_a_function_without_a_verb_is_found() -> None:
    source = """
def date():
    \"\"\"The date.\"\"\"


def today():
    \"\"\"Returns the date.\"\"\"


class Date:
    \"\"\"A date.\"\"\"
"""
    assert functions_without_a_verb(source) == [(2, "The date.")]


def test_the_rule_finds_each_kind_of_docstring() -> None:
    source = '''"""What a module holds."""

LIMIT = 3
"""What is allowed."""


class Entry:
    """What an entry is.

    More of it.
    """

    name: str
    """What it is called."""

    async def read(self) -> str:
        """What it says."""
        return "What a text says is not looked at."


def whatever() -> None:
    """Whatever begins otherwise passes."""
'''

    assert [line for line, _ in begin_with_what(source)] == [1, 4, 8, 14, 17]
