"""Participations as JSON."""

from typing import Annotated, Any
from uuid import UUID

from litestar import post
from litestar.params import FromPath, HeaderParameter, JSONBody
from msgspec import Struct

from spheres_core.followups.operations import participations
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.schemas import ParticipationBegun, ParticipationPosted
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import idempotency

IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key", required=False, description="The same key and body again: the same answer."
    ),
]


class _Sent(Struct, frozen=True):
    """Limits an idempotency key to one body for one referral."""

    referral: UUID
    body: ParticipationPosted


@post("/referrals/{id:uuid}/participation", guards=[requires(ASSIGN)], name="api_begin_participation",
      summary="Make a participation of a referral that she agreed to", tags=["followups"])  # fmt: skip
async def begin_participation(
    ctx: Context,
    request_scope: RequestScope,
    id: FromPath[UUID],
    data: JSONBody[ParticipationPosted],
    idempotency_key: IdempotencyKey = "",
) -> ParticipationBegun:
    """Needs her own dated agreement, which is recorded with it; nothing is typed again. Twice is refused with 409."""
    act = participations.begin_participation
    return await idempotency.run_once(
        ctx, idempotency_key, _Sent(id, data), ParticipationBegun, lambda: act(ctx, id, data),
        source=request_scope.source,
    )  # fmt: skip


HANDLERS: list[Any] = [begin_participation]
