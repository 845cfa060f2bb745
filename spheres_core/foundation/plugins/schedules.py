"""Schedules of plugins: at which hours of a region's day something is to be done, and which of them are due."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec import Struct

from spheres_core.facts import Message, Words, msg

MOST = 10
"""Schedules that one plugin may have."""
CATCH_UP = dt.timedelta(hours=12)
"""For how long something that is due is still begun, when no worker ran at its hour."""


class Schedule(Struct, frozen=True):
    """Something that a plugin does by itself. `name` is `plugin_id.name`, e.g. `night_bus.evening`."""

    name: str
    title: Message | Words
    """Says what it does, for the administrator who decides whether the plugin is on."""
    hours: tuple[int, ...]
    """Full hours of the day in the region's time zone, 0 to 23."""


class Due(Struct, frozen=True):
    """One hour of one day at which a schedule is due."""

    day: dt.date
    hour: int
    moment: dt.datetime
    """UTC. An hour that a day has twice is its first; one that it lacks is the hour after."""


def problem_with_schedule(each: Schedule) -> Message | None:
    """Returns why a schedule cannot be kept, or None."""
    hours = each.hours
    if not hours or len(set(hours)) < len(hours) or not all(0 <= hour <= 23 for hour in hours):
        return msg("{name}: hours are full hours from 0 to 23, each named once.", name=each.name)
    return None


def due_hours(schedule: Schedule, now: dt.datetime, zone: ZoneInfo) -> Iterator[Due]:
    """Yields the hours of a schedule that have come and are not too long ago, the earliest first."""
    today = now.astimezone(zone).date()
    for day in (today - dt.timedelta(days=1), today):
        for hour in sorted(schedule.hours):
            moment = dt.datetime.combine(day, dt.time(hour), zone).astimezone(dt.UTC)
            if now - CATCH_UP < moment <= now:
                yield Due(day, hour, moment)
