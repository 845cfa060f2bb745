"""What cannot be cut is named: the plugin and its line that block the event loop or hold the interpreter."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.foundation.isolation import incidents, watchdog
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.isolation.incidents import Incident
from spheres_core.foundation.isolation.watchdog import WATCHDOG
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import World, definition, world_maker
from tests.plugins.planting import plant
from tests.wait import LIMIT

OURS: Final = Path(__file__).parents[4] / "plugins"
HOOKS: Final = """
import asyncio
import re
import time

LETTERS = [0]

def slow_match():
    return re.match("(a+)+$", "a" * LETTERS[0] + "!")

def nap():
    time.sleep(1.2)

@get("/sleeps", guards=[public])
async def sleeps() -> None:
    time.sleep(1.6)

@get("/waits", guards=[public])
async def waits() -> None:
    await asyncio.sleep(0.8)

@get("/matches", guards=[public])
async def matches() -> None:
    slow_match()

@hookimpl
def assess_eligibility(referral):
    if LETTERS[0]:
        slow_match()

@hookimpl
def register_controllers():
    return [sleeps, waits, matches]
"""
DECLARES: Final = ("assess_eligibility", "register_controllers")


@pytest.fixture(scope="module")
def world(cluster: Any, machine: Machine, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("blocking")
    plant(folder, "a_blocker", HOOKS, declares=DECLARES, routes=True)
    makers = world_maker(cluster, machine, migrated)
    yield next(makers)(definition("east", "quebec", "outaouais", "a_blocker"), on=discover([folder, OURS]))
    next(makers, None)


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
    CIRCUIT_BREAKERS.clear()
    incidents.clear()
    world.loaded("east")
    sys.modules["spheres_plugins.a_blocker.hooks"].LETTERS[0] = 0

    async def forget(ctx: Context) -> None:
        await ctx.db.run(incidents.DROP, which="a_blocker")

    world.act("east", forget)


def noted(world: World) -> list[Incident]:
    time.sleep(2 * watchdog.EVERY)
    world.run(incidents.write(world.runtime.database))

    async def asking(ctx: Context) -> list[Incident]:
        return list(await incidents.of_tenant(ctx.db))

    return [each for each in world.act("east", asking) if each.kind in (watchdog.BLOCKS, watchdog.HOLDS)]


def first_noted(world: World) -> Incident:
    """The first that is noted; a busy machine may take its time."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if found := noted(world):
            return found[0]
    raise AssertionError("nobody was named")


def line_of(text: str) -> str:
    path = Path(sys.modules["spheres_plugins.a_blocker.hooks"].__file__ or "")
    return f"hooks.py:{path.read_text().splitlines().index(text) + 1}"


def test_a_route_that_blocks_the_event_loop_is_named_with_its_line(world: World) -> None:
    world.get("/t/east/api/x/a_blocker/sleeps")

    found = first_noted(world)
    assert (found.plugin, found.part, found.kind) == ("a_blocker", "GET /api/x/a_blocker/sleeps", watchdog.BLOCKS)
    assert found.place == line_of("    time.sleep(1.6)")


def test_a_route_that_holds_the_interpreter_is_named_once_it_lets_go(world: World, letters: int) -> None:
    sys.modules["spheres_plugins.a_blocker.hooks"].LETTERS[0] = letters
    world.get("/t/east/api/x/a_blocker/matches")

    found = first_noted(world)
    assert (found.plugin, found.part) == ("a_blocker", "GET /api/x/a_blocker/matches")
    lines = ('    return re.match("(a+)+$", "a" * LETTERS[0] + "!")', "    slow_match()")
    assert found.place in [line_of(each) for each in lines]


def test_an_opinion_that_holds_the_interpreter_is_named_too(world: World, letters: int) -> None:
    sys.modules["spheres_plugins.a_blocker.hooks"].LETTERS[0] = letters
    assert world.refer("east").status_code == 201

    found = first_noted(world)
    assert (found.plugin, found.part, found.kind) == ("a_blocker", "assess_eligibility", watchdog.HOLDS)


def test_of_two_calls_in_one_event_loop_the_one_that_blocks_it_is_named(world: World) -> None:
    tenant = str(world.loaded("east").tenant.id)
    nap = sys.modules["spheres_plugins.a_blocker.hooks"].nap

    async def both(ctx: Context) -> None:
        began, ended = asyncio.Event(), asyncio.Event()

        async def blocks() -> None:
            with WATCHDOG.registered((tenant, "a_blocker", "blocks")):
                await began.wait()
                nap()
            ended.set()

        async def waits() -> None:
            with WATCHDOG.registered((tenant, "a_blocker", "waits")):
                began.set()
                await ended.wait()

        await asyncio.gather(blocks(), waits())

    world.act("east", both)

    found = first_noted(world)
    assert (found.part, found.kind, found.place) == ("blocks", watchdog.BLOCKS, line_of("    time.sleep(1.2)"))


def test_who_waits_as_one_should_is_not_named_nor_is_the_core_blamed_on_a_plugin(world: World) -> None:
    world.get("/t/east/api/x/a_blocker/waits")

    async def of_the_core(ctx: Context) -> None:
        time.sleep(0.5)  # noqa: ASYNC251 - just so

    world.act("east", of_the_core)

    assert noted(world) == []
