"""Tenants' keys move to another key: what is sealed opens all the while, and being stopped loses nothing."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from spheres_core.foundation.database.transactions import UNHURRIED, Database
from spheres_core.foundation.encryption import Keyring, KeyTrouble
from spheres_core.foundation.tenancy.key_rotation import Rotation, RotationRunning, rotate_keys
from spheres_core.testing import MakeWorld, World, definition

NOW = dt.datetime(2026, 11, 29, 10, 0, tzinfo=dt.UTC)
ROW = UUID(int=7)


class Stopped(Exception):
    """The power went out."""


class Keys:
    """The key file of a world with three tenants, and what each has sealed."""

    def __init__(self, world: World, path: Path) -> None:
        self.world, self.path = world, path
        path.touch(mode=0o600)
        path.write_text(json.dumps({"format": 1, "key": base64.b64encode(b"k" * 32).decode()}))
        ring = self.ring()
        tenants = [tenant for (tenant,) in world.sql("SELECT id FROM tenants")]
        for tenant in tenants:
            world.sql("UPDATE tenant_keys SET wrapped = %s WHERE tenant_id = %s", ring.new_tenant_key(tenant), tenant)
        self.sealed = {tenant: ring.unwrap(tenant, self.wrapped(tenant)).seal("t", ROW, "c", "her words")
                       for tenant in tenants}  # fmt: skip

    def ring(self) -> Keyring:
        return Keyring.load(self.path)

    def wrapped(self, tenant: UUID) -> bytes:
        ((found,),) = self.world.sql("SELECT wrapped FROM tenant_keys WHERE tenant_id = %s", tenant)
        return bytes(found)

    def opened_by(self, ring: Keyring) -> int:
        """Returns of how many tenants a keyring opens what was sealed before."""
        count = 0
        for tenant, sealed in self.sealed.items():
            with contextlib.suppress(KeyTrouble):
                count += ring.unwrap(tenant, self.wrapped(tenant)).open("t", ROW, "c", sealed) == b"her words"
        return count

    def rotate(self, report: Callable[[], None] = lambda: None, *, dry_run: bool = False) -> Rotation:
        async def rotating() -> Rotation:
            database = await Database(self.world.urls.needed("owner"), most=2, deadlines=UNHURRIED).open()
            try:
                return await rotate_keys(database, "main", self.path, now=NOW, report=report, dry_run=dry_run)
            finally:
                await database.close()

        return self.world.run(rotating())


@pytest.fixture(scope="module")
def three(make_module_world: MakeWorld) -> World:
    return make_module_world(definition("north"), definition("south"), definition("west"))


@pytest.fixture
def keys(three: World, tmp_path: Path) -> Keys:
    return Keys(three, tmp_path / "key.json")


def test_everything_opens_with_the_new_key_and_no_longer_with_the_one_of_before(keys: Keys) -> None:
    before = Keyring(b"k" * 32)
    running = keys.ring()

    done = keys.rotate()

    assert (done.tenants, done.moved, done.left) == (3, 3, 0)
    assert keys.opened_by(keys.ring()) == 3
    assert keys.opened_by(before) == 0
    assert keys.opened_by(running) == 3, "a process that goes on reads the file again"
    assert not keys.ring().is_moving
    assert keys.path.stat().st_mode & 0o777 == 0o600
    kept = Path(done.kept or "")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())["key"] == base64.b64encode(b"k" * 32).decode()


@pytest.mark.parametrize("after", [1, 2, 3])
def test_whoever_was_stopped_goes_on_and_all_opens_meanwhile(keys: Keys, after: int) -> None:
    told: list[int] = []

    def stop() -> None:
        told.append(1)
        if len(told) == after:
            raise Stopped

    with pytest.raises(Stopped):
        keys.rotate(stop)
    assert keys.ring().is_moving
    assert keys.opened_by(keys.ring()) == 3

    done = keys.rotate()

    assert done.moved == 3 - after
    assert keys.opened_by(keys.ring()) == 3
    assert not keys.ring().is_moving


def test_a_tenant_that_comes_while_keys_move_has_the_new_key(keys: Keys) -> None:
    with pytest.raises(Stopped):
        keys.rotate(lambda: (_ for _ in ()).throw(Stopped))
    made, tenant = keys.ring().new_tenant_key(UUID(int=9)), UUID(int=9)
    keys.rotate()

    keys.ring().unwrap(tenant, made)


def test_a_trial_changes_nothing(keys: Keys) -> None:
    before = keys.path.read_bytes(), [keys.wrapped(tenant) for tenant in keys.sealed]

    done = keys.rotate(dry_run=True)

    assert (done.tenants, done.moved, done.left, done.kept) == (3, 0, 3, None)
    assert (keys.path.read_bytes(), [keys.wrapped(tenant) for tenant in keys.sealed]) == before


def test_a_key_file_of_another_database_is_refused_and_stays_as_it_is(keys: Keys) -> None:
    keys.path.write_text(json.dumps({"format": 1, "key": base64.b64encode(b"x" * 32).decode()}))

    before = keys.path.read_bytes()
    for dry_run in (True, False):
        with pytest.raises(KeyTrouble):
            keys.rotate(dry_run=dry_run)

    assert keys.path.read_bytes() == before
    assert keys.opened_by(Keyring(b"k" * 32)) == 3


def test_only_one_process_moves_them(keys: Keys) -> None:
    def begin_another() -> None:
        raise Stopped

    async def twice() -> None:
        database = await Database(keys.world.urls.needed("owner"), most=4, deadlines=UNHURRIED).open()
        try:
            async with database.transaction(None) as holding:
                assert await holding.try_lock("key rotation", "main")
                await rotate_keys(database, "main", keys.path, now=NOW, report=begin_another)
        finally:
            await database.close()

    with pytest.raises(RotationRunning):
        keys.world.run(twice())
    assert not keys.ring().is_moving
