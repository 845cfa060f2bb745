"""Reads a plugin's routes and settings from its Python, without running it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})


def routes(root: Path) -> Iterator[tuple[str, str]]:
    """Yields each handler's method and address with its guards, as `("GET /far", "requires('night_bus.read')")`."""
    for tree in _trees(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for decorator in node.decorator_list:
                    if isinstance(decorator, ast.Call) and _name(decorator.func) in METHODS:
                        guards = next((each.value for each in decorator.keywords if each.arg == "guards"), None)
                        said = ", ".join(map(ast.unparse, guards.elts)) if isinstance(guards, ast.List) else ""
                        for address in _addresses(decorator):
                            yield f"{_name(decorator.func).upper()} {address}", said


def settings(root: Path) -> Iterator[tuple[str, str]]:
    """Yields each setting with its type and default, of the struct that `register_settings` gives."""
    trees = list(_trees(root))
    given = {
        ast.unparse(node.value).rpartition(".")[2]
        for tree in trees
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == "register_settings"
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
    }
    given |= {
        ast.unparse(node.value.args[0]).rpartition(".")[2]
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args
        if [ast.unparse(each) for each in node.targets] == ["register_settings"]
    }
    for tree in trees:
        for found in ast.walk(tree):
            if isinstance(found, ast.ClassDef) and found.name in given:
                for line in found.body:
                    if isinstance(line, ast.AnnAssign):
                        default = f" = {ast.unparse(line.value)}" if line.value is not None else ""
                        yield ast.unparse(line.target), ast.unparse(line.annotation) + default


def _trees(root: Path) -> Iterator[ast.Module]:
    """Yields every Python file but tests and migrations; one that is not Python is left out."""
    for path in sorted(root.rglob("*.py")):
        if {"tests", "migrations", "__pycache__"}.isdisjoint(path.relative_to(root).parts):
            try:
                yield ast.parse(path.read_bytes())
            except (SyntaxError, ValueError):
                continue


def _addresses(decorator: ast.Call) -> Iterator[str]:
    given = decorator.args[0] if decorator.args else None
    named = next((each.value for each in decorator.keywords if each.arg == "path"), given)
    several = named.elts if isinstance(named, ast.List | ast.Tuple) else [named]
    for each in several:
        yield each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else "/"


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
