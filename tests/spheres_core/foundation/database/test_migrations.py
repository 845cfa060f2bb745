"""Migrations run on real databases: in order, twice at once, back and forth on data, and past a plugin that is gone."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from spheres_core.foundation.database import migrations, owner_connection, schema_drift, tenant_tables
from spheres_core.foundation.database.components import JOBS, Component, MigrationFailed, MigrationRefused
from spheres_core.foundation.database.migrations import migrate
from spheres_core.foundation.postgres.roles import APP, OWNER
from tests.wait import wait_until

FIRST_TENANT = "0190a000-0000-7000-8000-000000000001"
SECOND_TENANT = "0190a000-0000-7000-8000-000000000002"

_HEADER = """
import sqlalchemy as sa
from alembic import op
from spheres_core.foundation.database.tenant_tables import create_tenant_table
revision = "{revision}"
down_revision = {down!r}
requires = {requires!r}
"""
_PLACES = """
def upgrade():
    create_tenant_table(
        op, "{table}",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )

def downgrade():
    op.drop_table("{table}")
"""
_COLUMN = """
def upgrade():
    op.add_column("{table}", sa.Column("length", sa.Integer()))
    op.execute("UPDATE {table} SET length = length(word)")
    op.alter_column("{table}", "length", nullable=False)

def downgrade():
    op.drop_column("{table}", "length")
"""


def write(
    folder: Path | None,
    revision: str,
    down: str | None,
    body: str,
    requires: dict[str, str] | None = None,
) -> None:
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    header = _HEADER.format(revision=revision, down=down, requires=requires or {})
    (folder / f"{revision}.py").write_text(f'"""Step {revision}."""\n{header}{body}')


@pytest.fixture
def core(tmp_path: Path) -> Component:
    folder = tmp_path / "core"
    write(folder, "c1", None, _PLACES.format(table="places"))
    write(folder, "c2", "c1", _COLUMN.format(table="places"))
    return Component("core", scripts=folder)


@pytest.fixture
def plugin(tmp_path: Path) -> Component:
    folder = tmp_path / "plugin"
    write(folder, "p1", None, _PLACES.format(table="plugin_visits"), {"core": "c2"})
    write(folder, "p2", "p1", _COLUMN.format(table="plugin_visits"))
    return Component("plugin", scripts=folder, requires=("core",))


def test_components_are_migrated_in_the_order_they_need(
    fresh_database_each: Any, core: Component, plugin: Component
) -> None:
    urls = fresh_database_each("order")
    lines: list[str] = []

    applied = migrate(urls.owner, [plugin, JOBS, core], report=lines.append)

    order = [done.component for done in applied]
    assert order.index("core") < order.index("plugin")
    assert {"core", "plugin", "jobs"} == set(order)
    assert [done.steps for done in applied if done.component == "core"] == [("c1", "c2")]
    assert "core: c1 Step c1." in lines
    states = migrations.status(urls.owner, [core, JOBS, plugin])
    assert [(s.component, s.state) for s in states] == [
        ("core", "current"),
        ("jobs", "current"),
        ("plugin", "current"),
    ]


def test_a_second_run_does_nothing(fresh_database: Any, core: Component, plugin: Component) -> None:
    urls = fresh_database("again")
    migrate(urls.owner, [core, JOBS, plugin])

    applied = migrate(urls.owner, [core, JOBS, plugin])

    assert applied == []


def test_of_two_runs_at_once_one_waits_and_finds_nothing_to_do(
    fresh_database: Any, core: Component, plugin: Component
) -> None:
    urls = fresh_database("twice")
    with psycopg.connect(urls.owner, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [owner_connection.LOCK])
        lines: list[list[str]] = [[], []]
        results: list[Any] = [None, None]

        def run(which: int) -> None:
            results[which] = migrate(urls.owner, [core, JOBS, plugin], report=lines[which].append)

        threads = [threading.Thread(target=run, args=[which]) for which in (0, 1)]
        for thread in threads:
            thread.start()
        wait_until(lambda: all(lines))
        assert all("waiting" in said[0] for said in lines)
        other.execute("SELECT pg_advisory_unlock(%s)", [owner_connection.LOCK])
        for thread in threads:
            thread.join()

    assert sorted(len(result) for result in results) == [0, 3]


def test_a_plugin_goes_up_down_and_up_again_on_data_and_leaves_the_core_alone(
    fresh_database_each: Any, core: Component, plugin: Component
) -> None:
    urls = fresh_database_each("there_and_back")
    migrate(urls.owner, [core, plugin])
    migrations.downgrade(urls.owner, [core, plugin], "plugin", "p1")
    insert_words(urls, "plugin_visits")
    insert_words(urls, "places")

    migrate(urls.owner, [core, plugin])

    with psycopg.connect(urls.owner) as db:
        # The owner's data migration reached the rows of both tenants.
        assert db.execute("SELECT word, length FROM plugin_visits ORDER BY 1").fetchall() == [
            ("one", 3),
            ("three", 5),
        ]
    applied = migrations.downgrade(urls.owner, [core, plugin], "plugin", "base")
    assert applied[0].steps == ("p2", "p1")
    assert applied[0].after is None
    with psycopg.connect(urls.owner) as db:
        assert db.execute("SELECT to_regclass('plugin_visits')").fetchone() == (None,)
        assert db.execute("SELECT count(*) FROM places").fetchone() == (2,)
    migrate(urls.owner, [core, plugin])
    assert {s.state for s in migrations.status(urls.owner, [core, plugin])} == {"current"}


def test_a_vanished_plugin_stops_nothing_and_is_told(fresh_database: Any, core: Component, plugin: Component) -> None:
    urls = fresh_database("vanished")
    migrate(urls.owner, [core, plugin])
    write(core.scripts, "c3", "c2", _PLACES.format(table="more_places"))

    applied = migrate(urls.owner, [core])

    assert [(done.component, done.after) for done in applied] == [("core", "c3")]
    states = {s.component: (s.state, s.current) for s in migrations.status(urls.owner, [core])}
    assert states == {"core": ("current", "c3"), "plugin": ("vanished", "p2")}


@pytest.mark.parametrize("present", [True, False])
def test_the_core_does_not_go_back_below_what_a_plugin_needs(
    fresh_database: Any, core: Component, plugin: Component, present: bool
) -> None:
    urls = fresh_database("needs")
    migrate(urls.owner, [core, plugin])
    components = [core, plugin] if present else [core]

    with pytest.raises(MigrationRefused, match="plugin needs revision c2"):
        migrations.downgrade(urls.owner, components, "core", "c1")

    migrations.downgrade(urls.owner, [core, plugin], "plugin", "base")
    migrations.downgrade(urls.owner, [core], "core", "c1")
    assert migrations.status(urls.owner, [core])[0].state == "behind"


def test_a_plugin_that_fails_keeps_neither_core_nor_other_plugins_back(
    fresh_database: Any, core: Component, plugin: Component, tmp_path: Path
) -> None:
    urls = fresh_database("fails")
    folder = tmp_path / "broken"
    write(folder, "b1", None, _PLACES.format(table="broken_a"))
    write(
        folder,
        "b2",
        "b1",
        "\ndef upgrade():\n    op.execute('CREATE TABLE broken_b ()')\n    1 / 0\n",
    )
    broken = Component("broken", scripts=folder, requires=("core",))
    leaning = Component("leaning", scripts=plugin.scripts, requires=("core", "broken"))

    with pytest.raises(MigrationFailed) as failed:
        migrate(urls.owner, [broken, leaning, plugin, core])

    assert set(failed.value.failures) == {"broken", "leaning"}
    states = {s.component: s for s in migrations.status(urls.owner, [core, plugin, broken])}
    assert states["core"].state == states["plugin"].state == "current"
    # Each revision is one transaction: the first stands, the second left nothing.
    assert states["broken"].current == "b1"
    with psycopg.connect(urls.owner) as db:
        assert db.execute("SELECT to_regclass('broken_b')").fetchone() == (None,)


def test_a_revision_waits_for_the_core_it_needs(fresh_database: Any, core: Component, plugin: Component) -> None:
    urls = fresh_database("too_new")
    migrate(urls.owner, [core, plugin])
    write(plugin.scripts, "p3", "p2", "\ndef upgrade():\n    pass\n", {"core": "c9"})

    with pytest.raises(MigrationFailed, match="needs core at c9"):
        migrate(urls.owner, [core, plugin])

    assert migrations.status(urls.owner, [core, plugin])[1].current == "p2"


def test_a_database_that_is_newer_than_the_code_is_left_alone(fresh_database: Any, core: Component) -> None:
    urls = fresh_database("newer")
    migrate(urls.owner, [core])
    assert core.scripts is not None
    (core.scripts / "c2.py").unlink()

    assert migrations.status(urls.owner, [core])[0].state == "ahead"
    with pytest.raises(MigrationFailed, match="does not know"):
        migrate(urls.owner, [core])


def test_two_last_revisions_or_a_circle_of_needs_are_refused(fresh_database: Any, core: Component) -> None:
    urls = fresh_database("heads")
    with pytest.raises(MigrationRefused, match="circle"):
        migrate(urls.owner, [Component("a", requires=("b",)), Component("b", requires=("a",))])
    write(core.scripts, "c2b", "c1", "\ndef upgrade():\n    pass\n")
    with pytest.raises(MigrationRefused, match="several last revisions"):
        migrate(urls.owner, [core])


def test_what_is_created_belongs_to_the_owner_whoever_migrates(fresh_database: Any, core: Component) -> None:
    urls = fresh_database("owner")
    migrate(urls.superuser, [core])
    with psycopg.connect(urls.owner) as db:
        owners = db.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert owners.fetchall() == [(OWNER,)]

    with pytest.raises(MigrationRefused, match="spheres_owner"):
        migrate(urls.app, [core])


def test_row_level_security_holds_for_the_application_and_the_owner_passes(
    fresh_database_each: Any, core: Component
) -> None:
    urls = fresh_database_each("rls")
    migrate(urls.owner, [core])
    insert_words(urls, "places")

    with psycopg.connect(urls.app) as db:
        assert db.execute("SELECT count(*) FROM places").fetchone() == (0,)
        db.execute("SELECT set_config('app.tenant', %s, true)", [FIRST_TENANT])
        assert db.execute("SELECT word FROM places").fetchall() == [("one",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            db.execute("INSERT INTO places VALUES (%s, 9, 'x', 1)", [SECOND_TENANT])
        db.rollback()
        for forbidden in ("TRUNCATE places", "DROP TABLE places", "CREATE TABLE mine ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(forbidden)
            db.rollback()
    with psycopg.connect(urls.owner) as db:
        assert db.execute("SELECT count(*) FROM places").fetchone() == (2,)
        policies = db.execute(
            "SELECT policyname, roles::text[], qual FROM pg_policies WHERE tablename = 'places' ORDER BY 1"
        ).fetchall()
        assert [(name, roles) for name, roles, _ in policies] == [
            (tenant_tables.OWNER_POLICY, [OWNER]),
            (tenant_tables.TENANT_POLICY, [APP]),
        ]
        flags = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'places'"
        assert db.execute(flags).fetchone() == (True, True)
    with psycopg.connect(urls.backup) as db:
        assert db.execute("SELECT count(*) FROM places").fetchone() == (2,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            db.execute("DELETE FROM places")


def test_an_append_only_table_takes_rows_and_gives_none_back(fresh_database: Any, tmp_path: Path) -> None:
    urls = fresh_database("trail")
    body = _PLACES.format(table="entries").replace('PrimaryKeyConstraint("tenant_id", "id"),', (
        'PrimaryKeyConstraint("tenant_id", "id"), append_only=True,'
    ))  # fmt: skip
    write(tmp_path / "core", "c1", None, body)
    migrate(urls.owner, [Component("core", scripts=tmp_path / "core")])

    with psycopg.connect(urls.app) as db:
        db.execute("SELECT set_config('app.tenant', %s, false)", [FIRST_TENANT])
        db.execute("INSERT INTO entries VALUES (%s, 1, 'x')", [FIRST_TENANT])
        db.commit()
        for forbidden in ("UPDATE entries SET word = 'y'", "DELETE FROM entries"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(forbidden)
            db.rollback()


@pytest.mark.parametrize(
    "constraint",
    [
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id"),
        sa.ForeignKeyConstraint(["id"], ["other.id"]),
    ],
)
def test_a_key_that_leaves_the_tenant_out_is_refused(constraint: sa.Constraint) -> None:
    columns = sa.Column("tenant_id", sa.Uuid()), sa.Column("id", sa.Integer())
    keys = [constraint]
    if not isinstance(constraint, sa.PrimaryKeyConstraint):
        keys.append(sa.PrimaryKeyConstraint("tenant_id", "id"))

    nowhere = {"as_sql": True, "output_buffer": io.StringIO()}
    op = Operations(MigrationContext.configure(dialect_name="postgresql", opts=nowhere))

    with pytest.raises(ValueError, match=r"\(id\) must begin with tenant_id"):
        tenant_tables.create_tenant_table(op, "things", *columns, *keys)


def test_differences_between_models_and_database_are_told_and_drafted(fresh_database: Any, core: Component) -> None:
    urls = fresh_database("differences")
    migrate(urls.owner, [core])
    metadata = sa.MetaData()
    sa.Table(
        "places",
        metadata,
        sa.Column("tenant_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("word", sa.Text()),
        sa.Column("length", sa.Integer(), nullable=False),
    )
    told = Component("core", scripts=core.scripts, metadata=metadata)
    assert schema_drift.differences(urls.owner, told) == []

    metadata.tables["places"].append_column(sa.Column("colour", sa.Text()))

    assert schema_drift.differences(urls.owner, told)[0][0] == "add_column"
    assert "op.add_column('places', sa.Column('colour'" in schema_drift.draft(urls.owner, told)


def insert_words(urls: Any, table: str) -> None:
    with psycopg.connect(urls.app) as db:
        for tenant, word in ((FIRST_TENANT, "one"), (SECOND_TENANT, "three")):
            db.execute("SELECT set_config('app.tenant', %s, true)", [tenant])
            columns = "tenant_id, id, word" + (", length" if has_length(db, table) else "")
            db.execute(
                f"INSERT INTO {table} ({columns}) VALUES (%s, 1, %s" + (", 0)" if "length" in columns else ")"),
                [tenant, word],
            )


def has_length(db: psycopg.Connection, table: str) -> bool:
    query = "SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'length'"
    return db.execute(query + " AND NOT attisdropped", [table]).fetchone() is not None
