"""What a plugin gathers from its own tables before it is asked, and what becomes of one that does it wrong."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import insert

from spheres_core import app
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.isolation import incidents, own_data
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.isolation.incidents import Incident
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant

OURS: Final = Path(__file__).parents[4] / "plugins"
MODELS: Final = """
from sqlalchemy import Column, Integer, MetaData, Table, Uuid
from spheres_core.plugin import TENANT

metadata = MetaData()
TENANT.stub(metadata)
beds = Table(
    "ID_beds", metadata, Column("tenant_id", Uuid(), primary_key=True), Column("free", Integer(), primary_key=True),
    TENANT.reference(),
)
"""
MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op
from spheres_core.plugin import TENANT, create_tenant_table

revision = "ID_0001"
down_revision = None

def upgrade():
    create_tenant_table(
        op, "ID_beds", sa.Column("tenant_id", sa.Uuid(), primary_key=True),
        sa.Column("free", sa.Integer(), primary_key=True), TENANT.reference(),
    )

def downgrade():
    op.drop_table("ID_beds")
"""
HOOKS: Final = """
import asyncio
from msgspec import Struct
from sqlalchemy import Column, Integer, MetaData, Table, column, func, insert, literal_column, select, table, text
from spheres_core.plugin import prepare, scoped
from .models import beds

class Own(Struct, frozen=True):
    free: int

class Loose(Struct):
    free: int = 0

FREE = prepare(select(func.coalesce(func.sum(beds.c.free), 0)).where(scoped(beds)))
GATHERED = []

async def count(ctx, statement=FREE):
    GATHERED.append(ctx.tenant.slug)
    return Own(await ctx.db.scalar(statement))

@hookimpl
async def gather_own(ctx, referral=None):
    BODY

@hookimpl
def assess_eligibility(referral, own):
    return Opinion("fits", {"fr": f"{own.free} lits", "en": f"{own.free} beds"}, "beds")

@hookimpl
def propose_first_contact(referral, own):
    return []
"""
WAYS: Final = {
    "reads_another_table": "return await count(ctx, prepare(select(func.count()).select_from(table('referrals'))))",
    "reads_a_declared_look_alike": "return await count(ctx, prepare(select(func.count()).select_from("
    "Table('referrals', MetaData(), Column('id', Integer())))))",
    "reads_by_plain_sql": "return Own((await ctx.db.sql('SELECT count(*) FROM referrals'))[0][0])",
    "reads_by_a_literal": "return await count(ctx, prepare(select(literal_column('(TABLE referrals)'))))",
    "reads_by_text": "return await count(ctx, prepare(select(beds.c.free).where(text('true'))))",
    "reads_by_a_function": "return await count(ctx, prepare(select(func.query_to_xml('SELECT 1', True, True, ''))))",
    "reads_by_an_operator": "return await count(ctx, prepare(select(beds.c.free.op('+ 1 +')(1))))",
    "gather_writes": "return await count(ctx, prepare(insert(beds).values(free=1).returning(beds.c.free)))",
    "writes_in_a_query": "made = insert(beds).values(free=1).returning(beds.c.free).cte('made')\n"
    "    return await count(ctx, prepare(select(made.c.free)))",
    "breaks_its_statement": "return await count(ctx, prepare(select("
    "Table('breaks_its_statement_beds', MetaData(), Column('gone', Integer())))))",
    "gather_raises": "raise ValueError",
    "gather_exits": "raise SystemExit",
    "gather_hangs": "await asyncio.sleep(600)",
    "returns_a_mapping": "return {'free': 1}",
    "returns_what_can_be_changed": "return Loose()",
    "returns_too_much": "return Own(10 ** 30_000)",
    "asks_the_core": "await ctx.ask('assess_eligibility', referral=referral)\n    return Own(1)",
}
"""Each way to gather what is not one's own, or not in time."""


def put(folder: Path, id: str, body: str) -> None:
    files = {"models.py": MODELS.replace("ID", id), "migrations/0001_beds.py": MIGRATION.replace("ID", id)}
    declares = ("gather_own", "assess_eligibility", "propose_first_contact")
    plant(folder, id, HOOKS.replace("BODY", body), declares=declares, files=files, tables=[f"{id}_beds"],
          manifest={"failure": {"assess_eligibility": {"fr": f"Sans {id}.", "en": f"Without {id}."}}})  # fmt: skip


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("gathering")
    put(folder, "aa_counts", "return await count(ctx)")
    put(folder, "zz_counts", "return await count(ctx)")
    for id, body in WAYS.items():
        put(folder, id, body)
    there = discover([folder, OURS])
    made: World = make_module_world(on=there)
    migrations.migrate(made.urls.needed("owner"), app.components(there))
    here = ("quebec", "outaouais", "aa_counts")
    made.apply(definition("east", *here, *WAYS, "zz_counts"), definition("west", *here))
    return made


@pytest.fixture(autouse=True)
def _anew() -> None:
    CIRCUIT_BREAKERS.clear()


def hooks_of(plugin: str) -> Any:
    return sys.modules[f"spheres_plugins.{plugin}.hooks"]


def read_newest(world: World, slug: str) -> Mapping[str, Any]:
    headers = {**world.bearer(slug, "coordinator"), "accept-language": "en"}
    newest = world.get(f"/t/{slug}/api/referrals", headers=headers).json()["items"][0]["id"]
    answer = world.get(f"/t/{slug}/api/referrals/{newest}", headers=headers)
    assert answer.status_code == 200, answer.text
    read: Mapping[str, Any] = answer.json()
    return read


def test_what_a_plugin_gathers_reaches_its_own_opinion(world: World) -> None:
    assert world.refer("west").status_code == 201

    opinions = {each["by"]: each["reason"] for each in read_newest(world, "west")["opinions"]}
    assert opinions["aa_counts"] == "0 beds"


def test_it_gathers_once_a_request_for_all_its_questions(world: World) -> None:
    world.refer("west")
    gathered = hooks_of("aa_counts").GATHERED
    gathered.clear()

    read_newest(world, "west")

    assert gathered == ["west"], "the list asks nothing; reading asks two questions, of which one takes it"


def test_each_way_to_gather_wrongly_costs_the_plugin_its_opinion_and_nobody_else(world: World) -> None:
    answer = world.refer("east")

    assert answer.status_code == 201, answer.text
    read = read_newest(world, "east")
    assert set(read["missing_opinions"]) == set(WAYS)
    assert {each["by"] for each in read["opinions"]} == {"referrals", "aa_counts", "zz_counts"}
    kinds = {each.plugin: each.kind for each in incidents_of(world, "east")}
    assert {id for id, kind in kinds.items() if kind == "NotOwnTables"} == {
        id for id in WAYS if id.startswith(("reads_", "gather_writes", "writes_", "asks_"))
    }


def test_staff_reads_what_is_missing_in_the_manifests_words(world: World) -> None:
    world.refer("east")
    headers = world.bearer("east", "coordinator")
    newest = world.get("/t/east/api/referrals", headers=headers).json()["items"][0]["id"]

    page = world.get(f"/t/east/fr/referrals/{newest}", headers=headers).text

    assert "Sans reads_another_table." in page
    assert "Sans aa_counts." not in page


def test_what_is_gathered_is_for_the_one_region(world: World) -> None:
    async def add(ctx: Context) -> None:
        await ctx.db.run(prepare(insert(hooks_of("aa_counts").beds)), free=3)

    world.refer("east")
    world.act("east", add)

    assert world.refer("west").status_code == 201
    opinions = {each["by"]: each["reason"] for each in read_newest(world, "west")["opinions"]}
    assert opinions["aa_counts"] == "0 beds"


def incidents_of(world: World, slug: str) -> Sequence[Incident]:
    world.run(incidents.write(world.runtime.database))

    async def asking(ctx: Context) -> Sequence[Incident]:
        return [each for each in await incidents.of_tenant(ctx.db) if each.part == own_data.HOOK]

    return world.act(slug, asking)
