"""All that is kept about a person, by the core and by plugins: handed over, and erased to the last row."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
import pytest

from spheres_core import app
from spheres_core.audit.events import delivery
from spheres_core.foundation.database import migrations
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.operations import kept_data, subject_data
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant

OURS: Final = Path(__file__).parents[3] / "plugins"
KEEPS: Final = """
import asyncio
from spheres_core.plugin import PersonRecord

ERASED = []
MODE = []

@hookimpl
async def export_person(ctx, referral):
    if MODE:
        raise SystemExit(3)
    title = {"fr": "Au dossier", "en": "On file"}
    return [PersonRecord(title, {"tenant": ctx.tenant.slug, "needs": list(referral.needs)})]

@hookimpl
async def erase_person(ctx, referral):
    if MODE == ["raises"]:
        raise ValueError("Marie")
    if MODE == ["exits"]:
        raise SystemExit(3)
    if MODE == ["hangs"]:
        await asyncio.sleep(60)
    if MODE == ["garbage"]:
        return "three"
    ERASED.append((ctx.tenant.slug, referral.id))
    return 3
"""
TRAVEL: Final = {"regional_intake": {"travel_communities": ["pontiac"]}}
DUTIES: Final = ("export_person", "erase_person")


def newest(world: World, slug: str) -> UUID:
    headers = world.bearer(slug, "coordinator")
    return UUID(world.get(f"/t/{slug}/api/referrals", headers=headers).json()["items"][0]["id"])


def verbs(world: World, slug: str, id: UUID) -> list[tuple[str, Any]]:
    async def asking(ctx: Context) -> list[tuple[str, Any]]:
        found = await ctx.db.sql("SELECT verb, details FROM trail_entries WHERE subject_id = $1 ORDER BY id", id)
        return [(row[0], row[1]) for row in found]

    return world.act(slug, asking)


@pytest.fixture
def keeping(make_world: MakeWorld, tmp_path: Path) -> World:
    """A region with two plugins that keep something elsewhere; the second is switched off."""
    for id_ in ("keeper_one", "keeper_two"):
        plant(tmp_path, id_, KEEPS, declares=DUTIES)
    here = ("quebec", "outaouais", "regional_intake", "keeper_one", "keeper_two")
    world = make_world(definition("east", *here, settings=TRAVEL), on=discover([tmp_path, OURS]))
    for id_ in ("keeper_one", "keeper_two"):
        module = sys.modules.get(f"spheres_plugins.{id_}.hooks")
        if module is not None:
            module.MODE.clear()
            module.ERASED.clear()

    async def off(ctx: Context) -> None:
        await ctx.db.run(tenants.PUT_PLUGIN, plugin_id="keeper_two", active=False, since=ctx.now)

    world.act("east", off)
    world.runtime.unload("east")
    return world


def mode(id_: str, *modes: str) -> None:
    sys.modules[f"spheres_plugins.{id_}.hooks"].MODE[:] = modes


def refer_in_the_pontiac(world: World) -> UUID:
    answers = world.example_answers("east")
    answers["about"] = {**answers["about"], "community": "pontiac"}
    assert world.refer("east", answers).status_code == 201

    async def entries(ctx: Context) -> list[UUID]:
        return [row[0] for row in await ctx.db.sql("SELECT id FROM trail_entries WHERE verb = 'referral.received'")]

    for entry in world.act("east", entries):
        world.run(delivery.deliver(world.runtime, "east", entry))
    return newest(world, "east")


def test_all_that_is_kept_is_handed_over_by_everybody_who_keeps_it(keeping: World, tmp_path: Path) -> None:
    id = refer_in_the_pontiac(keeping)
    folder = tmp_path / "handed-over"
    world = keeping

    world.run(subject_data.export(world.runtime, world.loaded("east"), id, folder=folder))

    said = {each.stem: msgspec.json.decode(each.read_bytes()) for each in folder.iterdir()}
    assert set(said) == {"spheres", "keeper_one", "keeper_two", "regional_intake"}
    assert said["keeper_one"][0]["title"] == "Au dossier"
    assert said["keeper_two"][0]["data"]["tenant"] == "east"
    assert (
        said["spheres"]["answers"]
        == world.get(f"/t/east/api/referrals/{id}", headers=world.bearer("east", "coordinator")).json()["answers"]
    )
    assert all(each.stat().st_mode & 0o077 == 0 for each in folder.iterdir())
    assert "referral.exported" in [verb for verb, _ in verbs(world, "east", id)]


def test_an_export_that_fails_says_so_and_goes_on_where_it_ended(keeping: World, tmp_path: Path) -> None:
    id = refer_in_the_pontiac(keeping)
    folder = tmp_path / "handed-over"
    keeping.loaded("east")
    mode("keeper_one", "exits")

    with pytest.raises(kept_data.Unfinished) as told:
        keeping.run(subject_data.export(keeping.runtime, keeping.loaded("east"), id, folder=folder))
    assert "keeper_one (SystemExit" in str(told.value.message.params["failed"])
    assert not (folder / "keeper_one.json").exists()
    before = (folder / "keeper_two.json").stat().st_mtime_ns

    mode("keeper_one")
    keeping.run(subject_data.export(keeping.runtime, keeping.loaded("east"), id, folder=folder))
    assert (folder / "keeper_one.json").exists()
    assert (folder / "keeper_two.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("how", ["raises", "exits", "hangs", "garbage"])
def test_an_erasure_that_fails_says_so_and_goes_on_where_it_ended(
    keeping: World, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    id = refer_in_the_pontiac(keeping)
    keeping.loaded("east")
    mode("keeper_one", how)

    with monkeypatch.context() as hurried:
        hurried.setattr(kept_data, "DEADLINE", 2.0 if how == "hangs" else kept_data.DEADLINE)
        with pytest.raises(kept_data.Unfinished) as told:
            keeping.run(subject_data.erase(keeping.runtime, keeping.loaded("east"), id, reason="asked_for"))
    assert "keeper_one" in str(told.value.message.params["failed"])
    assert "Marie" not in str(told.value.message.params["failed"])
    assert newest(keeping, "east") == id
    by_owner = {each.owner: each for each in keeping.act("east", lambda ctx: kept_data.erasure_progress(ctx, id))}
    assert by_owner["keeper_one"].done_at is None
    assert by_owner["keeper_one"].error
    assert by_owner["keeper_two"].records == 3, "a plugin that is off is asked too"

    mode("keeper_one")
    done = keeping.run(subject_data.erase(keeping.runtime, keeping.loaded("east"), id, reason="asked_for"))

    assert done.records == {"keeper_one": 3, "keeper_two": 3}
    erased = sys.modules["spheres_plugins.keeper_two.hooks"].ERASED
    assert erased == [("east", id)], "what was done is not done again"
    assert done.rows["referrals"] == 1


def test_after_an_erasure_nothing_refers_to_her_and_the_trail_keeps_the_fact(keeping: World) -> None:
    id, other = refer_in_the_pontiac(keeping), refer_in_the_pontiac(keeping)

    done = keeping.run(subject_data.erase(keeping.runtime, keeping.loaded("east"), id, reason="schedule"))

    assert done.rows == {"referrals": 1, "referral_marks": done.rows["referral_marks"],
                         "regional_intake_travel_questions": 1}  # fmt: skip
    told = dict(verbs(keeping, "east", id))["referral.erased"]
    assert told["reason"] == "schedule"
    assert told["rows"] == dict(done.rows)
    headers = keeping.bearer("east", "coordinator")
    assert keeping.get(f"/t/east/api/referrals/{id}", headers=headers).status_code == 404
    assert keeping.get(f"/t/east/api/referrals/{other}", headers=headers).status_code == 200
    with pytest.raises(subject_data.ReferralUnknown):
        keeping.run(subject_data.erase(keeping.runtime, keeping.loaded("east"), id, reason="schedule"))


def test_an_erasure_reaches_the_tables_of_a_plugin_that_is_gone(make_world: MakeWorld, tmp_path: Path) -> None:
    """The database takes the rows along: no code of the plugin is needed."""
    shutil.copytree(OURS, tmp_path / "plugins")
    source = tmp_path / "plugins" / "regional_intake"
    there = discover([tmp_path / "plugins"])
    world = make_world(definition("east", "quebec", "outaouais", "regional_intake", settings=TRAVEL), on=there)
    migrations.migrate(world.urls.needed("owner"), app.components(there))
    id, other = refer_in_the_pontiac(world), refer_in_the_pontiac(world)
    shutil.rmtree(source)
    world.restart(discover([tmp_path / "plugins"]))
    assert set(world.loaded("east").plugins.left_out) == {"regional_intake"}

    done = world.run(subject_data.erase(world.runtime, world.loaded("east"), id, reason="asked_for"))

    assert done.rows["regional_intake_travel_questions"] == 1
    with psycopg.connect(world.urls.needed("owner")) as db:
        left = db.execute("SELECT referral_id FROM regional_intake_travel_questions").fetchall()
    assert left == [(other,)]
