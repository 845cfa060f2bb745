"""Counts what whoever watches over private information looks at first. No count says of whom."""

import datetime as dt
from typing import Final

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.kept_away import count_live_exclusions
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.identity_openings import count_openings
from spheres_core.privacy.queries.erasure_holds import count_held
from spheres_core.privacy.queries.incidents import count_open
from spheres_core.safety.queries.accesses import count_waiting

LATELY: Final = dt.timedelta(days=30)


class Oversight(Struct, frozen=True):
    """Counts of things to look at now."""

    to_review: int
    """Emergency accesses that nobody has looked at."""
    overdue: int
    """Those of them that are late."""
    openings: int
    """How often an identity was opened in the last 30 days."""
    kept_away: int
    """Exclusions that are in force."""
    incidents: int
    """Incidents that are open."""
    investigated: int
    """Those of them that are under investigation."""
    held: int
    """Erasures that are held."""
    held_to_review: int
    """Those of them at which somebody is to look again."""


async def read_oversight(ctx: Context) -> Oversight:
    """Returns the counts, and writes to the trail that they were read."""
    waiting, overdue = await count_waiting(ctx)
    await audit.record(ctx, "privacy.overseen")
    openings, kept_away = await count_openings(ctx, LATELY), await count_live_exclusions(ctx)
    return Oversight(waiting, overdue, openings, kept_away, *await count_open(ctx), *await count_held(ctx))
