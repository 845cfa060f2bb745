"""Reads a plugin's Python without running it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef


def hook_implementations(tree: ast.Module) -> Iterator[Function]:
    """Yields the functions that are marked with `hookimpl`."""
    for node in tree.body:
        if isinstance(node, Function) and any(_name(each) == "hookimpl" for each in node.decorator_list):
            yield node


def messages(tree: ast.Module) -> Iterator[tuple[str, int, str | None]]:
    """Yields the sentence, line and domain of each `Message("…")` and each call of a function that makes one."""
    shorthands = dict(_shorthands(tree))
    makers = {"Message", "plural", *_message_functions(tree), *shorthands}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "Meta":
            for each in node.keywords:  # titles of settings: a page asks for them in the plugin's own words
                if each.arg in ("title", "description") and isinstance(each.value, ast.Constant):
                    yield str(each.value.value), node.lineno, None
        if not (isinstance(node, ast.Call) and _name(node.func) in makers and node.args):
            continue
        said = node.args[0]
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            named = [each.value for each in node.keywords if each.arg == "domain"]
            domain = named[0].value if named and isinstance(named[0], ast.Constant) else None
            yield said.value, node.lineno, domain if isinstance(domain, str) else shorthands.get(_name(node.func))


def _shorthands(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yields the names that a file gives to `sentences("…")`, each with its domain: `_ = sentences("night_bus")`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _name(node.value.func) == "sentences":
            domain = node.value.args[0] if node.value.args else None
            if isinstance(domain, ast.Constant) and isinstance(domain.value, str):
                yield from ((each.id, domain.value) for each in node.targets if isinstance(each, ast.Name))


def _message_functions(tree: ast.Module) -> Iterator[str]:
    """Yields the functions whose only line gives their first argument to `Message`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.args.args:
            first = node.args.args[0].arg
            for each in ast.walk(node):
                if isinstance(each, ast.Call) and _name(each.func) == "Message" and each.args:
                    given = each.args[0]
                    if isinstance(given, ast.Name) and given.id == first:
                        yield node.name


def _name(node: ast.expr) -> str:
    found = node.func if isinstance(node, ast.Call) else node
    return found.id if isinstance(found, ast.Name) else getattr(found, "attr", "")


def decorators(function: Function) -> list[str]:
    """Returns the decorators as they are written."""
    return [ast.unparse(each) for each in function.decorator_list]


def assigned(tree: ast.Module, name: str) -> Iterator[tuple[str, int]]:
    """Yields the texts that a module assigns to a name at its top, each with its line."""
    for node in tree.body:
        value = getattr(node, "value", None)
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = [*zip(target.elts, value.elts, strict=False)]
            for place, given in pairs:
                if isinstance(place, ast.Name) and place.id == name and isinstance(given, ast.Constant):
                    yield str(given.value), node.lineno


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yields each name that a file imports from outside its own folder, dotted in full, with its line.

    `import_module("…")` and `__import__("…")` with a text count as well.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.name, node.lineno) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((f"{node.module}.{each.name}", node.lineno) for each in node.names)
        elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__") and node.args:
            named = node.args[0]
            if isinstance(named, ast.Constant) and isinstance(named.value, str):
                yield named.value, node.lineno


def file_of(function: Any, root: Path) -> str:
    """Returns the file of a function inside the plugin."""
    path = Path(inspect.getsourcefile(function) or "hooks.py")
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def fill_path(path: str, id_: str) -> str:
    """Returns an address with an id in each of its parameters."""
    return re.sub(r"\{\w+(:\w+)?\}", id_, path)


def template_messages(text: str) -> Iterator[tuple[str, int]]:
    """Yields each sentence that a template marks with `_("…")` or `ngettext("…", …)`, with its line."""
    for found in re.finditer(r"""\b(?:_|ngettext)\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", text):
        yield ast.literal_eval(found[1]), text.count("\n", 0, found.start()) + 1
