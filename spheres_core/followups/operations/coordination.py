"""Keeps what coordinators know of participants in step with who is a coordinator.

Whoever becomes one, or comes back, knows of those who take part already; whoever is none any more knows of nobody, from
the same moment on. Called in the transaction that changes the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, select

from spheres_core.consents.models import StandingRow
from spheres_core.consents.operations import standings
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.schemas import TEAM, Act
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries.participations import participations
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.queries import members

READ: tuple[Act, ...] = ("read",)
_standings, _later = table(StandingRow), participations.alias("later")
UNKNOWN_TO = prepare(
    select(participations.c.id, participations.c.participant_id)
    .where(scoped(participations))
    .where(
        ~exists().where(
            scoped(_later),
            _later.c.participant_id == participations.c.participant_id,
            _later.c.id > participations.c.id,
        )
    )
    .where(
        ~exists().where(
            scoped(_standings),
            _standings.c.staff_id == bindparam("staff"),
            _standings.c.kind == "coordination",
            _standings.c.opened_by_id == participations.c.id,
            _standings.c.ends > bindparam("now"),
        )
    )
    .order_by(participations.c.id)
)
"""The last participation of each of whom somebody does not know as a coordinator."""


async def match_standings(ctx: Context, staff: UUID, details: Mapping[str, Any]) -> None:
    """Opens somebody's standings as a coordinator, or ends them, after her account was opened, changed or closed."""
    member = await members.hold_active(ctx, staff)
    coordinates = member is not None and ctx.plugins.permits(frozenset(member.roles), ASSIGN)
    async with as_system(ctx):
        if not coordinates:
            await standings.end_standings_of(ctx, staff, "coordination")
            return
        for participation, participant in await ctx.db.all(UNKNOWN_TO, staff=staff, now=ctx.now):
            await open_coordination(ctx, participant, participation, staff)


async def open_coordination(ctx: Context, participant: UUID, participation: UUID, staff: UUID) -> None:
    """Lets a coordinator know that she takes part. The transaction must be the system's."""
    await standings.open_standing(
        ctx, participant, "coordination", recipient=TEAM, classes=("participation",), acts=READ,
        purpose="coordination", opened_by=("participation", participation), staff=staff,
    )  # fmt: skip
