"""Counts what retention will erase soon, by the statements that erase it."""

import datetime as dt
from typing import Final

from msgspec import Struct

from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations.drafts import count_old
from spheres_core.privacy.operations.incident_retention import count_due_incidents
from spheres_core.privacy.queries.ended_files import count_due_files
from spheres_core.support.operations.closed_requests import count_due_requests
from spheres_core.support.operations.retention import count_due_records, count_due_sessions, count_old_logs

SOON: Final = dt.timedelta(days=30)


class RetentionDue(Struct, frozen=True):
    """How much will be erased in the next 30 days, as things stand now, by kind."""

    advice: int
    close_ones: int
    drafts: int
    files: int
    incidents: int
    sessions: int
    workshops: int
    trainings: int


async def count_retention(ctx: Context) -> RetentionDue:
    """Returns what will be erased soon unless something is written in it before."""
    async with as_system(ctx):
        drafts = await count_old(ctx, SOON)
    return RetentionDue(
        await count_due_requests(ctx, SOON), await count_due_records(ctx, SOON), drafts,
        await count_due_files(ctx, SOON), await count_due_incidents(ctx, SOON),
        await count_due_sessions(ctx, SOON), *await count_old_logs(ctx, SOON),
    )  # fmt: skip
