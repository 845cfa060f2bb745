"""Erases rows whose time is over, and writes to the trail that there was each."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

MOST: Final = 500
"""Rows that are found at once; the next run takes further ones."""


class Retention:
    """Which rows of a table are erased, and the verb with which the trail keeps that there was each.

    `until`: conditions with parameters of their own, such as the last day; `find` and `erase` take these by name.
    """

    def __init__(self, rows: Table, verb: str, *until: ColumnElement[bool]) -> None:
        self.verb = verb
        self._due = prepare(select(rows.c.id).where(scoped(rows), *until).order_by(rows.c.id).limit(MOST))
        ids = bindparam("ids", type_=ARRAY(Uuid()))
        self._erase = prepare(rows.delete().where(scoped(rows), rows.c.id == any_(ids)))

    async def find(self, ctx: Context, **until: Any) -> list[UUID]:
        """Returns the ids of rows that are erased by then, at most `MOST`."""
        return [id for (id,) in await ctx.db.all(self._due, **until)]

    async def erase(self, ctx: Context, **until: Any) -> int:
        """Erases these rows, writes one entry about each, and returns how many there were."""
        ids = await self.find(ctx, **until)
        if ids:
            await ctx.db.run(self._erase, ids=ids)
        for id in ids:
            await audit.record(ctx, self.verb, subject=(self.verb.partition(".")[0], id))
        return len(ids)
