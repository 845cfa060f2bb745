"""Small changes of a module's source, each of which a test should notice.

`python -m tests.spheres_core.consents.mutants` changes every module of consents that decides or writes, runs its tests
against each change, and prints how many were noticed and which were not. One process for each module: a change is put
into the functions that the process has loaded, and taken out again. It takes some minutes.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import importlib
import importlib.machinery
import inspect
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol

from spheres_core.foundation.database.statements import Statement

HERE: Final = "tests/spheres_core/consents"
FILES: Final = "tests/spheres_core/participants"
KEPT: Final = f"{HERE}/test_what_is_kept.py"
SEVERAL: Final = f"{HERE}/test_several_at_once.py"
MODULES: Final[Mapping[str, Sequence[str]]] = {
    "authority": [f"{HERE}/test_authority.py", f"{HERE}/test_giving.py", f"{HERE}/test_agreeing_too.py"],
    "operations.disclosures": [KEPT, SEVERAL, f"{HERE}/test_disclosures.py", f"{FILES}/test_consents.py"],
    "operations.exclusions": [KEPT, f"{HERE}/test_ledger.py", f"{FILES}/test_consents.py"],
    "operations.ledger": [
        KEPT, SEVERAL, f"{HERE}/test_giving.py", f"{HERE}/test_agreeing_too.py", f"{HERE}/test_disclosures.py",
        f"{HERE}/test_ledger.py", f"{FILES}/test_consents.py",
    ],
    "operations.limits": [KEPT, f"{HERE}/test_limits.py", f"{FILES}/test_consents.py"],
    "operations.second_agreements": [f"{HERE}/test_agreeing_too.py", f"{FILES}/test_agreeing_too.py"],
    "operations.standings": [KEPT, SEVERAL, f"{HERE}/test_ledger.py", f"{FILES}/test_consents.py"],
    "queries.access": [KEPT, SEVERAL, f"{FILES}/test_consents.py", f"{FILES}/test_files.py", f"{HERE}/test_ledger.py"],
    "queries.applied_authority": [
        f"{HERE}/test_giving.py", f"{HERE}/test_agreeing_too.py", f"{FILES}/test_consents.py",
    ],
    "queries.grounds": [SEVERAL, f"{FILES}/test_files.py", f"{HERE}/test_ledger.py", f"{FILES}/test_consents.py"],
}  # fmt: skip
"""Modules of consents, besides the rule itself, that decide or write, each with the tests that should notice."""
BUILT_WITH: Final[Mapping[str, Sequence[str]]] = {"queries.grounds": ["spheres_core.participants.queries.participants"]}
"""By module of consents, those whose statements its functions make while they are imported."""
LONGEST: Final = 60
"""Seconds after which a change counts as noticed, because something waits for ever."""
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


def source_of(module: str) -> str:
    """Returns the source of a module of consents."""
    return inspect.getsource(importlib.import_module(f"spheres_core.consents.{module}"))


@contextlib.contextmanager
def changed(module: ModuleType, source: str, built_with: Sequence[ModuleType] = ()) -> Iterator[None]:
    """Lets a loaded module do what a changed source says, for as long as the context lasts.

    Functions and methods keep who they are and get other code, so that it reaches whoever imported them; statements and
    constants are replaced where they differ, also those of modules whose statements are `built_with` its functions.
    """
    plain, other = _run(module, inspect.getsource(module)), _run(module, source)
    kept, kept_there = dict(module.__dict__), [(each, dict(each.__dict__)) for each in built_with]
    codes = [(old, old.__code__) for old, _ in _functions(kept, other)]
    try:
        for old, new in _functions(kept, other):
            old.__code__ = new.__code__
        for name, value in other.items():
            if not isinstance(value, type | FunctionType | ModuleType) and _said(value) != _said(plain.get(name)):
                setattr(module, name, value)
        for each in built_with:
            made = _run(each, inspect.getsource(each))
            each.__dict__.update({name: value for name, value in made.items() if isinstance(value, Statement)})
        yield
    finally:
        for function, code in codes:
            function.__code__ = code
        for each, before in [(module, kept), *kept_there]:
            each.__dict__.update(before)


def _run(module: ModuleType, source: str) -> dict[str, Any]:
    made: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    exec(compile(source, str(module.__file__), "exec"), made)
    return made


def _functions(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[FunctionType, FunctionType]]:
    for name, value in new.items():
        before = old.get(name)
        if isinstance(value, property) and isinstance(before, property):
            value, before = value.fget, before.fget
        if isinstance(value, FunctionType) and isinstance(before, FunctionType):
            yield before, value
        elif isinstance(value, type) and isinstance(before, type) and value is not before:
            yield from _functions(vars(before), vars(value))


def _said(value: Any) -> str:
    return str(value.source) if isinstance(value, Statement) else repr(value)


class Trial:
    """Runs the tests of a session against each change of a module, instead of once."""

    def __init__(self, name: str) -> None:
        self.module = importlib.import_module(f"spheres_core.consents.{name}")
        self.built_with = [importlib.import_module(each) for each in BUILT_WITH.get(name, ())]
        self.changes = list(mutants(inspect.getsource(self.module)))
        self.missed: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Stands in for the loop of pytest: the unchanged module first, which has to pass."""
        assert not self._is_noticed(session), "the tests fail as it is"
        for number, (name, source) in enumerate(self.changes):
            with changed(self.module, source, self.built_with):
                if not self._is_noticed(session):
                    self.missed.append(f"{number}: {name}")
                    print("not noticed:", self.missed[-1], flush=True)
        return True

    def _is_noticed(self, session: pytest.Session) -> bool:
        first = session.items[0]
        for item, following in zip(session.items, [*session.items[1:], first], strict=True):
            signal.alarm(LONGEST)
            failed = any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))
            signal.alarm(0)
            if failed:
                session._setupstate.teardown_exact(first)
                return True
        return False


def _stop(*_: Any) -> None:
    raise TimeoutError("something waits for ever")


def main(wanted: Sequence[str]) -> None:
    """Prints, for each module, how many changes were noticed, and those that were not."""
    if len(wanted) != 1:
        for module in wanted or MODULES:
            subprocess.run([sys.executable, "-m", __spec__.name, module], check=False)
        return
    signal.signal(signal.SIGALRM, _stop)
    trial = Trial(wanted[0])
    quietly = ["-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    pytest.main([*quietly, *MODULES[wanted[0]]], plugins=[trial])
    print(f"{wanted[0]}: {len(trial.changes) - len(trial.missed)} of {len(trial.changes)} noticed", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
