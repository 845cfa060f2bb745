"""A statement carries its tenant by itself, a transaction is one tenant's, and none outlives its end."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from msgspec import Struct
from sqlalchemy import Table, bindparam, insert, select

from spheres_core.foundation.database import models, statements
from spheres_core.foundation.database.schema import Base, table, uuid7
from spheres_core.foundation.database.statements import OwnTenant, prepare, scoped
from spheres_core.foundation.database.transactions import Database, Db
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.tenancy import tenants
from spheres_core.testing import MakeWorld, World, apply_definitions, definition

ROOT = Path(__file__).parents[4]
SETTINGS = table(models.TenantSettings)
PUT = prepare(insert(SETTINGS))
OWNERS = prepare(select(SETTINGS.c.owner).where(scoped(SETTINGS)).order_by(SETTINGS.c.owner))


class Owned(Struct, frozen=True):
    owner: str
    values: dict[str, Any]


ONE = prepare(
    select(SETTINGS.c.owner, SETTINGS.c["values"]).where(scoped(SETTINGS), SETTINGS.c.owner == bindparam("who")),
    into=Owned,
)
CHANGE = prepare(SETTINGS.update().where(scoped(SETTINGS)).values(values=bindparam("new")))
GO = prepare(SETTINGS.delete().where(scoped(SETTINGS)))


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(definition("north"), definition("south"))


def ids(world: World) -> tuple[uuid.UUID, uuid.UUID]:
    return world.loaded("north").tenant.id, world.loaded("south").tenant.id


def test_a_statement_reaches_its_own_tenants_rows_only(world: World) -> None:
    north, south = ids(world)
    database = world.runtime.database

    async def story() -> None:
        for tenant, owner in ((north, "a"), (south, "b")):
            async with database.transaction(tenant) as db:
                assert await db.run(PUT, owner=owner, values={"é": [1, None]}) == 1
        async with database.transaction(north) as db:
            assert [row[0] for row in await db.all(OWNERS)] == ["a"]
            assert await db.one_or_none(ONE, who="b") is None
            assert await db.one_or_none(ONE, who="a") == Owned("a", {"é": [1, None]})
            assert await db.run(CHANGE, new={"changed": True}) == 1
            assert await db.run(GO) == 1
        async with database.transaction(south) as db:
            assert await db.one_or_none(ONE, who="b") == Owned("b", {"é": [1, None]})

    world.run(story())


def test_without_a_tenant_nothing_is_seen_and_nothing_written(world: World) -> None:
    north, _ = ids(world)

    async def story() -> None:
        async with world.runtime.database.transaction(north) as db:
            await db.run(PUT, owner="a", values={})
        async with world.runtime.database.transaction(None) as db:
            assert await db.sql("SELECT * FROM tenant_settings") == []
            assert await db.all(OWNERS) == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _put(world, None, of=north)

    world.run(story())


async def _put(world: World, tenant: uuid.UUID | None, *, of: uuid.UUID) -> None:
    async with world.runtime.database.transaction(tenant) as db:
        await db.run(PUT, owner="b", values={}, tenant_id=of)


def test_queries_that_are_asked_together_get_their_own_rows_and_one_value_for_a_name(world: World) -> None:
    north, _ = ids(world)

    async def story() -> None:
        async with world.runtime.database.transaction(north) as db:
            for owner in ("a", "b"):
                await db.run(PUT, owner=owner, values={"of": owner})
            owners, one = await db.ask_together(OWNERS.of(), ONE.of(who="a"))
            assert [row[0] for row in owners if row[0] in ("a", "b")] == ["a", "b"]
            assert one == [Owned("a", {"of": "a"})]
            with pytest.raises(TypeError, match="'who'"):
                await db.ask_together(ONE.of(who="a"), ONE.of(who="b"))

    world.run(story())


def test_a_savepoint_undoes_its_own_part_and_the_transaction_goes_on(world: World) -> None:
    north, _ = ids(world)

    async def write_and_fail(db: Db) -> None:
        async with db.savepoint():
            await db.run(PUT, owner="undone", values={})
            await db.sql("SELECT no_such_function()")

    async def story() -> None:
        async with world.runtime.database.transaction(north) as db:
            await db.run(PUT, owner="before", values={})
            async with db.savepoint():
                await db.run(PUT, owner="kept", values={})
                with pytest.raises(asyncpg.UndefinedFunctionError):
                    await write_and_fail(db)
            async with db.savepoint(undo=True):
                await db.run(PUT, owner="tried", values={})
        async with world.runtime.database.transaction(north) as db:
            assert {row[0] for row in await db.all(OWNERS)} == {"before", "kept"}

    world.run(story())


def test_who_reads_is_said_again_after_a_savepoint_took_it_back(world: World) -> None:
    north, _ = ids(world)

    async def kind(db: Db) -> str:
        return str((await db.unchecked_sql("SELECT current_setting('app.reader_kind', true)"))[0][0])

    async def story() -> None:
        async with world.runtime.database.transaction(north) as db:
            db.read_as(kind="system")
            async with db.savepoint(undo=True):
                db.read_as(kind="person")
                assert await kind(db) == "person"
            assert await kind(db) == "system"
            db.read_as(kind="person")
            assert await kind(db) == "person"
            async with db.reading_only(1):
                db.read_as(kind="system")
            db.read_as(kind="system")
            assert await kind(db) == "system"

    world.run(story())


def test_a_lock_is_held_until_its_transaction_ends(world: World) -> None:
    north, _ = ids(world)
    database = world.runtime.database

    async def story() -> None:
        async with database.transaction(north) as first, database.transaction(north) as second:
            await first.lock("test", "one")
            assert not await second.try_lock("test", "one")
            assert await second.try_lock("test", "two")
        async with database.transaction(north) as third:
            assert await third.try_lock("test", "one")

    world.run(story())


def test_a_transaction_cannot_write_in_another_tenants_name(world: World) -> None:
    north, south = ids(world)

    async def story() -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _put(world, north, of=south)

    world.run(story())


def test_a_connection_that_returns_to_the_pool_has_forgotten_its_tenant(world: World) -> None:
    north, _ = ids(world)

    async def delete_and_fail(database: Database) -> None:
        async with database.transaction(north) as db:
            await db.run(GO)
            raise ZeroDivisionError

    async def story() -> None:
        database = await Database(world.urls.app, most=1).open()
        try:
            async with database.transaction(north) as db:
                await db.run(PUT, owner="a", values={})
            for _ in range(3):
                async with database.transaction(None) as db:
                    assert await db.sql("SELECT * FROM tenant_settings") == []
            with pytest.raises(ZeroDivisionError):
                await delete_and_fail(database)
            async with database.transaction(None) as db:
                assert await db.sql("SELECT * FROM tenant_settings") == []
            async with database.transaction(north) as db:
                assert len(await db.all(OWNERS)) == 1, "what raised was undone"
        finally:
            await database.close()

    world.run(story())


def test_who_is_cancelled_leaves_a_clean_connection(world: World) -> None:
    north, _ = ids(world)

    async def story() -> None:
        database = await Database(world.urls.app, most=1).open()
        complaints: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))

        async def slow() -> None:
            async with database.transaction(north) as db:
                await db.run(PUT, owner="a", values={})
                await db.sql("SELECT pg_sleep(20)")

        try:
            for wait in (0.0, 0.001, 0.005, 0.05):
                task = asyncio.create_task(slow())
                await asyncio.sleep(wait)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                async with database.transaction(north) as db:
                    assert await db.all(OWNERS) == []
            assert complaints == []
        finally:
            asyncio.get_running_loop().set_exception_handler(None)
            await database.close()

    world.run(story())


def test_nothing_comes_after_the_end_of_a_transaction(world: World) -> None:
    north, _ = ids(world)

    async def story() -> None:
        async with world.runtime.database.transaction(north) as db:
            await db.all(OWNERS)
        with pytest.raises(RuntimeError, match="over"):
            await db.all(OWNERS)

    world.run(story())


def test_a_forgotten_value_is_named_and_a_nullable_one_may_be_left_out(world: World) -> None:
    north, _ = ids(world)

    async def story() -> None:
        with pytest.raises(TypeError, match="'owner'"):
            async with world.runtime.database.transaction(north) as db:
                await db.run(PUT, values={})

    world.run(story())
    plugins = table(models.TenantPlugin)
    assert prepare(insert(plugins)).compiled()[2] == {"adopted": None, "adopted_version": None, "pack": None}


def test_words_are_values_and_never_part_of_a_statement() -> None:
    sql, names, _ = ONE.compiled()
    assert names == ("_tenant", "who")
    assert "$1" in sql
    assert "$2" in sql


def test_taking_the_scope_away_changes_every_statement_and_can_be_taken_back() -> None:
    """What the isolation test's controls lean on."""
    scoped_sql = ONE.compiled()[0]
    OwnTenant.enforced = False
    statements.Statement.forget_compiled()
    try:
        assert "tenant_id" not in ONE.compiled()[0]
    finally:
        OwnTenant.enforced = True
        statements.Statement.forget_compiled()
    assert ONE.compiled()[0] == scoped_sql


def _prepared() -> Iterator[tuple[str, Any]]:
    for statement in statements.Statement._all:
        yield statement.compiled()[0], statement.source


def test_every_statement_of_the_core_on_a_tenants_table_names_its_tenant() -> None:
    """Row-level security would hold without it; the plan and the second check would not.

    Asked in a process of its own: here other tests have prepared statements too.
    """
    asking = (
        "from spheres_core import app; app.rooms(); "
        "from tests.spheres_core.foundation.database import test_transactions as me; "
        "assert len(list(me._prepared())) > 50; print(*me.unscoped(), sep='\\n')"
    )
    ran = subprocess.run([sys.executable, "-c", asking], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == ""


def unscoped() -> list[str]:
    """Statements on tenants' tables that do not name the tenant."""
    shared = {tenants.tenants}
    found = []
    for sql, source in _prepared():
        touched = {each for each in Base.metadata.tables.values() if f" {each.name}" in sql}
        if touched and not touched <= shared and not _is_insert_of_values(source) and "tenant_id = $" not in sql:
            found.append(sql)
    return found


def _is_insert_of_values(source: Any) -> bool:
    return getattr(source, "is_insert", False) and isinstance(source.table, Table)


def test_ids_are_ordered_by_time_and_never_the_same() -> None:
    made = [uuid7() for _ in range(2_000)]
    assert len(set(made)) == 2_000
    assert made == sorted(made)
    assert {each.version for each in made} == {7}


def test_applying_twice_with_the_keyring_of_another_keeps_the_tenants_key(world: World) -> None:
    """A tenant's key is made once; nothing that is applied later replaces it."""
    north, _ = ids(world)
    sealed = world.loaded("north").keys.seal("t", north, "c", "words")
    apply_definitions(world.urls, [definition("north")], Keyring(b"x" * 32))
    world.run(world.runtime.refresh())
    assert world.loaded("north").keys.open("t", north, "c", sealed) == b"words"


def test_a_statement_is_planned_once_however_long_it_is(world: World) -> None:
    north, _ = ids(world)
    clauses = [SETTINGS.c.owner != SETTINGS.c.owner.concat(bindparam(None, "x")) for _ in range(700)]
    long = prepare(select(SETTINGS.c.owner).where(scoped(SETTINGS), *clauses))

    async def story() -> int:
        async with world.runtime.database.transaction(north) as db:
            for _ in range(3):
                await db.all(long)
            kept = await db.unchecked_sql("SELECT count(*) FROM pg_prepared_statements WHERE length(statement) > 16384")
            return int(kept[0][0])

    assert world.run(story()) == 1
