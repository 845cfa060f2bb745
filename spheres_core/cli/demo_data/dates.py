"""Dates that make need rise, so that the day of who follows her offers help in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.followups.operations import vulnerable_dates
from spheres_core.followups.schemas.vulnerable_dates import DateKind, Repeats, VulnerableDatePosted
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches

EVERY = 5
"""Every so many-th person has one."""


def part(file: DemoFile) -> Iterator[Act]:
    """Yields a monthly rent for some who are followed, and a day in court for others."""
    person = file.person
    if person.course == "followed" and person.number % EVERY in (0, 3):
        day = file.region.now - dt.timedelta(days=3)
        kind: DateKind = "court" if person.number % EVERY else "rent"
        yield Act(day, file.pivot(day), partial(_note, kind=kind))


async def _note(ctx: Context, file: DemoFile, *, kind: DateKind) -> None:
    access = await opened(ctx, file)
    if reaches(ctx, access, "needs_and_plan", act="write"):
        repeats: Repeats = "monthly" if kind == "rent" else "never"
        on = ctx.today + dt.timedelta(days=4 + file.person.number % 8)
        await vulnerable_dates.note_date(ctx, access, VulnerableDatePosted(kind, on, repeats))
