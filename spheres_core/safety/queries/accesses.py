"""Finds emergency accesses: for who looks at them afterwards, and for who follows her."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import as_system
from spheres_core.followups.queries.participations import participations
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.partners import organization_names
from spheres_core.safety.models import EmergencyAccessRow
from spheres_core.safety.queries.coverage import Active, code_of
from spheres_core.safety.schemas.accesses import AccessFound, EmergencyAccess, EmergencyAccesses
from spheres_core.safety.settings import Settings
from spheres_core.staff.queries.members import names_of

accesses = table(EmergencyAccessRow)
_columns = [accesses.c[name] for name in AccessFound.__struct_fields__]
MOST: Final = 100
"""Accesses that are listed."""
LATELY: Final = dt.timedelta(days=30)
IN_DAY: Final = dt.timedelta(days=7)
"""For how long whoever follows her sees in her day that her plan was opened."""
ONE = prepare(select(*_columns).where(scoped(accesses), accesses.c.id == bindparam("id")), into=AccessFound)
LIST = prepare(
    select(*_columns)
    .where(scoped(accesses))
    .order_by(accesses.c.reviewed_at.is_not(None), accesses.c.opened_at.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=AccessFound,
)
NUMBER = prepare(select(func.count()).where(scoped(accesses), accesses.c.opened_at > bindparam("since")))
FILES = prepare(select(func.count()).where(scoped(participations), participations.c.state == "active"))
WAITING = prepare(select(accesses.c.dated_on).where(scoped(accesses), accesses.c.reviewed_at.is_(None)))
LATELY_OF = prepare(
    select(accesses.c.participant_id, accesses.c.opened_at)
    .where(scoped(accesses), accesses.c.opened_at > bindparam("since"))
    .where(accesses.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .order_by(accesses.c.opened_at.desc())
)


class OpenedLately(Struct, frozen=True):
    """That a plan was opened in an emergency, for who follows her."""

    participant: str
    """Her code."""
    at: dt.datetime


async def list_accesses(ctx: Context) -> EmergencyAccesses:
    """Returns accesses for who looks at them, and how often there was one; writes to the trail which were shown."""
    settings = ctx.settings("safety", Settings)
    async with as_system(ctx):
        rows = await ctx.db.all(LIST, limit=MOST)
        lately = int(await ctx.db.scalar(NUMBER, since=ctx.now - LATELY))
        files = int(await ctx.db.scalar(FILES))
    await audit.record(ctx, "emergency_accesses.listed", shown=[each.id for each in rows])
    people = [id for each in rows for id in (each.staff_id, each.reviewed_by) if id is not None]
    names, organizations = await names_of(ctx, people), await organization_names(ctx)
    found = [
        _shown(ctx, each, names, str(ctx.locale.pick(organizations.get(each.organization, {"en": ""}))), settings)
        for each in rows
    ]
    return EmergencyAccesses(found, lately, files, round(100 * lately / files, 1) if files else 0.0)


async def count_waiting(ctx: Context) -> tuple[int, int]:
    """Returns how many accesses wait to be looked at, and how many of these are overdue."""
    most = dt.timedelta(days=ctx.settings("safety", Settings).access_review_days)
    async with as_system(ctx):
        days = [day for (day,) in await ctx.db.all(WAITING)]
    return len(days), sum(day + most < ctx.today for day in days)


async def opened_lately(ctx: Context, active: Sequence[Active]) -> list[OpenedLately]:
    """Returns which plans were opened in the last days, of those whom the actor follows or coordinates."""
    of = {each.id: each for each in active}
    async with as_system(ctx):  # that it was opened is told also where the plan itself is closed to the reader
        rows = await ctx.db.all(LATELY_OF, ids=list(of), since=ctx.now - IN_DAY)
    await audit.record(ctx, "emergency_accesses.listed", shown=[row[0] for row in rows])
    return [OpenedLately(code_of(ctx, of[id]), at) for id, at in rows]


def _shown(
    ctx: Context, found: AccessFound, names: Mapping[UUID, str], organization: str, settings: Settings
) -> EmergencyAccess:
    review_by = found.dated_on + dt.timedelta(days=settings.access_review_days)
    values: dict[str, Any] = {
        "id": found.id, "by": names.get(found.staff_id, ""), "organization": organization,
        "reason": ctx.keys.open("emergency_accesses", found.id, "reason", found.reason).decode(),
        "opened_at": found.opened_at, "until": found.ends, "review_by": review_by,
        "overdue": found.reviewed_at is None and review_by < ctx.today,
        "reviewed_by": names.get(found.reviewed_by, "") if found.reviewed_by else None,
        "reviewed_at": found.reviewed_at, "finding": found.finding,
    }  # fmt: skip
    return EmergencyAccess(**values)
