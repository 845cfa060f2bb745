"""Queries of what holds erasures: which, since when, by whom, why, and until when somebody looks at it again."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Date, Integer, Uuid, bindparam, func, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.privacy.queries.ended_files import codes_to_show
from spheres_core.privacy.schemas.erasure_holds import Hold
from spheres_core.referrals.queries.erasure_holds import holds
from spheres_core.staff.queries.members import names_of


class HoldUnknown(NotFound):
    """There is no such hold here."""

    code = "erasure_hold_unknown"


class HoldStored(Struct, frozen=True):
    """A hold as it is stored, with its reason still sealed."""

    id: UUID
    referral_id: UUID | None
    participant_id: UUID | None
    reason: bytes
    review_on: dt.date
    placed_by: UUID | None
    placed_at: dt.datetime
    lifted_by: UUID | None
    lifted_at: dt.datetime | None
    version: int

    @property
    def subject(self) -> tuple[str, UUID] | None:
        """Returns the kind and the id of what is held."""
        if self.referral_id is not None:
            return "referral", self.referral_id
        return ("participant", self.participant_id) if self.participant_id is not None else None


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
    """Returns a page of holds, the last placed first, and writes to the trail which were shown.

    A hold on a file from which the actor is kept away is not among them.
    """
    found = await page_of(
        ctx, "erasure holds", cursor, lambda before, limit: ctx.db.all(LIST, before=before, limit=limit)
    )
    shown = await _shown(ctx, found.items)
    await audit.record(ctx, "erasure_holds.listed", shown=[each.id for each in shown])
    return Page(shown, found.next)


async def find_hold(ctx: Context, id: UUID) -> HoldStored:
    """Returns a hold as it is stored, which nobody else changes meanwhile. Raises `HoldUnknown`."""
    found = await ctx.db.one_or_none(ONE, id=id)
    if found is None or not await _codes(ctx, [found]):
        raise HoldUnknown
    return found


async def read_hold(ctx: Context, id: UUID) -> Hold:
    """Returns one hold. Raises `HoldUnknown`."""
    return (await _shown(ctx, [await find_hold(ctx, id)]))[0]


async def count_held(ctx: Context) -> tuple[int, int]:
    """Returns how many hold an erasure now, and at how many of them somebody is to look again."""
    ((live, to_review),) = await ctx.db.all(LIVE, today=ctx.today)
    return live, to_review


async def _codes(ctx: Context, found: Sequence[HoldStored]) -> dict[UUID, str | None]:
    """Returns the code of each hold's file, None for a referral; without those from which the actor is kept away."""
    async with as_system(ctx):
        codes = await codes_to_show(ctx, [each.participant_id for each in found if each.participant_id is not None])
    return {
        each.id: codes[each.participant_id] if each.participant_id else None
        for each in found
        if each.participant_id is None or each.participant_id in codes
    }


async def _shown(ctx: Context, found: Sequence[HoldStored]) -> list[Hold]:
    codes = await _codes(ctx, found)
    names = await names_of(ctx, [id for each in found for id in (each.placed_by, each.lifted_by) if id is not None])
    return [
        Hold(
            each.id, each.referral_id, codes[each.id],
            ctx.keys.open("erasure_holds", each.id, "reason", each.reason).decode(),
            each.review_on, each.lifted_at is None and each.review_on <= ctx.today,
            names.get(each.placed_by, "") if each.placed_by else "", each.placed_at,
            names.get(each.lifted_by, "") if each.lifted_by else "", each.lifted_at, each.version,
        )
        for each in found
        if each.id in codes
    ]  # fmt: skip
