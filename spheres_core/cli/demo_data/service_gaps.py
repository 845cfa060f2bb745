"""Needs that nobody could meet, in the last quarter that has ended: enough of them that numbers may be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.foundation.content.ended_periods import ended_periods
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.partners.queries.catalogue import in_use, listed
from spheres_core.plans.operations import requests
from spheres_core.plans.queries.requests import CLASS
from spheres_core.plans.schemas.requests import GapPosted

NEEDS: Final = ("housing", "mental_health")
"""Where the region has them; the second only for every third person."""
BEFORE_END: Final = dt.timedelta(days=20)
SETTLED: Final = dt.timedelta(days=10)
"""After her participation began."""


def part(file: DemoFile) -> Iterator[Act]:
    """Yields one for everybody who was followed then and still is."""
    person = file.person
    last = ended_periods(file.region.now.date(), 3, 1)[0].last - BEFORE_END
    at = dt.datetime.combine(last, dt.time(15), dt.UTC)
    if person.course == "followed" and person.begun + SETTLED < at:
        yield Act(at, file.pivot(at), _record)


async def _record(ctx: Context, file: DemoFile) -> None:
    access, known = await opened(ctx, file), in_use(listed(ctx, "needs"))
    for need in NEEDS[: 1 + (file.person.number % 3 == 0)]:
        if need in known and reaches(ctx, access, CLASS, act="write"):
            await requests.record_gap(ctx, access, GapPosted(need))
