"""Writing the trail. `record` is the last line of every operation; what must happen after commit is enqueued by it."""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, null

from spheres_core.audit import queries
from spheres_core.audit.models import Delivery
from spheres_core.audit.schemas import Entry, Parked
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import NotFound, Refusal
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy import outside_calls
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import LATEST

T = TypeVar("T")
LetBy = tuple[Sequence[UUID], Sequence[UUID | None]]
"""Standings, and the lines of consents beside them."""
QUEUE = "outbox"
TASK = "spheres.deliver"

_INTO = (
    "INSERT INTO trail_entries"
    " (tenant_id, id, at, verb, actor_kind, actor_id, subject_kind, subject_id, shown, details, standings, entries)"
)
_WIDTH = 12
_INSERT = f"{_INTO} VALUES ({', '.join(f'${column}' for column in range(1, _WIDTH + 1))})"
_SHOWN = f"{_INTO} SELECT $1, $2, $3, $4, $5, $6, $7, $8, ARRAY(SELECT id FROM found LIMIT $9), $10, $11, $12"  # noqa: S608
_LIST = f"WITH found AS ({{0}}), entry AS ({_SHOWN}) SELECT * FROM found"  # noqa: S608
_READING = f"WITH entry AS ({_INSERT})"
_JOB = f"ARRAY[ROW('{QUEUE}', '{TASK}', 0, NULL, NULL, %s::jsonb, NULL)]::procrastinate_job_to_defer_v1[]"
_DEFER = f"SELECT procrastinate_defer_jobs_v1({_JOB % '$1'})"
deliveries = table(Delivery)
UNPARK = prepare(
    deliveries.update()
    .where(scoped(deliveries), deliveries.c.entry_id == bindparam("entry"), deliveries.c.recipient == bindparam("who"))
    .where(deliveries.c.parked_at.is_not(None), deliveries.c.done_at.is_(None))
    .values(parked_at=null(), attempts=0, error=null())
)


class NotParked(NotFound):
    """There is no parked delivery of this entry to this recipient."""

    code = "not_parked"
    message = msg("Nothing is waiting to be tried again there.")


async def record(
    ctx: Context,
    verb: str,
    *,
    subject: tuple[str, UUID] | None = None,
    shown: Sequence[UUID] | None = None,
    details: Mapping[str, Any] | None = None,
    let_by: LetBy | None = None,
    doing: Sequence[BoundStatement[Any]] = (),
    id: UUID | None = None,
) -> UUID:
    """Writes one entry, in the caller's transaction: no entry, no act. `details` hold codes and ids, never words.

    `let_by`: what let information about participants be shown, where that is more than one row.
    `doing` are writes that are sent along, so that act and entry are one statement. When the plugin set has something
    to do with this verb after commit, its job is in that statement too; what rooms above do in the same transaction
    follows. `id`: for an entry that there is once only.
    """
    id = id or uuid7()
    values = _values(ctx, id, verb, subject, list(shown) if shown is not None else None, details, let_by)
    owed, effects = owes(ctx.plugins, verb), ctx.plugins.trail_effects.get(verb, ())
    if ctx.entries is not None and not (doing or owed or effects):
        ctx.entries.append(values)
        return id
    await ctx.db.run_composed(_entry(owed, len(doing)), doing, *values, *([_job(ctx, id)] if owed else []))
    for effect in effects:
        await effect.act(ctx, subject[1] if subject else None, details or {})
    return id


@contextlib.asynccontextmanager
async def recorded_together(ctx: Context) -> AsyncIterator[None]:
    """Writes the entries of the readings inside in one statement at its end, also when one of them is refused.

    An entry of an act, or of which somebody is told, is written where it stands.
    """
    entries: list[tuple[Any, ...]] = []
    ctx.entries = entries
    try:
        yield
    except Refusal:
        ctx.entries = None
        await _write(ctx, entries)
        raise
    finally:
        ctx.entries = None
    await _write(ctx, entries)


async def _write(ctx: Context, entries: Sequence[tuple[Any, ...]]) -> None:
    if entries:
        await ctx.db.run_composed(_several(len(entries)), (), *[value for each in entries for value in each])


MOST_IDS = 20


async def later(ctx: Context, name: str, **ids: UUID | int) -> None:
    """Has a plugin's `on_background_job` called after commit, with this name and these ids.

    `name` is `<plugin id>.<what>`; `ids` are ids and whole numbers, never words: the job opens by itself what it needs.
    A job that fails is tried again, later and later, and is then parked and shown to administrators.
    """
    plugin = name.partition(".")[0]
    if plugin not in ctx.plugins.plugins:
        raise ValueError(f"{name} does not begin with the id of a plugin of this region")
    wrong = [key for key, value in ids.items() if not isinstance(value, UUID | int)]
    if wrong or len(ids) > MOST_IDS:
        raise TypeError(f"a job has at most {MOST_IDS} ids, which are UUIDs or whole numbers: {', '.join(wrong)}")
    kept = {key: value if isinstance(value, int) else str(value) for key, value in ids.items()}
    await record(ctx, "job.requested", details={"plugin": plugin, "job": name, "ids": kept})


async def call_outside(
    ctx: Context, plugin: str, method: str, url: str, *, json: Any = None, headers: Mapping[str, str] | None = None
) -> outside_calls.OutsideAnswer:
    """Calls an outside address that the plugin declares, from what runs after commit. The trail notes where and when.

    It has five seconds and an answer of 1 MB; a redirect is given back as it is. Raises `OutsideCallFailed`.
    """
    found = await outside_calls.call(ctx, plugin, method, url, json=json, headers=headers)
    where = url.partition("://")[2].partition("/")[0]
    await record(ctx, "outside.called", details={"plugin": plugin, "host": where, "status": found.status})
    return found


async def record_list(ctx: Context, verb: str, asking: BoundStatement[T], *, most: int) -> list[T]:
    """Asks for a list, and writes in the same statement which rows it showed: the first `most`, by their `id`."""
    id = uuid7()
    rows = await ctx.db.run_composed(_LIST, [asking], *_values(ctx, id, verb, None, most, None))
    if owes(ctx.plugins, verb):
        await ctx.db.sql(_DEFER, _job(ctx, id))
    into = asking.statement.into
    return [into(*row) for row in rows] if into is not None else rows


async def record_reading(
    ctx: Context, verb: str, *asking: BoundStatement[Any], subject: tuple[str, UUID]
) -> list[list[Any]]:
    """Asks what belongs to one subject, and writes with it that it was read. Returns each question's rows."""
    id = uuid7()
    values = _values(ctx, id, verb, subject, None, None)
    found = await ctx.db.batch(*asking, text=_READING, arguments=values)
    if owes(ctx.plugins, verb):
        await ctx.db.sql(_DEFER, _job(ctx, id))
    return found


def _values(
    ctx: Context,
    id: UUID,
    verb: str,
    subject: tuple[str, UUID] | None,
    shown: list[UUID] | int | None,
    details: Mapping[str, Any] | None,
    let_by: LetBy | None = None,
) -> tuple[Any, ...]:
    kind, subject_id = subject or (None, None)
    actor = ctx.actor
    if actor.token is not None:
        details = {**(details or {}), "token": str(actor.token)}
    return (ctx.tenant.id, id, ctx.now, verb, actor.kind, actor.id, kind, subject_id, shown,
            dict(details) if details else None, *(let_by or (None, None)))  # fmt: skip


def _job(ctx: Context, id: UUID) -> dict[str, str]:
    return {"tenant": ctx.tenant.slug, "entry": str(id)}


@cache
def _several(entries: int) -> str:
    """Returns one statement for so many entries."""
    places = [[f"${row * _WIDTH + column}" for column in range(1, _WIDTH + 1)] for row in range(entries)]
    return f"{_INTO} VALUES ({'), ('.join(map(', '.join, places))})"


@cache
def _entry(owed: bool, deeds: int) -> str:
    """Returns one statement for an entry, the writes that come with it, and the job that follows."""
    before = [f"deed{number} AS ({{{number}}})" for number in range(deeds)]
    if owed:
        steps = ", ".join([*before, f"entry AS ({_INSERT} RETURNING id)"])
        return f"WITH {steps} SELECT procrastinate_defer_jobs_v1({_JOB % '$13'}) FROM entry"  # noqa: S608
    return f"WITH {', '.join(before)} {_INSERT}" if before else _INSERT


def owes(plugins: PluginSet, verb: str) -> bool:
    """Returns whether anybody is to be told of such an entry. A plugin that cannot be used today may be owed too."""
    known = plugins.verbs.get(verb)
    if known is None:
        return False
    return bool(known.tell or known.notifies or known.cross) or bool(
        known.hook and (plugins.listeners(known.hook) or plugins.left_out)
    )


async def try_again(ctx: Context, entry_id: UUID, *, recipient: str) -> None:
    """Takes a parked delivery up again, with all its tries. Raises `NotParked`."""
    if not await ctx.db.run(UNPARK, entry=entry_id, who=recipient):
        raise NotParked
    await ctx.db.sql(_DEFER, _job(ctx, entry_id))
    await record(ctx, "delivery.tried_again", subject=("entry", entry_id), details={"recipient": recipient})


async def try_all_again(ctx: Context) -> int:
    """Takes up every parked delivery again; returns how many there were."""
    found = await queries.parked(ctx)
    for each in found:
        await try_again(ctx, each.entry_id, recipient=each.recipient)
    return len(found)


async def show_parked(ctx: Context) -> list[Parked]:
    """Deliveries that were given up on; that they were shown becomes an entry."""
    found = await queries.parked(ctx)
    await record(ctx, "deliveries.listed", shown=list(dict.fromkeys(each.entry_id for each in found)))
    return found


async def record_refusal(ctx: Context, route: str, status: int, ids: dict[str, str]) -> None:
    """Writes a refusal to somebody known, in its own transaction: the route's pattern and ids, not what was sent."""
    await record(ctx, "access.refused", details={"route": route, "status": status, **({"ids": ids} if ids else {})})


async def show_trail(ctx: Context, subject: UUID, *, before: UUID = LATEST, limit: int = 50) -> list[Entry]:
    """Returns the trail of one subject, newest first; that it was read becomes an entry too."""
    found = await queries.history_of(ctx, subject, before=before, limit=limit)
    await record(ctx, "trail.read", subject=("subject", subject))
    return found
