"""Decides when a message may reach somebody who chose a pace and hours without messages."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from spheres_core.notifications.schemas import Pace, QuietHours

HOURS: Final = range(24)


def delivery_time(now: dt.datetime, zone: str, *, pace: Pace, quiet: QuietHours | None, daily_hour: int) -> dt.datetime:
    """Returns the first moment, now or later, at which a message may come.

    `zone`: of the region's clock, by which hours are meant. A daily message whose hour is quiet comes when those end.
    """
    local = now.astimezone(ZoneInfo(zone))
    if pace == "daily":
        local = _next(local, daily_hour)
    if quiet is not None and quiet.hold(local.hour):
        local = _next(local, quiet.ends)
    return max(now, local.astimezone(dt.UTC))


def _next(local: dt.datetime, hour: int) -> dt.datetime:
    """Returns the next moment whose clock shows the full hour; that very moment when it does."""
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    return at if at >= local.replace(fold=0) else at + dt.timedelta(days=1)
