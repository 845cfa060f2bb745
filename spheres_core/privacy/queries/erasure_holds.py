"""Queries of what holds erasures: which, since when, by whom, why, and until when somebody looks at it again."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Date, Integer, Uuid, bindparam, func, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.privacy.schemas.erasure_holds import Hold
from spheres_core.referrals.queries.erasure_holds import holds
from spheres_core.staff.queries.members import names_of


class HoldUnknown(NotFound):
    """There is no such hold here."""

    code = "erasure_hold_unknown"


class HoldStored(Struct, frozen=True):
    """A hold as it is stored, with its reason still sealed."""

    id: UUID
    referral_id: UUID
    reason: bytes
    review_on: dt.date
    placed_by: UUID | None
    placed_at: dt.datetime
    lifted_by: UUID | None
    lifted_at: dt.datetime | None
    version: int


_row = select(*(holds.c[name] for name in HoldStored.__struct_fields__)).where(scoped(holds))
LIST = prepare(
    _row.where(holds.c.id < bindparam("before", type_=Uuid()))
    .order_by(holds.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=HoldStored,
)
ONE = prepare(_row.where(holds.c.id == bindparam("id")).with_for_update(), into=HoldStored)
LIVE = prepare(
    select(func.count(), func.count().filter(holds.c.review_on <= bindparam("today", type_=Date()))).where(
        scoped(holds), holds.c.lifted_at.is_(None)
    )
)


async def list_holds(ctx: Context, *, cursor: str = "") -> Page[Hold]:
    """Returns a page of holds, the last placed first, and writes to the trail which were shown."""

    async def ask(before: UUID, limit: int) -> Sequence[Hold]:
        return await _shown(ctx, await ctx.db.all(LIST, before=before, limit=limit))

    page = await page_of(ctx, "erasure holds", cursor, ask)
    await audit.record(ctx, "erasure_holds.listed", shown=[each.id for each in page.items])
    return page


async def find_hold(ctx: Context, id: UUID) -> HoldStored:
    """Returns a hold as it is stored, which nobody else changes meanwhile. Raises `HoldUnknown`."""
    found = await ctx.db.one_or_none(ONE, id=id)
    if found is None:
        raise HoldUnknown
    return found


async def read_hold(ctx: Context, id: UUID) -> Hold:
    """Returns one hold. Raises `HoldUnknown`."""
    return (await _shown(ctx, [await find_hold(ctx, id)]))[0]


async def count_held(ctx: Context) -> tuple[int, int]:
    """Returns how many hold an erasure now, and at how many of them somebody is to look again."""
    ((live, to_review),) = await ctx.db.all(LIVE, today=ctx.today)
    return live, to_review


async def _shown(ctx: Context, found: Sequence[HoldStored]) -> list[Hold]:
    names = await names_of(ctx, [id for each in found for id in (each.placed_by, each.lifted_by) if id is not None])
    return [
        Hold(
            each.id, each.referral_id, ctx.keys.open("erasure_holds", each.id, "reason", each.reason).decode(),
            each.review_on, each.lifted_at is None and each.review_on <= ctx.today,
            names.get(each.placed_by, "") if each.placed_by else "", each.placed_at,
            names.get(each.lifted_by, "") if each.lifted_by else "", each.lifted_at, each.version,
        )
        for each in found
    ]  # fmt: skip
