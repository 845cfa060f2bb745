"""Questions to the trail. Who asks for a subject's trail leaves an entry in it (`operations.show_trail`)."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Integer, Uuid, and_, any_, bindparam, or_, select

from spheres_core.audit.models import Delivery, TrailEntry
from spheres_core.audit.schemas import Entry, Parked
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

entries = table(TrailEntry)
deliveries = table(Delivery)
_columns = [entries.c[name] for name in Entry.__struct_fields__]
_subject = bindparam("subject", type_=Uuid())

OF_SUBJECT = prepare(
    select(*_columns)
    .where(scoped(entries), or_(entries.c.subject_id == _subject, _subject == any_(entries.c.shown)))
    .where(entries.c.id < bindparam("before", type_=Uuid()))
    .order_by(entries.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=Entry,
)
LAST_OF_ACTOR = prepare(
    select(entries.c.at)
    .where(scoped(entries), entries.c.subject_id == _subject, entries.c.verb == bindparam("verb"))
    .where(entries.c.actor_id == bindparam("actor"))
    .order_by(entries.c.id.desc())
    .limit(1)
)
ONE = prepare(select(*_columns).where(scoped(entries), entries.c.id == bindparam("id")), into=Entry)
PARKED = prepare(
    select(
        deliveries.c.entry_id,
        deliveries.c.recipient,
        deliveries.c.attempts,
        deliveries.c.parked_at,
        deliveries.c.error,
        entries.c.verb,
        entries.c.at,
    )
    .join_from(
        deliveries,
        entries,
        and_(deliveries.c.tenant_id == entries.c.tenant_id, deliveries.c.entry_id == entries.c.id),
    )
    .where(scoped(deliveries), scoped(entries), deliveries.c.parked_at.is_not(None), deliveries.c.done_at.is_(None))
    .order_by(deliveries.c.parked_at.desc()),
    into=Parked,
)


async def history_of(ctx: Context, subject: UUID, *, before: UUID, limit: int = 50) -> list[Entry]:
    """Entries about a subject, newest first, older than `before`."""
    return await ctx.db.all(OF_SUBJECT, subject=subject, before=before, limit=limit)


async def last_of_actor(ctx: Context, verb: str, subject: UUID) -> dt.datetime | None:
    """Returns when the actor last did this with a subject; None when she never did."""
    found: dt.datetime | None = await ctx.db.scalar(LAST_OF_ACTOR, verb=verb, subject=subject, actor=ctx.actor.id)
    return found


async def entry(ctx: Context, id: UUID) -> Entry | None:
    """Returns one entry."""
    return await ctx.db.one_or_none(ONE, id=id)


async def parked(ctx: Context) -> list[Parked]:
    """Deliveries that were given up on, for the administrator."""
    return await ctx.db.all(PARKED)
