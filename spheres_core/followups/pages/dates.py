"""The page of dates that make her need rise, and the acts about them."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.followups.operations import vulnerable_dates as operations
from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.dates_page import DATE_FORM, date_posted, dates_page
from spheres_core.followups.views.destinations import DAY
from spheres_core.foundation.errors import Invalid
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
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.drafts import drafting_of

PAGE = "dates"
TEMPLATE = "followups/dates.html"


@get("/staff/participants/{participant:str}/dates", guards=[requires(READ)], name=PAGE)
async def dates(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    return await _show(ctx, request_scope, access, done=done)


@post("/staff/participants/{participant:str}/dates", guards=[requires(READ)], name="note_date", status_code=303)
async def note_date(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_note_date(ctx, request_scope, access, sent)
    except Invalid as refusal:
        return await _show(ctx, request_scope, access, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/dates/{id:uuid}/end", guards=[requires(READ)], name="end_date",
      status_code=303)  # fmt: skip
async def end_date(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    await operations.end_date(ctx, access, id)
    return _done(ctx, request_scope, access.code, "date_ended")


@post("/staff/participants/{participant:str}/dates/{id:uuid}/offered", guards=[requires(READ)], name="help_offered",
      status_code=303)  # fmt: skip
async def help_offered(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    await operations.note_help_offered(ctx, access, id)
    if sent["from"] == DAY:
        return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, DAY), "offered_help"))
    return _done(ctx, request_scope, access.code, "offered_help")


HANDLERS = (dates, note_date, end_date, help_offered)


async def _keep_or_note_date(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, DATE_FORM):
        return kept
    await operations.note_date(ctx, access, date_posted(sent))
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access.code, "date_noted")


async def _show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, done: str = "", sent: Post | None = None,
    refusal: Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows her dates, with what stands against what was sent; that reading stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    drafting = await drafting_of(ctx, request_scope, access, DATE_FORM, sent=sent)
    shown = await dates_page(ctx, access, sent=drafting.sent, refusal=refusal)
    return await section_page(
        ctx, request_scope, access, TEMPLATE, page=PAGE, read=("needs_and_plan",), done=say_done(ctx, done),
        status=refusal.status if refusal else 200, drafting=drafting, **shown,
    )  # fmt: skip


def _done(ctx: Context, request_scope: RequestScope, code: str, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE, participant=code), act))
