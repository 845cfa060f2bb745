"""Pages of entries that are proposed for the library: who answered writes one, a second person decides."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid, NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.operations import proposals as operations
from spheres_core.support.operations.proposals import NotAnswered
from spheres_core.support.permissions import ANSWER, WRITE_TOOLS
from spheres_core.support.views import proposals as views


@get("/advice/requests/{id:uuid}/proposal", guards=[requires(ANSWER)], name="propose_entry")
async def propose_form(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "support/propose.html", **await views.propose_view(ctx, id))


@post("/advice/requests/{id:uuid}/proposal", guards=[requires(ANSWER)], name="send_proposal", status_code=303)
async def propose(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.propose(ctx, id, views.proposal_sent(ctx, sent))
    except NotAnswered:
        raise
    except (Conflict, Invalid) as refusal:
        shown = await views.propose_view(ctx, id, sent=sent, refusal=refusal)
        return await rendering.page(ctx, request_scope, "support/propose.html", status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "advice_request", id=id), "propose"))


@get("/staff/tool-proposals", guards=[requires(WRITE_TOOLS)], name="tool_proposals")
async def proposals(ctx: Context, request_scope: RequestScope, cursor: FromQuery[str] = "") -> Response[bytes]:
    shown = await views.list_view(ctx, request_scope, cursor)
    return await rendering.page(ctx, request_scope, "support/proposals.html", **shown)


@get("/staff/tool-proposals/{id:uuid}", guards=[requires(WRITE_TOOLS)], name="tool_proposal")
async def proposal(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "support/proposal.html", **await views.one_view(ctx, id))


@post("/staff/tool-proposals/{id:uuid}", guards=[requires(WRITE_TOOLS)], name="decide_proposal", status_code=303)
async def decide(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        done = await views.decide(ctx, id, sent)
    except (Conflict, Invalid, NotAllowed) as refusal:
        ctx.db.commit_on_refusal = True  # nothing was decided, but the entry is shown, and that stays in the trail
        shown = await views.one_view(ctx, id, sent=sent, refusal=refusal)
        return await rendering.page(ctx, request_scope, "support/proposal.html", status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "tool_desk"), done))


HANDLERS = (propose_form, propose, proposals, proposal, decide)
