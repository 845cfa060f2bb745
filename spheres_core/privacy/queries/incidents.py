"""Queries of the register of incidents."""

import datetime as dt
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Uuid, and_, bindparam, func, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.privacy.models import Incident
from spheres_core.privacy.schemas.incidents import (
    IncidentKind,
    IncidentLine,
    IncidentOpened,
    IncidentRisk,
    IncidentState,
)
from spheres_core.staff.queries.members import names_of

incidents = table(Incident)


class IncidentUnknown(NotFound):
    """There is no such incident here."""

    code = "incident_unknown"


class IncidentStored(Struct, frozen=True):
    """An incident as it is stored, with its words still sealed."""

    id: UUID
    state: IncidentState
    kind: IncidentKind
    found_on: dt.date
    happened_on: dt.date | None
    persons: int | None
    happened: bytes
    done: bytes | None
    risk: IncidentRisk
    risk_reason: bytes | None
    commission_told_on: dt.date | None
    persons_told_on: dt.date | None
    recorded_by: UUID | None
    recorded_at: dt.datetime
    judged_by: UUID | None
    closed_at: dt.datetime | None
    version: int
    investigated_by: bytes | None
    investigated_since: dt.date | None
    investigated_until: dt.date | None


_one = select(*(incidents.c[name] for name in IncidentStored.__struct_fields__)).where(
    scoped(incidents), incidents.c.id == bindparam("id")
)
ONE, ONE_LOCKED = prepare(_one, into=IncidentStored), prepare(_one.with_for_update(), into=IncidentStored)
LIST = prepare(
    select(*(incidents.c[name] for name in IncidentLine.__struct_fields__))
    .where(scoped(incidents), incidents.c.id < bindparam("before", type_=Uuid()))
    .order_by(incidents.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=IncidentLine,
)
_investigated = and_(incidents.c.investigated_since.is_not(None), incidents.c.investigated_until.is_(None))
OPEN = prepare(
    select(func.count(), func.count().filter(_investigated)).where(scoped(incidents), incidents.c.state == "open")
)


async def list_incidents(ctx: Context, *, before: UUID, limit: int) -> list[IncidentLine]:
    """Returns incidents older than `before`, newest first, and writes to the trail which were shown."""
    found = await ctx.db.all(LIST, before=before, limit=limit)
    await audit.record(ctx, "incidents.listed", shown=[each.id for each in found])
    return found


async def find_incident(ctx: Context, id: UUID, *, lock: bool = False) -> IncidentStored:
    """Returns an incident as it is stored. Raises `IncidentUnknown`."""
    found = await ctx.db.one_or_none(ONE_LOCKED if lock else ONE, id=id)
    if found is None:
        raise IncidentUnknown
    return found


async def read_incident(ctx: Context, id: UUID) -> IncidentOpened:
    """Returns an incident with its words, and writes the reading to the trail. Raises `IncidentUnknown`."""
    row = await find_incident(ctx, id)
    await audit.record(ctx, "incident.read", subject=("incident", id))
    names = await names_of(ctx, [each for each in (row.recorded_by, row.judged_by) if each is not None])
    return IncidentOpened(
        IncidentLine(*(getattr(row, name) for name in IncidentLine.__struct_fields__)),
        _open(ctx, row, "happened"), _open(ctx, row, "done"), _open(ctx, row, "risk_reason"),
        names.get(row.recorded_by, "") if row.recorded_by else "",
        names.get(row.judged_by, "") if row.judged_by else "", row.recorded_at, row.closed_at,
        _open(ctx, row, "investigated_by"),
    )  # fmt: skip


async def count_open(ctx: Context) -> tuple[int, int]:
    """Returns how many incidents are open, and how many of them are under investigation."""
    ((count, investigated),) = await ctx.db.all(OPEN)
    return count, investigated


def _open(ctx: Context, row: IncidentStored, column: str) -> str:
    sealed = getattr(row, column)
    return "" if sealed is None else ctx.keys.open("incidents", row.id, column, sealed).decode()
