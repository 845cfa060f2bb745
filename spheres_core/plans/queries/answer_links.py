"""Finds links by which somebody without an account answers one service request."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.models import AnswerLinkRow
from spheres_core.plans.queries.requests import CLASS, find_request, require_team
from spheres_core.plans.request_states import ENDED
from spheres_core.plans.schemas.answer_links import AnswerLink, AnswerLinkFound, LinkState
from spheres_core.plans.schemas.requests import RequestState
from spheres_core.staff.access_secrets import SECRET_LENGTH, hash_secret

links = table(AnswerLinkRow)
_columns = [links.c[name] for name in AnswerLinkFound.__struct_fields__]
OF_REQUEST = prepare(
    select(*_columns)
    .where(scoped(links), links.c.request_id == bindparam("request"))
    .where(permitted(links.c.participant_id, CLASS, links.c.dated_on))
    .order_by(links.c.id.desc()),
    into=AnswerLinkFound,
)
BY_SECRET = prepare(
    select(*_columns)
    .where(scoped(links), links.c.hash == bindparam("secret", type_=LargeBinary()), links.c.revoked_at.is_(None))
    .where(links.c.expires_at > bindparam("now", type_=DateTime(timezone=True))),
    into=AnswerLinkFound,
)


async def list_links(ctx: Context, file: ParticipantAccess, request: UUID) -> list[AnswerLink]:
    """Returns the links of one request, the last first, and writes to the trail that they were read.

    Raises `RequestUnknown`.
    """
    require_team(ctx, file)
    found = await find_request(ctx, file, request)
    rows = await ctx.db.all(OF_REQUEST, request=request, **file.reader)
    await audit.record(ctx, "service_requests.read", subject=("participant", file.id), shown=[request])
    return [
        AnswerLink(each.id, each.made_at, each.expires_at, _state(ctx, each, found.state), each.author) for each in rows
    ]


async def find_by_secret(ctx: Context, secret: str) -> AnswerLinkFound | None:
    """Returns the open link that carries this secret; None for any other. Whether its request goes on is not asked."""
    if len(secret) != SECRET_LENGTH:
        return None
    async with as_system(ctx):
        return await ctx.db.one_or_none(BY_SECRET, secret=hash_secret(secret), now=ctx.now)


def _state(ctx: Context, link: AnswerLinkFound, of_request: RequestState) -> LinkState:
    if of_request in ENDED:
        return "over"
    if link.revoked_at is not None:
        return "revoked"
    return "open" if link.expires_at > ctx.now else "expired"
