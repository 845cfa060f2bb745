"""Reads whole rows about a participant, with what is sealed in them opened, for an export of all that is kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, LargeBinary, Table, Uuid, bindparam, select

from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.tenancy.context import Context


async def opened_rows(
    ctx: Context, rows: Table, participant: UUID, keys: TenantKeys, *, column: str = "participant_id",
    without: Collection[str] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Returns the rows of a table about her, the oldest first. The transaction must be the system's.

    `column`: the one that says whom a row is about. `without`: columns that are left out. Raises `SealBroken`.
    """
    asked = select(rows).where(scoped(rows), rows.c[column] == bindparam("her", type_=Uuid())).order_by(rows.c.id)
    left_out = {"tenant_id", *without}
    return [
        {each.name: _opened(keys, each, row) for each in rows.c if each.name not in left_out}
        for row in await ctx.db.all(prepare(asked), her=participant)
    ]


def _opened(keys: TenantKeys, column: Column[Any], row: Any) -> Any:
    value = row[column.name]
    if value is None or not isinstance(column.type, LargeBinary):
        return value
    opened = keys.open(column.table.name, row["id"], column.name, value)
    try:
        return msgspec.json.decode(opened)
    except msgspec.DecodeError:  # words, and no record
        return opened.decode()
