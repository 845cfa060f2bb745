"""Schedules and background jobs of plugins: what is due is done once, at the region's hour, whatever the clock does."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core import app
from spheres_core.audit.events.schedules import enqueue_due, entry_id
from spheres_core.audit.operations import later
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.schedules import Schedule, due_hours
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.testing import MakeWorld, World, definition
from spheres_core.testing.region_api import Region
from tests.documented import documented_code
from tests.examples import examples
from tests.plugins.planting import plant

TORONTO = ZoneInfo("America/Toronto")
HOOKS = ("register_schedules", "register_trail_verbs", "on_schedule", "on_background_job")
COUNTED = "SELECT details->>'hour' FROM trail_entries WHERE verb = 'timed_bus.counted' ORDER BY id"
DUE = "SELECT count(*) FROM trail_entries WHERE verb = 'schedule.due'"


def timed_bus() -> str:
    """The documented plugin under a name that no other test plants."""
    return documented_code("extension-points.md", "## Schedules and background jobs").replace("night_bus", "timed_bus")


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    plant(tmp_path, "timed_bus", timed_bus(), declares=HOOKS)
    made: World = make_world(definition("north", "timed_bus"), on=discover([tmp_path]))
    assert made.loaded("north").plugins.left_out == {}
    return made


def ask(world: World, statement: str) -> list[object]:
    async def asking(ctx: object) -> list[object]:
        return [row[0] for row in await ctx.db.sql(statement)]  # type: ignore[attr-defined]

    return list(world.act("north", asking))


def at(world: World, day: int, hour: int) -> None:
    since = dt.datetime(2030, 3, 8, hour, 30, tzinfo=TORONTO) + dt.timedelta(days=day)
    world.now = since.astimezone(dt.UTC)


def test_what_is_due_is_done_once_by_however_many_workers(world: World) -> None:
    other = world.make_dispatcher()
    world.run(other.start())
    region = Region(world, "north", "timed_bus")
    at(world, 0, 19)
    region.deliver()
    assert ask(world, DUE) == [0]

    at(world, 0, 20)

    async def both() -> None:
        await asyncio.gather(*(enqueue_due(each.runtime) for each in (world.dispatcher, other) * 3))

    world.run(both())
    assert ask(world, DUE) == [1]
    region.deliver()
    region.deliver()
    region.deliver()
    assert ask(world, COUNTED) == ["20"]
    assert region.failures() == []

    at(world, 1, 20)
    region.deliver()
    region.deliver()
    assert ask(world, COUNTED) == ["20", "20"]
    world.run(other.stop())


def test_hours_before_the_plugin_was_switched_on_are_not_made_up_for(make_world: MakeWorld, tmp_path: Path) -> None:
    plant(tmp_path, "timed_bus", timed_bus(), declares=HOOKS)
    made: World = make_world(definition("north", "timed_bus"), on=discover([tmp_path]))
    today = dt.datetime.now(TORONTO).date()

    made.now = dt.datetime.combine(today, dt.time(20, 30), TORONTO).astimezone(dt.UTC) - dt.timedelta(days=1)
    Region(made, "north", "timed_bus").deliver()

    assert ask(made, DUE) == [0]


@settings(max_examples=examples(100))
@given(
    days=st.integers(0, 3 * 365),
    hours=st.lists(st.integers(0, 23), min_size=1, unique=True),
    zone=st.sampled_from(["America/Toronto", "America/St_Johns", "Europe/Paris", "Australia/Lord_Howe", "UTC"]),
)
def test_each_hour_of_each_day_is_due_exactly_once_also_when_the_clock_is_changed(
    days: int, hours: list[int], zone: str
) -> None:
    schedule = Schedule("timed_bus.evening", {"en": "x"}, tuple(hours))
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=days)

    seen = {
        entry_id(schedule, due): (due.day, due.hour)
        for step in range(72)
        for due in due_hours(schedule, start + dt.timedelta(hours=step), ZoneInfo(zone))
    }

    whole = start.astimezone(ZoneInfo(zone)).date() + dt.timedelta(days=1)
    assert len(set(seen.values())) == len(seen)
    assert sorted(hour for day, hour in seen.values() if day == whole) == sorted(hours)


@pytest.mark.parametrize("hours", ["(20, 20)", "()", "(24,)", "(0.0003,)", "tuple(h / 3600 for h in range(86400))"])
def test_nothing_runs_more_often_than_hourly(tmp_path: Path, hours: str) -> None:
    id_ = f"restless_{abs(hash(hours)) % 10_000}"
    plant(
        tmp_path, id_,
        f"from spheres_core.plugin import Schedule\n@hookimpl\ndef register_schedules():\n"
        f"    return [Schedule('{id_}.always', {{'en': 'x'}}, {hours})]\n",
        declares=("register_schedules",),
    )  # fmt: skip

    made = build_set(discover([tmp_path]), [id_], app.rooms(), app.catalog_folder())

    assert id_ in made.left_out


def test_a_job_takes_ids_and_never_words(world: World) -> None:
    with pytest.raises(TypeError, match="name"):
        world.act("north", lambda ctx: later(ctx, "timed_bus.count_stop", name="Camille"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="does not begin"):
        world.act("north", lambda ctx: later(ctx, "elsewhere.count_stop"))
