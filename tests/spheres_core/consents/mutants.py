"""Small changes of a module's source, each of which a test should notice.

`python -m tests.spheres_core.consents.mutants` changes every module of consents that decides or writes, runs the room's
tests against each change, and prints how many were noticed and which were not. It takes a while.
"""

from __future__ import annotations

import ast
import copy
import importlib
import importlib.abc
import importlib.machinery
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

MODULES: Final = (
    "authority", "operations.disclosures", "operations.exclusions", "operations.ledger", "operations.limits",
    "operations.second_agreements", "operations.standings", "queries.access", "queries.applied_authority",
    "queries.grounds",
)  # fmt: skip
"""Modules of consents, besides the rule itself, that decide or write."""
HERE: Final = "tests/spheres_core/consents"
TESTS: Final = (
    f"{HERE}/test_authority.py", f"{HERE}/test_giving.py", f"{HERE}/test_disclosures.py", f"{HERE}/test_limits.py",
    f"{HERE}/test_ledger.py", f"{HERE}/test_agreeing_too.py", "tests/spheres_core/participants/test_consents.py",
)  # fmt: skip
CHOSEN: Final = "SPHERES_TEST_MUTANT"
"""The variable that says which change a process runs: `<module> <number>`."""
OTHERS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yields changed sources, each with the place and what stands there instead."""
    tree = ast.parse(source)
    for at, node in enumerate(ast.walk(tree)):
        for changed in _changes(node):
            other = copy.deepcopy(tree)
            target = list(ast.walk(other))[at]
            target.__dict__.clear()
            target.__class__ = changed.__class__
            target.__dict__.update(ast.fix_missing_locations(ast.copy_location(changed, node)).__dict__)
            line = getattr(node, "lineno", 0)
            yield f"line {line}: {_short(node)} → {_short(changed)}", ast.unparse(ast.fix_missing_locations(other))


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:90]


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield ast.Compare(node.left, [OTHERS[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for at in range(len(node.values)):
            rest = node.values[:at] + node.values[at + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        yield ast.If(ast.Constant(False), node.body, node.orelse)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
        yield ast.Call(ast.Name("all" if node.func.id == "any" else "any", ast.Load()), node.args, node.keywords)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        yield from node.args if len(node.args) == 2 else ()
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Await | ast.Call):
        yield ast.Pass()


def load(source: str) -> Any:
    """Returns a module of a changed source of the rule, beside the real one."""
    spec = importlib.machinery.ModuleSpec("changed_rule", None)
    module = importlib.util.module_from_spec(spec)
    exec(compile(source, "changed_rule", "exec"), module.__dict__)
    return module


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a process one module with its change."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self) if name == self.name else None

    def exec_module(self, module: Any) -> None:
        exec(compile(self.source, self.name, "exec"), module.__dict__)


def source_of(module: str) -> str:
    """Returns the source of a module of consents."""
    return inspect.getsource(importlib.import_module(f"spheres_core.consents.{module}"))


def pytest_configure() -> None:
    """Puts the chosen change in the place of its module, where this module is loaded as a plugin of pytest."""
    module, number = os.environ[CHOSEN].split()
    path = Path("spheres_core/consents", *module.split(".")).with_suffix(".py")
    sys.meta_path.insert(0, _Finder(f"spheres_core.consents.{module}", list(mutants(path.read_text()))[int(number)][1]))


def is_noticed(module: str, number: int) -> bool:
    """Returns whether the room's tests fail with a change."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.spheres_core.consents.mutants", *TESTS]
    environment = os.environ | {CHOSEN: f"{module} {number}"}
    return subprocess.run(command, env=environment, capture_output=True, timeout=600).returncode != 0


def main(wanted: Sequence[str]) -> None:
    """Prints, for each module, how many changes were noticed, and those that were not."""
    for module in wanted or MODULES:
        changes = [name for name, _ in mutants(source_of(module))]
        missed = [name for number, name in enumerate(changes) if not is_noticed(module, number)]
        print(f"{module}: {len(changes) - len(missed)} of {len(changes)} noticed", *missed, sep="\n  ", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
