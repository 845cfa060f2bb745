"""A plugin leaves this installation: refused while anybody has it, archived, taken back, noted."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import stat
import zipfile
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg
import pytest

from spheres_core import app
from spheres_core.audit.events import delivery
from spheres_core.cli.server import diagnostics
from spheres_core.foundation.database import component_record, migrations
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.operations import uninstall_plugin
from spheres_core.testing import MakeWorld, World, definition

OURS: Final = Path(__file__).parents[3] / "plugins"
PLUGIN: Final = "regional_intake"
TABLE: Final = "regional_intake_travel_questions"
TRAVEL: Final = {PLUGIN: {"travel_communities": ["pontiac"]}}


def definitions() -> list[tenants.Definition]:
    here = ("quebec", "outaouais", PLUGIN)
    return [definition("east", *here, settings=TRAVEL), definition("west", *here), definition("south", "quebec")]


def refer(world: World, slug: str) -> None:
    answers = world.example_answers(slug)
    answers["about"] = {**answers["about"], "community": "pontiac"}
    assert world.refer(slug, answers).status_code == 201

    async def entries(ctx: Context) -> list[Any]:
        return [row[0] for row in await ctx.db.sql("SELECT id FROM trail_entries WHERE verb = 'referral.received'")]

    for entry in world.act(slug, entries):
        world.run(delivery.deliver(world.runtime, slug, entry))


def switch_off(world: World, slug: str) -> None:
    async def off(ctx: Context) -> None:
        await ctx.db.run(tenants.PUT_PLUGIN, plugin_id=PLUGIN, active=False, since=ctx.now)

    world.act(slug, off)
    world.runtime.unload(slug)


def uninstall(world: World, archive: Path | None = None) -> uninstall_plugin.Uninstalled:
    url = world.urls.needed("owner")

    async def doing() -> uninstall_plugin.Uninstalled:
        owner = await Database(url).open()
        try:
            return await uninstall_plugin.uninstall(
                world.runtime, owner, PLUGIN, archive=archive, components=app.components(world.runtime.machine), url=url
            )
        finally:
            await owner.close()

    return world.run(doing())


def seen(world: World, machine: Machine) -> dict[str, list[str]]:
    """What doctor says of it, by code."""

    async def looking() -> list[diagnostics.Check]:
        owner = await Database(world.urls.needed("owner")).open()
        try:
            return [each async for each in diagnostics._lost_plugins(owner, machine)]
        finally:
            await owner.close()

    found: dict[str, list[str]] = {}
    for each in (*asyncio.run(looking()), *diagnostics._migrations(world.urls, machine)):
        found.setdefault(each.code, []).append(each.message.msgid.format(**each.message.params))
    return found


def test_a_plugin_is_uninstalled_when_nobody_has_it_and_its_rows_are_in_an_archive(
    make_world: MakeWorld, tmp_path: Path, machine: Machine
) -> None:
    world = make_world(*definitions())
    refer(world, "east")
    archive = tmp_path / "left.zip"

    with pytest.raises(uninstall_plugin.StillActive) as on:
        uninstall(world, archive)
    assert on.value.message.params["regions"] == "east, west"
    switch_off(world, "east")
    switch_off(world, "west")
    with pytest.raises(uninstall_plugin.RowsLeft) as left:
        uninstall(world)
    assert left.value.message.params["regions"] == "east (1)"
    assert not archive.exists()

    done = uninstall(world, archive)

    assert done.rows == {"east": {TABLE: 1}}
    assert done.steps, "its own migrations took the tables back"
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == done.sha256
    with zipfile.ZipFile(archive) as opened:
        assert msgspec.json.decode(opened.read(f"east/{TABLE}.jsonl"))["community"] == "pontiac"
        assert set(opened.namelist()) == {f"east/{TABLE}.jsonl", "archive.json"}
    with psycopg.connect(world.urls.needed("owner")) as db:
        assert db.execute("SELECT to_regclass(%s)", [TABLE]).fetchone() == (None,)
        assert db.execute("SELECT count(*) FROM tenant_plugins WHERE plugin_id = %s", [PLUGIN]).fetchone() == (0,)
        told = db.execute("SELECT count(*) FROM trail_entries WHERE verb = 'plugin.purged'").fetchone()
    assert told == (2,), "in the trail of each region that had it"
    assert component_record.uninstalled(world.urls.needed("owner"))[PLUGIN]["archive"] == done.sha256
    assert "was uninstalled on" in seen(world, machine)["uninstalled"][0]
    assert world.refer("east").status_code == 201

    migrations.migrate(world.urls.needed("owner"), app.components(machine))
    assert component_record.uninstalled(world.urls.needed("owner")) == {}, "installed again, it is as any other"


def test_an_archive_is_never_written_over_something_and_then_nothing_is_erased(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    world = make_world(*definitions())
    refer(world, "east")
    switch_off(world, "east")
    switch_off(world, "west")
    (tmp_path / "there.zip").write_text("mine")

    with pytest.raises(uninstall_plugin.ArchiveTaken):
        uninstall(world, tmp_path / "there.zip")

    assert (tmp_path / "there.zip").read_text() == "mine"
    with psycopg.connect(world.urls.needed("owner")) as db:
        assert db.execute(f"SELECT count(*) FROM {TABLE}").fetchone() == (1,)


def test_a_plugin_whose_code_is_gone_is_listed_with_its_rows_and_not_uninstalled(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    shutil.copytree(OURS, tmp_path / "plugins")
    world = make_world(*definitions(), on=discover([tmp_path / "plugins"]))
    refer(world, "east")
    shutil.rmtree(tmp_path / "plugins" / PLUGIN)
    without = discover([tmp_path / "plugins"])
    world.runtime.machine = without

    with pytest.raises(uninstall_plugin.CodeGone):
        uninstall(world, tmp_path / "left.zip")

    lost = seen(world, without)["lost_plugin"]
    assert any("east" in each and f"it left 1 rows ({TABLE}: 1)" in each for each in lost)
    assert any("west" in each and f"it left 0 rows ({TABLE}: 0)" in each for each in lost)
