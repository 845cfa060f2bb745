"""The outbox's dispatcher: after commit, each thing owed because of an entry is done once, or tried again.

What a recipient writes through `ctx.db` and the note that it is done share one transaction: a hook may be called twice,
but its writes take effect once. It calls only what rooms and plugins registered. What becomes of a delivery when

- a recipient raises, hangs, exits or takes the process along: the try was counted before it began; tried again, the
  others are not kept waiting; after `ATTEMPTS` tries it is parked and shown (`queries.parked`, `operations.try_again`)
- two workers meet over it: the second leaves it to the first and looks again later
- its plugin is on for the tenant but cannot be used on this machine: that is a failed try, so it is parked, not lost
- its plugin was switched off: it is not owed any more
- the entry's verb is not known: with an unusable plugin in the set it waits, else it is let go and logged
- the tenant, the entry or its subject is gone: nothing is owed
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from msgspec import Struct
from sqlalchemy import and_, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations, queries
from spheres_core.audit.events import acts, delivery_attempt
from spheres_core.audit.models import Delivery
from spheres_core.audit.schemas import Entry
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.isolation.fault_location import FaultLocation, locate_error
from spheres_core.foundation.isolation.hook_calls import HookImplementation
from spheres_core.foundation.isolation.watchdog import WATCHDOG
from spheres_core.foundation.plugins.registrations import Notification, TrailVerb
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime

ATTEMPTS = 8
"""Tries before a delivery is parked and shown; with the worker's back-off, some four hours."""

GIVEN_UP = "delivery.given_up"
"""Told to administrators, once for each recipient until it is taken up again; that telling itself to nobody."""
OWN_ENTRY = "on_own_entry"
"""Told to the plugin whose entry it is."""
FOR_ONE = frozenset({"on_schedule", "on_background_job", "on_text_message_due"})
"""Told to the plugin that the entry names."""

log = structlog.get_logger("spheres.outbox")
deliveries = table(Delivery)
_open = and_(deliveries.c.done_at.is_(None), deliveries.c.parked_at.is_(None))
_one = and_(scoped(deliveries), deliveries.c.entry_id == bindparam("entry"), deliveries.c.recipient == bindparam("who"))

CLAIM = prepare(
    insert(deliveries)
    .values(
        entry_id=bindparam("entry_id"), recipient=bindparam("recipient"), attempts=1, tenant_id=bindparam("tenant_id")
    )
    .on_conflict_do_update(
        index_elements=["tenant_id", "entry_id", "recipient"],
        set_={"attempts": deliveries.c.attempts + 1},
        where=_open,
    )
    .returning(deliveries.c.attempts)
)
"""Counts the try before it begins, or a recipient that kills its process would be tried for ever."""
FAILED = prepare(
    deliveries.update()
    .where(_one, deliveries.c.done_at.is_(None))
    .values(error=bindparam("what"), parked_at=bindparam("park"))
    .returning(deliveries.c.attempts)
)


class DeliveryUnfinished(Exception):
    """Something owed is not done yet; the job is to be tried again. Its text names recipients, never people."""


Act = Callable[[Context, Entry], Awaitable[None]]


class Recipient(Struct, frozen=True):
    """Who is owed something: `tell:<staff id>`, `region`, or `hook:<room or plugin>`."""

    name: str
    act: Act | None = None
    code: bool = False
    """Runs code that is not the core's, and so away from the core's event loop."""
    fault: FaultLocation | None = None
    """Why it is owed but cannot be tried."""
    part: str = ""
    """The hook that a plugin is told by."""


async def deliver(runtime: Runtime, slug: str, entry_id: UUID) -> None:
    """Does what is owed because of one entry. Raises `DeliveryUnfinished` when a part has to be tried again."""
    loaded = await runtime.load(slug)
    if loaded is None:
        return
    async with runtime.context(loaded) as ctx:
        entry = await queries.entry(ctx, entry_id)
    if entry is None:
        return
    verb = loaded.plugins.verbs.get(entry.verb)
    if verb is None:
        _report_unknown_verb(loaded, entry)
        return
    recipients = [
        *await _notified_people(runtime, loaded, verb, entry),
        *_other_region(runtime, verb),
        *_listeners(runtime, loaded, verb, entry),
    ]
    unfinished = [each.name for each in recipients if not await _deliver_one(runtime, loaded, entry, each)]
    if unfinished:
        raise DeliveryUnfinished(", ".join(unfinished))


def _report_unknown_verb(loaded: LoadedTenant, entry: Entry) -> None:
    log.warning("outbox.unknown_verb", verb=entry.verb, tenant=loaded.tenant.slug)
    if loaded.plugins.left_out:
        raise DeliveryUnfinished(f"{entry.verb} may belong to {', '.join(sorted(loaded.plugins.left_out))}")


async def _notified_people(
    runtime: Runtime, loaded: LoadedTenant, verb: TrailVerb, entry: Entry
) -> Sequence[Recipient]:
    notifier = loaded.plugins.notifier
    tell = verb.tell or (partial(notifier.tell, verb) if verb.notifies and notifier else None)
    if tell is None:
        return ()
    try:
        async with runtime.context(loaded) as ctx:
            asked = tell(ctx, entry.subject_id, _details(entry))
            found: Sequence[Notification] = await asyncio.wait_for(asked, delivery_attempt.DEADLINE)
    except Exception as error:
        return (Recipient("tell", fault=locate_error(error)),)
    return [Recipient(f"tell:{each.to}", _sending(each)) for each in found]


def _sending(telling: Notification) -> Act:
    async def act(ctx: Context, entry: Entry) -> None:
        await telling.send(ctx)

    return act


def _other_region(runtime: Runtime, verb: TrailVerb) -> Iterator[Recipient]:
    """Yields the other region that something leaves for. It is written there before the note here that it was."""
    cross = verb.cross
    if cross is None:
        return

    async def act(ctx: Context, entry: Entry) -> None:
        leaving = await cross(ctx, entry.subject_id, _details(entry))
        other = None if leaving is None else await runtime.load(leaving.to)
        if leaving is not None and other is not None and other.tenant.id != ctx.tenant.id:
            async with runtime.context(other) as there:
                await leaving.receive(there)

    yield Recipient("region", act)


def _listeners(runtime: Runtime, loaded: LoadedTenant, verb: TrailVerb, entry: Entry) -> Iterator[Recipient]:
    if not verb.hook:
        return
    only = _addressee(verb, entry)
    for each in loaded.plugins.listeners(verb.hook):
        if only not in ("", each.owner):
            continue
        yield Recipient(f"hook:{each.owner}", _calling(verb, each), each.code, part=verb.hook)
    for plugin_id in sorted(loaded.plugins.left_out):
        if only not in ("", plugin_id):
            continue
        installed = runtime.machine.plugins.get(plugin_id)
        if installed is None or verb.hook in installed.manifest.provides.hooks:
            yield Recipient(f"hook:{plugin_id}", fault=FaultLocation("its plugin cannot be used on this machine"))


def _addressee(verb: TrailVerb, entry: Entry) -> str:
    """Returns the one plugin that is told of an entry of its own; empty when all who listen are."""
    if verb.hook == OWN_ENTRY:
        return verb.verb.partition(".")[0]
    return str((entry.details or {}).get("plugin", "")) if verb.hook in FOR_ONE else ""


def _calling(verb: TrailVerb, each: HookImplementation) -> Act:
    async def act(ctx: Context, entry: Entry) -> None:
        facts: dict[str, Any] | None
        if verb.load_for is not None:
            facts = await verb.load_for(ctx, each.owner, entry)
        else:
            load = verb.load or acts.load_act  # a plugin's own entries, which have no other facts
            facts = await load(ctx, entry.subject_id, _details(entry))
        if facts is not None:
            values = {"ctx": ctx, **facts}
            with WATCHDOG.registered((str(ctx.tenant.id), each.owner, verb.hook)):
                await each.function(**{name: values[name] for name in each.arguments})

    return act


def _details(entry: Entry) -> dict[str, Any]:
    """Returns the entry's codes, and its id as `entry`: what a message is made unique by."""
    return {**(entry.details or {}), "entry": str(entry.id)}


async def _deliver_one(runtime: Runtime, loaded: LoadedTenant, entry: Entry, recipient: Recipient) -> bool:
    async with runtime.context(loaded) as ctx:
        tries: int | None = await ctx.db.scalar(CLAIM, entry_id=entry.id, recipient=recipient.name)
    if tries is None:
        return True
    act = recipient.act
    if tries > ATTEMPTS:
        fault: FaultLocation | None = FaultLocation("the worker ended while at it")
    elif act is None:
        fault = recipient.fault
    else:
        attempt = delivery_attempt.try_apart if recipient.code else delivery_attempt.try_here
        fault = await attempt(runtime, loaded, entry.id, recipient.name, lambda ctx: act(ctx, entry))
    return fault is None or await _failed(runtime, loaded, entry, recipient, tries, fault)


async def _failed(
    runtime: Runtime, loaded: LoadedTenant, entry: Entry, recipient: Recipient, tries: int, fault: FaultLocation
) -> bool:
    parked = tries >= ATTEMPTS
    if recipient.code:
        plugin = recipient.name.removeprefix("hook:")
        incidents.record(str(loaded.tenant.id), plugin, recipient.part, fault)
    log.warning(
        "outbox.failed", recipient=recipient.name, verb=entry.verb, error=str(fault), tries=tries, parked=parked
    )
    async with runtime.context(loaded) as ctx:
        still_owed = await ctx.db.scalar(
            FAILED, entry=entry.id, who=recipient.name, what=str(fault), park=ctx.now if parked else None
        )
        waiting = [each for each in await queries.parked(ctx) if each.recipient == recipient.name] if parked else []
        if len(waiting) == 1 and entry.verb != GIVEN_UP:
            subject, details = ("entry", entry.id), {"recipient": recipient.name}
            await operations.record(ctx, GIVEN_UP, subject=subject, details=details)
    return parked or still_owed is None
