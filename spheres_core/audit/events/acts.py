"""The facts that `on_` hooks receive about an entry of the trail: codes and ids, which is all that an entry holds."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spheres_core.audit import queries
from spheres_core.audit.schemas import Entry
from spheres_core.facts import Act, BackgroundJob, DueSchedule
from spheres_core.foundation.tenancy.context import Context


async def load_act(ctx: Context, id: UUID | None, details: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns what was done, for hooks of a room; None when the entry is gone."""
    found = await queries.entry(ctx, UUID(details["entry"]))
    return None if found is None else {"act": act_of(found)}


def act_of(entry: Entry) -> Act:
    """Returns an entry as plugins see it."""
    return Act(
        id=entry.id,
        verb=entry.verb,
        at=entry.at,
        by=entry.actor_kind,
        subject=entry.subject_kind or "",
        subject_id=entry.subject_id,
        details=entry.details or {},
    )


async def load_schedule(ctx: Context, id: UUID | None, details: Mapping[str, Any]) -> dict[str, Any]:
    """Returns which schedule is due, for `on_schedule`."""
    day = dt.date.fromisoformat(details["day"])
    return {"schedule": DueSchedule(details["schedule"], day, details["hour"])}


async def load_job(ctx: Context, id: UUID | None, details: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the job, for `on_background_job`."""
    ids = {name: value if isinstance(value, int) else UUID(value) for name, value in details["ids"].items()}
    return {"job": BackgroundJob(details["job"], ids)}
