"""Reads what the plugin has noted. Each list that is shown is an entry in the trail."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select

from spheres_core.plugin import Context, PersonRecord, prepare, record, scoped

from .models import travel_questions as table
from .schemas import TravelQuestion

LISTED = "regional_intake.travel_listed"
LIST = prepare(
    select(table.c.referral_id, table.c.community, table.c.received_on)
    .where(scoped(table), table.c.referral_id < bindparam("before", type_=Uuid()))
    .order_by(table.c.referral_id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=TravelQuestion,
)

ONE = prepare(
    select(table.c.referral_id, table.c.community, table.c.received_on).where(
        scoped(table), table.c.referral_id == bindparam("which", type_=Uuid())
    ),
    into=TravelQuestion,
)
TITLE = {"fr": "Question de déplacement", "en": "Travel question"}


async def travel_questions(ctx: Context, *, before: UUID, limit: int) -> Sequence[TravelQuestion]:
    """Returns travel questions, newest referral first."""
    found = await ctx.db.all(LIST, before=before, limit=limit)
    await record(ctx, LISTED, shown=[each.id for each in found])
    return found


async def records(ctx: Context, referral_id: UUID) -> Sequence[PersonRecord]:
    """Returns what is kept about the person of a referral, for her. It is deleted with the referral."""
    found = await ctx.db.all(ONE, which=referral_id)
    return [PersonRecord(TITLE, {"community": each.community, "received_on": each.received_on}) for each in found]
