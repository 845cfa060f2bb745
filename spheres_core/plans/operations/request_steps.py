"""Writes one step of a service request, and ends what is still open when she no longer takes part.

What a partner may read ends with its request, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, exists, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.models import ConsentEntryRow
from spheres_core.consents.operations import standings
from spheres_core.consents.queries.reader import as_system
from spheres_core.followups.queries.participations import participations
from spheres_core.followups.states import ENDED as PARTICIPATION_ENDED
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.plans.models import ServiceRequestMoveRow
from spheres_core.plans.queries.requests import requests
from spheres_core.plans.request_states import ENDED, WITH_OUTCOME, end_from
from spheres_core.plans.schemas.requests import DeclineReason, Outcome, RequestFound, RequestState

ACT: Final = "service_request"
_entries = table(ConsentEntryRow)
ADD_MOVE = prepare(insert(table(ServiceRequestMoveRow)))
MOVE = prepare(
    requests.update()
    .where(scoped(requests), requests.c.id == bindparam("which"), requests.c.version == bindparam("seen"))
    .values(
        version=requests.c.version + 1, state=bindparam("to", type_=Text()), reason=bindparam("why", type_=Text()),
        outcome=bindparam("came_of_it", type_=Text()), written_at=bindparam("now"), author=bindparam("who"),
    )
    .returning(requests.c.id)
)  # fmt: skip
_open = (
    select(*(requests.c[name] for name in RequestFound.__struct_fields__))
    .where(scoped(requests), requests.c.participant_id == bindparam("participant"))
    .where(requests.c.state.not_in([literal_column(f"'{state}'") for state in sorted(ENDED)]))
    .order_by(requests.c.id)
    .with_for_update(of=requests)
)
OPEN = prepare(_open.where(requests.c.participation_id == bindparam("participation")), into=RequestFound)
TAKEN_BACK = prepare(
    _open.where(
        exists()
        .where(scoped(participations), participations.c.id == requests.c.participation_id)
        .where(
            and_(
                scoped(_entries),
                _entries.c.consent_id == participations.c.consent_id,
                _entries.c.purpose == literal_column("'follow_up'"),
                _entries.c.withdrawn_at.is_not(None),
            )
        )
    ),
    into=RequestFound,
)
"""Open requests of participations whose agreement she has taken back: all of it, or that her team follows her."""


def move_of(
    ctx: Context, found: RequestFound, to: RequestState, *, before: RequestState | None = None, partner: bool = False
) -> BoundStatement[Any]:
    """Returns the statement that keeps a step. `before`: None where it was just sent."""
    return ADD_MOVE.of(
        id=uuid7(), participant_id=found.participant_id, request_id=found.id, from_state=before or "", to_state=to,
        by_partner=partner, author=ctx.actor.id, written_at=ctx.now, dated_on=found.dated_on,
    )  # fmt: skip


async def write_step(
    ctx: Context,
    found: RequestFound,
    to: RequestState,
    *,
    seen: int,
    partner: bool,
    reason: DeclineReason | None = None,
    outcome: Outcome | None = None,
) -> bool:
    """Takes a request to another state, and ends what its partner may read when that is the last one.

    Returns whether it still had the version `seen`; otherwise nothing is written.
    """
    moved = await ctx.db.run(
        MOVE, which=found.id, seen=seen, to=to, why=reason, came_of_it=outcome, now=ctx.now, who=ctx.actor.id
    )
    if not moved:
        return False
    added = move_of(ctx, found, to, before=found.state, partner=partner)
    details = {
        "request": str(found.id),
        "from": found.state,
        "to": to,
        "by_partner": partner,
        "organization": found.organization,
    }
    subject = ("participant", found.participant_id)
    await audit.record(ctx, "service_request.moved", subject=subject, details=details, doing=[added])
    if to in ENDED:
        await standings.end_standings(ctx, found.participant_id, opened_by=(ACT, found.id))
    return True


async def end_with_participation(ctx: Context, participant: UUID, details: Mapping[str, Any]) -> None:
    """Ends the open requests of a participation that has just ended."""
    if details.get("to") not in PARTICIPATION_ENDED:
        return
    async with as_system(ctx):
        found = await ctx.db.all(OPEN, participant=participant, participation=UUID(details["participation"]))
        await _end(ctx, found, outcome="not_known")


async def end_with_agreement(ctx: Context, participant: UUID, details: Mapping[str, Any]) -> None:
    """Ends the open requests of whoever has just taken back that she takes part. Any other consent ends none."""
    async with as_system(ctx):
        await ctx.db.lock("followup", participant)
        await _end(ctx, await ctx.db.all(TAKEN_BACK, participant=participant), outcome="her_wish")


async def _end(ctx: Context, found: Sequence[RequestFound], *, outcome: Outcome) -> None:
    for each in found:
        to = end_from(each.state)
        said = outcome if to in WITH_OUTCOME else None
        await write_step(ctx, each, to, seen=each.version, partner=False, outcome=said)
