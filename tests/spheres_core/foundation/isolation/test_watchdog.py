"""What cannot be cut is named: the plugin and its line that block the event loop or hold the interpreter."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import structlog

from spheres_core.foundation.isolation import incidents, plugin_import, watchdog
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.isolation.incidents import Incident
from spheres_core.foundation.isolation.watchdog import WATCHDOG
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant
from tests.wait import wait_until

OURS: Final = Path(__file__).parents[4] / "plugins"
HOOKS: Final = """
import asyncio
import re
import threading
import time

LETTERS = [0]
GO_ON = threading.Event()

def slow_match():
    return re.match("(a+)+$", "a" * LETTERS[0] + "!")

def nap():
    GO_ON.wait()

@get("/sleeps", guards=[public])
async def sleeps() -> None:
    nap()

@get("/waits", guards=[public])
async def waits() -> None:
    await asyncio.sleep(0.8)

@get("/computes", guards=[public])
async def computes() -> None:
    began = time.thread_time()
    while time.thread_time() - began < 0.12:
        pass

@get("/matches", guards=[public])
async def matches() -> None:
    slow_match()

@hookimpl
def assess_eligibility(referral):
    if LETTERS[0]:
        slow_match()

@hookimpl
def register_controllers():
    return [sleeps, waits, computes, matches]
"""
DECLARES: Final = ("assess_eligibility", "register_controllers")
EAST: Final = definition("east", "quebec", "outaouais", "a_blocker")


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("blocking")
    plant(folder, "a_blocker", HOOKS, declares=DECLARES, routes=True)
    world: World = make_module_world(EAST, on=discover([folder, OURS]))
    return world


@pytest.fixture(scope="module")
def letters() -> int:
    """How many letters keep a regular expression busy for more than half a second here."""
    for number in range(18, 40):
        began = time.process_time()
        re.match("(a+)+$", "a" * number + "!")
        if time.process_time() - began > 0.6:
            return number
    raise AssertionError("this machine is too fast")


@pytest.fixture(autouse=True)
def _anew(world: World) -> None:
    """Gives each test a region of its own: what the process is just writing of the last test's finds it gone."""
    CIRCUIT_BREAKERS.clear()
    incidents.clear()
    world.renew(EAST)
    world.loaded("east")
    plugin().LETTERS[0] = 0


def plugin() -> Any:
    return sys.modules["spheres_plugins.a_blocker.hooks"]


@contextlib.contextmanager
def blocked_until_named() -> Iterator[None]:
    """Lets the plugin block from now on, until the watchdog has named somebody for it. Other incidents, of a call that
    is slow on a busy machine, are no sign of it.
    """

    def named() -> bool:
        return any(kind == watchdog.BLOCKS for _, _, _, kind, _ in list(incidents._waiting))

    def let_go() -> None:
        try:
            wait_until(named)
        finally:
            plugin().GO_ON.set()

    plugin().GO_ON.clear()
    waiting = threading.Thread(target=let_go)
    waiting.start()
    try:
        yield
    finally:
        waiting.join()


def noted(world: World) -> list[Incident]:
    world.run(incidents.write(world.runtime.database))

    async def asking(ctx: Context) -> list[Incident]:
        return list(await incidents.of_tenant(ctx.db))

    return [each for each in world.act("east", asking) if each.kind in (watchdog.BLOCKS, watchdog.HOLDS)]


def noted_at_last(world: World) -> list[Incident]:
    """The same, as soon as there is one: the process' own turn may have taken it and be writing it."""
    found: list[Incident] = []

    def there() -> bool:
        found[:] = noted(world)
        return found != []

    wait_until(there)
    return found


def named_for(world: World, act: Callable[[], object]) -> Incident:
    """Returns who is named because of this act. It is repeated: whoever holds the interpreter holds it from the
    watchdog too, which may come too late to see who it was.
    """

    def seen() -> list[Incident]:
        act()
        return noted(world)

    wait_until(seen, every=2 * watchdog.EVERY)
    return noted(world)[0]


def line_of(text: str) -> str:
    path = Path(plugin().__file__ or "")
    return f"hooks.py:{path.read_text().splitlines().index(text) + 1}"


def test_a_route_that_blocks_the_event_loop_is_named_with_its_line(world: World) -> None:
    with blocked_until_named():
        world.get("/t/east/api/x/a_blocker/sleeps")

    (found,) = noted_at_last(world)
    assert (found.plugin, found.part, found.kind) == ("a_blocker", "GET /api/x/a_blocker/sleeps", watchdog.BLOCKS)
    assert found.place == line_of("    GO_ON.wait()")


def test_a_route_that_holds_the_interpreter_is_named_once_it_lets_go(world: World, letters: int) -> None:
    plugin().LETTERS[0] = letters

    found = named_for(world, lambda: world.get("/t/east/api/x/a_blocker/matches"))

    assert (found.plugin, found.part) == ("a_blocker", "GET /api/x/a_blocker/matches")
    lines = ('    return re.match("(a+)+$", "a" * LETTERS[0] + "!")', "    slow_match()")
    assert found.place in [line_of(each) for each in lines]


def test_an_opinion_that_holds_the_interpreter_is_named_too(world: World, letters: int) -> None:
    plugin().LETTERS[0] = letters

    found = named_for(world, lambda: world.refer("east"))

    assert (found.plugin, found.part, found.kind) == ("a_blocker", "assess_eligibility", watchdog.HOLDS)


def test_of_two_calls_in_one_event_loop_the_one_that_blocks_it_is_named(world: World) -> None:
    tenant = str(world.loaded("east").tenant.id)

    async def both(ctx: Context) -> None:
        began, ended = asyncio.Event(), asyncio.Event()

        async def blocks() -> None:
            with WATCHDOG.registered((tenant, "a_blocker", "blocks")):
                await began.wait()
                plugin().nap()
            ended.set()

        async def waits() -> None:
            with WATCHDOG.registered((tenant, "a_blocker", "waits")):
                began.set()
                await ended.wait()

        await asyncio.gather(blocks(), waits())

    with blocked_until_named():
        world.act("east", both)

    (found,) = noted_at_last(world)
    assert (found.part, found.kind, found.place) == ("blocks", watchdog.BLOCKS, line_of("    GO_ON.wait()"))


def test_a_plugin_that_holds_the_interpreter_while_it_is_loaded_is_named(
    world: World, letters: int, tmp_path: Path
) -> None:
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "hooks.py").write_text(f"import re\nre.match('(a+)+$', 'a' * {letters} + '!')\n")

    def load() -> None:
        for name in ("", ".hooks"):
            sys.modules.pop(f"spheres_plugins.slow_to_load{name}", None)
        plugin_import.load(tmp_path, "slow_to_load", "hooks")

    with structlog.testing.capture_logs() as logged:
        wait_until(lambda: load() or logged, every=2 * watchdog.EVERY)  # type: ignore[func-returns-value]
    found = [each for each in logged if each["event"] == "plugin.blocks"]
    assert {(each["plugin"], each["what"]) for each in found} == {("slow_to_load", watchdog.HOLDS)}
    assert incidents._waiting == {}, "it belongs to no tenant"


def test_who_waits_as_one_should_is_not_named_nor_is_the_core_blamed_on_a_plugin(world: World) -> None:
    world.get("/t/east/api/x/a_blocker/waits")

    async def of_the_core(ctx: Context) -> None:
        time.sleep(0.5)  # noqa: ASYNC251 - just so

    world.act("east", of_the_core)
    with blocked_until_named():
        world.get("/t/east/api/x/a_blocker/sleeps")

    assert [each.part for each in noted_at_last(world)] == ["GET /api/x/a_blocker/sleeps"], (
        "who came later is named, alone"
    )


def test_a_busy_machine_alone_gets_nobody_named(world: World) -> None:
    """Others take the processor from a route that computes less than would be too long."""
    crowd = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4 * len(os.sched_getaffinity(0)))
    ]
    try:
        for _ in range(3):
            assert world.get("/t/east/api/x/a_blocker/computes").status_code == 200
    finally:
        for each in crowd:
            each.kill()
            each.wait()

    assert noted(world) == []
