"""Lets somebody without an account answer one service request, by a link that a worker hands over.

Only the hash of the link's secret is kept. The link reads and answers as the organization that was asked, so that it
opens what she lets that organization see of this request and nothing else. How it can end:

- its days are over, it was revoked, or another one was made for the same request
- the request has ended, was taken back, or she no longer lets the organization read it
- it never was: the same answer for all
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import structs
from sqlalchemy import DateTime, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotAllowed, NotFound
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.operations import requests as request_operations
from spheres_core.plans.queries import answer_links as queries
from spheres_core.plans.queries import requests as request_queries
from spheres_core.plans.queries.answer_links import links
from spheres_core.plans.queries.requests import CLASS, RequestUnknown, require_team
from spheres_core.plans.request_states import ENDED
from spheres_core.plans.schemas.answer_links import AnswerLinkFound, AnswerLinkMade
from spheres_core.plans.schemas.requests import PartnerRequest, RequestAnswered, RequestFound
from spheres_core.plans.settings import Settings
from spheres_core.staff.access_secrets import hash_secret, new_secret
from spheres_core.staff.operations import link_delivery, login_throttle

PATH = "/answer#"
"""The secret is in the fragment, which no server and no log ever sees."""
FREE_GUESSES = 20
"""Links that open nothing, from one address on one day, before the next has to wait."""
ADD = prepare(insert(links))
_revoke = (
    links.update()
    .where(scoped(links), links.c.request_id == bindparam("request"), links.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now", type_=DateTime(timezone=True)))
)
REVOKE_ALL = prepare(_revoke)
REVOKE = prepare(_revoke.where(links.c.id == bindparam("which")))


class AnswerLinkGone(NotFound):
    """The link has ended, or never was. The answer is the same."""

    code = "answer_link_gone"
    message = msg("This link does not open anything any more.")


class AnswerLinkUnknown(NotFound):
    """There is no such link of this request that is still open."""


class RequestOver(Conflict):
    """Nobody answers a request that has ended."""

    code = "request_over"
    message = msg("This request has ended; there is nothing to answer any more.")


async def make_link(ctx: Context, file: ParticipantAccess, request: UUID) -> AnswerLinkMade:
    """Makes the one link by which a request can be answered; an earlier one of it ends.

    Raises `RequestUnknown`, `ParticipantUnknown`, `RequestOver`, `MailMisconfigured`, and `NotAllowed` for a token:
    a link would outlive it.
    """
    require_team(ctx, file)
    found = await request_queries.find_request(ctx, file, request)
    require_class(ctx, file, CLASS, act="write", on=found.dated_on)
    if ctx.actor.by_token:
        raise NotAllowed
    if found.state in ENDED:
        raise RequestOver
    await ctx.db.lock("answer link", request)
    await ctx.db.run(REVOKE_ALL, request=request, now=ctx.now)
    id, secret = uuid7(), new_secret()
    until = ctx.now + dt.timedelta(days=ctx.settings("plans", Settings).answer_link_days)
    added = ADD.of(
        id=id, participant_id=file.id, request_id=request, organization=found.organization, hash=hash_secret(secret),
        made_at=ctx.now, expires_at=until, revoked_at=None, author=ctx.actor.id, dated_on=found.dated_on,
    )  # fmt: skip
    details = _details(id, request, found.organization)
    await audit.record(
        ctx, "service_request.link_made", subject=("participant", file.id), details=details, doing=[added]
    )
    address = link_delivery.link(ctx, ctx.tenant.languages[0], PATH + secret)
    return AnswerLinkMade(id, until, address)


async def revoke_link(ctx: Context, file: ParticipantAccess, request: UUID, link: UUID) -> None:
    """Ends a link at once. Raises `RequestUnknown`, `ParticipantUnknown`, `AnswerLinkUnknown`."""
    require_team(ctx, file)
    found = await request_queries.find_request(ctx, file, request)
    require_class(ctx, file, CLASS, act="write", on=found.dated_on)
    if not await ctx.db.run(REVOKE, request=request, which=link, now=ctx.now):
        raise AnswerLinkUnknown
    details = _details(link, request, found.organization)
    await audit.record(ctx, "service_request.link_revoked", subject=("participant", file.id), details=details)


async def open_link(ctx: Context, secret: str, *, source: str) -> PartnerRequest:
    """Returns the request that a link leads to, as the organization that was asked sees it.

    `source`: the caller's address, under which wrong guesses are counted. Raises `AnswerLinkGone`, `SignInPaused`.
    """
    partner, found, reader = await _opened(ctx, secret, source)
    await audit.record(
        partner, "service_request.read_by_link", subject=("participant", found.participant_id), shown=[found.id]
    )
    return _without_code(await request_queries.for_partner(partner, reader, found))


async def answer(ctx: Context, secret: str, posted: RequestAnswered, *, source: str) -> PartnerRequest:
    """Answers the request that a link leads to, as its liaison would. Returns it as it is from then on.

    Raises `AnswerLinkGone`, `SignInPaused`, `ChangedMeanwhile`, `RequestStepForbidden`, `RequestStepIncomplete`.
    """
    partner, found, _ = await _opened(ctx, secret, source)
    return _without_code(await request_operations.answer(partner, found.id, posted))


async def _opened(ctx: Context, secret: str, source: str) -> tuple[Context, RequestFound, Any]:
    keys = login_throttle.keys_for_source(ctx, "answer link", source, free=FREE_GUESSES)
    await login_throttle.refuse_while_paused(ctx, keys)
    link = await queries.find_by_secret(ctx, secret)
    if link is not None:
        partner = _as_partner(ctx, link)
        try:
            found, reader = await request_queries.find_for_organization(partner, link.request_id)
        except RequestUnknown:
            link = None
        else:
            if found.state not in ENDED:
                return partner, found, reader
    await login_throttle.count_failure(ctx, keys)
    await audit.record(ctx, "service_request.link_not_opened")
    ctx.db.commit_on_refusal = True
    raise AnswerLinkGone


def _as_partner(ctx: Context, link: AnswerLinkFound) -> Context:
    """Returns a context that reads and answers for the organization that was asked, and is nobody of its staff."""
    return structs.replace(ctx, actor=Actor("link", link.id, organization=link.organization))


def _without_code(request: PartnerRequest) -> PartnerRequest:
    """Returns a request without the code of her file, which nobody can open by a link."""
    return structs.replace(request, participant=None)


def _details(link: UUID, request: UUID, organization: str) -> dict[str, str]:
    return {"link": str(link), "request": str(request), "organization": organization}
