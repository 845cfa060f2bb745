"""docs/change-the-core.md shows the contracts that hold and code that is there.

`python -m tests.rules.test_change_the_core` copies all of it into the page again.
"""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "change-the-core.md"
EXAMPLE: Final = re.compile(
    r"^From `(?P<file>[\w/.]+)`, (?:`(?P<name>\w+)`|where it says `(?P<text>[^`]+)`):\n\n```python\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
DIAGRAM: Final = re.compile(r"^```text\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def copied() -> str:
    """Returns the page with each example and diagram as the code has it now."""
    diagrams = iter((_order("layers"), _order("foundation")))
    with_code = EXAMPLE.sub(lambda found: _with(found, "code", _source(found)), PAGE.read_text())
    return DIAGRAM.sub(lambda found: _with(found, "text", next(diagrams)), with_code)


def _with(found: re.Match[str], group: str, text: str) -> str:
    start, end = (each - found.start() for each in found.span(group))
    return f"{found[0][:start]}{text}\n{found[0][end:]}"


def _source(found: re.Match[str]) -> str:
    """Returns the source of what an example names: a definition at the top of a file, or the statement with a text."""
    source = (ROOT / found["file"]).read_text()
    nodes = ast.parse(source).body
    if found["name"]:
        (node,) = [each for each in nodes if found["name"] in _defines(each)]
    else:
        statements = [each for top in nodes for each in ast.walk(top) if isinstance(each, ast.stmt)]
        holding = [each for each in statements if found["text"] in (ast.get_source_segment(source, each) or "")]
        node = min(holding, key=lambda each: (each.end_lineno or 0) - each.lineno)
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return textwrap.dedent("\n".join(source.splitlines()[first - 1 : node.end_lineno]))


def _defines(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [each.id for each in getattr(node, "targets", ()) if isinstance(each, ast.Name)]


def _contract(id: str) -> Mapping[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = [each for each in project["tool"]["importlinter"]["contracts"] if each["id"] == id]
    return dict(contract)


def _order(id: str) -> str:
    layers = " > ".join(each.replace("(", "").replace(")", "") for each in _contract(id)["layers"])
    return "\n".join(textwrap.wrap(layers, 120, break_long_words=False, break_on_hyphens=False))


def test_examples_and_layers_are_those_of_the_code() -> None:
    assert PAGE.read_text() == copied(), "run `python -m tests.rules.test_change_the_core`"


def test_there_is_an_example_of_each_kind_and_each_compiles() -> None:
    page = PAGE.read_text()
    examples = list(EXAMPLE.finditer(page))
    headings = {page.rindex("\n### ", 0, found.start()): found["file"] for found in examples}

    assert len(examples) == page.count("```python")
    shown = {page[start:].strip().partition("\n")[0] for start in headings}
    assert shown == {
        f"### {each}"
        for each in (
            "An operation",
            "A form whose words are kept while somebody types",
            "A query",
            "A view",
            "A page",
            "A hook",
            "A kind of record",
            "A section of her file",
            "A test",
        )
    }
    for found in examples:
        compile(textwrap.dedent(found["code"]), found["file"], "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_the_kinds_and_rooms_shown_are_those_of_the_contract() -> None:
    page, room = PAGE.read_text(), _contract("room")
    kinds = {name for layer in room["layers"][:-2] for name in re.findall(r"\((\w+)\)", layer)} - {"sheets", "hsds"}
    rooms = {each.split(".")[1] for each in room["containers"]}
    first_columns = re.findall(r"^\| (.+?) \|", page, re.MULTILINE)
    named = {name for column in first_columns for name in re.findall(r"`(\w+)`", column)}

    assert kinds | rooms <= named


if __name__ == "__main__":
    PAGE.write_text(copied())
