"""The page of reporting decisions: what was decided, and a form that writes one down and sends nothing."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.followups.operations import reporting_decisions as operations
from spheres_core.followups.queries.reporting_decisions import INFORMATION, require_team
from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.reporting_decisions_page import DECISION_FORM, decision_posted, decisions_page
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.drafts import drafting_of

PAGE = "reporting_decisions"
TEMPLATE = "followups/reporting_decisions.html"


@get("/staff/participants/{participant:str}/reporting-decisions", guards=[requires(READ)], name=PAGE)
async def reporting_decisions(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], for_purpose: ForPurpose = None,
    cursor: FromQuery[str] = "", done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant, for_purpose)
    return await _show(ctx, request_scope, access, cursor=cursor, done=done)


@post("/staff/participants/{participant:str}/reporting-decisions", guards=[requires(READ)],
      name="record_reporting_decision", status_code=303)  # fmt: skip
async def record_decision(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    require_team(access)
    require_class(ctx, access, INFORMATION, act="write")
    try:
        return await _keep_or_record(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, sent=sent, refusal=refusal)


HANDLERS = (reporting_decisions, record_decision)


async def _keep_or_record(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, DECISION_FORM):
        return kept
    await operations.record_decision(ctx, access, decision_posted(sent))
    await finish(ctx, access, sent)
    address = rendering.place_of(ctx, request_scope, PAGE, participant=access.code)
    return rendering.go_to(done_address(address, "decision_recorded"))


async def _show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, cursor: str = "", done: str = "",
    sent: Post | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows the decisions, with what stands against what was sent; that reading stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    require_team(access)
    drafting = await drafting_of(ctx, request_scope, access, DECISION_FORM, sent=sent)
    shown = await decisions_page(ctx, access, cursor=cursor, sent=drafting.sent, refusal=refusal)
    return await section_page(
        ctx, request_scope, access, TEMPLATE, page=PAGE, read=(INFORMATION, "own_words"), done=say_done(ctx, done),
        status=refusal.status if refusal else 200, drafting=drafting, **shown,
    )  # fmt: skip
