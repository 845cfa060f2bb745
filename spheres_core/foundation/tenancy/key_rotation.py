"""Wraps the keys of all tenants with another key of the key file. What they have sealed stays as it is.

The file holds both keys meanwhile, so that whatever reads goes on; whoever was stopped begins again where it ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring, begin_moving, end_moving
from spheres_core.foundation.errors import Conflict

KeyName = Literal["main", "vault"]
TABLES: Final[dict[KeyName, str]] = {"main": "tenant_keys", "vault": "tenant_vault_keys"}
LOCK: Final = "key rotation"


class RotationRunning(Conflict):
    """Another process moves the keys just now."""

    code = "rotation_running"
    message = msg("Another process is moving these keys just now.")


class Rotation(Struct, frozen=True):
    """How far the keys have moved."""

    key: KeyName
    tenants: int
    """How many tenants have such a key."""
    moved: int
    """How many this run has moved."""
    left: int
    """How many are still to be moved."""
    kept: str | None = None
    """The file with the key of before, once all have moved."""


async def rotate_keys(
    database: Database, key: KeyName, path: Path, *, now: dt.datetime, report: Callable[[], None], dry_run: bool = False
) -> Rotation:
    """Wraps every tenant's key with a new one, each in a transaction of its own; then leaves the new one in the file.

    `database`: the owner's, of two connections. `report()` is called after each tenant. With `dry_run` it only looks
    whether each opens. Raises `KeyTrouble`, `RotationRunning`.
    """
    async with database.transaction(None) as holding:
        if not await holding.try_lock(LOCK, key):
            raise RotationRunning
        looked_at = await _look(database, key, Keyring.load(path))
        if dry_run:
            return looked_at
        keyring, moved, tenants = begin_moving(path), 0, 0
        while waiting := await _not_moved(database, key, keyring):
            tenants = await _count(database, key)
            for tenant, wrapped in waiting:
                moved += await _move(database, key, keyring, tenant, wrapped)
                report()
        kept = path.with_name(f"{path.name}.before-{now:%Y-%m-%dT%H%M%S}")
        end_moving(path, kept)
        return Rotation(key, tenants or await _count(database, key), moved, 0, str(kept))


async def _look(database: Database, key: KeyName, keyring: Keyring) -> Rotation:
    rows = await _rows(database, key)
    for tenant, wrapped in rows:
        keyring.unwrap(tenant, wrapped)
    left = [tenant for tenant, wrapped in rows if not keyring.is_moving or keyring.rewrap(tenant, wrapped) is not None]
    return Rotation(key, len(rows), 0, len(left))


async def _not_moved(database: Database, key: KeyName, keyring: Keyring) -> list[tuple[UUID, bytes]]:
    rows = await _rows(database, key)
    return [(tenant, wrapped) for tenant, wrapped in rows if keyring.rewrap(tenant, wrapped) is not None]


async def _move(database: Database, key: KeyName, keyring: Keyring, tenant: UUID, wrapped: bytes) -> int:
    anew = keyring.rewrap(tenant, wrapped)
    async with database.transaction(None) as db:
        rows = await db.sql(
            f"UPDATE {TABLES[key]} SET wrapped = $1 WHERE tenant_id = $2 AND wrapped = $3 RETURNING 1",  # noqa: S608
            anew, tenant, wrapped,
        )  # fmt: skip
    return len(rows)


async def _rows(database: Database, key: KeyName) -> list[tuple[UUID, bytes]]:
    async with database.transaction(None) as db:
        found = await db.sql(f"SELECT tenant_id, wrapped FROM {TABLES[key]} ORDER BY tenant_id")  # noqa: S608
    return [(tenant, wrapped) for tenant, wrapped in found]


async def _count(database: Database, key: KeyName) -> int:
    return len(await _rows(database, key))
