"""No test fails because its machine is busy: tests wait for events (`tests.wait`), never for seconds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests import syntax

ROOT: Final = Path(__file__).parents[2]
SHORTEST: Final = 120
"""Seconds that anything must have which a test waits for."""
CLOCKS: Final = {f"time.{name}" for name in ("monotonic", "perf_counter", "process_time", "thread_time", "time")}
ASKED: Final = {f"httpx.{name}" for name in ("get", "post", "put", "delete", "request", "Client", "AsyncClient")}
"""Calls that wait five seconds when they are told nothing else."""
WORDS: Final = ("httpx.", "sleep", "timeout", "wait_for", *(name.rpartition(".")[2] + "(" for name in CLOCKS))
"""One of them stands in every call that depends on seconds."""
ALLOWED: Final = {
    ("tests/conftest.py", "made.set_default_timeout"): "the one limit of all pages",
    ("tests/conftest.py", "kept.set_default_timeout"): "the same of a context that a file's tests share",
    ("tests/wait.py", "asyncio.sleep"): "waits for an event, look by look",
    ("tests/wait.py", "time.monotonic"): "ends a run in which the event never comes",
    ("tests/journeys/killed_typing.py", "asyncio.sleep"): "types at a random pace; run by hand, no part of the suite",
    ("tests/journeys/killed_typing.py", "time.monotonic"): "measures what is lost; run by hand, no part of the suite",
    ("tests/journeys/killed_typing.py", "made.set_default_timeout"): "the one limit of all pages",
    ("tests/journeys/killable.py", "asyncio.sleep"): "widens the moment between answer and commit, for a control",
    ("tests/journeys/test_clicks.py", "time.perf_counter"): "prints what it took; nothing is bound",
    ("tests/journeys/test_activation.py", "asyncio.sleep"): "lets readers and processes go on; nothing is measured",
    ("tests/spheres_core/test_app.py", "asyncio.sleep"): "lets a process go on while its event is awaited",
    ("tests/spheres_core/audit/test_outbox.py", "asyncio.sleep"): "two hundredths of a hang of a second",
    ("tests/spheres_core/forms/test_patterns.py", "time.thread_time"): "processor time; others are no part of it",
    ("tests/spheres_core/foundation/database/test_transactions.py", "asyncio.sleep"): "cancels at several moments",
    ("tests/spheres_core/foundation/isolation/test_watchdog.py", "time.sleep"): "blocks as the core never should",
    ("tests/spheres_core/foundation/isolation/test_watchdog.py", "time.process_time"): "finds work of some length",
}
"""By file and call: why no seconds of it can make a test fail."""


def name_of(function: ast.expr) -> str:
    match function:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return f"{module}.{name}"
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def waits_of_seconds(source: str) -> Iterator[tuple[int, str]]:
    """Yields the line and the name of each call that sleeps, reads a clock or waits too shortly."""
    for node in syntax.nodes(source, WORDS):
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node.func)
        last = name.rpartition(".")[2]
        match node.args:
            case [ast.Constant(value=0)] if last == "sleep":
                continue  # lets others go on
        if last in {"sleep", "wait_for_timeout", "set_default_timeout"} or name in CLOCKS:
            yield node.lineno, name
        if name in ASKED and not any(each.arg == "timeout" for each in node.keywords):
            yield node.lineno, name
        limits = [each.value for each in node.keywords if each.arg == "timeout"]
        limits += node.args[-1:] if name in {"asyncio.wait_for", "asyncio.timeout"} else []
        for each in limits:
            match each:
                case ast.Constant(value=int() | float() as seconds) if seconds < SHORTEST:
                    yield node.lineno, name


def test_tests_neither_sleep_nor_measure_seconds_nor_wait_for_a_few() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), name): line
        for folder in ("tests", "plugins")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, name in waits_of_seconds(path.read_text(encoding="utf-8"))
    }

    assert {f"{path}:{line}: {name}" for (path, name), line in found.items() if (path, name) not in ALLOWED} == set()
    assert ALLOWED.keys() - found.keys() == set(), "no longer needed"


def test_the_rule_finds_each_way_to_depend_on_seconds() -> None:
    source = """
time.sleep(1)
await asyncio.sleep(0.05)
page.wait_for_timeout(500)
began = time.perf_counter()
httpx.get(url, timeout=10)
process.wait(timeout=5.0)
await asyncio.wait_for(story(), 30)
world.page.set_default_timeout(3000)
httpx.get(url)
httpx.Client(transport=made)
await asyncio.sleep(0)
process.wait(timeout=LIMIT)
subprocess.run(command, timeout=600)
dt.timedelta(seconds=5)
world.wait(minutes=3)
"""

    assert sorted(line for line, _ in waits_of_seconds(source)) == list(range(2, 12))
