"""A copy of what a plugin holds: whole, checked, readable, and nothing changed by it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import openpyxl
import psycopg
import pytest

from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.site.operations import activation
from spheres_core.testing import World, definition, migrated_database, world_maker
from tests.plugins.planting import plant

PLUGIN: Final = "keepsakes"
TABLE: Final = "keepsakes_notes"
STORY: Final = "=a word that nobody may read in a dump"
MODELS: Final = """
from sqlalchemy import *
from spheres_core.plugin import TENANT
metadata = MetaData()
TENANT.stub(metadata)
notes = Table('keepsakes_notes', metadata, Column('tenant_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True), Column('kind', Text, nullable=False),
    Column('words', LargeBinary, nullable=False), TENANT.reference())
"""
MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op
from spheres_core.plugin import TENANT, create_tenant_table
revision = "keepsakes_0001"
down_revision = None
branch_labels = ("keepsakes",)
depends_on = None
def upgrade():
    create_tenant_table(op, "keepsakes_notes", sa.Column("tenant_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True), sa.Column("kind", sa.Text, nullable=False),
        sa.Column("words", sa.LargeBinary, nullable=False), TENANT.reference())
def downgrade():
    op.drop_table("keepsakes_notes")
"""


@pytest.fixture(scope="module")
def world(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two tenants with a plugin that keeps sealed words, and a pack's partners."""
    folder = tmp_path_factory.mktemp("plugins")
    plant(folder, PLUGIN, files={"models.py": MODELS, "migrations/0001_notes.py": MIGRATION}, tables=[TABLE])
    found = discover([folder, Path(__file__).parents[3] / "plugins"])
    with world_maker(cluster, found, migrated_database(cluster, found)) as make:
        world = make(definition("north", "quebec", "outaouais", PLUGIN), definition("south", PLUGIN))
        for slug in ("north", "south"):
            keep(world, slug, "letter", STORY)
        yield world


def keep(world: World, slug: str, kind: str, words: str, *, at: UUID | None = None) -> None:
    loaded, id_ = world.loaded(slug), uuid7()
    sealed = loaded.keys.seal(TABLE, at or id_, "words", words)
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute(f"INSERT INTO {TABLE} VALUES (%s, %s, %s, %s)", [loaded.tenant.id, id_, kind, sealed])


def take(world: World, slug: str, plugin: str = PLUGIN, role: str = "administrator") -> Any:
    return world.get(f"/t/{slug}/api/admin/plugins/{plugin}/export", headers=world.bearer(slug, role))


def opened(answer: Any) -> tuple[dict[str, Any], zipfile.ZipFile]:
    assert answer.status_code == 200, answer.text
    made = zipfile.ZipFile(io.BytesIO(answer.content))
    return json.loads(made.read("manifest.json")), made


def rows(world: World) -> list[Any]:
    with psycopg.connect(world.urls.needed("owner")) as db:
        return db.execute(f"SELECT * FROM {TABLE} ORDER BY id").fetchall()


def test_the_copy_holds_every_row_readable_counted_and_checked(world: World) -> None:
    before = rows(world)

    answer = take(world, "north")
    manifest, made = opened(answer)

    assert answer.headers["content-disposition"].startswith('attachment; filename="north-keepsakes-')
    assert answer.headers["cache-control"] == "no-store"
    table = manifest["tables"][0]
    assert (table["table"], table["rows"], table["opened"], table["sealed"]) == (TABLE, 1, 1, 0)
    lines = [json.loads(line) for line in made.read(table["file"]).splitlines()]
    assert [(each["kind"], each["words"]) for each in lines] == [("letter", STORY)]
    assert manifest["files"].keys() == set(made.namelist()) - {"manifest.json"}
    assert {name: hashlib.sha256(made.read(name)).hexdigest() for name in manifest["files"]} == manifest["files"]
    book = openpyxl.load_workbook(io.BytesIO(made.read("tables.xlsx")))
    cells = list(book.worksheets[0].values)
    assert cells[0] == ("id", "kind", "words")
    assert cells[1][2] == STORY
    assert book.worksheets[0]["C2"].data_type != "f", "what somebody typed is no formula"
    assert rows(world) == before


def test_nothing_of_another_tenant_is_in_it(world: World) -> None:
    _, made = opened(take(world, "south"))

    assert len(made.read(f"tables/{TABLE}.jsonl").splitlines()) == 1
    theirs = str(world.loaded("north").tenant.id)
    assert all(theirs.encode() not in made.read(name) for name in made.namelist())


def test_a_pack_is_copied_with_what_it_brought_and_its_own_only(world: World) -> None:
    manifest, made = opened(take(world, "north", "outaouais"))

    counts = {each["table"]: each["rows"] for each in manifest["tables"]}
    assert {"organizations", "partnerships", "form_versions", "tenant_plugins"} <= set(counts)
    organizations = [json.loads(line) for line in made.read("tables/organizations.jsonl").splitlines()]
    assert {each["origin"] for each in organizations} == {"outaouais"}
    forms = [json.loads(line) for line in made.read("tables/form_versions.jsonl").splitlines()]
    assert {"referral", "on_organization.outaouais"} <= {json.loads(form["content"])["key"] for form in forms}


def test_a_plugin_that_is_off_is_copied_as_before_and_still_when_it_is_gone(world: World) -> None:
    before = opened(take(world, "south"))[1].read(f"tables/{TABLE}.jsonl")
    world.act("south", lambda ctx: activation.switch_off(ctx, PLUGIN, runtime=world.runtime))
    world.runtime.unload("south")

    assert opened(take(world, "south"))[1].read(f"tables/{TABLE}.jsonl") == before
    whole, left = world.runtime.machine, dict(world.machine.plugins)
    del left[PLUGIN]
    world.runtime.machine = Machine(left, {})
    try:
        manifest, made = opened(take(world, "south"))
    finally:
        world.runtime.machine = whole
    assert made.read(f"tables/{TABLE}.jsonl") == before
    assert manifest["version"] == ""


def test_words_that_were_sealed_for_another_row_stay_closed_and_are_counted(world: World) -> None:
    keep(world, "north", "moved", STORY, at=uuid7())

    manifest, made = opened(take(world, "north"))

    assert (manifest["tables"][0]["opened"], manifest["tables"][0]["sealed"]) == (1, 1)
    assert made.read(f"tables/{TABLE}.jsonl").decode().count(STORY) == 1


def test_that_a_copy_was_taken_is_in_the_trail_without_words(world: World) -> None:
    opened(take(world, "north"))

    with psycopg.connect(world.urls.needed("owner")) as db:
        asked = "SELECT details FROM trail_entries WHERE verb = 'plugin.exported' AND tenant_id = %s ORDER BY id DESC"
        details = db.execute(asked, [world.loaded("north").tenant.id]).fetchone()
    assert details is not None
    assert details[0]["plugin"] == PLUGIN
    assert STORY not in json.dumps(details[0])


def test_nobody_else_takes_one_and_there_is_none_of_what_a_tenant_never_had(world: World) -> None:
    assert {take(world, "north", role=role).status_code for role in ("coordinator",)} == {403}
    assert world.get(f"/t/north/api/admin/plugins/{PLUGIN}/export").status_code == 401
    assert take(world, "south", "outaouais").status_code == 404
    assert take(world, "south", "nothing").status_code == 404
