"""Keeps two persons apart: neither is offered a seat where the other has one, and nobody who plans learns why."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.activities.queries import kept_apart as queries
from spheres_core.activities.queries.kept_apart import TAKES_PART
from spheres_core.activities.queries.outings import kept_apart
from spheres_core.activities.schemas.invitations import KeptApartList, KeptApartPosted
from spheres_core.audit import operations as audit
from spheres_core.consents.schemas import FOREVER
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown, find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess

ADD = prepare(insert(kept_apart))
END = prepare(
    kept_apart.update()
    .where(scoped(kept_apart), kept_apart.c.pair == bindparam("which"), kept_apart.c.ends > bindparam("now"))
    .values(ends=bindparam("now"))
)


class PairInvalid(Invalid):
    """Two who are kept apart are two, and the caller may know of both."""

    code = "pair_invalid"
    message = msg("Write the code of somebody else whose file you may open.")


async def keep_apart(ctx: Context, file: ParticipantAccess, posted: KeptApartPosted) -> KeptApartList:
    """Notes that two must not meet. Raises `ParticipantUnknown`, `PairInvalid`."""
    queries.require_team(ctx, file, act="write")
    wrong = PairInvalid(errors=[Problem(PairInvalid.message, path="participant")])
    try:
        other = await find_for_caller(ctx, posted.participant, file.purpose)
        require_class(ctx, other, TAKES_PART, act="write")
    except ParticipantUnknown:
        raise wrong from None
    if other.id == file.id:
        raise wrong
    await ctx.db.lock("kept apart", min(file.id, other.id))
    before = await queries.list_kept_apart(ctx, file)
    if other.code in {each.participant for each in before.items}:
        return before
    pair = uuid7()
    for her in (file.id, other.id):
        await ctx.db.run(
            ADD, id=uuid7(), participant_id=her, pair=pair, starts=ctx.now, ends=FOREVER, author=ctx.actor.id,
            dated_on=ctx.today,
        )  # fmt: skip
        await audit.record(ctx, "kept_apart.recorded", subject=("participant", her))
    return await queries.list_kept_apart(ctx, file)


async def end_keeping_apart(ctx: Context, file: ParticipantAccess, id: UUID) -> KeptApartList:
    """Notes that two may meet again. Raises `PairUnknown`."""
    queries.require_team(ctx, file, act="write")
    pair = await queries.find_pair(ctx, file, id)
    await ctx.db.run(END, which=pair, now=ctx.now)
    await audit.record(ctx, "kept_apart.ended", subject=("participant", file.id))
    return await queries.list_kept_apart(ctx, file)
