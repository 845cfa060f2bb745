"""Erases closed incidents whose time is over, where the region has set one."""

import datetime as dt

from sqlalchemy import bindparam

from spheres_core.audit.retention import Retention
from spheres_core.foundation.content.ages import same_day
from spheres_core.foundation.tenancy.context import Context
from spheres_core.privacy.queries.incidents import incidents
from spheres_core.privacy.settings import Settings

INCIDENTS = Retention(
    incidents, "incident.erased", incidents.c.state == "closed", incidents.c.found_on <= bindparam("due")
)


async def erase_incidents(ctx: Context) -> int:
    """Erases incidents that are due, and returns how many."""
    due = _last_day(ctx, ctx.today)
    return await INCIDENTS.erase(ctx, due=due) if due else 0


async def count_due_incidents(ctx: Context, within: dt.timedelta) -> int:
    """Returns how many incidents `erase_incidents` would erase by then, at most 500."""
    due = _last_day(ctx, ctx.today + within)
    return len(await INCIDENTS.find(ctx, due=due)) if due else 0


def _last_day(ctx: Context, today: dt.date) -> dt.date | None:
    """Returns the last day of incidents that are erased; None where they are kept without limit."""
    years = ctx.settings("privacy", Settings).incident_years
    return same_day(today, today.year - years, leap_day="02-28") if years else None
