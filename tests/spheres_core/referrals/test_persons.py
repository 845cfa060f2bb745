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
from spheres_core.foundation.plugins.plugin_set import discover
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.operations import subject_data
from spheres_core.testing import House, MakeHouse, definition
from tests.plugins.planting import plant

OURS: Final = Path(__file__).parents[3] / "plugins"
KEEPS: Final = """
import asyncio
from spheres_core.facts import PersonRecord

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


def newest(house: House, slug: str) -> UUID:
    headers = house.bearer(slug, "coordinator")
    return UUID(house.get(f"/t/{slug}/api/referrals", headers=headers).json()["items"][0]["id"])


def verbs(house: House, slug: str, id: UUID) -> list[tuple[str, Any]]:
    async def asking(ctx: Context) -> list[tuple[str, Any]]:
        found = await ctx.db.sql("SELECT verb, details FROM trail_entries WHERE subject_id = $1 ORDER BY id", id)
        return [(row[0], row[1]) for row in found]

    return house.act(slug, asking)


@pytest.fixture
def keeping(make_house: MakeHouse, tmp_path: Path) -> House:
    """A region with two plugins that keep something elsewhere; the second is switched off."""
    for id_ in ("keeper_one", "keeper_two"):
        plant(tmp_path, id_, KEEPS, declares=DUTIES)
    here = ("quebec", "outaouais", "regional_intake", "keeper_one", "keeper_two")
    house = make_house(definition("east", *here, settings=TRAVEL), on=discover([tmp_path, OURS]))
    for id_ in ("keeper_one", "keeper_two"):
        module = sys.modules.get(f"spheres_plugins.{id_}.hooks")
        if module is not None:
            module.MODE.clear()
            module.ERASED.clear()

    async def off(ctx: Context) -> None:
        await ctx.db.run(tenants.PUT_PLUGIN, plugin_id="keeper_two", active=False, since=ctx.now)

    house.act("east", off)
    house.runtime.forget("east")
    return house


def mode(id_: str, *modes: str) -> None:
    sys.modules[f"spheres_plugins.{id_}.hooks"].MODE[:] = modes


def refer_in_the_pontiac(house: House) -> UUID:
    answers = house.example_answers("east")
    answers["about"] = {**answers["about"], "community": "pontiac"}
    assert house.refer("east", answers).status_code == 201

    async def entries(ctx: Context) -> list[UUID]:
        return [row[0] for row in await ctx.db.sql("SELECT id FROM trail_entries WHERE verb = 'referral.received'")]

    for entry in house.act("east", entries):
        house.run(delivery.deliver(house.runtime, "east", entry))
    return newest(house, "east")


def test_all_that_is_kept_is_handed_over_by_everybody_who_keeps_it(keeping: House, tmp_path: Path) -> None:
    id = refer_in_the_pontiac(keeping)
    folder = tmp_path / "handed-over"
    house = keeping

    house.run(subject_data.export(house.runtime, house.resident("east"), id, folder=folder))

    said = {each.stem: msgspec.json.decode(each.read_bytes()) for each in folder.iterdir()}
    assert set(said) == {"spheres", "keeper_one", "keeper_two", "regional_intake"}
    assert said["keeper_one"][0]["title"] == "Au dossier"
    assert said["keeper_two"][0]["data"]["tenant"] == "east"
    assert said["spheres"]["answers"] == house.get(
        f"/t/east/api/referrals/{id}", headers=house.bearer("east", "coordinator")
    ).json()["answers"]
    assert all(each.stat().st_mode & 0o077 == 0 for each in folder.iterdir())
    assert "referral.exported" in [verb for verb, _ in verbs(house, "east", id)]


def test_an_export_that_fails_says_so_and_goes_on_where_it_ended(keeping: House, tmp_path: Path) -> None:
    id = refer_in_the_pontiac(keeping)
    folder = tmp_path / "handed-over"
    keeping.resident("east")
    mode("keeper_one", "exits")

    with pytest.raises(subject_data.Unfinished) as told:
        keeping.run(subject_data.export(keeping.runtime, keeping.resident("east"), id, folder=folder))
    assert "keeper_one (SystemExit" in str(told.value.message.params["failed"])
    assert not (folder / "keeper_one.json").exists()
    before = (folder / "keeper_two.json").stat().st_mtime_ns

    mode("keeper_one")
    keeping.run(subject_data.export(keeping.runtime, keeping.resident("east"), id, folder=folder))
    assert (folder / "keeper_one.json").exists()
    assert (folder / "keeper_two.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("how", ["raises", "exits", "hangs", "garbage"])
def test_an_erasure_that_fails_says_so_and_goes_on_where_it_ended(
    keeping: House, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(subject_data, "DEADLINE", 0.2)
    id = refer_in_the_pontiac(keeping)
    keeping.resident("east")
    mode("keeper_one", how)

    with pytest.raises(subject_data.Unfinished) as told:
        keeping.run(subject_data.erase(keeping.runtime, keeping.resident("east"), id, reason="asked_for"))
    assert "keeper_one" in str(told.value.message.params["failed"])
    assert "Marie" not in str(told.value.message.params["failed"])
    assert newest(keeping, "east") == id
    by_owner = {each.owner: each for each in keeping.act("east", lambda ctx: subject_data.parts(ctx, id))}
    assert by_owner["keeper_one"].done_at is None
    assert by_owner["keeper_one"].error
    assert by_owner["keeper_two"].records == 3, "a plugin that is off is asked too"

    mode("keeper_one")
    done = keeping.run(subject_data.erase(keeping.runtime, keeping.resident("east"), id, reason="asked_for"))

    assert done.records == {"keeper_one": 3, "keeper_two": 3}
    erased = sys.modules["spheres_plugins.keeper_two.hooks"].ERASED
    assert erased == [("east", id)], "what was done is not done again"
    assert done.rows["referrals"] == 1


def test_after_an_erasure_nothing_refers_to_her_and_the_trail_keeps_the_fact(keeping: House) -> None:
    id, other = refer_in_the_pontiac(keeping), refer_in_the_pontiac(keeping)

    done = keeping.run(subject_data.erase(keeping.runtime, keeping.resident("east"), id, reason="schedule"))

    assert done.rows == {"referrals": 1, "referral_marks": done.rows["referral_marks"],
                         "regional_intake_travel_questions": 1}  # fmt: skip
    told = dict(verbs(keeping, "east", id))["referral.erased"]
    assert told["reason"] == "schedule"
    assert told["rows"] == dict(done.rows)
    headers = keeping.bearer("east", "coordinator")
    assert keeping.get(f"/t/east/api/referrals/{id}", headers=headers).status_code == 404
    assert keeping.get(f"/t/east/api/referrals/{other}", headers=headers).status_code == 200
    with pytest.raises(subject_data.ReferralUnknown):
        keeping.run(subject_data.erase(keeping.runtime, keeping.resident("east"), id, reason="schedule"))


def test_an_erasure_reaches_the_tables_of_a_plugin_that_is_gone(make_house: MakeHouse, tmp_path: Path) -> None:
    """The database takes the rows along: no code of the plugin is needed."""
    shutil.copytree(OURS, tmp_path / "plugins")
    source = tmp_path / "plugins" / "regional_intake"
    there = discover([tmp_path / "plugins"])
    house = make_house(definition("east", "quebec", "outaouais", "regional_intake", settings=TRAVEL), on=there)
    migrations.migrate(house.urls.needed("owner"), app.components(there))
    id, other = refer_in_the_pontiac(house), refer_in_the_pontiac(house)
    shutil.rmtree(source)
    house.runtime.machine = discover([tmp_path / "plugins"])
    house.runtime._sets.clear()
    house.runtime.forget("east")
    assert set(house.resident("east").plugins.left_out) == {"regional_intake"}

    done = house.run(subject_data.erase(house.runtime, house.resident("east"), id, reason="asked_for"))

    assert done.rows["regional_intake_travel_questions"] == 1
    with psycopg.connect(house.urls.needed("owner")) as db:
        left = db.execute("SELECT referral_id FROM regional_intake_travel_questions").fetchall()
    assert left == [(other,)]
