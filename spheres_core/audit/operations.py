"""Writing the trail. `record` is the last line of every operation; what must happen after commit is enqueued by it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from spheres_core.audit import queries
from spheres_core.audit.schemas import Entry
from spheres_core.foundation.context import Context
from spheres_core.foundation.cursors import LATEST
from spheres_core.foundation.db import uuid7

QUEUE = "outbox"
TASK = "spheres.deliver"

_INSERT = (
    "INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind, actor_id, subject_kind, subject_id, shown, details)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)
_INSERT_AND_DEFER = (
    f"WITH entry AS ({_INSERT} RETURNING id) SELECT procrastinate_defer_jobs_v1(ARRAY[ROW("
    f"'{QUEUE}', '{TASK}', 0, NULL, NULL, $11::jsonb, NULL)]::procrastinate_job_to_defer_v1[]) FROM entry"
)


async def record(
    ctx: Context,
    verb: str,
    *,
    subject: tuple[str, UUID] | None = None,
    shown: Sequence[UUID] | None = None,
    details: Mapping[str, Any] | None = None,
) -> UUID:
    """Write one entry, in the caller's transaction: no entry, no act. `details` hold codes and ids, never words.

    When the plugin set has something to do with this verb after commit, the job is enqueued in the same statement.
    """
    id = uuid7()
    kind, subject_id = subject or (None, None)
    actor = ctx.actor
    values = (
        ctx.tenant.id, id, ctx.now, verb, actor.kind, actor.id, kind, subject_id,
        list(shown) if shown is not None else None, dict(details) if details else None,
    )  # fmt: skip
    if verb in ctx.plugins.verbs:
        job = {"tenant": ctx.tenant.slug, "entry": str(id)}
        await ctx.db.sql(_INSERT_AND_DEFER, *values, job)
    else:
        await ctx.db.sql(_INSERT, *values)
    return id


async def record_refusal(ctx: Context, route: str, status: int, ids: dict[str, str]) -> None:
    """A refusal to somebody known, in a transaction of its own: the route's pattern and ids, not what was sent."""
    await record(ctx, "access.refused", details={"route": route, "status": status, **({"ids": ids} if ids else {})})


async def show_trail(ctx: Context, subject: UUID, *, before: UUID = LATEST, limit: int = 50) -> list[Entry]:
    """The trail of one subject, newest first; that it was read becomes an entry too."""
    found = await queries.history_of(ctx, subject, before=before, limit=limit)
    await record(ctx, "trail.read", subject=("subject", subject))
    return found

