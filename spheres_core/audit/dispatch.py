"""The outbox's dispatcher: after commit, each thing owed because of an entry is done once, or tried again.

What a recipient writes and the note that it is done share one transaction: a hook may be called twice, but its writes
through `ctx.db` take effect once. It calls only what rooms and plugins registered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import queries
from spheres_core.audit.models import Delivery
from spheres_core.audit.schemas import Entry
from spheres_core.foundation.context import Context
from spheres_core.foundation.db import prepare, scoped, table
from spheres_core.foundation.dispatch import Implementation
from spheres_core.foundation.registry import TrailVerb
from spheres_core.foundation.runtime import Resident, Runtime

ATTEMPTS = 8
"""Tries before a delivery is parked and shown; with back-off, about a day."""
DEADLINE = 10.0
"""Seconds that one recipient has."""

log = structlog.get_logger("spheres.outbox")
deliveries = table(Delivery)

CLAIM = prepare(
    insert(deliveries)
    .values(entry_id=bindparam("entry_id"), recipient=bindparam("recipient"), attempts=0, tenant_id=bindparam("tenant_id"))
    .on_conflict_do_nothing()
)
LOCK = prepare(
    select(deliveries.c.done_at, deliveries.c.parked_at)
    .where(scoped(deliveries), deliveries.c.entry_id == bindparam("entry"), deliveries.c.recipient == bindparam("who"))
    .with_for_update()
)
DONE = prepare(
    deliveries.update()
    .where(scoped(deliveries), deliveries.c.entry_id == bindparam("entry"), deliveries.c.recipient == bindparam("who"))
    .values(done_at=bindparam("now"), attempts=deliveries.c.attempts + 1, error=None)
)
FAILED = prepare(
    deliveries.update()
    .where(scoped(deliveries), deliveries.c.entry_id == bindparam("entry"), deliveries.c.recipient == bindparam("who"))
    .values(
        attempts=deliveries.c.attempts + 1,
        error=bindparam("what"),
        parked_at=func.coalesce(deliveries.c.parked_at, bindparam("park")),
    )
    .returning(deliveries.c.attempts)
)
ATTEMPTED = prepare(
    select(deliveries.c.attempts).where(
        scoped(deliveries), deliveries.c.entry_id == bindparam("entry"), deliveries.c.recipient == bindparam("who")
    )
)


class DeliveryUnfinished(Exception):
    """Something owed is not done yet; the job is to be tried again."""


async def deliver(runtime: Runtime, slug: str, entry_id: UUID) -> None:
    """Do what is owed because of one entry. Raises `DeliveryUnfinished` when a part has to be tried again."""
    resident = await runtime.resident(slug)
    if resident is None:
        return
    async with runtime.context(resident) as ctx:
        entry = await queries.entry(ctx, entry_id)
    verb = resident.plugins.verbs.get(entry.verb) if entry else None
    if entry is None or verb is None:
        return
    unfinished = [
        recipient
        for recipient, act in _recipients(resident, verb)
        if not await _deliver_one(runtime, resident, entry, recipient, act)
    ]
    if unfinished:
        raise DeliveryUnfinished(", ".join(unfinished))


Act = Callable[[Context, Entry], Awaitable[None]]


def _recipients(resident: Resident, verb: TrailVerb) -> list[tuple[str, Act]]:
    recipients: list[tuple[str, Act]] = []
    if verb.tell is not None:
        recipients.append(("tell", _telling(verb)))
    for each in resident.plugins.listeners(verb.hook) if verb.hook else ():
        recipients.append((f"hook:{each.owner}", _calling(verb, each)))
    return recipients


def _telling(verb: TrailVerb) -> Act:
    async def act(ctx: Context, entry: Entry) -> None:
        await verb.tell(ctx, entry.subject_id, entry.details or {})  # type: ignore[misc]

    return act


def _calling(verb: TrailVerb, each: Implementation) -> Act:
    async def act(ctx: Context, entry: Entry) -> None:
        facts: dict[str, Any] | None = await verb.load(ctx, entry.subject_id, entry.details or {})  # type: ignore[misc]
        if facts is not None:
            values = {"ctx": ctx, **facts}
            await each.function(**{name: values[name] for name in each.arguments})

    return act


async def _deliver_one(runtime: Runtime, resident: Resident, entry: Entry, recipient: str, act: Act) -> bool:
    async with runtime.context(resident) as ctx:
        await ctx.db.run(CLAIM, entry_id=entry.id, recipient=recipient)
    try:
        async with runtime.context(resident) as ctx:
            done_at, parked_at = await ctx.db.one_or_none(LOCK, entry=entry.id, who=recipient) or (None, None)
            if done_at is not None or parked_at is not None:
                return True
            await asyncio.wait_for(act(ctx, entry), DEADLINE)
            await ctx.db.run(DONE, entry=entry.id, who=recipient, now=ctx.now)
        return True
    except (Exception, SystemExit) as error:
        return await _failed(runtime, resident, entry, recipient, error)


async def _failed(runtime: Runtime, resident: Resident, entry: Entry, recipient: str, error: BaseException) -> bool:
    what = type(error).__name__
    log.warning("outbox.failed", recipient=recipient, verb=entry.verb, error=what)
    async with runtime.context(resident) as ctx:
        tried = await ctx.db.scalar(ATTEMPTED, entry=entry.id, who=recipient) or 0
        park = ctx.now if tried + 1 >= ATTEMPTS else None
        await ctx.db.run(FAILED, entry=entry.id, who=recipient, what=what, park=park)
    return park is not None
